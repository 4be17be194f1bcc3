"""The way of taking a medicine fits what else is taken on that very day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    DAY_ONE,
    PHASES,
    PROTOCOL,
    at,
    course,
    person,
    prescription,
)

from medsched.domain.co_medication import stretch_of
from medsched.domain.person import OtherMedicine
from medsched.domain.protocol import Regimen
from medsched.domain.regimen_choice import REGIMEN, fitting_regimen
from medsched.domain.safety import check
from medsched.domain.safety_rules import Severity

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.finding import DetectedIssue

RULES = replace(
    PROTOCOL,
    regimens=(
        replace(PROTOCOL.regimens[0], id="alone"),
        Regimen(id="slow", title="Slow", phases=PHASES, when_taking=frozenset({"slowdine"})),
        Regimen(id="fast", title="Fast", phases=PHASES, when_taking=frozenset({"inducer"})),
    ),
    safety=replace(PROTOCOL.safety, classes={"inducer": frozenset({"fastdine"})}),
)


def fitting(*taking: OtherMedicine) -> str | None:
    who = person(*taking)
    others = [stretch_of(one, who.itinerary) for one in taking]
    found = fitting_regimen(RULES, others, DAY_ONE, who.itinerary)
    return None if found is None else found.id


def findings(
    regimen: str, *taking: OtherMedicine, since: datetime | None = None
) -> list[DetectedIssue]:
    order, who = prescription(regimen=regimen), person(*taking)
    found = check(RULES, order, course(order, who), who, since=since)
    return [one for one in found if one.rule == REGIMEN]


@pytest.mark.parametrize("name", ["slowdine", "Slowdine 500 mg", "SLOWDINE chrono"])
def test_a_name_with_its_strength_chooses_as_the_bare_name_does(name: str) -> None:
    assert fitting(OtherMedicine(name=name)) == "slow"


def test_a_name_of_a_class_chooses_and_the_class_itself_does() -> None:
    assert fitting(OtherMedicine(name="Fastdine 200 mg")) == "fast"
    assert fitting(OtherMedicine(name="x", classes=frozenset({"inducer"}))) == "fast"


def test_the_first_of_two_that_fit_is_chosen_and_none_without_any() -> None:
    assert fitting(OtherMedicine(name="fastdine"), OtherMedicine(name="slowdine")) == "slow"
    assert fitting() is None
    assert fitting(OtherMedicine(name="paracetamol")) is None


@pytest.mark.parametrize(
    ("since", "until", "chosen"),
    [
        (date(2020, 1, 1), date(2021, 1, 1), None),
        (None, date(2026, 3, 1), None),
        (None, date(2026, 3, 2), "fast"),
        (date(2026, 3, 2), None, "fast"),
        (date(2026, 3, 3), None, None),
    ],
)
def test_only_what_is_taken_on_the_first_day_chooses(
    since: date | None, until: date | None, chosen: str | None
) -> None:
    assert fitting(OtherMedicine(name="fastdine", since=since, until=until)) == chosen


@pytest.mark.parametrize(
    ("regimen", "taking"),
    [("alone", ()), ("slow", ("slowdine",)), ("fast", ("fastdine",))],
)
def test_the_way_that_fits_has_no_finding(regimen: str, taking: tuple[str, ...]) -> None:
    assert findings(regimen, *(OtherMedicine(name=one) for one in taking)) == []


@pytest.mark.parametrize(
    ("regimen", "taking", "words"),
    [
        ("fast", (), "None is noted for then"),
        ("alone", ("slowdine 500 mg",), "calls for 'slow'"),
        ("fast", ("slowdine",), "calls for 'slow'"),
    ],
)
def test_another_way_than_the_one_that_fits_warns(
    regimen: str, taking: tuple[str, ...], words: str
) -> None:
    (one,) = findings(regimen, *(OtherMedicine(name=it) for it in taking))
    assert one.severity is Severity.WARN
    assert words in one.message
    assert "Ask the prescriber before the next dose." in one.message
    assert violations(one.message) == []


def test_a_plan_that_runs_is_asked_about_the_day_of_asking() -> None:
    ended = OtherMedicine(name="fastdine", until=date(2026, 3, 20))
    assert findings("fast", ended, since=at("2026-03-20 12:00")) == []
    assert len(findings("fast", ended, since=at("2026-03-22 12:00"))) == 1


def test_rules_with_one_way_for_everybody_have_no_finding() -> None:
    order, who = prescription(), person(OtherMedicine(name="slowdine"))
    found = check(PROTOCOL, order, course(order, who), who)
    assert [one for one in found if one.rule == REGIMEN] == []
