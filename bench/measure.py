"""One measurement: what it took, and what came out, so that answers can be compared."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"


class Sample(NamedTuple):
    """Seconds by the wall clock and of processor time, peak memory in KiB (0: in process)."""

    wall: float
    cpu: float
    rss: int
    answer: Any


@dataclass(frozen=True)
class Size:
    """How large the workloads are; `tiny` is for tests."""

    years: int = 5
    patients: int = 10_000
    fewer_patients: int = 1_000
    few_patients: int = 100
    copied_rows: int = 100_000
    queries: int = 300
    feed_days: int = 1_825
    reminders: int = 100_000
    paced: int = 280
    cycles: int = 10_000
    amendments: int = 20
    workers: tuple[int, ...] = (1, 2, 4, 8)


FULL = Size()
TINY = Size(
    years=1,
    patients=12,
    fewer_patients=4,
    few_patients=3,
    copied_rows=400,
    queries=3,
    feed_days=40,
    reminders=300,
    paced=3,
    cycles=20,
    amendments=2,
    workers=(1, 2),
)


@dataclass(frozen=True)
class Row:
    """One line of the table: how a pair of samples becomes a ratio, and its goal."""

    id: str
    what: str
    against: str
    goal: float | None
    of: str = "wall"  # wall, cpu or rss
    limit: int = 0  # rss: KiB to compare with, instead of the peer's


@dataclass
class Pair:
    """A workload that is ready to be measured: ours, the peer's, and whether they agree."""

    rows: tuple[Row, ...]
    ours: Callable[[], Sample]
    theirs: Callable[[], Sample]
    same: Callable[[Sample, Sample], None]
    notes: dict[str, str] = field(default_factory=dict)


Workload = Callable[[Size, Path], AbstractContextManager[Pair]]


class Skipped(Exception):
    """A workload that cannot be measured here, and why."""


def environment() -> dict[str, str]:
    """Return the environment of what is started.

    Nobody's Python is told anything: unbuffered output alone would cost a program that
    prints line by line as much again.
    """
    plain = {name: text for name, text in os.environ.items() if not name.startswith("PYTHON")}
    return {**plain, "PYTHONPATH": str(HERE.parent)}


def in_process(work: Callable[[], Any]) -> Sample:
    """Run it here, with an empty bin."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    return Sample(time.perf_counter() - wall, time.process_time() - cpu, 0, answer)


def program(*arguments: str | Path) -> Sample:
    """Run a program from its start to its end; the answer is what it printed.

    A small program starts it, so that its peak memory is its own (`programs/launch.py`).
    """
    command = [str(one) for one in arguments]
    launcher = [sys.executable, "-I", "-S", str(PROGRAMS / "launch.py")]
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as told:
        ended = subprocess.run(
            [*launcher, str(told.fileno()), *command],
            stdout=out,
            pass_fds=(told.fileno(),),
            env=environment(),
            check=False,
        )
        if ended.returncode:
            raise RuntimeError(f"{command} ended with {ended.returncode}")
        out.seek(0)
        told.seek(0)
        wall, cpu, rss = told.read().decode().split()
        return Sample(float(wall), float(cpu), int(rss), out.read().decode())


def python(name: str, *arguments: str | Path | int) -> Sample:
    """Run one of the programs beside this file."""
    return program(sys.executable, PROGRAMS / name, *map(str, arguments))


def equal(ours: Sample, theirs: Sample) -> None:
    """Both gave the same answer."""
    if ours.answer != theirs.answer:
        raise AssertionError("the answers differ")


def ratio(row: Row, ours: Sample, theirs: Sample, *, of: str | None = None) -> float:
    """Return ours over the peer's."""
    measure = row.of if row.of == "rss" or of is None else of
    if row.limit:
        return ours.rss / row.limit
    mine, other = getattr(ours, measure), getattr(theirs, measure)
    return float(mine / other)
