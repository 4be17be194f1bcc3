"""One phase's dosage: how much, at which times of which days, each said in exactly one way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount, amount
from medsched.domain.rhythm import slot_count
from medsched.domain.timing import (
    AfterLastDose,
    AlternatingDose,
    AsNeeded,
    Dosage,
    DosePerSlot,
    DosePerWeekday,
    Doses,
    EveryHours,
    OnDays,
    SameDose,
    SingleDose,
)
from medsched.protocols.quantity import whole_hours
from medsched.protocols.vocabulary import WEEKDAYS
from medsched.protocols.when import DAY_KEYS, HOURS_OF_DAY, TIME_KEYS, read_days, read_times

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from medsched.domain.timing import Times
    from medsched.protocols.table import Table

_ELAPSED: Final = ("every_hours", "after_last_dose_hours", "single_dose", "as_needed")
_AMOUNTS: Final = ("dose", "doses", "alternating", "by_weekday")
_LONGEST_INTERVAL: Final = 24 * 366


def read_dosage(table: Table) -> Dosage | None:
    """Return the dosage of a phase; None after noting a mistake."""
    way = table.which(TIME_KEYS + _ELAPSED, needed="does not say when doses are taken")
    if way in _ELAPSED:
        return _elapsed(table, way)
    times = read_times(table, way)
    days = read_days(table)
    doses = _doses(table)
    slots = table.wholes("slots", 1, HOURS_OF_DAY)
    if times is None or doses is None or not table.sound:
        return None
    _check_slots(table, times, doses, slots)
    return OnDays(times=times, doses=doses, days=days, slots=slots)


def no_dosage(table: Table) -> None:
    """Note everything that says a dose in a phase that is to have none."""
    for key in TIME_KEYS + _ELAPSED + DAY_KEYS + _AMOUNTS + ("slots",):
        if table.has(key):
            table.note(key, "contradiction", "cannot stand in a hold, which has no doses")


# --- amounts --------------------------------------------------------------------


def _doses(table: Table) -> Doses | None:
    match table.which(_AMOUNTS, needed="does not say how much is taken"):
        case "dose":
            return SameDose(_dose(table))
        case "doses":
            return DosePerSlot(_pattern(table, "doses"))
        case "alternating":
            return AlternatingDose(_pattern(table, "alternating"))
        case "by_weekday":
            return _by_weekday(table)
        case _:
            return None


def _dose(table: Table) -> Amount:
    dose = table.amount("dose")
    if not dose:
        table.note("dose", "nothing", "is nothing; for days without doses use kind = 'hold'")
    return dose


def _pattern(table: Table, key: str) -> tuple[Amount | None, ...]:
    amounts = table.amounts(key)
    if not any(amounts) and table.sound:
        table.note(key, "nothing", "holds no dose at all")
    return tuple(one or None for one in amounts)


def _by_weekday(table: Table) -> DosePerWeekday | None:
    days = table.table("by_weekday")
    if days is None:
        return None
    found = {name: days.may_amount(name) or None for name in WEEKDAYS}
    days.close()
    if not any(found.values()) and table.sound:
        table.note("by_weekday", "nothing", "holds no dose at all")
    of_week = tuple(found[name] for name in WEEKDAYS)
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = of_week
    return DosePerWeekday((monday, tuesday, wednesday, thursday, friday, saturday, sunday))


def _check_slots(table: Table, times: Times, doses: Doses, slots: tuple[int, ...]) -> None:
    count = slot_count(times)
    if slots and slots[-1] > count:
        table.note("slots", "range", f"names time {slots[-1]} of {count}")
    places = len(slots) or count
    if isinstance(doses, DosePerSlot) and len(doses.amounts) != places:
        message = f"holds {len(doses.amounts)} amounts for {places} times; write one for each"
        table.note("doses", "count", message)
    if isinstance(doses, DosePerWeekday) and table.which(DAY_KEYS):
        message = "says the days itself; leave out the other rule for days"
        table.note("by_weekday", "contradiction", message)


# --- doses that do not sit on days ----------------------------------------------


def _elapsed(table: Table, way: str) -> Dosage | None:
    for key in (*DAY_KEYS, *_AMOUNTS[1:], "slots"):
        if table.has(key):
            table.note(key, "contradiction", f"cannot stand beside {way}")
    dose = _dose(table)
    makers: Mapping[str, Callable[[], Dosage | None]] = {
        "every_hours": lambda: EveryHours(hours=_interval(table, way), amount=dose),
        "after_last_dose_hours": lambda: AfterLastDose(hours=_interval(table, way), amount=dose),
        "single_dose": lambda: _single(table, dose),
        "as_needed": lambda: _as_needed(table, dose),
    }
    made = makers[way]()
    return made if table.sound else None


def _interval(table: Table, key: str) -> int:
    return table.whole(key, 1, _LONGEST_INTERVAL)


def _single(table: Table, dose: Amount) -> SingleDose:
    if not table.flag("single_dose", default=True):
        table.note("single_dose", "value", "false says nothing; leave it out")
    return SingleDose(amount=dose)


def _as_needed(table: Table, dose: Amount) -> AsNeeded | None:
    limits = table.table("as_needed")
    if limits is None:
        return None
    needed = AsNeeded(
        amount=dose,
        min_gap_hours=limits.need("at_least_apart", whole_hours, 1),
        most_doses=limits.whole("most_doses", 1, 100),
        window_hours=limits.need("in", whole_hours, 1),
        most_amount=limits.may("most", amount),
        reason=limits.text("reason", ""),
    )
    limits.close()
    return needed
