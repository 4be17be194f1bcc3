"""The power fails at any moment: what was said to be stored is on the disk, and all of it is whole.

No test can pull the plug. Two come near: one stops the writer at any instant and looks at
the files as they lie there; one counts that each commit waited for the disk.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

REPO = Path(__file__).resolve().parents[2]
COUNTER = """
#define _GNU_SOURCE
#include <dlfcn.h>
static int count;
int count_of_syncs(void) { return count; }
int fsync(int file) { count++; return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(file); }
int fdatasync(int file) { count++; return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file); }
"""


@contextmanager
def committing(
    database: Path, rows: int, preloaded: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run the program that commits one row after another."""
    extra = {} if preloaded is None else {"LD_PRELOAD": str(preloaded)}
    begun = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.committing", f"sqlite:///{database}", str(rows)],
        cwd=REPO,
        env={**os.environ, **extra},
        stdout=subprocess.PIPE,
        text=True,
    )
    with begun:
        try:
            yield begun
        finally:
            begun.kill()


def last_said(program: subprocess.Popen[str]) -> int:
    """Return the number of a row that was said to be stored."""
    assert program.stdout is not None
    return int(program.stdout.readline().split()[0])


def test_row_5_the_files_of_any_instant_hold_all_that_was_said_to_be_stored(
    tmp_path: Path,
) -> None:
    live, chance = tmp_path / "medsched.db", random.Random(5)
    with committing(live, 1_000_000) as program:
        for turn in range(20):
            for _ in range(chance.randint(1, 60)):
                said = last_said(program)
            program.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, program.pid, os.WSTOPPED)
            copy = tmp_path / f"{turn}.db"
            for ending in ("", "-wal"):
                shutil.copy(f"{live}{ending}", f"{copy}{ending}")
            program.send_signal(signal.SIGCONT)
            with closing(sqlite3.connect(copy)) as found:
                assert found.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                stored = {int(row) for (row,) in found.execute("SELECT id FROM daemon")}
            assert stored == set(range(1, len(stored) + 1))
            assert len(stored) >= said


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("the counter of syncs needs Linux and a C compiler")
    folder = tmp_path_factory.mktemp("counter")
    (folder / "counter.c").write_text(COUNTER, encoding="ascii")
    made = folder / "counter.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-o", made, folder / "counter.c", "-ldl"], check=True
    )
    return made


def test_row_5_every_commit_waits_for_the_disk(counter: Path, tmp_path: Path) -> None:
    with committing(tmp_path / "medsched.db", 40, counter) as program:
        assert program.stdout is not None
        counts = [int(line.split()[1]) for line in program.stdout]
    assert len(counts) == 41
    assert all(after > before for before, after in pairwise(counts))
