"""Claimed rows become parcels: one message each, and of one dose only the newest step.

All doses of one moment to one person are one message; so is everything that waited
through a night.
"""

from __future__ import annotations

from collections import defaultdict
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.services.outbox_ports import ClaimedRow, RowState, Step
from medsched.services.remind_ports import Alarm, Parcel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.services.ports import Unit
    from medsched.services.remind_settings import RemindSettings

_DONE: Final = Step.DONE.value
_OF_DOSE: Final = attrgetter("prescription", "day", "slot", "channel")


class Claim(NamedTuple):
    """What one claim gave: parcels to send, and what was closed right away."""

    parcels: tuple[Parcel, ...]
    claimed: int
    superseded: int
    alarms: tuple[Alarm, ...]


def claim(
    unit: Unit, owner: str, now: int, settings: RemindSettings, *, limit: int, claimed_at: float
) -> Claim:
    """Lease what is ready and sort it into parcels; one transaction."""
    rows = unit.outbox.claim(owner, now, lease=settings.lease, margin=settings.margin, limit=limit)
    rows = _suspects_alone(unit, rows, settings)
    poison = [one for one in rows if one.stranded >= settings.poison_after]
    unit.outbox.close((one.id for one in poison), RowState.FAILED)
    sound = [one for one in rows if one.stranded < settings.poison_after] if poison else rows
    newest, older = newest_steps(sound)
    unit.outbox.close((one.id for one in older), RowState.SUPERSEDED)
    return Claim(
        parcels=tuple(parcels_of(newest, claimed_at)),
        claimed=len(rows),
        superseded=len(older),
        alarms=tuple(Alarm("given up", one.channel, one.id) for one in poison),
    )


def _suspects_alone(
    unit: Unit, rows: list[ClaimedRow], settings: RemindSettings
) -> list[ClaimedRow]:
    """Keep what one suspect's channel has, and give the rest back; all, when none is suspect.

    A reminder that kills its daemon takes down with it what was claimed beside it. Tried
    alone, only that one counts on until it is given up.
    """
    suspect = next((one for one in rows if one.stranded >= settings.alone_after), None)
    if suspect is None:
        return rows
    unit.outbox.give_back(one.id for one in rows if one.channel != suspect.channel)
    return [one for one in rows if one.channel == suspect.channel]


def newest_steps(
    rows: Sequence[ClaimedRow],
) -> tuple[list[ClaimedRow], list[ClaimedRow]]:
    """Return, for each dose and channel, the last step that is ready; and the earlier ones.

    Args:
        rows: Those of one channel by `send_after`, then id, as a claim gives them.
    """
    if len(set(map(_OF_DOSE, rows))) == len(rows):
        return list(rows), []
    newest: dict[tuple[object, ...], ClaimedRow] = {}
    older = []
    for row in rows:
        place = _OF_DOSE(row) if row.kind is not Step.DONE else (*_OF_DOSE(row), Step.DONE)
        if place in newest:
            older.append(newest[place])
        newest[place] = row
    return list(newest.values()), older


def parcels_of(rows: Sequence[ClaimedRow], claimed_at: float) -> list[Parcel]:
    """Return one parcel for each channel; "nothing to do" goes by itself, for each moment.

    So a message can be taken down without the others of its channel.
    """
    groups: defaultdict[object, list[ClaimedRow]] = defaultdict(list)
    for row in rows:
        alone = row.step.startswith(_DONE)
        groups[(row.channel, row.due) if alone else row.channel].append(row)
    return [Parcel(some[0].channel, tuple(some), claimed_at) for some in groups.values()]
