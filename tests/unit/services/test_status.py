"""The status says what is wrong in one sentence each, and nothing when all is well."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.living_home import FIRST, LivingHome, minutes

from medsched.services.backups import Backups
from medsched.services.outbox_ports import ClockMark, DaemonRow
from medsched.services.status import LEAST_DISK, Status, status_json, status_of
from medsched.store.refusals import CannotWrite

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

PLENTY = 10**12


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    home = LivingHome(tmp_path / "home")
    home.go_to(FIRST)
    return home


def beat(living: LivingHome, ticked: datetime, owner: str = "d1") -> None:
    with living.app.store.writing() as unit:
        unit.daemons.beat(
            DaemonRow(
                id=owner,
                host="here",
                pid=7,
                boot="b",
                version="1",
                started_at=ticked,
                heartbeat_at=ticked,
                last_tick=ticked,
            )
        )


def look(living: LivingHome, disk_free: int | None = PLENTY) -> Status:
    return status_of(living.app.store, living.clock.now(), disk_free=disk_free)


def test_with_a_daemon_that_ticks_all_is_well(living: LivingHome) -> None:
    beat(living, FIRST)
    status = look(living)
    assert (status.is_well, status.problems) == (True, ())
    assert status.last_tick == FIRST
    assert (status.writable, status.clock) == (True, "right")


def test_nobody_reminds_when_no_daemon_runs(living: LivingHome) -> None:
    assert [one.partition(",")[0] for one in look(living).problems] == ["daemon: none runs"]


def test_a_daemon_that_ticked_a_minute_ago_works_and_one_second_later_does_not(
    living: LivingHome,
) -> None:
    beat(living, FIRST - timedelta(seconds=60))
    assert look(living).is_well
    living.go_to(FIRST + timedelta(seconds=1))
    assert look(living).problems == (
        "daemon: no cycle was completed in the last minute; start `medsched run` again",
    )


def test_each_daemon_is_told_and_one_that_works_is_enough(living: LivingHome) -> None:
    beat(living, FIRST - timedelta(hours=2), "old")
    beat(living, FIRST, "new")
    status = look(living)
    assert status.is_well
    assert [(one.id, one.is_working) for one in status.daemons] == [("new", True), ("old", False)]


def test_a_reminder_that_waits_for_more_than_five_minutes_is_told(living: LivingHome) -> None:
    """Row 25: an endpoint that refuses for long does not do so unseen."""
    living.add_file_channel()
    living.home.joinpath("messages.txt").mkdir()
    living.reminders().cycle()
    beat(living, FIRST)
    assert look(living).unsent == 0  # the channel was given up at once: that is told, too
    assert look(living).failed == 1
    assert "given up in the last day" in look(living).problems[0]


def test_unsent_reminders_are_counted_from_the_oldest(living: LivingHome) -> None:
    living.add_file_channel()
    living.go_to(FIRST - minutes(30))
    living.reminders().cycle()
    living.go_to(FIRST + minutes(5))
    beat(living, living.clock.now())
    assert look(living).is_well
    assert look(living).oldest_unsent == FIRST
    living.go_to(FIRST + minutes(6))
    beat(living, living.clock.now())
    assert "not sent, the oldest waits for 6 minutes" in look(living).problems[0]


def test_a_disk_with_less_than_200_mb_is_told(living: LivingHome) -> None:
    beat(living, FIRST)
    assert look(living, LEAST_DISK).is_well
    assert look(living, None).is_well
    assert look(living, LEAST_DISK - 1).problems[0].startswith("disk: 199 MB are free")


@pytest.mark.parametrize(
    ("mark", "state", "problem"),
    [
        (ClockMark(wall=FIRST + minutes(2), boot="b", elapsed=1), "right", None),
        (ClockMark(wall=FIRST + minutes(3), boot="b", elapsed=1), "went back", "clock: it went"),
        (ClockMark(wall=FIRST, boot="b", elapsed=1, held=True), "held", "clock: it jumped"),
    ],
)
def test_the_clock_is_told(
    living: LivingHome, mark: ClockMark, state: str, problem: str | None
) -> None:
    beat(living, FIRST)
    with living.app.store.writing() as unit:
        unit.daemons.set_mark(mark)
    status = look(living)
    assert status.clock == state
    assert (status.problems[0][:14] if status.problems else None) == problem or (
        problem is not None and status.problems[0].startswith(problem)
    )


def test_looking_changes_nothing(living: LivingHome) -> None:
    mark = ClockMark(wall=FIRST, boot="b", elapsed=1)
    with living.app.store.writing() as unit:
        unit.daemons.set_mark(mark)
    look(living)
    with living.app.store.reading() as unit:
        assert unit.daemons.mark() == mark


def test_a_database_that_cannot_be_written_is_told(
    living: LivingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat(living, FIRST)

    def full() -> None:
        raise CannotWrite("here", "the disk is full")

    monkeypatch.setattr(living.app.store, "writing", full)
    status = look(living)
    assert not status.writable
    assert [one.partition(";")[0] for one in status.problems] == [
        "database: nothing can be stored in it"
    ]


def test_a_database_that_cannot_be_read_is_an_answer_too(
    living: LivingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise CannotWrite("here", "it is gone")

    monkeypatch.setattr(living.app.store, "writing", gone)
    monkeypatch.setattr(living.app.store, "reading", gone)
    status = look(living)
    assert not status.is_well
    assert status.problems == ("database here: NOT SAVED: it is gone",)


def test_the_document_holds_no_name(living: LivingHome) -> None:
    living.add_file_channel()
    beat(living, FIRST)
    document = status_json(look(living))
    assert document["well"] is True
    assert document["daemons"][0]["working"] is True
    assert "milnacipran" not in str(document)
    assert replace(look(living), problems=("x",)).is_well is False


def test_a_backup_that_failed_is_no_well_being(living: LivingHome) -> None:
    beat(living, FIRST)
    backups = Backups(latest=FIRST, every=timedelta(days=1), failed="CannotBackUp")
    status = status_of(living.app.store, FIRST, disk_free=PLENTY, backups=backups)
    assert status.problems[0].startswith("backup: it could not be made")
    assert status_json(status)["last_backup"] == FIRST.isoformat()
