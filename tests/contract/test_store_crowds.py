"""Many processes at once: nothing is lost, nothing is counted twice, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING

from tests.contract.store_examples import a_stored_plan, dose_id, python_path, rows

if TYPE_CHECKING:
    from pathlib import Path

    from tests.contract.conftest import Database
    from tests.postgres import Postgres


def crowd(repo: Path, work: str, count: int, address: str, what: str = "") -> list[str]:
    """Return the line of each of so many processes that did the same work at once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.contract.store_crowd", work, str(count), address, what],
        cwd=repo,
        env={**os.environ, "PYTHONPATH": python_path(repo)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    return done.stdout.splitlines()


def test_fifty_processes_taking_one_dose_make_one_record(repo: Path, database: Database) -> None:
    """Forty-nine are told whose record it is."""
    with database.open() as store:
        plan = a_stored_plan(store)
    dose = dose_id(rows(plan.number)[0])
    lines = Counter(line.split(" ")[0] for line in crowd(repo, "take", 50, database.address, dose))
    assert lines == {"recorded": 1, "already": 49}
    with database.open() as store, store.reading() as unit:
        (record,) = unit.records.of_plans([plan.number])
        assert unit.records.settling(dose) == record


def test_two_writers_lose_no_update(repo: Path, database: Database) -> None:
    """Three hundred times each: read, add one, write."""
    with database.open() as store:
        plan = a_stored_plan(store)
    assert crowd(repo, "count", 2, database.address, "300") == ["counted", "counted"]
    with database.open() as store, store.reading() as unit:
        after = unit.plans.get(plan.number)
        assert after is not None
        assert after.stored_until == plan.stored_until + 600


def test_eight_starters_make_one_file_together(repo: Path, tmp_path: Path) -> None:
    """Each of them finds a whole schema; none fails."""
    address = f"sqlite:///{tmp_path / 'home' / 'medsched.db'}"
    assert crowd(repo, "start", 8, address) == ["opened 0"] * 8


def test_eight_starters_make_one_postgresql_schema_together(repo: Path, postgres: Postgres) -> None:
    """The same on a server."""
    with postgres.database() as address:
        assert crowd(repo, "start", 8, address) == ["opened 0"] * 8
