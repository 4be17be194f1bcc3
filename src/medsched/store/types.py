"""Two column types that keep what the database's own lose: exact numbers, and UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator

from medsched.domain.amount import plain

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect
    from sqlalchemy.types import TypeEngine


class Digits(TypeDecorator[Decimal]):
    """An exact decimal, as plain digits in text.

    SQLite turns NUMERIC into a binary float, and 0.1 mg is none.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Write the digits; a float is refused."""
        if value is None:
            return None
        if not isinstance(value, Decimal):
            message = f"an exact number is a Decimal, not {type(value).__name__}"
            raise TypeError(message)
        return plain(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Read the digits."""
        return None if value is None else Decimal(value)


class Instant(TypeDecorator[datetime]):
    """An instant: TIMESTAMPTZ on PostgreSQL, fixed-width ISO 8601 in UTC on SQLite.

    The text has microseconds always, so that its order is the order of time.
    """

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        """Return the column type of this database."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        """Write it in UTC; a naive one is refused."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = "an instant has a zone; this one is naive"
            raise TypeError(message)
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else instant_text(utc)

    def process_result_value(
        self,
        value: datetime | str | None,
        dialect: Dialect,  # noqa: ARG002  # SQLAlchemy's signature
    ) -> datetime | None:
        """Read it as aware UTC."""
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return None if value is None else value.astimezone(UTC)


@lru_cache(maxsize=1024)
def instant_text(utc: datetime) -> str:
    """Return an instant in UTC as it stands in SQLite, such as `2026-03-02T07:00:00.000000Z`."""
    return utc.isoformat(timespec="microseconds").replace("+00:00", "Z")
