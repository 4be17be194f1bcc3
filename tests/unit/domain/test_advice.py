"""The values of advice and the words in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.unit.domain.charts import at

from medsched.domain.advice import Ask, Skip, Step, Take, Wait, if_not_taken, span_words
from medsched.domain.amount import amount

HERE = {"reason": "Take it now.", "rule": "R37", "step": Step.WINDOW}


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(hours=6), "6 hours"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(hours=48), "2 days"),
        (timedelta(hours=120), "5 days"),
        (timedelta(hours=4, seconds=1), "4 hours 1 minute"),
        (timedelta(minutes=30), "30 minutes"),
    ],
)
def test_a_length_of_time_is_said_in_hours_or_in_whole_days(span: timedelta, words: str) -> None:
    assert span_words(span) == words


def test_each_advice_names_its_action() -> None:
    until = at("14:00")
    actions = [
        Take(until=until, amount=amount("50 mg"), reason="", rule="", step=Step.WINDOW).action,
        Wait(until=until, reason="", rule="", step=Step.WINDOW).action,
        Skip(until=until, reason="", rule="", step=Step.WINDOW).action,
        Ask(reason="", rule="", step=Step.WINDOW).action,
    ]
    assert actions == ["take", "wait", "skip", "ask"]


def test_the_conditional_keeps_everything_but_the_sentence() -> None:
    asked = Ask(reason="Call first.", rule="R37", step=Step.GAP)
    assert if_not_taken(asked) == Ask(
        reason="If you have not taken it: call first.", rule="R37", step=Step.GAP
    )
