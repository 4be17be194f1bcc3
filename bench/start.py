"""G7: how soon a command answers, against Python that does nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.clinic import clinic_at
from bench.examples import DAYS, NOW
from bench.measure import Pair, Row, Sample, Size, program

_MAIN = "import sys; from medsched.cli.main import main; main(sys.argv[1:])"


def medsched(*arguments: str) -> Sample:
    return program(sys.executable, "-c", _MAIN, *arguments)


def nothing() -> Sample:
    return program(sys.executable, "-c", "pass")


@contextmanager
def show_help(_size: Size, _folder: Path) -> Iterator[Pair]:
    """G7: the help."""

    def same(ours: Sample, _theirs: Sample) -> None:
        assert "Commands:" in ours.answer

    yield Pair(
        rows=(Row("G7", "medsched --help", "python -c pass", 5.0),),
        ours=lambda: medsched("--help"),
        theirs=nothing,
        same=same,
    )


@contextmanager
def today(size: Size, folder: Path) -> Iterator[Pair]:
    """G7b: what is due today, of one among very many."""
    path = clinic_at(folder, size.patients)
    told = ("--home", str(folder), "--database", f"sqlite:///{path}", "--person", "Patient 2")

    def same(ours: Sample, _theirs: Sample) -> None:
        assert "milnacipran" in ours.answer
        assert "12.5" in ours.answer

    yield Pair(
        rows=(
            Row(
                "G7b",
                f"medsched today, {size.patients * DAYS * 2:,} rows",
                "python -c pass",
                25.0,
            ),
        ),
        ours=lambda: medsched("today", *told, "--as-of", NOW.isoformat()),
        theirs=nothing,
        same=same,
    )
