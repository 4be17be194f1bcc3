"""The one place that reads the time."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)


class FixedClock:
    """A clock that stands: `--as-of` answers as if it were this instant."""

    def __init__(self, at: datetime) -> None:
        """Stand at an aware instant."""
        self._at = at.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        return self._at
