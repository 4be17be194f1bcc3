"""Which days can be made between what is taken now and nothing.

First the even ones: the same dose at every slot, then the smallest amount at fewer and
fewer slots. Where those do not do, the level ones: slots step down one after the other,
never more than one step apart. Every day of a grid is no more than the one before it,
slot by slot, so any selection of them in order never raises a single dose.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import islice, product
from typing import TYPE_CHECKING, Final

from medsched.domain.tablets import makeable
from medsched.domain.taper_plan import Pattern, TaperStart, per_day, rises

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medsched.domain.amount import Amount

_NEIGHBOURS: Final = 12
_MOST_DAYS: Final = 5_000


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

    The same at every slot if it can be, else as level as can be.
    """
    for slots in (*even_days(start), *level_days(start)):
        if per_day(slots, start.medication) == wanted:
            return slots
    found = (one for one in _any_days(wanted, start) if not rises(start.slots, one))
    return min(found, key=_unevenness, default=None)


def _any_days(wanted: Amount, start: TaperStart) -> Iterator[Pattern]:
    """Yield days with exactly `wanted`; where they are too many, of doses near the even one."""
    places, doses = order_of_slots(start.slots), _doses(start)
    known, even = set(doses), wanted.value / max(1, len(places))
    free = max(0, len(places) - 1)
    if (len(doses) + 1) ** free > _MOST_DAYS:
        doses = tuple(sorted(doses, key=lambda one: abs(one.value - even))[:_NEIGHBOURS])
    choices: list[Amount | None] = [None, *doses]
    for head in islice(product(choices, repeat=free), _MOST_DAYS):
        taken = per_day(head, start.medication)
        if taken > wanted:
            continue
        left = wanted - taken
        if not left or left in known:
            doses_by_place = dict(zip(places, (*head, left or None), strict=True))
            yield tuple(doses_by_place.get(at) for at in range(len(start.slots)))


def _unevenness(slots: Pattern) -> tuple[list[Decimal], list[Decimal]]:
    """Rank a day: the smaller its largest doses, then the more at the slots kept longest."""
    doses = {at: one.value for at, one in enumerate(slots) if one is not None}
    kept_longest = [-doses.get(at, Decimal(0)) for at in order_of_slots(slots)]
    return sorted(doses.values(), reverse=True), kept_longest
