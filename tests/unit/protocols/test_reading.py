"""What is noted while a file is read."""

from __future__ import annotations

from datetime import date

import pytest

from medsched.errors import InvalidValue
from medsched.protocols.document import BareDecimal
from medsched.protocols.reading import Reading, kind_of, nearest_words, one_of, read_text, shown


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (True, "true"),
        (5, "the number 5"),
        (BareDecimal("1.5"), "the number 1.5"),
        ("x", "the text 'x'"),
        ([], "a list"),
        ({}, "a table"),
        (date(2026, 1, 2), "the date or time 2026-01-02"),
    ],
)
def test_each_kind_of_value_has_its_words(value: object, words: str) -> None:
    assert kind_of(value) == words


@pytest.mark.parametrize("value", [5, BareDecimal("12.5")])
def test_a_number_without_a_unit_is_refused_with_an_example(value: object) -> None:
    reading = Reading()
    assert read_text(value, "dose", str, reading) is None
    line = str(reading.mistakes[0])
    assert line.startswith(f"dose: {value} is a number without a unit (write text in quotes")


def test_blanks_and_line_ends_become_single_spaces() -> None:
    assert read_text("  a\n  b  ", "text", str, Reading()) == "a b"


@pytest.mark.parametrize("value", ["", "   ", "x" * 5000])
def test_nothing_and_endless_texts_are_refused(value: str) -> None:
    reading = Reading()
    assert read_text(value, "text", str, reading) is None
    assert len(reading.mistakes) == 1


def test_a_word_outside_a_closed_list_is_refused_with_the_nearest() -> None:
    with pytest.raises(InvalidValue, match=r"use titration$"):
        one_of("titraton", {"titration": 1, "taper": 2})
    with pytest.raises(InvalidValue, match="use titration, taper"):
        one_of("zzz", {"titration": 1, "taper": 2})


def test_the_nearest_word_of_nothing_alike_is_empty() -> None:
    assert nearest_words("zzz", {"titration"}) == ""


def test_long_values_are_cut_and_endless_numbers_are_not_written_out() -> None:
    assert len(shown("x" * 1000)) == 60
    assert shown(10**4000) == "a very large number"
