"""`status` says what is wrong and ends with 1; `clock ok` believes the clock again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine
from tests.living_home import LivingHome

from medsched.services.outbox_ports import ClockMark, DaemonRow

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    return LivingHome(tmp_path / "home")


def test_without_a_daemon_it_is_not_well(living: LivingHome) -> None:
    answer = living.cli("status")
    assert answer.code == 1
    assert answer.out.startswith("NOT WELL: daemon: none runs")
    assert "channels:           0 (add one with `medsched channel add`)" in answer.out
    assert living.cli("status", "--json").code == 1


def test_with_a_daemon_it_is_well(living: LivingHome) -> None:
    now = datetime.now(UTC)
    row = DaemonRow(
        id="d",
        host="here",
        pid=7,
        boot="b",
        version="1",
        started_at=now,
        heartbeat_at=now,
        last_tick=now,
    )
    with living.app.store.writing() as unit:
        unit.daemons.beat(row)
    assert living.cli.page("status").startswith(
        "All is well.\ndaemons working:    1; here, process"
    )
    assert living.cli.document("status")["well"] is True


def test_without_anything_stored_it_makes_nothing(tmp_path: Path) -> None:
    for command in (("status",), ("clock", "ok"), ("backup", str(tmp_path / "b")), ("run",)):
        assert "nothing is stored" in CommandLine(tmp_path / "none").refusal(*command)
    assert list(tmp_path.iterdir()) == []


def test_row_9_a_clock_that_jumped_is_believed_on_somebodys_word(living: LivingHome) -> None:
    with living.app.store.writing() as unit:
        unit.daemons.set_mark(
            ClockMark(wall=datetime(2020, 1, 1, tzinfo=UTC), boot="b", elapsed=1, held=True)
        )
    assert "nothing is sent" in living.cli("status").out
    assert "Reminders go out" in living.cli.page("clock", "ok")
    assert living.cli.document("clock", "ok")["clock"] == "right"
    assert "clock:              right" in living.cli("status").out
