"""The sentence that tells a person how to take a medicine.

Amount and pieces, the way in, how often, when, for how long: in that order, in plain
English. A dose that is not the same every time says so for each of them. What is not
taken every day says NOT daily.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.medication import Form
from medsched.domain.sig.clauses import bounds_words, dose_words, first_dates, not_daily
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    AtMoments,
    AtTimes,
    Cycle,
    DosePerSlot,
    DosePerWeekday,
    EveryDay,
    EveryHours,
    EveryNMonths,
    HourGrid,
    OnDays,
    SameDose,
    SingleDose,
    SpreadOverDay,
    TimesADay,
    Weekday,
)
from medsched.domain.words import (
    and_words,
    count_words,
    days_rule_words,
    doses_a_day,
    frequency_words,
    moment_words,
    moments_of,
    ordinal_words,
    places_of,
    time_words,
    times_words,
    weekdays_words,
)
from medsched.frozen import replace

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, time

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.timing import Bounds, Dosage

_VERBS: Final = {
    Form.INJECTION_PEN: "Inject",
    Form.PATCH: "Apply",
    Form.INHALER: "Inhale",
    Form.DROPS: "Use",
}


def sig_words(
    dosage: Dosage,
    medication: Medication | None = None,
    *,
    bounds: Bounds | None = None,
    walls: Sequence[time] = (),
    first_day: date | None = None,
    on_hand: frozenset[Amount] = frozenset(),
    hours24: bool = False,
) -> str:
    r"""Return the sentence for a dosage.

    Args:
        medication: Counts the pieces and names the way in; None: amounts alone.
        walls: The person's clock times, by place of the day, for a dosage that names none.
        first_day: With it, every so-many days has its first dates.
        on_hand: Strengths on hand. hours24: 20:00 instead of 8:00 PM.

    Raises:
        CannotBeMade: no pieces of the medicine make a dose.

    >>> from datetime import time
    >>> from medsched.domain.amount import amount
    >>> twice = OnDays(times=AtTimes(times=(time(8), time(20))), doses=SameDose(amount("25 mg")))
    >>> sig_words(twice).replace("\u00a0", " ")
    'Take 25 mg twice a day at 8:00 AM and 8:00 PM'
    """
    writer = _Writer(medication, on_hand, tuple(walls), hours24)
    sentence = writer.sentence(dosage)
    if first_day is not None and isinstance(dosage, OnDays):
        sentence += first_dates(dosage, first_day)
    return sentence + bounds_words(bounds)


class _Writer:
    """Writes with one medicine and one clock."""

    def __init__(
        self,
        medication: Medication | None,
        on_hand: frozenset[Amount],
        walls: tuple[time, ...],
        hours24: bool,  # noqa: FBT001  # passed on as it came, from one place
    ) -> None:
        self._medication, self._on_hand = medication, on_hand
        self._walls, self._hours24 = walls, hours24
        form = medication.form if medication else Form.TABLET
        self._verb = _VERBS.get(form, "Take")
        self._route = f" {medication.route}" if medication else ""

    def sentence(self, dosage: Dosage) -> str:
        """Return the sentence of one dosage."""
        match dosage:
            case SingleDose() | EveryHours() | AfterLastDose() | AsNeeded():
                return self._same(dosage.amount, frequency_words(dosage))
            case OnDays():
                return self._on_days(dosage)
            case _:
                assert_never(dosage)

    def _dose(self, amount: Amount | None) -> str:
        return "nothing" if amount is None else dose_words(amount, self._medication, self._on_hand)

    def _same(self, amount: Amount, often: str) -> str:
        return f"{self._verb} {self._dose(amount)}{self._route} {often}"

    def _each(self, often: str, doses: str) -> str:
        return f"{self._verb}{self._route} {often}: {doses}"

    def _on_days(self, dosage: OnDays) -> str:
        doses, often = dosage.doses, frequency_words(dosage)
        daily = isinstance(dosage.days, EveryDay)
        match doses:
            case SameDose():
                return self._same(doses.amount, self._often_when(dosage))
            case DosePerSlot():
                often = often if not daily else f"{count_words(doses_a_day(dosage))} a day"
                return self._each(often + not_daily(dosage), self._per_slot(dosage, doses))
            case AlternatingDose():
                often = f"{self._often_when(dosage)}, in turn"
                return self._each(often, self._in_turn(dosage, doses))
            case DosePerWeekday():
                return self._by_weekday(dosage, doses)
            case _:
                assert_never(doses)

    def _often_when(self, dosage: OnDays) -> str:
        often, when = frequency_words(dosage), self._when(dosage)
        if isinstance(dosage.times, HourGrid) and not isinstance(dosage.days, EveryDay):
            often = frequency_words(replace(dosage, days=EveryDay()))
            return f"{often}{when}, {days_rule_words(dosage.days)}{not_daily(dosage)}"
        if isinstance(dosage.days, Cycle):
            head, _, cycle = often.partition(" for ")
            return f"{head}{when}, for {cycle}"
        if isinstance(dosage.days, EveryNMonths) and when.startswith(" "):
            when = f",{when}"
        return often + when + not_daily(dosage)

    def _when(self, dosage: OnDays) -> str:
        """Return the times of the day that the frequency has not said yet."""
        times = dosage.times
        by_weekday = isinstance(dosage.doses, DosePerWeekday)
        said = isinstance(dosage.days, EveryDay) and not by_weekday
        match times:
            case AtTimes():
                places = dosage.slots or range(1, len(times.times) + 1)
                walls = (times.times[place - 1] for place in places)
                return f" at {times_words(walls, hours24=self._hours24)}"
            case AtMoments():
                moments = and_words([moment_words(one) for one in moments_of(dosage, times)])
                return "" if said else f", {moments}"
            case HourGrid():
                return f" from {time_words(times.first, hours24=self._hours24)}"
            case SpreadOverDay():
                spread = "" if said else ", spread over the waking hours"
                return spread + self._places(dosage)
            case TimesADay():
                return self._places(dosage)
            case _:
                assert_never(times)

    def _places(self, dosage: OnDays) -> str:
        places = dosage.slots or range(1, places_of(dosage) + 1)
        if max(places) <= len(self._walls):
            walls = (self._walls[place - 1] for place in places)
            return f" at {times_words(walls, hours24=self._hours24)}"
        if not dosage.slots:
            return ""
        shown = and_words([ordinal_words(one) for one in dosage.slots])
        return f", at the {shown} {'time' if len(dosage.slots) == 1 else 'times'} of the day"

    def _per_slot(self, dosage: OnDays, doses: DosePerSlot) -> str:
        count = len(doses.amounts)
        said = [
            f"{self._dose(amount)} {self._slot(dosage, place, count)}"
            for place, amount in enumerate(doses.amounts, 1)
        ]
        last = " time of the day" if self._slot(dosage, 1, count).startswith("at the 1st") else ""
        return and_words(said) + last

    def _slot(self, dosage: OnDays, place: int, count: int) -> str:
        times = dosage.times
        if isinstance(times, AtMoments):
            return moment_words(times.moments[place - 1])
        walls = times.times if isinstance(times, AtTimes) else self._walls
        if count <= len(walls):
            return f"at {time_words(walls[place - 1], hours24=self._hours24)}"
        return f"at the {ordinal_words(place)}"

    def _in_turn(self, dosage: OnDays, doses: AlternatingDose) -> str:
        day = "day" if isinstance(dosage.days, EveryDay) else "dose day"
        said = [
            f"{self._dose(amount)} on {'the next' if place else 'one'} {day}"
            for place, amount in enumerate(doses.amounts)
        ]
        return f"{', '.join(said)}, then from the start again"

    def _by_weekday(self, dosage: OnDays, doses: DosePerWeekday) -> str:
        often, daily = count_words(doses_a_day(dosage)), all(doses.amounts)
        lead = f"{often} a day" if daily else f"{often} on these days"
        if isinstance(dosage.times, HourGrid):
            lead = frequency_words(replace(dosage, doses=AlternatingDose(doses.amounts)))
        tail = "" if daily else "; NOT daily"
        groups = self._weekday_groups(doses)
        return self._each(f"{lead}{self._when(dosage)}, by weekday", groups + tail)

    def _weekday_groups(self, doses: DosePerWeekday) -> str:
        order = list(dict.fromkeys(doses.amounts))
        ranked = sorted(Weekday, key=lambda day: order.index(doses.amounts[day]))
        groups = groupby(ranked, key=lambda day: doses.amounts[day])
        return "; ".join(
            f"{self._dose(amount)} on {weekdays_words(days)}" for amount, days in groups
        )
