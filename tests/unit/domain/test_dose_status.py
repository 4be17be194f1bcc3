"""What became of a dose."""

from __future__ import annotations

import pytest
from tests.unit.domain.charts import at, chart, daily, skip, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.dose import DoseStatus
from medsched.domain.dose_status import counts_as_taken, missed_before, status_of

POLICY = POLICIES["milnacipran"]
TWICE = ("08:00", "20:00")


@pytest.mark.parametrize(
    ("clock", "status"),
    [
        ("07:59:59", DoseStatus.UPCOMING),
        ("08:00", DoseStatus.DUE),
        ("09:00", DoseStatus.DUE),
        ("09:00:01", DoseStatus.LATE),
        ("14:00", DoseStatus.LATE),
        ("14:00:01", DoseStatus.MISSED),
    ],
)
def test_a_dose_is_upcoming_due_late_and_then_missed(clock: str, status: DoseStatus) -> None:
    doses = daily(TWICE, (-1, 0, 1))
    assert status_of(doses[2], chart(POLICY, doses), at(clock)) is status


def test_a_record_decides_from_its_own_time_on() -> None:
    doses = daily(TWICE, (0,))
    on = chart(POLICY, doses, [take(doses[0], at("10:00")), skip(doses[1], at("20:30"))])
    assert status_of(doses[0], on, at("09:59")) is DoseStatus.LATE
    assert status_of(doses[0], on, at("10:00")) is DoseStatus.TAKEN
    assert status_of(doses[1], on, at("20:30")) is DoseStatus.SKIPPED


def test_where_nobody_records_the_past_is_unrecorded_never_missed() -> None:
    doses = daily(TWICE, (0, 1))
    on = chart(POLICY, doses, tracked=False)
    assert status_of(doses[0], on, at("10:00")) is DoseStatus.LATE
    assert status_of(doses[0], on, at("14:01")) is DoseStatus.UNRECORDED


def test_a_withdrawn_dose_says_why_unless_it_was_taken_before() -> None:
    doses = daily(TWICE, (0,))
    on = chart(POLICY, [doses[0]], [take(doses[0])])
    assert status_of(doses[0], on, at("21:00"), DoseStatus.CANCELLED) is DoseStatus.TAKEN
    assert status_of(doses[1], on, at("21:00"), DoseStatus.HELD) is DoseStatus.HELD


def test_misses_in_a_row_end_at_the_last_dose_taken_and_count_what_was_skipped() -> None:
    doses = daily(TWICE, (0, 1, 2))
    on = chart(POLICY, doses, [take(doses[0]), skip(doses[2])])
    row = missed_before(doses[4], on, at("08:00", 2))
    assert list(row) == [doses[3], doses[2], doses[1]]
    assert missed_before(doses[1], on, at("20:00")) == ()


def test_a_dose_counts_as_taken_when_it_was_or_when_nobody_records() -> None:
    doses = daily(TWICE, (0,))
    tracked = chart(POLICY, doses, [take(doses[0])])
    assert [counts_as_taken(one, tracked, at("23:00")) for one in doses] == [True, False]
    untracked = chart(POLICY, doses, [skip(doses[0])], tracked=False)
    assert [counts_as_taken(one, untracked, at("23:00")) for one in doses] == [False, True]
    assert not counts_as_taken(doses[1], untracked, at("19:59"))


def test_where_nobody_records_a_dose_is_presumed_taken_from_its_very_due_time_on() -> None:
    doses = daily(("08:00", "20:00"), (0, 1))
    on = chart(POLICIES["milnacipran"], doses, tracked=False)
    assert not counts_as_taken(doses[0], on, at("07:59:59"))
    assert counts_as_taken(doses[0], on, at("08:00"))
