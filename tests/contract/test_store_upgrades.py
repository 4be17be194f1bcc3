"""A database that an older version made keeps what it holds when a newer one opens it."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from tests.contract.test_store_outbox import open_as_told
from tests.fakes.clocks import FakeClock

from medsched.services.ports import RowKey
from medsched.store import schema
from medsched.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.postgres import Postgres

STATES = ("pending", "leased", "unknown", "sent", "cancelled", "superseded", "expired", "failed")
A_REMINDER = (
    "INSERT INTO outbox (prescription, day, slot, step, channel, person, due, send_after,"
    " expires_at, state, owner, ready_at, fence, attempts, stranded, shown, maybe_delivered,"
    " outcome) VALUES (1, 1, 1, :state, 1, 1, 1, 1, 1, :state, '', 1, 0, 0, 0, 0, false, '')"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Yield the address of a database with nothing in it, on each of the two kinds."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            path = tmp_path / "medsched.db"
            path.touch(mode=0o600)
            yield f"sqlite:///{path}"
        else:
            server: Postgres = request.getfixturevalue("postgres")
            yield stack.enter_context(server.database())


def made_by(version: str, address: str, *statements: tuple[str, list[dict[str, str]]]) -> None:
    """Make the tables as a version did, and store rows in them."""
    engine = create_engine(address.replace("postgresql://", "postgresql+psycopg://"))
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for statement, rows in statements:
            connection.execute(text(statement), rows)
    engine.dispose()


def test_reminders_of_an_older_version_stay_open_or_closed(empty: str) -> None:
    made_by("0003", empty, (A_REMINDER, [{"state": one} for one in STATES]))
    with open_store(empty, clock=FakeClock()) as store:
        assert open_as_told(store) == {
            one: one in {"pending", "leased", "unknown"} for one in STATES
        }


def test_leases_of_an_older_version_end_when_they_did(empty: str) -> None:
    made_by("0004", empty, (A_REMINDER, [{"state": one} for one in STATES]))
    with open_store(empty, clock=FakeClock()) as store, store.reading() as unit:
        ends = {one.step: one.lease_ends for one in unit.outbox.of_dose(RowKey(1, 1, 1))}
    assert ends == {one: int(one == "leased") for one in STATES}
