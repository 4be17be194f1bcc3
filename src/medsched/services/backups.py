"""How the backups are that the daemon makes by itself, and what is wrong with them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.plain_words import counted_words
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

_LATE: Final = timedelta(hours=2)
"""It is tried every hour, so a second try may be needed."""

_WHY: Final = {
    "NoRoomForBackup": "there is no room for it",
    "CannotBackUp": "its folder cannot be written or the database is damaged",
    "Damaged": "what is stored was changed or damaged",
}
"""Why a backup could not be made, by the class of its refusal."""


@frozen
class Backups:
    """The backups that the daemon makes by itself.

    Args:
        latest: When the last was made; None for none. every: how often one is due.
        failed: The class of what went wrong last; empty when nothing did.
    """

    latest: datetime | None
    every: timedelta
    failed: str = ""


def about_backups(backups: Backups | None, now: datetime) -> list[str]:
    """Return what is wrong, one sentence or none; None where no backups are made."""
    if backups is None:
        return []
    last = "none was made" if backups.latest is None else f"the last is of {_utc(backups.latest)}"
    if backups.failed:
        why = _WHY.get(backups.failed, backups.failed)
        return [f"backup: it could not be made, {why}; {last}"]
    if backups.latest is not None and now - backups.latest > backups.every + _LATE:
        hours = counted_words(backups.every // timedelta(hours=1), "hour")
        return [f"backup: {last}, and one is due every {hours}"]
    return []


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
