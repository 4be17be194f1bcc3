"""The parts of directions put together into one dosage."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from medsched.domain.sig.dose import amount_of
from medsched.domain.sig.limits import needed
from medsched.domain.sig.parts import (
    After,
    Again,
    ByWeekday,
    Clock,
    Count,
    Found,
    Interval,
    InTurn,
    Moments,
    Much,
    Needed,
    Nothing,
    Often,
    On,
    Once,
    OnTheseDays,
    Places,
    Slots,
    Turn,
)
from medsched.domain.sig.said import Said, clock_of, days_and_times, place_in_day
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AtMoments,
    AtTimes,
    DosePerSlot,
    DosePerWeekday,
    EveryDay,
    EveryHours,
    HourGrid,
    OnDays,
    SameDose,
    SingleDose,
    TimesADay,
    Weekday,
)

if TYPE_CHECKING:
    from datetime import time

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.domain.timing import AtMoment, Dosage, Times

_DOSES = (Much, Nothing, Slots)
_ANCHORS = (Clock, Moments, Places)
_DAY_MINUTES = 24 * 60

Built = tuple["Dosage", tuple[str, ...]]
_Pair = tuple["Amount | None", Found]
"""A dose, and the part after it that says when."""


def build_dosage(said: Said, medication: Medication | None) -> Built:
    """Return the dosage of these parts, and what was filled in.

    Raises:
        SigRefused: a part is missing, or does not go with the others.
    """
    doses = [one for one in said.found if isinstance(one.part, _DOSES)]
    if not doses:
        raise said.refuse("it does not say how much; write such as 'take 1 tablet'")
    filled = _bare_pieces(said, medication)
    if said.all(Needed):
        dosage, assumed = needed(said.without(Much), _only_dose(said), medication)
        return dosage, (*filled, *assumed)
    if said.all(Slots):
        return _of_slots(said, medication), filled
    if said.one(InTurn) is not None:
        return _in_turn(said, medication), filled
    if said.one(ByWeekday) is not None or (len(doses) > 1 and _each_on_weekdays(said)):
        return _by_weekday(said, medication), filled
    if len(doses) > 1:
        return _per_slot(said, medication), filled
    return _same(said, amount_of(_only_dose(said), medication, said.text)), filled


def _bare_pieces(said: Said, medication: Medication | None) -> tuple[str, ...]:
    """Say that numbers without a word are taken as tablets, when no medicine says what they are."""
    bare = any(count.word == "" for part, _ in said.all(Much) for count in part.pieces)
    if medication is None and (bare or said.all(Slots)):
        return ("numbers without a word are tablets",)
    return ()


def _each_on_weekdays(said: Said) -> bool:
    """Whether a dose is followed by its weekdays."""
    return any(
        isinstance(one.part, _DOSES) and isinstance(after.part, On)
        for one, after in pairwise(said.found)
    )


def _only_dose(said: Said) -> Much:
    part = said.any_of(*_DOSES)
    if not isinstance(part, Much):
        raise said.refuse("it does not say how much; write such as 'take 1 tablet'")
    return part


def _same(said: Said, amount: Amount) -> Dosage:
    rest = said.without(*_DOSES)
    rate = rest.any_of(Often, OnTheseDays, Interval, After, Once)
    if isinstance(rate, Once):
        rest.without(Once).nothing_else()
        return SingleDose(amount=amount)
    if isinstance(rate, After):
        rest.without(After).nothing_else()
        return AfterLastDose(hours=rate.hours, amount=amount)
    if isinstance(rate, Interval) and not rate.grid:
        return _every_hours(rest.without(Interval), rate.hours, amount)
    if isinstance(rate, OnTheseDays):
        raise said.refuse("'on these days', but no days follow; name them")
    days, times, slots = days_and_times(rest)
    return OnDays(times=times, doses=SameDose(amount), days=days, slots=slots)


def _every_hours(rest: Said, hours: int, amount: Amount) -> Dosage:
    """Return the strict interval, or the clock times that are named when they are so far apart."""
    clock = clock_of(rest)
    rest.without(Clock).nothing_else()
    if not clock:
        return EveryHours(hours=hours, amount=amount)
    minutes = sorted(60 * one.hour + one.minute for one in clock)
    gaps = {
        (after - before) % _DAY_MINUTES or _DAY_MINUTES
        for before, after in zip(minutes, [*minutes[1:], minutes[0]], strict=True)
    }
    if gaps != {60 * hours}:
        raise rest.refuse(f"every {hours} hours, but the times named are not; write one of them")
    return OnDays(times=HourGrid(hours=hours, first=clock[0]), doses=SameDose(amount))


def _of_slots(said: Said, medication: Medication | None) -> Dosage:
    part = said.any_of(*_DOSES)
    said.without(Slots).nothing_else()
    counts = part.counts if isinstance(part, Slots) else ()
    if not any(counts):
        raise said.refuse("no dose at all; write at least one")
    amounts = tuple(
        amount_of(Much((Count(one, ""),)), medication, said.text) if one else None for one in counts
    )
    return OnDays(times=TimesADay(count=len(amounts)), doses=DosePerSlot(amounts))


def _dose(part: object, medication: Medication | None, text: str) -> Amount | None:
    return amount_of(part, medication, text) if isinstance(part, Much) else None


def _pairs(
    said: Said, medication: Medication | None, *kinds: type[object]
) -> tuple[list[_Pair], Said]:
    """Return each dose with the part of these kinds right after it, and the rest.

    Raises:
        SigContradiction: a dose that has none.
    """
    pairs: list[_Pair] = []
    rest: list[Found] = []
    waiting: Found | None = None
    last: Amount | None = None
    for one in said.found:
        if waiting is None and not isinstance(one.part, _DOSES):
            if pairs and isinstance(one.part, kinds):
                pairs.append((last, one))
            else:
                rest.append(one)
        elif waiting is None:
            waiting, last = one, _dose(one.part, medication, said.text)
        elif isinstance(one.part, kinds):
            pairs.append((last, one))
            waiting = None
        else:
            break
    if waiting is not None:
        words = said.text[waiting.start : waiting.end]
        raise said.refuse(f"{words!r} has no time of its own; write when each dose is taken")
    return pairs, Said(rest, said.text)


def _per_slot(said: Said, medication: Medication | None) -> Dosage:
    pairs, rest = _pairs(said, medication, *_ANCHORS)
    if not any(amount for amount, _ in pairs):
        raise said.refuse("no dose at all; write at least one")
    often, rest = rest.one(Often), rest.without(Often)
    dosage = _at_slots(said, pairs)
    given = len([one for one in dosage.doses.amounts if one is not None])  # type: ignore[union-attr]  # built so
    if often is not None and often.count != given:
        raise said.refuse(f"{often.count} times a day, but {given} doses; write the same")
    days, _, _ = days_and_times(Said([*rest.found, *_an_often(often, said)], said.text))
    return OnDays(times=dosage.times, doses=dosage.doses, days=days)


def _an_often(often: Often | None, said: Said) -> list[Found]:
    """Return a frequency to check the days against: the times are known already."""
    if often is not None:
        return [one for one in said.found if isinstance(one.part, Often)]
    return [Found(Often(2), 0, 0)]


def _at_slots(said: Said, pairs: list[_Pair]) -> OnDays:
    """Return the day on which each dose has its own clock time, moment or place."""
    by_time: dict[time, Amount | None] = {}
    by_moment: dict[AtMoment, Amount | None] = {}
    by_place: dict[int, Amount | None] = {}
    named = 0
    for amount, found in pairs:
        match found.part:
            case Clock(times):
                by_time |= dict.fromkeys(times, amount)
                named += len(times)
            case Moments(moments):
                by_moment |= dict.fromkeys(moments, amount)
                named += len(moments)
            case Places(places):
                by_place |= dict.fromkeys(places, amount)
                named += len(places)
            case _:
                raise AssertionError(found)
    return _only_kind(said, by_time, by_moment, by_place, named)


def _only_kind(
    said: Said,
    by_time: dict[time, Amount | None],
    by_moment: dict[AtMoment, Amount | None],
    by_place: dict[int, Amount | None],
    named: int,
) -> OnDays:
    if len([one for one in (by_time, by_moment, by_place) if one]) > 1:
        raise said.refuse("the times are said in two ways; write clock times or moments")
    if len(by_time) + len(by_moment) + len(by_place) < named:
        raise said.refuse("a time of the day is named twice; name each once")
    if by_time:
        times = tuple(sorted(by_time))
        return _slots(AtTimes(times=times), [by_time[one] for one in times])
    if by_moment:
        moments = tuple(sorted(by_moment, key=place_in_day))
        return _slots(AtMoments(moments=moments), [by_moment[one] for one in moments])
    if sorted(by_place) != list(range(1, len(by_place) + 1)):
        raise said.refuse("a time of the day is left out; write 'nothing' for it")
    return _slots(TimesADay(count=len(by_place)), [by_place[one] for one in sorted(by_place)])


def _slots(times: Times, amounts: list[Amount | None]) -> OnDays:
    return OnDays(times=times, doses=DosePerSlot(tuple(amounts)))


def _in_turn(said: Said, medication: Medication | None) -> Dosage:
    pairs, rest = _pairs(said.without(InTurn, Again), medication, Turn)
    firsts = [part.first for _, one in pairs if isinstance(part := one.part, Turn)]
    if len(firsts) < 2 or firsts != [True, *[False] * (len(firsts) - 1)]:  # noqa: PLR2004  # turns
        raise said.refuse("turns are one day, then the next day; write at least two")
    if said.one(Again) is None or not any(amount for amount, _ in pairs):
        raise said.refuse("turns end with 'then from the start again' and have a dose")
    days, times, slots = days_and_times(rest)
    amounts = tuple(amount for amount, _ in pairs)
    return OnDays(times=times, doses=AlternatingDose(amounts), days=days, slots=slots)


def _by_weekday(said: Said, medication: Medication | None) -> Dosage:
    pairs, rest = _pairs(said.without(ByWeekday), medication, On)
    by_day: dict[Weekday, Amount | None] = {}
    for amount, one in pairs:
        for day in one.part.weekdays if isinstance(one.part, On) else ():
            if day in by_day:
                raise said.refuse("a weekday is named twice; name each once")
            by_day[day] = amount
    if said.one(ByWeekday) is not None and len(by_day) < len(Weekday):
        raise said.refuse("a weekday is left out; write 'nothing' for it")
    return _weekdays(said, rest, by_day)


def _weekdays(said: Said, rest: Said, by_day: dict[Weekday, Amount | None]) -> Dosage:
    a, b, c, d, e, f, g = (by_day.get(day) for day in Weekday)
    amounts = (a, b, c, d, e, f, g)
    if not any(amounts):
        raise said.refuse("no dose at all; write at least one")
    if rest.all(Often) and not all(amounts):
        raise said.refuse("once a day, but not on every weekday; leave one of them out")
    rate = rest.any_of(Often, OnTheseDays)
    implied = [] if rate is not None else [Found(OnTheseDays(1), 0, 0)]
    named = any(isinstance(one.part, (*_ANCHORS, Interval)) for one in rest.found)
    days, times, slots = days_and_times(Said([*rest.found, *([] if named else implied)], said.text))
    if not isinstance(days, EveryDay):
        raise said.refuse("weekdays and other days are both said; write one of them")
    return OnDays(times=times, doses=DosePerWeekday(amounts), slots=slots)
