"""Which days can be made between what is taken now and nothing.

First the even ones: the same dose at every slot, then the smallest amount at fewer and
fewer slots. Where those do not do, the level ones: slots step down one after the other,
never more than one step apart. Every day of a grid is no more than the one before it,
slot by slot, so any selection of them in order never raises a single dose.
"""

from __future__ import annotations

from bisect import bisect_left
from math import ceil
from typing import TYPE_CHECKING

from medsched.domain.tablet_sums import sums_of
from medsched.domain.tablets import makeable
from medsched.domain.taper_plan import Pattern, TaperStart, per_day

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medsched.domain.amount import Amount


def order_of_slots(slots: Pattern) -> list[int]:
    """Return the slots with doses, the last to be given up first: first, last, then between."""
    used = [place for place, one in enumerate(slots) if one is not None]
    return [*used[:1], *used[:0:-1][:1], *used[1:-1]]


def even_days(start: TaperStart, *, fewer_slots: bool = True) -> tuple[Pattern, ...]:
    """Return the even days below `start`, falling: each slot alike, then fewer of the smallest."""
    places, doses = order_of_slots(start.slots), _doses(start)
    if not places or not doses:
        return ()
    most = min(one for one in start.slots if one is not None)
    found = [_same(one, places, start) for one in reversed(doses) if one <= most]
    if fewer_slots and doses[0] <= most:
        count = len(places) - 1
        found += [_same(doses[0], places[:left], start) for left in range(count, 0, -1)]
    return tuple(one for one in found if per_day(one, start.medication) < start.per_day)


def _same(dose: Amount, places: Sequence[int], start: TaperStart) -> Pattern:
    return tuple(dose if at in places else None for at in range(len(start.slots)))


def _doses(start: TaperStart) -> tuple[Amount, ...]:
    """Return every dose that can be made, up to the largest one taken now, rising."""
    most = max((one for one in start.slots if one is not None), default=None)
    return makeable(start.makes, most) if most is not None else ()


def level_days(start: TaperStart) -> tuple[Pattern, ...]:
    """Return the level days below `start`, falling: one slot a step, from the top level down."""
    made = set(_doses(start))
    return tuple(
        slots
        for slots in _levels(start)
        if slots != start.slots and all(one is None or one in made for one in slots) and any(slots)
    )


def _levels(start: TaperStart) -> Iterator[Pattern]:
    places = order_of_slots(start.slots)
    slots = list(start.slots)
    for level in (*reversed(_doses(start)), None):
        for place in reversed(places):
            now = slots[place]
            if now is not None and (level is None or level < now):
                slots[place] = level
                yield tuple(slots)


def day_of(wanted: Amount, start: TaperStart) -> Pattern | None:
    """Return the slots of a day with exactly `wanted`, none above `start`'s; None: cannot be made.

    The same at every slot if it can be, else as level as can be, earlier slots first.
    """
    for slots in (*even_days(start), *level_days(start)):
        if per_day(slots, start.medication) == wanted:
            return slots
    place = sums_of(start.makes).place(wanted.value)
    return None if not place else _most_level(place, start)


def nearest_days(wanted: Amount, start: TaperStart) -> tuple[Amount, ...]:
    """Return the daily amounts next below and above `wanted` that can be made, below `start`'s."""
    sums = sums_of(start.makes)
    top = ceil(start.per_day.value / sums.step)
    bits = _from_each(_choices(start, None))[0] & ((1 << top) - 1) & ~1
    floor = int(wanted.value // sums.step)
    below = bits & ((1 << floor + bool(wanted.value % sums.step)) - 1)
    above = bits >> floor + 1
    places = [below.bit_length() - 1] if below else []
    places += [floor + (above & -above).bit_length()] if above else []
    return tuple(sums.amount(place, wanted.unit) for place in places)


def _choices(start: TaperStart, level: Amount | None) -> list[list[int]]:
    """Return, slot by slot, which doses are no more than now and no more than `level`."""
    sums = sums_of(start.makes)
    found = []
    for place in order_of_slots(start.slots):
        now = start.slots[place]
        most = now if level is None or (now is not None and now < level) else level
        doses = [one for one in _doses(start) if most is not None and one <= most]
        found.append([0, *(sums.place(one.value) or 0 for one in doses)])
    return found


def _from_each(choices: list[list[int]]) -> list[int]:
    """Return, for each slot, which sums it and the slots after it reach, as bits."""
    found = [1]
    for doses in reversed(choices):
        bits = 0
        for one in doses:
            bits |= found[-1] << one
        found.append(bits)
    return found[::-1]


def _most_level(wanted: int, start: TaperStart) -> Pattern | None:
    """Return the day whose largest dose is smallest, larger doses at earlier slots."""
    doses = _doses(start)
    at = bisect_left(
        doses, 1, key=lambda level: _from_each(_choices(start, level))[0] >> wanted & 1
    )
    if at == len(doses):
        return None
    choices = _choices(start, doses[at])
    reached = _from_each(choices)
    slots: dict[int, Amount | None] = {}
    for number, place in enumerate(order_of_slots(start.slots)):
        rest = reached[number + 1]
        dose = max(one for one in choices[number] if one <= wanted and rest >> wanted - one & 1)
        wanted -= dose
        slots[place] = sums_of(start.makes).amount(dose, start.medication.unit) if dose else None
    return tuple(slots.get(place) for place in range(len(start.slots)))
