"""Who may take it: each section is read, and what is open in it is refused."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.unit.protocols.files import POLICIES, VALID, problems_after

from medsched.domain.amount import amount
from medsched.domain.safety_rules import Severity, WashoutDirection
from medsched.protocols.read import read_protocol

RULES = read_protocol(VALID, file="examplamine.toml", policies=POLICIES).safety


def test_each_section_is_read() -> None:
    assert RULES.ages[0].under == 18
    assert RULES.ages[0].severity is Severity.BLOCK
    assert RULES.weights[0].under == Decimal(50)
    assert RULES.hepatic[0].hepatic == "severe"
    assert RULES.washouts[0].hours == 336
    assert RULES.washouts[0].direction is WashoutDirection.OTHER_FIRST
    assert RULES.interactions[0].match == {"nsaid"}
    assert not RULES.interactions[0].overridable
    assert RULES.conditions[0].condition == "pregnancy"
    assert RULES.spacings[0].hours == Decimal("0.5")
    assert RULES.ceilings[0].per_day == amount("200 mg")
    assert RULES.first_dose is not None
    assert RULES.first_dose.most == amount("12.5 mg")
    assert RULES.look_alikes[0].match == {"examplamide"}
    assert RULES.indication is not None
    assert RULES.indication.approved == {"pain"}
    assert RULES.classes == {"nsaid": frozenset({"ibuprofen", "naproxen"})}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            'under = "18 years"',
            'under = "18 years"\nfrom = "65 years"',
            "age[1]: has under and from",
        ),
        ('under = "18 years"\n', "", "age[1]: does not say which ages"),
        ('under = "18 years"', "under = 18", "age[1].under: 18 is a number without a unit"),
        (
            'severity = "block"\ntext = "Not for',
            'severity = "forbid"\ntext = "Not for',
            "use block, warn",
        ),
        ('under = "50 kg"\n', "", "weight[1]: does not say which weights"),
        ('under = "50 kg"', 'under = "50 kg"\nup_to = "60 kg"', "weight[1]: has under and up_to"),
        ('under = "50 kg"', 'up_to = "110 lb"', "use 1 to 400 kg"),
        ('under = "50 kg"', 'under = "500 kg"', "use 1 to 400 kg"),
        ('class = "severe"', 'class = "C"', "use mild, moderate, severe"),
        ('direction = "other first"', 'direction = "before"', "use other first, this first"),
        ('least = "14 days"', "least = 336", "number without a unit"),
        ('least = "14 days"', 'least = "90 minutes"', "whole hours"),
        ('match = ["maoi"]', 'match = ["MAOI"]', "write it in lower case"),
        ('match = ["maoi"]\n', "", "washout[1].match: is missing"),
        ('match = ["nsaid"]', 'match = "nsaid"', "write a list"),
        ('condition = "pregnancy"\n', "", "condition[1].condition: is missing"),
        ('per_dose = "100 mg"\nper_day = "200 mg"\n', "", "has no limit"),
        ('per_dose = "100 mg"', 'per_dose = "100 mcg"', "is not in mg"),
        ('most = "12.5 mg"', 'most = "13 mg"', "cannot be made"),
        ('approved = ["pain"]\n', "", "indication.approved: is missing"),
        ('nsaid = ["ibuprofen", "naproxen"]', 'nsaid = ["Ibuprofen"]', "classes.nsaid[1]"),
        ("order_lifts = false", 'order_lifts = "no"', "write true or false"),
    ],
)
def test_what_a_section_leaves_open_is_refused(old: str, new: str, words: str) -> None:
    assert words in " | ".join(problems_after((old, new)))
