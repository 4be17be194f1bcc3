"""I1: what a daemon costs while nobody is to be reminded, against a millisecond a cycle."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bench.clinic import remove
from bench.examples import NOW, open_at
from bench.measure import Pair, Row, Sample, Size, in_process
from bench.reminders import fill

from medsched.services.remind import Reminders

A_CYCLE = 0.001
"""Seconds of processor time that one may take."""


class _Standing:
    """A clock and a machine on which no time passes, an hour before anything is due."""

    boot = "bench"

    def now(self) -> datetime:
        return NOW - timedelta(hours=1)

    def elapsed(self) -> float:
        return 0.0

    def monotonic(self) -> float:
        return 0.0


@contextmanager
def idle(size: Size, folder: Path) -> Iterator[Pair]:
    """I1: cycles that look at the clock and at what is due, and find nothing to do."""
    path = folder / "idle.db"
    remove(path)
    fill(path, 100, a_second=1)

    def ours() -> Sample:
        with open_at(path) as store:
            standing = _Standing()
            cycles = Reminders(
                store,
                lambda _channel: None,  # type: ignore[arg-type]  # nothing is sent
                standing,
                owner="bench",
                machine=standing,
                chance=lambda: 0.5,
                new_token=lambda: "",
            )
            cycles.cycle()
            return in_process(lambda: sum(not cycles.cycle().claimed for _ in range(size.cycles)))

    def theirs() -> Sample:
        return Sample(A_CYCLE * size.cycles, A_CYCLE * size.cycles, 0, size.cycles)

    def same(first: Sample, second: Sample) -> None:
        assert first.answer == second.answer

    row = Row(
        "I1",
        f"{size.cycles:,} cycles of a daemon with nothing to do: processor time",
        "1 ms each",
        1.0,
        of="cpu",
    )
    yield Pair(rows=(row,), ours=ours, theirs=theirs, same=same)
