"""What is measured is the program that was asked for, and nothing around it."""

from __future__ import annotations

import sys

import pytest
from bench.measure import Row, Sample, program, ratio


def peak(mib: int) -> int:
    """Return the peak memory, in KiB, of a program that fills so many MiB."""
    return program(sys.executable, "-c", f"held = b'x' * ({mib} << 20)").rss


def test_the_memory_of_a_program_is_its_own_and_not_that_of_whoever_measures_it() -> None:
    held = b"x" * (256 << 20)
    assert peak(0) < 64 << 10 < len(held) >> 10


def test_the_memory_of_a_program_is_its_peak() -> None:
    assert 100 << 10 <= peak(100) - peak(0) + 1024 <= 110 << 10


def test_what_a_program_prints_is_its_answer() -> None:
    sample = program(sys.executable, "-c", "print('one'); print('two')")
    assert sample.answer == "one\ntwo\n"
    assert sample.cpu > 0
    assert sample.wall > 0


def test_a_program_that_fails_is_no_measurement() -> None:
    with pytest.raises(RuntimeError, match="ended with 3"):
        program(sys.executable, "-c", "raise SystemExit(3)")


def test_a_ratio_of_memory_may_be_of_a_limit_instead_of_the_peers() -> None:
    ours, theirs = Sample(1.0, 0.5, 50, ""), Sample(2.0, 2.0, 25, "")
    limited = Row("X", "", "", 1.0, of="rss", limit=100)
    assert ratio(Row("X", "", "", 1.0), ours, theirs) == 0.5
    assert ratio(Row("X", "", "", 1.0), ours, theirs, of="cpu") == 0.25
    assert ratio(limited, ours, theirs) == 0.5
    assert ratio(limited, ours, theirs, of="cpu") == 0.5
    assert ratio(Row("X", "", "", 1.0, of="rss"), ours, theirs) == 2.0
