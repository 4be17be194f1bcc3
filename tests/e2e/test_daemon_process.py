"""The daemon as a process: it starts, ends, is frozen, finds the database locked or full."""

from __future__ import annotations

import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from tests.command_line import PROGRAM, CommandLine
from tests.e2e.daemon_process import Daemon, arrived, count, crowd, let_leases_end

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    crowd(folder, lite(folder), 3)
    return folder


def lite(home: Path) -> str:
    return f"sqlite:///{home}/medsched.db"


def test_it_reminds_says_so_in_one_line_and_ends_when_it_is_told(home: Path) -> None:
    daemon = Daemon(home, lite(home), options=("--listen", "127.0.0.1:0"))
    assert "serving on http://127.0.0.1:" in daemon.wait_for("serving")
    assert daemon.wait_for("next reminder").startswith("3 delivered; next reminder at ")
    assert CommandLine(home)("status").out.startswith("All is well.")
    while not list((home / "backups").glob("medsched-*.db")):
        assert daemon.process.poll() is None, "a first backup is made soon after the start"
    assert daemon.stop() == 0
    assert daemon.lines[-1] == "medsched: stopped"
    told = arrived(home)
    assert (told.people, told.repeats) == (3, 0)


def test_once_does_one_cycle_and_ends(home: Path) -> None:
    answer = CommandLine(home).outside("run", "--once")
    assert (answer.code, answer.out.split(";")[0]) == (0, "3 delivered")


def test_row_7_a_process_frozen_over_a_due_time_sends_nothing_twice(home: Path) -> None:
    """It is stopped with what it leased; another daemon takes over; then it wakes."""
    frozen = Daemon(home, lite(home))
    frozen.wait_for("running")
    freeze(frozen, home)
    other = Daemon(home, lite(home))
    other.wait_for("next reminder")
    frozen.signal(signal.SIGCONT)
    frozen.wait_for("next reminder")
    assert (other.stop(), frozen.stop()) == (0, 0)
    told = arrived(home)
    assert told.people == 3
    assert told.unworded == []
    assert count(lite(home), "leased") == 0


def freeze(daemon: Daemon, home: Path) -> None:
    """Stop it, not in the middle of a write, and let the time pass that its leases last."""
    for _ in range(1000):
        daemon.signal(signal.SIGSTOP)
        with suppress(sqlite3.OperationalError):
            let_leases_end(lite(home))
            return
        daemon.signal(signal.SIGCONT)
    pytest.fail("it always writes")


def test_row_14_a_database_that_is_locked_is_waited_for(home: Path) -> None:
    with closing(sqlite3.connect(home / "medsched.db", isolation_level=None)) as other:
        daemon = Daemon(home, lite(home))
        daemon.wait_for("running")
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        daemon.wait_for("next reminder")
        other.execute("BEGIN IMMEDIATE")
        refused = CommandLine(home)("clock", "ok")
        assert (refused.code, "is busy" in refused.err) == (1, True)
        other.execute("ROLLBACK")
    assert daemon.stop() == 0
    assert arrived(home).people == 3


def test_row_20_a_full_disk_is_told_loudly_and_heals(home: Path) -> None:
    """No file may grow: what cannot be stored says NOT SAVED, and nothing is half stored."""
    dose = CommandLine(home).document("today", "--person", "person 0")["doses"][0]["id"]
    command = ["take", dose, "--home", str(home), "--person", "person 0"]
    full = subprocess.run(
        [sys.executable, "-c", PROGRAM, *command],
        preexec_fn=_no_file_may_grow,
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 1
    assert "NOT SAVED" in full.stderr
    assert "Traceback" not in full.stderr
    assert CommandLine(home)(*command[:2], "--person", "person 0").code == 0


def _no_file_may_grow() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))


def test_row_41_a_closed_output_ends_nothing(home: Path) -> None:
    daemon = Daemon(home, lite(home))
    daemon.wait_for("running")
    assert daemon.process.stdout is not None
    daemon.process.stdout.close()
    while count(lite(home), "sent") < 3:
        CommandLine(home)("status")
    daemon.process.terminate()
    assert daemon.process.wait(60) == 0


def test_row_36_a_process_that_dies_at_once_again_and_again_waits(home: Path) -> None:
    for _ in range(3):
        short = Daemon(home, lite(home))
        short.wait_for("running")
        short.kill()
    fourth = Daemon(home, lite(home))
    assert "waiting 2 s" in fourth.wait_for("the last lives were short")
    assert fourth.stop() in {0, -signal.SIGTERM}


def test_row_21_a_database_that_was_moved_away_ends_the_daemon(home: Path) -> None:
    daemon = Daemon(home, lite(home))
    daemon.wait_for("next reminder")
    (home / "medsched.db").rename(home / "gone.db")
    # the next cycle comes within fifteen seconds
    assert "not the file any more" in daemon.wait_for("not the file any more")
    daemon.process.communicate(timeout=60)
    assert daemon.process.returncode == 1
