"""`scripts/bench`: every workload beside its peer, several rounds, one table.

A ratio is taken within one round, ours and the peer's one after the other, because
machines differ and the same machine differs from minute to minute. Each round also
compares the answers.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from bench import clinic, feed, planning, reminders, start
from bench.measure import FULL, TINY, Row, Sample, Workload, ratio
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

WORKLOADS: dict[str, Workload] = {
    "G1": planning.expand,
    "G1c": planning.expand_first,
    "G2": planning.print_all,
    "G2t": planning.print_by_rules,
    "G3": clinic.plan_many,
    "G3c": clinic.plan_more,
    "G4": clinic.copy_rows,
    "G5": clinic.query,
    "G5b": clinic.query_grown,
    "G6": feed.feed,
    "G7": start.show_help,
    "G7b": start.today,
    "G8": reminders.claims,
    "G8b": reminders.paced,
    "G8w": reminders.workers,
    "G9": clinic.replan,
}


class Result(NamedTuple):
    """One line of the table, measured."""

    row: Row
    ratios: list[float]
    cpu: list[float]
    ours: list[Sample]
    theirs: list[Sample]
    notes: dict[str, str]

    @property
    def met(self) -> bool | None:
        """Whether the median meets the goal; None where there is none."""
        return None if self.row.goal is None else median(self.ratios) <= self.row.goal

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "id": self.row.id,
            "workload": self.row.what,
            "peer": self.row.against,
            "goal": self.row.goal,
            "met": self.met,
            "ratio": round(median(self.ratios), 4),
            "lowest": round(min(self.ratios), 4),
            "highest": round(max(self.ratios), 4),
            "of": self.row.of,
            "processor_time_ratio": round(median(self.cpu), 4),
            "seconds": round(median(one.wall for one in self.ours), 5),
            "peer_seconds": round(median(one.wall for one in self.theirs), 5),
            "peak_memory_mib": round(max(one.rss for one in self.ours) / 1024, 1),
            "notes": self.notes,
        }


def measure(name: str, folder: Path, rounds: int, size: Any, tell: Any) -> list[Result]:
    """Run one workload beside its peer so many times, and compare the answers each time."""
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


def table(results: list[Result], console: Console) -> None:
    """Print the table for people."""
    shown = Table(title=f"{platform.machine()}, {os.cpu_count()} processors, Python {_python()}")
    for head in ("id", "workload", "peer", "ratio", "range", "processor", "goal", "met"):
        numbers = head in {"ratio", "range", "processor", "goal"}
        shown.add_column(head, justify="right" if numbers else "left")
    words = {True: "yes", False: "NO", None: ""}
    for one in results:
        shown.add_row(
            one.row.id,
            one.row.what + "".join(f"; {name}: {text}" for name, text in one.notes.items()),
            one.row.against,
            f"{median(one.ratios):.3f}",
            f"{min(one.ratios):.3f} to {max(one.ratios):.3f}",
            f"{median(one.cpu):.3f}",
            "" if one.row.goal is None else f"{one.row.goal:g}",
            words[one.met],
        )
    console.print(shown)


def _python() -> str:
    return ".".join(map(str, sys.version_info[:3]))


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for; 1 when a goal was missed."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--only", help="ids, such as G1,G3; all when left out")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--size", choices=["full", "tiny"], default="full")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args(arguments)
    names = asked.only.split(",") if asked.only else list(WORKLOADS)
    unknown = [one for one in names if one not in WORKLOADS]
    if unknown or asked.rounds < 1:
        wanted = f"use {', '.join(WORKLOADS)}, and at least one round"
        parser.error(f"{unknown or asked.rounds}: {wanted}")
    results: list[Result] = []
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    with tempfile.TemporaryDirectory(prefix="medsched-bench-") as folder, progress as bar:
        task = bar.add_task("", total=len(names) * asked.rounds)
        for name in names:
            bar.update(task, description=name)
            size = TINY if asked.size == "tiny" else FULL
            results += measure(name, Path(folder), asked.rounds, size, lambda: bar.advance(task))
    if asked.json:
        print(json.dumps({"rows": [one.document() for one in results]}, indent=2))
    else:
        table(results, Console(width=None if sys.stdout.isatty() else 160))
    return 1 if any(one.met is False for one in results) else 0


if __name__ == "__main__":
    sys.exit(main())
