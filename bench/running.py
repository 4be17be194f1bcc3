"""Each workload in a process of its own: what an earlier one left in memory slows none down."""

from __future__ import annotations

import multiprocessing
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from bench import clinic, feed, idle, planning, postgres, reading, reminders, start
from bench.measure import Sample, Size, Skipped, Workload, ratio
from bench.results import Line, NotMeasured, Result

WORKLOADS: dict[str, Workload] = {
    "G1": planning.expand,
    "G1c": planning.expand_first,
    "G2": planning.print_all,
    "G2t": planning.print_by_rules,
    "G2r": reading.by_remind,
    "G3": clinic.plan_many,
    "G3c": clinic.plan_more,
    "G4": postgres.copy_rows,
    "G5": clinic.query,
    "G5b": clinic.query_grown,
    "G6": feed.feed,
    "G6e": reading.expanded,
    "G7": start.show_help,
    "G7b": start.today,
    "G7k": reading.by_khal,
    "G8": reminders.claims,
    "G8d": reminders.claims_in_one_thread,
    "G8b": reminders.paced,
    "G8w": reminders.workers,
    "G9": clinic.replan,
    "I1": idle.idle,
}


def measure(
    name: str, folder: Path, rounds: int, size: Size, tell: Callable[[], object]
) -> list[Line]:
    """Run one workload beside its peer so many times, and compare the answers each time.

    Who is first changes with each round.
    """
    try:
        with WORKLOADS[name](size, folder) as pair:
            pairs: list[tuple[Sample, Sample]] = []
            for number in range(rounds):
                if number % 2:
                    theirs, ours = pair.theirs(), pair.ours()
                else:
                    ours, theirs = pair.ours(), pair.theirs()
                pair.same(ours, theirs)
                pairs.append((ours._replace(answer=None), theirs._replace(answer=None)))
                tell()
            return [
                Result(
                    row=row,
                    ratios=[ratio(row, *one) for one in pairs],
                    cpu=[ratio(row, *one, of="cpu") if one[1].cpu else 0.0 for one in pairs],
                    ours=[one for one, _ in pairs],
                    theirs=[one for _, one in pairs],
                    notes=pair.notes,
                )
                for row in pair.rows
            ]
    except Skipped as why:
        return [NotMeasured(name, str(why), failed=False)]


def alone(
    name: str, folder: Path, rounds: int, size: Size, tell: Callable[[], object]
) -> list[Line]:
    """Measure one workload in a process of its own; what went wrong there is its line."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(there, name, folder, rounds, size), daemon=True)
    child.start()
    there.close()
    told: list[Line] = []
    try:
        while not told:
            heard = here.recv()
            if heard is None:
                tell()
            else:
                told = heard
    except EOFError:
        child.join()
        told = [NotMeasured(name, f"its process ended with {child.exitcode}", failed=True)]
    child.join()
    return told


def end_well() -> None:
    """End by an exception when told to: servers are stopped and folders emptied on the way."""
    signal.signal(signal.SIGTERM, lambda *_told: sys.exit(143))


def _child(there: Connection, name: str, folder: Path, rounds: int, size: Size) -> None:
    end_well()
    try:
        lines = measure(name, folder, rounds, size, lambda: there.send(None))
    except Exception as error:  # noqa: BLE001  # one row that fails is shown as such; the others go on
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        lines = [NotMeasured(name, reason, failed=True)]
    there.send(lines)
    there.close()
