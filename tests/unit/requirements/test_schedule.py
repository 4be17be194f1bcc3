"""The way up, the maintenance, the limits and the way down, as the source document has them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from medsched.domain.amount import amount
from medsched.domain.course import resolve
from medsched.domain.exposure import exposure_days
from medsched.domain.medication import Route
from medsched.domain.safety import check
from medsched.domain.safety_rules import Severity
from medsched.domain.stopping import check_stop, taper_required
from medsched.domain.tablets import CannotBeMade, pieces_for
from medsched.domain.taper import TaperRefused, TaperStart, best_taper, taper_by_rules
from medsched.domain.taper_plan import TaperLimits
from medsched.domain.timing import ForDays
from medsched.services.planning import totals

if TYPE_CHECKING:
    from tests.unit.requirements.conftest import Bench


def test_r02_it_is_taken_by_mouth(bench: Bench) -> None:
    assert bench.protocol.medication.route is Route.ORAL


def test_r03_fifty_milligrams_twice_a_day_are_the_maintenance_and_no_first_dose(
    bench: Bench,
) -> None:
    """R03 contradicts R04: read as I1."""
    plan = bench.plan()
    assert bench.totals(plan)[1] == (1, "12.5")
    assert bench.totals(plan)[60] == (2, "100")


def test_r04_day_1_is_one_dose_of_12_5_mg(bench: Bench) -> None:
    assert bench.totals(bench.plan())[1] == (1, "12.5")


@pytest.mark.parametrize("day", [2, 3])
def test_r05_days_2_and_3_are_12_5_mg_twice(bench: Bench, day: int) -> None:
    assert bench.totals(bench.plan())[day] == (2, "25")


@pytest.mark.parametrize("day", [4, 5, 6, 7])
def test_r06_days_4_to_7_are_25_mg_twice(bench: Bench, day: int) -> None:
    assert bench.totals(bench.plan())[day] == (2, "50")


@pytest.mark.parametrize("day", [8, 9, 30, 60])
def test_r07_from_day_8_on_50_mg_twice(bench: Bench, day: int) -> None:
    assert bench.totals(bench.plan())[day] == (2, "100")


def test_r08_the_titration_is_an_example_that_an_order_may_replace(bench: Bench) -> None:
    assert bench.protocol.regimen().optional_titration
    plan = bench.plan(target=amount("50 mg"), ordered_by="Dr Gray")
    assert bench.totals(plan)[60] == (2, "50")


def test_r09_nothing_goes_above_100_mg_a_day_by_itself(bench: Bench) -> None:
    plan = bench.plan(days=400)
    assert max(Decimal(total) for _doses, total in bench.totals(plan).values()) == 100
    above = bench.plan(target=amount("150 mg"))
    (issue,) = [one for one in above.findings if one.rule == "I6"]
    assert "needs a recorded order" in issue.message


def test_r10_200_mg_a_day_and_100_mg_a_dose_are_allowed_and_more_blocks(bench: Bench) -> None:
    most = bench.plan(target=amount("200 mg"), ordered_by="Dr Gray")
    assert "R10" not in {one.rule for one in most.findings}
    more = bench.plan(target=amount("225 mg"), ordered_by="Dr Gray")
    over = [one for one in more.findings if one.rule == "R10"]
    assert {one.subject for one in over} == {"225 per day", "112.5 per dose"}
    assert {one.severity for one in over} == {Severity.BLOCK}


@pytest.mark.parametrize(("days", "demanded"), [(20, False), (21, False), (22, True), (60, True)])
def test_r11_a_taper_is_demanded_after_more_than_three_weeks(
    bench: Bench, days: int, *, demanded: bool
) -> None:
    assert taper_required(bench.protocol.stopping, days) is demanded


@pytest.mark.parametrize("per_day", ["200", "150", "100", "75", "50", "25"])
@pytest.mark.parametrize("days", [14, 21, 28])
def test_r12_a_taper_lasts_14_to_28_days_never_rises_and_ends_at_nothing(
    bench: Bench, per_day: str, days: int
) -> None:
    stopping = bench.protocol.stopping
    assert stopping is not None
    dose = amount(f"{Decimal(per_day) / 2} mg")
    start = TaperStart(medication=bench.protocol.medication, slots=(dose, dose))
    taper = taper_by_rules(start, stopping, days)
    levels = [start.per_day, *(step.per_day for step in taper.steps)]
    assert taper.days == days
    assert all(later < earlier for earlier, later in pairwise(levels))
    assert all(step.days >= stopping.min_step_days for step in taper.steps)


@pytest.mark.parametrize("days", [13, 29])
def test_r12_a_shorter_or_longer_taper_is_refused(bench: Bench, days: int) -> None:
    stopping = bench.protocol.stopping
    assert stopping is not None
    dose = amount("50 mg")
    start = TaperStart(medication=bench.protocol.medication, slots=(dose, dose))
    with pytest.raises(TaperRefused):
        best_taper(start, days, TaperLimits.of(stopping))


@pytest.mark.parametrize("days", [1, 21, 22, 300])
def test_r13_any_stop_warns_and_names_the_prescriber(bench: Bench, days: int) -> None:
    findings = check_stop(bench.protocol, days, taper_days=21)
    warned = [one for one in findings if one.severity is Severity.WARN]
    assert any("Do not stop abruptly" in one.message for one in warned)
    assert any("prescriber" in one.message for one in warned)


@pytest.mark.parametrize(
    ("clearance", "plateau"), [("30", "100"), ("29.5", "50"), ("29", "50"), ("5", "50")]
)
def test_r19_severe_kidney_impairment_halves_the_maintenance(
    bench: Bench, clearance: str, plateau: str
) -> None:
    plan = bench.plan(bench.person(creatinine_clearance=Decimal(clearance)))
    assert bench.totals(plan)[60] == (2, plateau)


@pytest.mark.parametrize(
    ("target", "ordered_by", "severity"),
    [
        ("100 mg", "", Severity.WARN),
        ("100 mg", "Dr Gray", Severity.INFO),
        ("125 mg", "Dr Gray", Severity.BLOCK),
    ],
)
def test_r20_above_50_mg_a_day_needs_an_order_and_above_100_blocks(
    bench: Bench, target: str, ordered_by: str, severity: Severity
) -> None:
    who = bench.person(creatinine_clearance=Decimal(20))
    plan = bench.plan(who, target=amount(target), ordered_by=ordered_by)
    (issue,) = [one for one in plan.findings if one.rule == "R19" and "one day" in one.message]
    assert issue.severity is severity


def test_i01_a_naive_first_dose_above_12_5_mg_warns_and_needs_an_order(bench: Bench) -> None:
    who = bench.person()
    plan = bench.plan(who)
    assert "I1" not in {one.rule for one in plan.findings}
    order = replace(plan.prescription, phases=plan.prescription.phases[-1:])
    issues = check(bench.protocol, order, resolve(order, who), who)
    (issue,) = [one for one in issues if one.rule == "I1"]
    assert issue.severity is Severity.WARN
    assert "needs a recorded order" in issue.message


def test_i02_the_first_50_mg_dose_is_the_morning_of_day_8_and_the_pack_holds_55_tablets(
    bench: Bench,
) -> None:
    plan = bench.plan(days=28)
    first = next(one for one in plan.events if one.amount == amount("50 mg"))
    assert plan.course.therapy_day(first.day) == 8
    assert first.local.time() == time(8)
    pieces = totals(plan.events, plan.prescription).pieces
    assert {strength.digits: count for strength, count in pieces} == {"12.5": 5, "25": 8, "50": 42}


@pytest.mark.parametrize(
    ("begins", "taken"), [(None, time(8)), (time(8), time(8)), (time(9), time(20))]
)
def test_i03_day_1_is_in_the_morning_or_else_in_the_evening_and_never_twice(
    bench: Bench, begins: time | None, taken: time
) -> None:
    plan = bench.plan(starts_at=begins, slots=(time(8), time(20)))
    day_one = [one for one in plan.events if plan.course.therapy_day(one.day) == 1]
    assert [one.local.time() for one in day_one] == [taken]


def test_i04_day_1_is_the_local_date_of_the_first_scheduled_dose(bench: Bench) -> None:
    plan = bench.plan(starts_at=time(23), slots=(time(8), time(20)))
    assert plan.course.therapy_day(plan.events[0].day) == 1
    assert plan.events[0].day == plan.prescription.start + timedelta(days=1)


@pytest.mark.parametrize(("days", "early"), [(6, True), (7, False)])
def test_i06_above_100_mg_a_day_comes_after_seven_days_at_100(
    bench: Bench, days: int, *, early: bool
) -> None:
    who = bench.person()
    order = bench.plan(who, target=amount("150 mg"), ordered_by="Dr Gray").prescription
    before = replace(order.phases[-2], bounds=ForDays(days))
    order = replace(order, phases=(*order.phases[:-2], before, order.phases[-1]))
    issues = check(bench.protocol, order, resolve(order, who), who)
    severities = {one.severity for one in issues if one.rule == "I6"}
    assert (Severity.WARN in severities) is early


def test_i07_exposure_counts_the_first_and_the_last_day(bench: Bench) -> None:
    plan = bench.plan()
    last = plan.course.start + timedelta(days=21)
    assert exposure_days(plan.course.start, last) == 22
    assert taper_required(bench.protocol.stopping, 22)


def test_i08_the_usual_taper_is_21_days_at_most_halving_and_labelled_an_assumption(
    bench: Bench,
) -> None:
    stopping = bench.protocol.stopping
    assert stopping is not None
    dose = amount("50 mg")
    start = TaperStart(medication=bench.protocol.medication, slots=(dose, dose))
    taper = taper_by_rules(start, stopping)
    assert (taper.days, stopping.assumption) == (21, True)
    levels = [start.per_day, *(step.per_day for step in taper.steps)]
    assert all(later.value * 2 >= earlier.value for earlier, later in pairwise(levels))


def test_i12_in_severe_kidney_impairment_the_ladder_stops_on_day_4(bench: Bench) -> None:
    found = bench.totals(bench.plan(bench.person(creatinine_clearance=Decimal(20))))
    assert [found[day] for day in (1, 2, 3, 4, 7, 8, 60)] == [
        (1, "12.5"),
        (2, "25"),
        (2, "25"),
        *[(2, "50")] * 4,
    ]


def test_i23_tablets_are_never_split_and_the_smallest_dose_is_12_5_mg(bench: Bench) -> None:
    medication = bench.protocol.medication
    assert medication.smallest == amount("12.5 mg")
    assert [one.digits for one in medication.strengths] == ["12.5", "25", "50", "100"]
    with pytest.raises(CannotBeMade):
        pieces_for(amount("6.25 mg"), medication)
