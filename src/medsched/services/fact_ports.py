"""What the use cases need to know and keep of facts: records, protocol texts, switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.domain.administration import Administration

Json = None | bool | int | str | list["Json"] | dict[str, "Json"]
"""What a setting may hold."""


class Records(Protocol):
    """Administrations: append-only; and which dose each of them settles."""

    def append(self, administration: Administration) -> Administration:
        """Store a record and return it with its id.

        Raises:
            AlreadySettled: it names a dose that a standing record settles; nothing is stored.
        """
        ...

    def release(self, dose: str) -> None:
        """Let a dose be settled again, after its record was corrected."""
        ...

    def of_plans(
        self, numbers: Sequence[int], since: datetime | None = None
    ) -> list[Administration]:
        """Return all records, corrections too, by the time they were recorded, then id."""
        ...

    def settling(self, dose: str) -> Administration | None:
        """Return the standing record that settles a dose."""
        ...

    def by_token(self, token: str) -> Administration | None:
        """Return the record that a repeated request made before."""
        ...

    def gaps(self) -> list[tuple[datetime, datetime]]:
        """Return the stretches whose records are lost, because a backup was restored.

        From when the backup was made until it was restored: whether a dose due then was
        taken is not known, so it is asked, never advised on.
        """
        ...


class ProtocolTexts(Protocol):
    """The exact text of every protocol that a stored plan was made from."""

    def keep(self, digest: str, protocol: str, text: str) -> None:
        """Store a text under its digest; storing it again does nothing."""
        ...

    def text(self, digest: str) -> str | None:
        """Return a stored text."""
        ...


class Settings(Protocol):
    """Switches that somebody set for a person, such as which monitoring is shown."""

    def get(self, person: str, name: str) -> Json:
        """Return what was set, None when nothing was."""
        ...

    def put(self, person: str, name: str, value: Json, at: datetime) -> None:
        """Set it, or set it anew."""
        ...
