"""`scripts/bench`: every workload beside its peer, several rounds, one table.

A ratio is taken within one round, ours and the peer's one after the other, because
machines differ and the same machine differs from minute to minute. Each round also
compares the answers. Everything at full size takes about half an hour. The exit code is
1 when a goal was missed or a workload failed, also because the answers differ.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from bench.measure import FULL, HERE, TINY
from bench.results import Line
from bench.running import WORKLOADS, alone, end_well
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table


def main(arguments: list[str] | None = None) -> int:
    """Measure what was asked for; 1 when a goal was missed or a workload failed."""
    asked = _asked(arguments)
    began = time.monotonic()
    lines = _measured(asked)
    took = time.monotonic() - began
    if asked.json:
        told = {
            "machine": platform.machine(),
            "processors": os.cpu_count(),
            "python": platform.python_version(),
            "rounds": asked.rounds,
            "size": asked.size,
            "seconds": round(took, 1),
            "rows": [one.document() for one in lines],
        }
        print(json.dumps(told, indent=2))
    else:
        _print(lines, asked.rounds, took)
    return 1 if any(one.failed for one in lines) else 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("--only", help="ids, such as G1,G3; all when left out")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--size", choices=["full", "tiny"], default="full")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    asked = parser.parse_args(arguments)
    asked.names = asked.only.split(",") if asked.only else list(WORKLOADS)
    unknown = [one for one in asked.names if one not in WORKLOADS]
    if unknown or asked.rounds < 1:
        wanted = f"use {', '.join(WORKLOADS)}, and at least one round"
        parser.error(f"{', '.join(unknown) or asked.rounds}: {wanted}")
    return asked


def _measured(asked: argparse.Namespace) -> list[Line]:
    compileall.compile_dir(HERE.parent / "src", quiet=2)  # no start is to pay for compiling
    size = TINY if asked.size == "tiny" else FULL
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed} of {task.total}"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="medsched-bench-") as folder, progress as bar:
        task = bar.add_task("", total=len(asked.names) * asked.rounds)
        for number, name in enumerate(asked.names, 1):
            bar.update(task, description=name)
            lines += alone(name, Path(folder), asked.rounds, size, lambda: bar.advance(task))
            bar.update(task, completed=number * asked.rounds)
            if not bar.console.is_terminal:
                print(f"bench: {name} done, {number} of {len(asked.names)}", file=sys.stderr)
    return lines


def _print(lines: list[Line], rounds: int, took: float) -> None:
    """Print the table for people."""
    head = f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}"
    shown = Table(title=f"{head}; {rounds} rounds, {took / 60:.1f} minutes")
    for name in ("id", "workload", "peer", "ratio", "range", "processor", "goal", "met"):
        numbers = name in {"ratio", "range", "processor", "goal"}
        shown.add_column(name, justify="right" if numbers else "left")
    for one in lines:
        shown.add_row(*one.cells())
    Console(width=None if sys.stdout.isatty() else 160).print(shown)


if __name__ == "__main__":
    end_well()
    sys.exit(main())
