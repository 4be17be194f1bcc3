"""After a long gap somebody is asked."""

from __future__ import annotations

from datetime import timedelta

from tests.unit.domain.charts import at, chart, daily, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.gap_rule import gap_rule

TWICE = ("08:00", "20:00")


def test_hours_count_from_the_last_intake_and_the_edge_is_strict() -> None:
    doses = daily(TWICE, range(5))
    on = chart(POLICIES["milnacipran"], doses, [take(doses[0], at("09:30"))])
    edge = at("09:30") + timedelta(hours=72)
    assert gap_rule(doses[6], on, edge) is None
    assert gap_rule(doses[6], on, edge + timedelta(seconds=1)) is not None


def test_at_least_is_inclusive() -> None:
    doses = daily(TWICE, range(4))
    on = chart(POLICIES["clozapine"], doses, [take(doses[0])])
    assert gap_rule(doses[3], on, at("07:59:59", 2)) is None
    assert gap_rule(doses[4], on, at("08:00", 2)) is not None


def test_missed_doses_count_the_one_in_question_once_it_is_over() -> None:
    doses = daily(("08:00",), range(0, 42, 7))
    on = chart(POLICIES["semaglutide_sc_weekly"], doses, [take(doses[0])])
    assert gap_rule(doses[3], on, doses[3].due) is None
    edge = doses[3].due + timedelta(hours=120)
    assert gap_rule(doses[3], on, edge) is None
    assert gap_rule(doses[3], on, edge + timedelta(seconds=1)) is not None


def test_a_dose_due_at_the_very_moment_of_a_decision_counts() -> None:
    doses = daily(("08:00",), range(0, 42, 7))
    policy, over = POLICIES["semaglutide_sc_weekly"], doses[3].due + timedelta(hours=121)
    taken = [take(doses[0])]
    decided = doses[1].due
    assert gap_rule(doses[3], chart(policy, doses, taken, decided_at=decided), over) is not None
    after = decided + timedelta(seconds=1)
    assert gap_rule(doses[3], chart(policy, doses, taken, decided_at=after), over) is None


def test_nothing_is_a_gap_where_nobody_records_or_nothing_was_taken_yet() -> None:
    doses = daily(TWICE, range(9))
    policy = POLICIES["milnacipran"]
    assert gap_rule(doses[-1], chart(policy, doses, tracked=False), at("20:00", 8)) is None
    assert gap_rule(doses[-1], chart(policy, doses), at("20:00", 8)) is None


def test_a_dose_taken_in_between_ends_the_gap() -> None:
    doses = daily(TWICE, range(9))
    records = [take(doses[0]), take(doses[15])]
    assert (
        gap_rule(doses[16], chart(POLICIES["milnacipran"], doses, records), at("08:00", 8)) is None
    )
