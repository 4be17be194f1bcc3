"""One table is read to its end, whatever is wrong in it."""

from __future__ import annotations

from typing import Any

import pytest

from medsched.protocols.reading import Reading
from medsched.protocols.table import Table


def table(**values: Any) -> Table:
    return Table(values, "here", Reading())


def lines(one: Table) -> list[str]:
    return [str(mistake) for mistake in one.reading.mistakes]


def test_a_missing_key_is_noted_and_answered_with_a_stand_in() -> None:
    one = table()
    assert one.text("name")
    assert one.amount("dose")
    assert one.whole("count", 2, 5) == 2
    assert [line.split(":")[0] for line in lines(one)] == ["here.name", "here.dose", "here.count"]
    assert not one.sound


def test_a_mistake_inside_a_table_makes_it_and_its_parents_unsound_but_not_its_brothers() -> None:
    root = Table({"a": {"x": 1}, "ab": {"x": 1}}, "", Reading())
    first, second = root.table("a"), root.table("ab")
    assert first is not None
    assert second is not None
    first.note("x", "code", "is wrong")
    assert not first.sound
    assert not root.sound
    assert second.sound


def test_a_brother_whose_name_begins_alike_stays_sound() -> None:
    root = Table({"a": [{"x": 1}] * 12}, "", Reading())
    tables = root.tables("a")
    tables[10].note("x", "code", "is wrong")
    assert [place for place, one in enumerate(tables) if not one.sound] == [10]


def test_a_key_that_begins_like_a_table_is_not_inside_it() -> None:
    root = Table({"a": {}, "ab": {}}, "", Reading())
    first, second = root.table("a"), root.table("ab")
    assert first is not None
    assert second is not None
    second.note("x", "code", "is wrong")
    assert first.sound


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2", "the text '2'"),
        (True, "true"),
        (0, "0 cannot be used; use 1 to 24"),
        (10**30, "a very large number cannot be used; use 1 to 24"),
    ],
)
def test_a_count_is_a_whole_number_within_its_bounds(value: object, words: str) -> None:
    one = table(count=value)
    one.whole("count", 1, 24)
    assert words in lines(one)[0]


def test_true_and_false_are_not_guessed_from_other_values() -> None:
    one = table(flag="yes", other=1)
    assert one.flag("flag", default=True) is False
    one.flag("other", default=True)
    assert len(lines(one)) == 2


def test_a_list_counts_its_places_from_one() -> None:
    one = table(strengths=["25 mg", "50"])
    one.amounts("strengths")
    assert lines(one)[0].startswith("here.strengths[2]: '50' cannot be used; write a number and a")


@pytest.mark.parametrize("value", ["25 mg", {}, [], 5])
def test_what_is_no_list_or_empty_is_refused(value: object) -> None:
    one = table(strengths=value)
    assert one.amounts("strengths") == ()
    assert len(lines(one)) == 1


def test_a_list_of_counts_rises() -> None:
    one = table(days=[1, 7, 7])
    one.wholes("days", 0, 10)
    assert "rising order" in lines(one)[0]


def test_the_same_word_twice_is_refused() -> None:
    one = table(match=["a", "a"])
    one.words("match")
    assert "twice" in lines(one)[0]


def test_two_ways_to_say_one_thing_are_refused() -> None:
    one = table(days="1", length="2 days")
    assert one.which(("days", "length")) == "days"
    assert lines(one) == ["here: has days and length; use one of them"]


def test_numbers_in_a_sentence_stay_beside_their_units() -> None:
    one = table(text="take 1 tablet (25 mg), not 25 mgs")
    assert one.sentence("text") == "take 1\u00a0tablet (25\u00a0mg), not 25 mgs"


def test_a_date_is_no_text_and_no_date_with_a_time() -> None:
    from datetime import UTC, date, datetime

    one = table(good=date(2026, 1, 2), text="2026-01-02", time=datetime(2026, 1, 2, tzinfo=UTC))
    assert one.day("good") == date(2026, 1, 2)
    assert one.day("text") is None
    assert one.day("time") is None
    assert len(lines(one)) == 2


def test_a_very_long_unknown_key_is_cut() -> None:
    one = Table({"k" * 1000: 1}, "here", Reading())
    one.close()
    assert len(lines(one)[0]) < 200
