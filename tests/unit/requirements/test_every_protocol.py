"""The checks and dated events hold for every medicine that comes with the program."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.display_rules import violations
from tests.unit.requirements.conftest import HEALTHY

from medsched.domain.finding import IssueCode, blocking
from medsched.domain.monitoring import monitoring_events
from medsched.domain.person import Facts, HepaticClass, OtherMedicine
from medsched.domain.safety import check
from medsched.domain.safety_rules import Severity, WashoutDirection
from medsched.protocols.shelf import load, shipped_protocols
from medsched.services.planning import Choices, DraftPlan, draft

if TYPE_CHECKING:
    from tests.unit.requirements.conftest import Bench

    from medsched.domain.person import Person

START = date(2026, 3, 2)
SHARED_CLASSES = ("maoi", "serotonergic", "nsaid", "ssri", "snri")


@pytest.fixture(params=shipped_protocols())
def plans(request: pytest.FixtureRequest, bench: Bench) -> list[DraftPlan]:
    """Return the plan of a healthy person for each regimen of one shipped protocol."""
    protocol, _text = load(request.param)
    return [
        draft(
            protocol,
            bench.person(),
            Choices(start=START, regimen=regimen.id),
            today=START,
            days=60,
        )
        for regimen in protocol.regimens
    ]


def ill(who: Person) -> Person:
    """Return the same person with nearly everything that a rule may ask about."""
    facts = Facts(
        born=date(1935, 1, 1),
        creatinine_clearance=Decimal(4),
        hepatic=HepaticClass.SEVERE,
        dialysis=True,
        end_stage_renal=True,
        pregnant=True,
        breastfeeding=True,
        alcohol=True,
    )
    return replace(who, facts=facts)


def test_a_healthy_person_is_not_stopped(plans: list[DraftPlan]) -> None:
    for plan in plans:
        assert blocking(plan.findings, ()) == ()


def test_everything_that_is_said_can_be_shown_to_people(plans: list[DraftPlan]) -> None:
    for plan in plans:
        who = ill(plan.person)
        told = check(plan.protocol, plan.prescription, plan.course, who)
        asked = monitoring_events(plan.protocol, plan.course, who, date(2026, 3, 30))
        texts = [one.message for one in (*told, *plan.findings)]
        texts += [text for one in asked for text in (one.text, one.urgent_text)]
        for text in texts:
            assert not violations(text), text


def test_the_ids_of_dated_events_are_unique(plans: list[DraftPlan]) -> None:
    for plan in plans:
        asked = monitoring_events(plan.protocol, plan.course, ill(plan.person))
        assert len({one.id for one in asked}) == len(asked)


def test_nothing_known_about_a_person_blocks_nothing_and_is_told(
    plans: list[DraftPlan],
) -> None:
    for plan in plans:
        told = check(
            plan.protocol, plan.prescription, plan.course, replace(plan.person, facts=Facts())
        )
        assert blocking(told, ()) == ()
        needs_facts = bool(plan.protocol.safety.ages or plan.protocol.safety.conditions)
        assert any(one.code is IssueCode.NOT_CHECKED for one in told) or not needs_facts


def test_a_child_is_never_passed_in_silence(plans: list[DraftPlan]) -> None:
    """The amounts are those for adults: somebody is asked, or it is stopped."""
    for plan in plans:
        born = replace(plan.person.facts, born=date(2021, 1, 1))
        child = replace(plan.person, facts=born)
        found = check(plan.protocol, plan.prescription, plan.course, child)
        said = [one for one in found if one.code is IssueCode.AGE]
        assert said, plan.protocol.id
        assert {one.severity for one in said} <= {Severity.BLOCK, Severity.WARN}


@pytest.mark.parametrize("name", SHARED_CLASSES)
def test_a_class_holds_the_same_names_in_every_file(name: str) -> None:
    """A name that one file knows and another does not would be checked in one of them only."""
    held = {}
    for each in shipped_protocols():
        protocol, _text = load(each)
        classes = protocol.safety.classes
        names = set(classes.get(name, ())) | set(classes.get(f"other {name}", ()))
        if names:
            held[each] = names | {protocol.medication.ingredient}
    everything = set().union(*held.values())
    medicines = {load(each)[0].medication.ingredient for each in shipped_protocols()}
    for each, names in held.items():
        assert everything - names <= medicines, each


@pytest.mark.parametrize(
    ("medicine", "days"), [("buspirone", 14), ("sertraline", 14), ("duloxetine", 5)]
)
def test_an_maoi_waits_for_so_many_days_after_the_last_dose(medicine: str, days: int) -> None:
    protocol, _text = load(medicine)
    after = [
        one.hours
        for one in protocol.safety.washouts
        if one.direction is WashoutDirection.THIS_FIRST and "maoi" in one.match
    ]
    assert after == [days * 24]


def said(medicine: str, who: Person) -> set[tuple[Severity, str]]:
    """Return what is said about a medicine for somebody: how seriously, and of what."""
    protocol, _text = load(medicine)
    choices = Choices(start=START, regimen=protocol.regimens[0].id)
    plan = draft(protocol, who, choices, today=START, days=30)
    return {(one.severity, one.subject) for one in plan.findings}


@pytest.mark.parametrize(
    ("medicine", "illness", "severity"),
    [
        ("duloxetine", "uncontrolled narrow-angle glaucoma", Severity.BLOCK),
        ("duloxetine", "uncontrolled high blood pressure", Severity.BLOCK),
        ("duloxetine", "liver disease", Severity.BLOCK),
        ("semaglutide", "medullary thyroid cancer", Severity.BLOCK),
        ("semaglutide", "family history of medullary thyroid cancer", Severity.BLOCK),
        ("semaglutide", "multiple endocrine neoplasia type 2", Severity.BLOCK),
        ("levothyroxine", "adrenal insufficiency", Severity.BLOCK),
        ("levothyroxine", "overactive thyroid", Severity.BLOCK),
        ("levothyroxine", "recent heart attack", Severity.BLOCK),
        ("methotrexate", "blood disorder", Severity.BLOCK),
        ("methotrexate", "immunodeficiency", Severity.BLOCK),
        ("methotrexate", "infection", Severity.WARN),
        ("combined-contraceptive", "breast cancer", Severity.BLOCK),
        ("combined-contraceptive", "cardiovascular disease", Severity.BLOCK),
        ("combined-contraceptive", "stroke", Severity.BLOCK),
        ("combined-contraceptive", "uncontrolled high blood pressure", Severity.BLOCK),
        ("combined-contraceptive", "high blood pressure", Severity.WARN),
        ("combined-contraceptive", "inherited clotting disorder", Severity.BLOCK),
        ("combined-contraceptive", "antiphospholipid antibodies", Severity.BLOCK),
        ("combined-contraceptive", "liver tumour", Severity.BLOCK),
        ("combined-contraceptive", "liver disease", Severity.BLOCK),
        ("combined-contraceptive", "diabetes", Severity.WARN),
        ("combined-contraceptive", "long time in bed", Severity.WARN),
    ],
)
def test_what_a_label_says_of_an_illness_is_said(
    bench: Bench, medicine: str, illness: str, severity: Severity
) -> None:
    absent = HEALTHY.not_conditions - {illness}
    ill_person = bench.person(conditions=frozenset({illness}), not_conditions=absent)
    assert said(medicine, ill_person) - said(medicine, bench.person()) >= {(severity, illness)}


@pytest.mark.parametrize(
    ("medicine", "other", "severity"),
    [
        ("duloxetine", "fluvoxamine", Severity.BLOCK),
        ("duloxetine", "ciprofloxacin", Severity.BLOCK),
        ("duloxetine", "enoxacin", Severity.BLOCK),
        ("methotrexate", "co-trimoxazole", Severity.BLOCK),
        ("combined-contraceptive", "ombitasvir", Severity.BLOCK),
        ("warfarin", "paracetamol", Severity.WARN),
        ("paracetamol", "warfarin", Severity.WARN),
    ],
)
def test_what_a_label_says_of_another_medicine_is_said(
    bench: Bench, medicine: str, other: str, severity: Severity
) -> None:
    taking = bench.person(OtherMedicine(name=other))
    new = said(medicine, taking) - said(medicine, bench.person())
    assert any(one == severity and subject.startswith(other) for one, subject in new), new


@pytest.mark.parametrize(
    ("medicine", "light", "enough"), [("apixaban", "60", "60.1"), ("paracetamol", "49.9", "50")]
)
def test_a_weight_at_which_less_is_taken_is_told(
    bench: Bench, medicine: str, light: str, enough: str
) -> None:
    assert (Severity.WARN, "weight") in said(medicine, bench.person(weight_kg=Decimal(light)))
    assert (Severity.WARN, "weight") not in said(medicine, bench.person(weight_kg=Decimal(enough)))


def test_the_lower_dose_of_apixaban_is_asked_about_from_80_years(bench: Bench) -> None:
    """Who is younger is not asked for the age alone."""
    young, old = (bench.person(born=date(year, 3, 2)) for year in (1947, 1946))
    assert (Severity.WARN, "age") not in said("apixaban", young)
    assert (Severity.WARN, "age") in said("apixaban", old)
    protocol, _text = load("apixaban")
    lower = protocol.regimen("atrial fibrillation, lower dose")
    plan = draft(protocol, old, Choices(start=START, regimen=lower.id), today=START, days=2)
    assert {one.amount.digits for one in plan.events} == {"2.5"}
