"""Column types: what the databases' own would lose is kept, or refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, Table, create_engine, insert, select
from sqlalchemy.exc import StatementError

from medsched.store.cells import instant_text
from medsched.store.types import Digits, Instant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from sqlalchemy.engine import Engine

TABLE = Table(
    "kept",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("number", Digits),
    Column("at", Instant),
)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=9.5))])
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2300, 1, 1), timezones=ZONES)  # noqa: DTZ001  # the strategy adds the zone


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """Yield SQLite in memory with one table."""
    made = create_engine("sqlite://")
    TABLE.metadata.create_all(made)
    yield made
    made.dispose()


@given(st.decimals(0, 1_000_000, places=6))
def test_a_number_comes_back_exactly(engine: Engine, number: Decimal) -> None:
    """0.1 stays 0.1."""
    with engine.connect() as connection:
        connection.execute(insert(TABLE).values(number=number))
        assert connection.execute(select(TABLE.c.number)).scalar_one() == number


def test_a_float_is_refused(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(StatementError, match="is a Decimal"):
        connection.execute(insert(TABLE).values(number=0.1))


@given(INSTANTS)
def test_an_instant_comes_back_in_utc(engine: Engine, at: datetime) -> None:
    with engine.connect() as connection:
        connection.execute(insert(TABLE).values(at=at))
        found = connection.execute(select(TABLE.c.at)).scalar_one()
    assert found == at
    assert found is not None
    assert found.tzinfo is UTC


def test_an_instant_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2026, 3, 2, 8)  # noqa: DTZ001  # that is the claim
    with engine.connect() as connection, pytest.raises(StatementError, match="naive"):
        connection.execute(insert(TABLE).values(at=naive))


def test_nothing_is_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(insert(TABLE).values(number=None, at=None))
        assert connection.execute(select(TABLE.c.number, TABLE.c.at)).one() == (None, None)


@given(INSTANTS, INSTANTS)
def test_the_order_of_texts_is_the_order_of_time(one: datetime, other: datetime) -> None:
    texts = [instant_text(at.astimezone(UTC)) for at in (one, other)]
    assert (texts[0] < texts[1]) == (one < other)
    assert all(len(text) == len("2026-03-02T07:00:00.000000Z") for text in texts)
