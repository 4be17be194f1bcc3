"""A clock that stands still until it is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(slots=True)
class FakeClock:
    """`ports.Clock` that a test moves."""

    at: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the instant it stands at."""
        return self.at

    def advance(self, **by: int) -> None:
        """Move it forward by `timedelta` arguments."""
        self.at += timedelta(**by)
