"""Text that is safe to hand to any channel."""

from __future__ import annotations

import doctest
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.notify import address as address_module
from medsched.notify import breaker, gate, plain, text
from medsched.notify.text import body_of, clipped, one_line, utf8_size
from medsched.notify.text import plain as made_plain
from medsched.services.message import Button, Message

anything = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=300)
MESSAGE = Message(thread="t", title="Dose", body="2 tablets")


@pytest.mark.parametrize("module", [address_module, breaker, gate, plain, text])
def test_the_examples_in_the_docstrings_run(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]  # a module is one


@given(anything)
def test_no_control_character_but_the_line_feed_and_tab_survives(given_text: str) -> None:
    found = made_plain(given_text)
    assert not [each for each in found if unicodedata.category(each) == "Cc" and each not in "\n\t"]
    assert not set(found) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u2028\u2029")


@pytest.mark.parametrize(
    "hidden", list("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2060\u00ad")
)
def test_nothing_that_reorders_or_hides_survives(hidden: str) -> None:
    assert made_plain(f"take {hidden}50 mg") == "take 50 mg"


@given(anything)
def test_what_is_plain_can_be_written_everywhere_and_stays_as_it_is(given_text: str) -> None:
    found = made_plain(given_text)
    found.encode()
    assert made_plain(found) == found


@given(anything, st.integers(min_value=2, max_value=300))
def test_a_title_is_one_line_of_its_length(given_text: str, limit: int) -> None:
    found = one_line(given_text, limit)
    assert len(found) <= limit
    assert len(found.splitlines()) <= 1


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("\x1b]0;owned\x07Dose", "Dose"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x1b[2J\x1b[1;1HDose", "Dose"),
        ("a\x9b31mb", "ab"),
        ("50\u202e mg", "50 mg"),
        ("12.5\u00a0mg", "12.5\u00a0mg"),
        ("👩\u200d⚕️ 💊", "👩\u200d⚕️ 💊"),
        ("\u05e9\u05dc\u05d5\u05dd", "\u05e9\u05dc\u05d5\u05dd"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\ud83d", "?"),
    ],
)
def test_escapes_and_overrides_go_and_letters_stay(given_text: str, expected: str) -> None:
    assert made_plain(given_text) == expected


@given(st.text(max_size=3000), st.integers(min_value=80, max_value=2000))
def test_a_clipped_text_fits_and_still_says_until_when_it_holds(body: str, limit: int) -> None:
    whole = f"{body}\nValid until 11:00."
    for size in (len, utf8_size):
        found = clipped(whole, limit, size=size)
        assert size(found) <= limit
        assert found.endswith("Valid until 11:00.")
        assert found == whole or found.startswith(body[:10][: limit // 8])


def test_a_clipped_text_keeps_its_beginning_where_a_repeat_is_called_one() -> None:
    words = "Repeat reminder - if you have already taken the 08:00 dose, do not take another."
    assert clipped(words + "\n" + "x" * 9000, 400).startswith(words)


def test_the_end_of_validity_is_said_in_utc_unless_the_text_says_it() -> None:
    east = datetime(2026, 3, 2, 19, 30, tzinfo=timezone(timedelta(hours=9)))
    assert body_of(replace(MESSAGE, valid_until=east), links=False) == (
        "2 tablets\nValid until 10:30 UTC on 2 March 2026."
    )
    said = replace(MESSAGE, valid_until=east, body="2 tablets, valid until 19:30")
    assert body_of(said, links=False) == "2 tablets, valid until 19:30"


def test_links_stand_below_the_text_one_a_line() -> None:
    buttons = (Button(label="Taken\n!", url="https://a/1"), Button(label="Skip", url="https://a/2"))
    assert body_of(replace(MESSAGE, buttons=buttons), links=True) == (
        "2 tablets\nTaken !: https://a/1\nSkip: https://a/2"
    )
