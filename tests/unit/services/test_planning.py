"""From a protocol, a person and some choices to a plan that is only shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.services.plans import BERLIN, drafted

from medsched.domain.amount import amount
from medsched.domain.person import OtherMedicine, Person, at_home
from medsched.domain.rhythm import SlotsDoNotFit
from medsched.errors import InvalidValue
from medsched.services.planning import UnknownRegimen, beginning, totals


def test_a_plan_holds_the_doses_of_the_days_asked_for() -> None:
    plan = drafted()

    assert len(plan.events) == 55
    assert plan.course.start == date(2026, 12, 1)
    counted = totals(plan.events, plan.prescription)
    assert counted.doses == 55
    assert counted.pieces == (
        (amount("12.5 mg"), Decimal(5)),
        (amount("25 mg"), Decimal(8)),
        (amount("50 mg"), Decimal(42)),
    )


def test_the_same_choices_make_the_same_plan() -> None:
    assert drafted() == drafted()


def test_usual_times_are_an_assumption_that_is_said() -> None:
    assert drafted().assumptions == ("No times were given: the usual 08:00, 20:00 are assumed.",)
    assert drafted(slots=(time(7), time(19))).assumptions == ()
    assert drafted("sertraline").assumptions == ("No time was given: the usual 08:00 is assumed.",)


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ((time(8),), "the plan needs 2 a day"),
        ((time(8), time(14), time(20)), "the plan needs 2 a day"),
        ((time(8), time(9)), "at least 6 hours"),
    ],
)
def test_times_that_do_not_fit_are_refused(slots: tuple[time, ...], words: str) -> None:
    with pytest.raises(SlotsDoNotFit, match=words):
        drafted(slots=slots)


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"start": date(2036, 12, 31)}, "within ten years"),
        ({"first_day": 0}, "use 1 or more"),
        ({"target": amount("150 mL")}, "say it in mg"),
    ],
)
def test_a_choice_out_of_bounds_is_refused(choices: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        drafted(**choices)


def test_an_unknown_regimen_is_answered_with_those_there_are() -> None:
    with pytest.raises(UnknownRegimen, match="use one of"):
        drafted("lamotrigine", regimen="fast")


def test_the_regimen_fits_the_persons_other_medicines() -> None:
    alone = Person(name="me", itinerary=at_home(BERLIN))
    with_valproate = replace(
        alone,
        taking=(OtherMedicine(name="valproate", classes=frozenset(), since=date(2026, 1, 1)),),
    )

    plain = drafted("lamotrigine", person=alone).prescription.regimen
    other = drafted("lamotrigine", person=with_valproate).prescription.regimen

    assert plain != other
    assert "valproate" in other


def test_a_plan_begins_at_midnight_of_its_first_day() -> None:
    assert beginning(drafted().course).isoformat() == "2026-11-30T23:00:00+00:00"


def test_importing_a_preview_twice_adds_nothing() -> None:
    first, second = drafted().prescription, drafted(target=amount("150 mg")).prescription

    assert first.key == second.key
    assert first.key != drafted(start=date(2026, 12, 2)).prescription.key


@pytest.mark.parametrize(
    ("other", "regimen"),
    [
        (OtherMedicine(name="Valproate 500 mg"), "valproate"),
        (OtherMedicine(name="valproate", until=date(2020, 1, 1)), "alone"),
        (OtherMedicine(name="carbamazepine", until=date(2021, 1, 1)), "alone"),
        (OtherMedicine(name="Carbamazepine 200 mg"), "inducers"),
    ],
)
def test_the_way_up_is_the_one_for_what_is_taken_on_the_first_day(
    other: OtherMedicine, regimen: str
) -> None:
    who = Person(name="me", itinerary=at_home(BERLIN), taking=(other,))
    assert drafted("lamotrigine", person=who).prescription.regimen == regimen
