"""Two column types that keep what the database's own lose: exact numbers, and UTC."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, Text
from sqlalchemy.types import TypeDecorator

from medsched.domain.amount import plain
from medsched.store.cells import instant_or_none, instant_text, utc

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
    """An instant, as `cells` says how it stands in each database."""

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
        return utc(value) if dialect.name == "postgresql" else instant_text(utc(value))

    def process_result_value(
        self,
        value: datetime | str | None,
        dialect: Dialect,  # noqa: ARG002  # SQLAlchemy's signature
    ) -> datetime | None:
        """Read it as aware UTC."""
        return instant_or_none(value)
