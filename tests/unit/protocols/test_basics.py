"""What the medicine is, and where its rules come from."""

from __future__ import annotations

import pytest
from tests.unit.protocols.files import POLICIES, VALID, only_problem, problems_after

from medsched.domain.medication import Form, Route
from medsched.domain.provenance import Provenance
from medsched.protocols.read import read_protocol

STRENGTHS = 'strengths = ["12.5 mg", "25 mg", "50 mg", "100 mg"]'


def test_a_medicine_has_the_usual_route_and_is_never_split_unless_said() -> None:
    medication = read_protocol(VALID, file="examplamine.toml", policies=POLICIES).medication
    assert medication.form is Form.FILM_COATED_TABLET
    assert medication.route is Route.ORAL
    assert medication.divisible_by == 1
    assert medication.ingredient == "examplamine"
    assert medication.classes == {"snri"}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (STRENGTHS, 'strengths = ["25 mg", "12.5 mg", "50 mg", "100 mg"]', "rising order"),
        (
            STRENGTHS,
            'strengths = ["12.5 mg", "25 mg", "25 mg", "50 mg", "100 mg"]',
            "name each once",
        ),
        (STRENGTHS, 'strengths = ["0 mg", "12.5 mg", "25 mg", "50 mg"]', "more than nothing"),
        (STRENGTHS, 'strengths = ["12.5 mg", "25 mg", "50 mg", "1 g"]', "in one unit"),
        ("most_pieces = 4", "most_pieces = 0", "use 1 to 100"),
        ("most_pieces = 4", "divisible_by = 3", "use 1, 2 or 4"),
        ('form = "film-coated tablet"', 'form = "capsule"\ndivisible_by = 2', "is never split"),
        ("dated = 2026-11-22", 'dated = "2026-11-22"', "write a date"),
        ("dated = 2026-11-22\n", "", "protocol.dated: is missing"),
        ('ref = "label"', 'ref = "labels"', "'label' is no source of this file"),
        ('sources = ["label"]\n', "", "only an assumption has no source"),
        ('provenance = "assumption"', 'provenance = "label"', "use source document"),
        ('text = "Everything else."\n', "", "rule[2].text: is missing"),
        ('id = "R02"\ntext', 'id = "R01"\ntext', "names two rules"),
    ],
)
def test_what_the_head_of_a_file_leaves_open_is_refused(old: str, new: str, words: str) -> None:
    assert words in " | ".join(problems_after((old, new)))


def test_two_sources_of_one_name_are_refused() -> None:
    second = '[[source]]\nref = "label"\ntitle = "Another"\n\n[[rule]]'
    assert only_problem(("[[rule]]", second)) == "source[2].ref: 'label' names two sources"


def test_an_assumption_needs_no_source_and_is_labelled() -> None:
    rules = read_protocol(VALID, file="examplamine.toml", policies=POLICIES).rules
    assert rules["R02"].provenance is Provenance.ASSUMPTION
    assert rules["R02"].label == "assumption"
    assert rules["R01"].label == ""
