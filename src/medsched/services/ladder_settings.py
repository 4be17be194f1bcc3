"""The ladder of a person, or of one of their medicines: read, checked, stored."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any, Final

from medsched.errors import InvalidValue
from medsched.frozen import fields, replace
from medsched.services.outbox_ports import Ladder

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.services.ports import Json, Unit

_NAME: Final = "ladder"
_DAY_MINUTES: Final = 24 * 60
_BOUNDS: Final = {
    "repeat_minutes": (2, _DAY_MINUTES),
    "repeats": (0, 7),
    "second_after": (2, _DAY_MINUTES),
    "carer_after": (2, 7 * _DAY_MINUTES),
    "pre_alert_minutes": (0, 12 * 60),
    "snooze_minutes": (2, 12 * 60),
    "most_per_dose": (1, 8),
    "most_per_hour": (1, 30),
}
"""Least and most of each number: messages about one dose are at least 2 minutes apart."""


def ladder_of(unit: Unit, person: str, prescription: int = 0) -> Ladder:
    """Return the ladder of a medicine: its own, else the person's, else the usual one."""
    own = unit.settings.get(person, _name(prescription)) if prescription else None
    found = own if own is not None else unit.settings.get(person, _NAME)
    return _read(found) if isinstance(found, dict) else Ladder()


def put_ladder(
    unit: Unit, person: str, ladder: Ladder, now: datetime, prescription: int = 0
) -> None:
    """Store a ladder for a person, or for one prescription; reminders are planned anew.

    Raises:
        InvalidValue: a number out of bounds, or half of the quiet hours.
    """
    check_ladder(ladder)
    unit.settings.put(person, _name(prescription), _written(ladder), now)
    unit.outbox.cancel_person(int(person))
    unit.hurry()


def check_ladder(ladder: Ladder) -> Ladder:
    """Return the ladder when it can be used.

    Raises:
        InvalidValue: a number out of bounds, or half of the quiet hours.
    """
    for name, (least, most) in _BOUNDS.items():
        value = getattr(ladder, name)
        if value is not None and not least <= value <= most:
            raise InvalidValue(name.replace("_", " "), value, f"use {least} to {most}")
    if (ladder.quiet_from is None) is not (ladder.quiet_until is None):
        raise InvalidValue("quiet hours", "half of them", "name the beginning and the end")
    return ladder


def _name(prescription: int) -> str:
    return f"{_NAME}:{prescription}" if prescription else _NAME


def _written(ladder: Ladder) -> dict[str, Json]:
    values = {one.name: getattr(ladder, one.name) for one in fields(ladder)}
    return {k: f"{v:%H:%M}" if isinstance(v, time) else v for k, v in values.items()}


def _read(found: dict[str, Json]) -> Ladder:
    known: dict[str, Any] = {
        one.name: found[one.name] for one in fields(Ladder) if one.name in found
    }
    for name in ("quiet_from", "quiet_until"):
        if isinstance(known.get(name), str):
            known[name] = time.fromisoformat(known[name])
    return replace(Ladder(), **known)
