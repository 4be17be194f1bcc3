"""Dated events besides doses, and the sentences for people."""

from __future__ import annotations

import pytest
from tests.unit.protocols.files import POLICIES, VALID, changed, only_problem

from medsched.domain.monitoring_rules import MonitoringKind
from medsched.protocols.read import read_protocol


def test_an_event_says_when_it_falls() -> None:
    found = read_protocol(VALID, file="examplamine.toml", policies=POLICIES).monitoring[0]
    assert found.kind is MonitoringKind.MOOD
    assert found.days == (1, 7)
    assert found.at_dose_changes
    assert found.denser_if == {"depression"}
    assert (found.denser_from_age, found.denser_every_days) == (65, 7)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("days = [1, 7]\nat_dose_changes = true\n", "", "does not say when"),
        ("days = [1, 7]", "days = [7, 1]", "rising order"),
        ("days = [1, 7]", 'days = ["1"]', "write a whole number"),
        ("days = [1, 7]", "days = [-1]", "use 0 to"),
        ('denser_every = "7 days"\n', "", "belongs together"),
        ('denser_if = ["depression"]\ndenser_from = "65 years"\n', "", "belongs together"),
        ('kind = "mood check-in"', 'kind = "mood"', "cannot be used; use"),
    ],
)
def test_an_event_that_leaves_something_open_is_refused(old: str, new: str, words: str) -> None:
    assert words in only_problem((old, new))


def test_texts_keep_their_order_and_their_titles() -> None:
    more = '"How it works" = "It works."\n"Alcohol" = "Avoid it."'
    text = changed(('"How it works" = "It works."', more))
    texts = read_protocol(text, file="examplamine.toml", policies=POLICIES).texts
    assert texts.others == (("How it works", "It works."), ("Alcohol", "Avoid it."))
    assert texts.late_line == "Take it up to 6 hours late."


def test_a_text_that_is_no_text_is_refused() -> None:
    assert "write text in quotes" in only_problem(
        ('"How it works" = "It works."', '"How it works" = true')
    )
