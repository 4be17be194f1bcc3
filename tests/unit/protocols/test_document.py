"""From bytes to plain TOML values, with nothing guessed."""

from __future__ import annotations

import pytest

from medsched.errors import FileProblems
from medsched.protocols.document import LARGEST, MOJIBAKE, BareDecimal, parse


def problems(source: bytes | str) -> list[str]:
    with pytest.raises(FileProblems) as refused:
        parse(source, file="x.toml")
    return [str(one) for one in refused.value.problems]


def test_a_decimal_number_stays_the_text_that_was_written() -> None:
    value = parse("dose = 12.50", file="x.toml")["dose"]
    assert value == "12.50"
    assert isinstance(value, BareDecimal)


@pytest.mark.parametrize("number", ["1e999999999999999999999", "nan", "inf", "1e-400"])
def test_a_number_that_no_float_holds_is_only_text(number: str) -> None:
    assert isinstance(parse(f"dose = {number}", file="x.toml")["dose"], BareDecimal)


@pytest.mark.parametrize("sign", sorted(MOJIBAKE))
def test_a_sign_of_a_wrong_encoding_is_refused_with_its_line(sign: str) -> None:
    lines = problems(f'a = 1\ntext = "{sign}29 mL/min"\n')
    assert len(lines) == 1
    assert lines[0].startswith("line 2: ")
    assert "wrong encoding" in lines[0]


def test_the_spoilt_sign_of_the_source_document_is_refused() -> None:
    assert "wrong encoding" in problems('text = "â‰¤29"')[0]


def test_a_sign_in_a_comment_is_refused_too() -> None:
    assert problems("# costs 5 €")[0].startswith("line 1: ")


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u2066", "\ufeff", "\ue000", "\x7f"])
def test_a_character_that_nobody_sees_is_refused(sign: str) -> None:
    assert any("unseen character" in line for line in problems(f'text = "a{sign}b"'))


def test_an_unseen_character_written_as_an_escape_is_refused() -> None:
    assert "unseen character U+202E" in problems('text = "a\\u202eb"')[0]
    assert "wrong encoding" in problems('text = "a\\u00e2b"')[0]


def test_letters_and_signs_of_all_languages_may_stand_in_a_file() -> None:
    text = 'text = "Füße, naïve, 10 ≤ 20, 日本, 12.5\u00a0mg"'
    assert parse(text.encode(), file="x.toml")


def test_bytes_that_are_not_utf_8_are_refused_with_their_line() -> None:
    assert problems(b'a = 1\ntext = "\xe9"')[0].startswith("line 2: byte 15 is not UTF-8")


def test_a_syntax_mistake_is_told_with_line_and_column() -> None:
    assert problems("a = 1\nb = \n")[0] == "line 2: not TOML: Invalid value in column 5"


def test_a_syntax_mistake_and_a_spoilt_sign_are_told_together() -> None:
    assert len(problems("# €\nb = \n")) == 2


def test_a_byte_order_mark_at_the_beginning_is_no_mistake() -> None:
    assert parse(b"\xef\xbb\xbfa = 1", file="x.toml") == {"a": 1}


@pytest.mark.parametrize(
    "source",
    ["a = " + "[" * 100_000, "a = " + '{"a"=' * 20_000, b"\x00" * 10, b"a" * (LARGEST + 1)],
)
def test_hostile_files_are_refused_in_one_line(source: bytes | str) -> None:
    lines = problems(source)
    assert lines
    assert all("\n" not in line and len(line) < 300 for line in lines)


def test_an_impossible_date_and_a_huge_number_are_mistakes_of_the_file() -> None:
    assert problems("a = 2026-02-30")
    assert problems("a = " + "9" * 5000)
