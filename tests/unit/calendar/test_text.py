"""Text that leaves the room can be read by any reader."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contract.calendar_cases import HOSTILE, hostile_text

from medsched.calendar.text import lines, link, one_line


@given(hostile_text)
def test_no_control_character_and_nothing_unwritable_is_left(text: str) -> None:
    cleaned = lines(text)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", cleaned)
    assert cleaned.encode() is not None


@given(hostile_text)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert lines(lines(text)) == lines(text)
    assert one_line(one_line(text)) == one_line(text)
    assert link(link(text)) == link(text)


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), max_size=50))
def test_plain_text_is_left_alone(text: str) -> None:
    assert lines(text) == text
    assert one_line(text) == text


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_line_end_is_a_line_feed_in_lines_and_a_space_in_one_line(end: str) -> None:
    assert lines(f"a{end}b") == "a\nb"
    assert one_line(f"a{end}b") == "a b"


def test_no_break_spaces_and_emoji_stay() -> None:
    assert one_line("12.5\u00a0mg \N{PILL}") == "12.5\u00a0mg \N{PILL}"


@pytest.mark.parametrize("text", HOSTILE)
def test_a_link_is_printable_ascii(text: str) -> None:
    assert re.fullmatch("[!-~]*", link(f"https://example.org/{text}"))
