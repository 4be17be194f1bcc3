"""Reasons in sentences for people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.display_rules import violations
from tests.unit.domain.charts import at, chart, daily, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.advice import Take
from medsched.domain.advice_words import sentence
from medsched.domain.missed import advise

TWICE = ("08:00", "20:00")


def reason(name: str, clock: str, day: int = 0, clocks: tuple[str, ...] = TWICE) -> str:
    doses = daily(clocks, (-1, 0, 1), amounts="15 mg")
    on = chart(POLICIES[name], doses, [take(one) for one in doses[: len(clocks)]])
    found = advise(doses[len(clocks)], on, at(clock, day))
    assert found is not None
    return found.reason


@pytest.mark.parametrize(
    ("name", "clock", "words"),
    [
        ("milnacipran", "08:30", "It is time for this dose."),
        (
            "milnacipran",
            "13:00",
            (
                "Take it now, one dose only; the next one stays at its usual time."
                " Never take two doses at once."
            ),
        ),
        (
            "milnacipran",
            "14:01",
            (
                "Leave this dose out: fewer than 6 hours are left before the next one."
                " Never take two doses at once."
            ),
        ),
        (
            "antiseizure_bid",
            "14:01",
            "Leave this dose out: it is more than 6 hours late. Never take two doses at once.",
        ),
        (
            "dolutegravir",
            "16:00",
            (
                "Leave this dose out: more than 4 hours must be left before the next one."
                " Never take two doses at once."
            ),
        ),
        (
            "milnacipran",
            "20:00",
            "Take only the dose that is due now; leave this one out. Never take two doses at once.",
        ),
        (
            "levodopa",
            "08:31",
            "Do not take this dose now: its time is over. Ask your pharmacist or prescriber.",
        ),
    ],
)
def test_the_reason_says_what_to_do_and_why(name: str, clock: str, words: str) -> None:
    assert reason(name, clock) == words


def test_a_day_that_is_over_is_the_reason() -> None:
    assert "its day is over" in reason("edoxaban", "00:00", 1, ("18:00",))


def test_a_late_dose_of_a_true_interval_says_what_the_others_do() -> None:
    text = reason("antibiotic_q8h", "09:00", 0, ("06:00", "14:00", "22:00"))
    assert "the other ones of today are spread over the rest of the day" in text


def test_a_policys_words_become_a_sentence() -> None:
    assert sentence("take one now; next at usual time") == "Take one now; next at usual time."


@pytest.mark.parametrize("name", POLICIES)
def test_nothing_that_is_said_can_be_misread(name: str) -> None:
    doses = daily(TWICE, (-1, 0, 1), amounts="15 mg")
    for records in ([], [take(doses[0])], [take(doses[0]), take(doses[1])]):
        on = chart(POLICIES[name], doses, records)
        for minutes in range(0, 24 * 60, 37):
            for one in doses[2:4]:
                found = advise(one, on, doses[2].due + timedelta(minutes=minutes))
                assert found is None or not violations(found.reason)
                assert (
                    not isinstance(found, Take) or found.units == 1 or "exception" in found.reason
                )
