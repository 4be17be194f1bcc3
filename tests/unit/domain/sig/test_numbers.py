"""Numbers, dates and clock times of directions have one meaning, or are refused."""

import re
from datetime import date, time
from decimal import Decimal

import pytest

from medsched.domain.sig.numbers import CLOCK, DATE, NUMBER, clock_times, day_of, number, whole
from medsched.domain.sig.refusals import SigAmbiguous, SigContradiction


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", "1"),
        ("12.5", "12.5"),
        ("1,000", "1000"),
        ("1,234.5", "1234.5"),
        ("three", "3"),
        ("Twelve", "12"),
        ("\u00bd", "0.5"),
        ("1\u00bc", "1.25"),
        ("1/2", "0.5"),
        ("1 1/2", "1.5"),
        ("3/4", "0.75"),
        ("one and a half", "1.5"),
        ("2 and three quarters", "2.75"),
        ("2  and  a  quarter", "2.25"),
    ],
)
def test_a_number_has_many_spellings(text: str, value: str) -> None:
    assert re.fullmatch(NUMBER, text, re.IGNORECASE)
    assert number(text) == Decimal(value)


def test_a_third_is_no_number_of_pieces() -> None:
    assert number("1/3") < 0


def test_whole_numbers_are_digits_or_letters() -> None:
    assert [whole(one) for one in ("7", "seven", "1,000", "Twenty")] == [7, 7, 1000, 20]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("8:00 AM", [time(8)]),
        ("8 a.m.", [time(8)]),
        ("8pm", [time(20)]),
        ("12:15 am", [time(0, 15)]),
        ("12:15 PM", [time(12, 15)]),
        ("13:00", [time(13)]),
        ("08:00 and 10:30", [time(8), time(10, 30)]),
        ("12 noon, midnight", [time(12), time(0)]),
        ("00:00", [time(0)]),
    ],
)
def test_a_clock_time_is_before_or_after_noon(text: str, times: list[time]) -> None:
    assert re.match(CLOCK, text, re.IGNORECASE)
    assert list(clock_times(text, text)) == times


@pytest.mark.parametrize("text", ["8:00", "10:30", "12:00", "12 pm", "12:00 AM", "8 o'clock"])
def test_a_clock_time_that_may_be_either_is_refused(text: str) -> None:
    with pytest.raises(SigAmbiguous) as refused:
        clock_times(text, text)
    assert len(refused.value.readings) == 2


def test_an_hour_after_twelve_has_no_halves() -> None:
    with pytest.raises(SigContradiction, match="is no time"):
        clock_times("13:00 pm", "13:00 pm")


@pytest.mark.parametrize(
    "text",
    [
        "8 December 2026",
        "8th Dec. 2026",
        "Tuesday 8 December 2026",
        "December 8, 2026",
        "tuesday, dec 8th 2026",
        "2026-12-08",
    ],
)
def test_a_date_names_its_month(text: str) -> None:
    assert re.fullmatch(DATE, text, re.IGNORECASE)
    assert day_of(text, text) == date(2026, 12, 8)


@pytest.mark.parametrize("text", ["8/12/2026", "12.8.26"])
def test_a_date_of_three_numbers_is_refused(text: str) -> None:
    assert re.fullmatch(DATE, text)
    with pytest.raises(SigAmbiguous, match="month"):
        day_of(text, text)


def test_the_month_of_march_is_not_read_in_a_weekday() -> None:
    assert day_of("Monday 2 March 2026", "") == date(2026, 3, 2)
    assert day_of("Saturday 2 May 2026", "") == date(2026, 5, 2)


def test_another_weekday_is_refused() -> None:
    with pytest.raises(SigContradiction, match="it is Tuesday 8 December 2026"):
        day_of("Monday 8 December 2026", "")
