"""The schema: what migrations make is what the code says, through crashes, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError
from tests.contract.store_examples import a_stored_plan, a_take, dose_id, python_path, rows
from tests.fakes.clocks import FakeClock

from medsched.store import schema
from medsched.store.opening import open_store
from medsched.store.refusals import NewerSchema
from medsched.store.tables.everything import METADATA

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.conftest import Database
    from tests.postgres import Postgres


def test_migrations_make_exactly_the_tables_of_the_code(database: Database) -> None:
    """Alembic finds no difference, and no table is missing."""
    with database.open() as store, store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        names = set(inspect(connection).get_table_names())
        assert names == set(METADATA.tables) | {"alembic_version"}


def test_the_newest_version_in_code_is_the_last_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())
    assert [one.revision for one in reversed(scripts)] == list(schema.VERSIONS)


def test_a_newer_schema_is_refused_naming_both_versions(database: Database) -> None:
    with database.open() as store, store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(NewerSchema, match=rf"version 0999, .* up to version {schema.HEAD}"):
        database.open()


def test_opening_the_newest_schema_does_not_load_what_only_changing_it_takes(
    repo: Path, database: Database
) -> None:
    """It would cost more than the command itself; a file is read without SQLAlchemy."""
    script = (
        "import sys; from medsched.store.opening import open_store\n"
        "from tests.fakes.clocks import FakeClock\n"
        "store = open_store(sys.argv[1], clock=FakeClock())\n"
        "with store.reading() as unit: unit.plans.get(1), unit.people.all()\n"
        "store.close(); print([name for name in sys.modules if name.startswith('alembic')])\n"
        "print([name for name in sys.modules if name.startswith('sqlalchemy.orm')])\n"
        "if sys.argv[1].startswith('sqlite'):\n"
        "    print([name for name in sys.modules if name.startswith('sqlalchemy')])\n"
        "else:\n"
        "    print([])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, database.address],
        cwd=repo,
        env={**os.environ, "PYTHONPATH": python_path(repo)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["[]", "[]", "[]"]


@pytest.mark.parametrize("table", ["administration", "revision", "person_log"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET reason = 'x'", "DELETE FROM {}"])
def test_facts_can_only_be_appended(database: Database, table: str, verb: str) -> None:
    """By triggers, also for somebody who comes with a database tool."""
    if table == "person_log":
        verb = verb.replace("reason", "document")
    with database.open() as store:
        plan = a_stored_plan(store)
        with store.writing() as unit:
            unit.records.append(a_take(dose_id(rows(plan.number)[0])))
        with (
            pytest.raises(DBAPIError, match="append-only"),
            store.engine.begin() as connection,
        ):
            connection.execute(text(verb.format(table)))


def test_the_readable_view_shows_names_dates_and_the_dose_id(database: Database) -> None:
    with database.open() as store:
        a_stored_plan(store)
        with store.engine.connect() as connection:
            query = "SELECT id, person, medication, day, slot, due, amount FROM dose_readable"
            first = connection.execute(text(f"{query} ORDER BY due")).first()
    assert first == (
        "1-20260302-1",
        "Anna",
        "examplin",
        "2026-03-02",
        1,
        "2026-03-02T08:00:00Z",
        "12.5",
    )


def killed_while_opening(repo: Path, address: str, statement: int) -> bool:
    """Open the database in a process that is killed at that statement; say whether it was."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.contract.store_crowd", "die", "1", address, str(statement)],
        cwd=repo,
        env={**os.environ, "PYTHONPATH": python_path(repo)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return "survived" not in done.stdout


@pytest.mark.parametrize("statement", [3, 5, 8, 13, 21, 30])
def test_a_kill_while_migrating_a_file_is_healed_by_the_next_start(
    repo: Path, tmp_path: Path, statement: int
) -> None:
    """Nothing of the half-made schema stays."""
    path = tmp_path / "medsched.db"
    assert killed_while_opening(repo, f"sqlite:///{path}", statement)
    with open_store(str(path), clock=FakeClock()) as store:
        a_stored_plan(store)


@pytest.mark.parametrize("statement", [5, 13, 25])
def test_a_kill_while_migrating_postgresql_is_healed_by_the_next_start(
    repo: Path, postgres: Postgres, statement: int
) -> None:
    """The same on a server, which also lets go of the lock."""
    with postgres.database() as address:
        assert killed_while_opening(repo, address, statement)
        with open_store(address, clock=FakeClock()) as store:
            a_stored_plan(store)
