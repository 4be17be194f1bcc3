"""A daemon whose disk is full reminds from memory, says so, and goes on when there is room."""

from __future__ import annotations

import resource
import subprocess
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine
from tests.e2e.daemon_process import DEADLINE, Daemon, ask_for_later, crowd, on_database

from medsched.services.remind_memory import NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOTHING_FITS = 4096
"""Bytes: less than one page of the log; a message to a file still fits."""
EVERYTHING_FITS = resource.RLIM_INFINITY


def lite(home: Path) -> str:
    return f"sqlite:///{home}/medsched.db"


def texts(home: Path) -> list[str]:
    return [one.read_text(encoding="utf-8") for one in sorted((home / "out").iterdir())]


def limit(daemon: Daemon, size: int) -> None:
    resource.prlimit(daemon.process.pid, resource.RLIMIT_FSIZE, (size, EVERYTHING_FITS))


def see_it_through(daemon: Daemon, home: Path) -> None:
    """Hold what is told, and when, against the promise; `daemon` finds its disk full."""
    assert "CannotWrite" in daemon.wait_for("critical")
    assert "3 told" in daemon.wait_for("NOTHING CAN BE STORED: reminding from memory; 3")
    for text in texts(home):
        assert text.count("Dose due at") == 2, "once before it was full, once from memory"
        assert text.count("Repeat reminder - if you have already taken") == 1
        assert text.count(NOTE) == 1


def and_then_there_is_room(daemon: Daemon, home: Path) -> None:
    """What was told counts as sent, nothing is told again, and a dose can be recorded."""
    sent = "SELECT COUNT(*) FROM outbox WHERE step LIKE 'snooze%' AND state = 'sent' AND shown = 1"
    end = monotonic() + DEADLINE
    while on_database(lite(home), sent) != [(3,)]:
        assert monotonic() < end
        assert daemon.process.poll() is None
    assert [text.count("Dose due at") for text in texts(home)] == [2, 2, 2]
    assert CommandLine(home)("take", "--person", "person 0").code == 0
    assert daemon.stop() == 0


def test_row_20_a_file_that_may_not_grow_silences_no_reminder(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    crowd(home, lite(home), 3)
    with Daemon(home, lite(home)) as daemon:
        daemon.wait_for("3 delivered")
        ask_for_later(home, lite(home), 5)
        limit(daemon, NOTHING_FITS)
        see_it_through(daemon, home)
        limit(daemon, EVERYTHING_FITS)
        and_then_there_is_room(daemon, home)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Mount a disk of a few megabytes; where that is not allowed the test is skipped."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=8m,mode=700", "tmpfs", str(folder)]
    try:
        made = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("there is no `mount` here")
    if made.returncode:
        pytest.skip("no disk may be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(folder: Path) -> Path:
    """Fill a disk to the last byte."""
    path = folder / "full"
    with path.open("wb", buffering=0) as file:
        for size in (1 << 16, 1 << 10, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return path


def test_row_20_a_disk_that_is_really_full_silences_no_reminder(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        home = disk / "home"
        home.mkdir(mode=0o700)
        (tmp_path / "out").mkdir()
        (home / "out").symlink_to(tmp_path / "out")
        crowd(home, lite(home), 3)
        with Daemon(home, lite(home)) as daemon:
            daemon.wait_for("3 delivered")
            ask_for_later(home, lite(home), 5)
            full = fill(disk)
            refused = CommandLine(home)("take", "--person", "person 0")
            assert (refused.code, "NOT SAVED" in refused.err) == (1, True)
            see_it_through(daemon, home)
        with Daemon(home, lite(home)) as again:
            again.wait_for("critical")
            assert [text.count("Dose due at") for text in texts(home)] == [2, 2, 2]
            full.unlink()
            and_then_there_is_room(again, home)
