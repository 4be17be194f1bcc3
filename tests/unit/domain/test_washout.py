"""Two medicines that must not meet are kept apart by elapsed hours, both ways round."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    BERLIN,
    NEW_YORK,
    PHASES,
    PROTOCOL,
    SAFETY,
    at,
    course,
    person,
    phase,
    prescription,
)

from medsched.domain.finding import DetectedIssue, blocking
from medsched.domain.person import OtherMedicine
from medsched.domain.protocol import PhaseKind
from medsched.domain.safety import check
from medsched.domain.safety_rules import Severity
from medsched.domain.washout import Taken

MAOI = frozenset({"maoi"})
FIRST_OF_MARCH = date(2026, 3, 1)


def found(
    other: OtherMedicine, *, start: date, rules: str = "R22 R23 R24 R25 I14", **parts: object
) -> list[DetectedIssue]:
    """Return the findings of some rules for a plan from `start` beside another medicine."""
    who = person(other)
    order = prescription(start=start, **parts)
    findings = check(PROTOCOL, order, course(order, who), who)
    return [one for one in findings if one.rule in rules.split()]


@pytest.mark.parametrize(
    ("start", "refused"),
    [(date(2026, 3, 14), True), (date(2026, 3, 15), True), (date(2026, 3, 16), False)],
)
def test_a_last_day_without_a_time_counts_to_its_end(start: date, *, refused: bool) -> None:
    """MAOI last taken on 1 March: 14 and 15 March are refused, 16 March is allowed (I13)."""
    issues = found(OtherMedicine(name="phenelzine", until=FIRST_OF_MARCH), start=start)
    assert [one.rule for one in issues] == (["R22"] if refused else [])
    assert bool(blocking(issues, ())) is refused


def test_the_message_says_which_instant_counts_and_from_when_it_is_allowed() -> None:
    other = OtherMedicine(name="phenelzine", until=FIRST_OF_MARCH)
    (issue,) = found(other, start=date(2026, 3, 15))
    assert "last taken on Sunday 1 March 2026 (only the day is known: 11:59 PM" in issue.message
    assert "Allowed from Sunday 15 March 2026 at 11:59 PM" in issue.message
    assert "at the plan's own times from Monday 16 March 2026 at 8:00 AM" in issue.message
    assert not violations(issue.message)


@pytest.mark.parametrize(("minute", "refused"), [(0, False), (1, True)])
def test_with_a_time_exactly_336_hours_are_enough(minute: int, *, refused: bool) -> None:
    other = OtherMedicine(name="phenelzine", until=at(f"2026-03-01 08:{minute:02}"))
    issues = found(other, start=date(2026, 3, 15))
    assert [one.rule for one in issues] == (["R22"] if refused else [])


@pytest.mark.parametrize(("minute", "refused"), [("20:00", False), ("19:59", True)])
def test_after_the_last_dose_an_maoi_waits_120_hours(minute: str, *, refused: bool) -> None:
    """Last dose on 1 March at 20:00: MAOI from 6 March at 20:00."""
    other = OtherMedicine(name="phenelzine", since=at(f"2026-03-06 {minute}"))
    ends = (*PHASES[:-1], phase(PhaseKind.MAINTENANCE, "50 mg", 2, 21))
    issues = found(other, start=date(2026, 2, 2), phases=ends)
    assert [one.rule for one in issues] == (["R23"] if refused else [])
    if refused:
        assert "allowed from Friday 6 March 2026 at 8:00 PM" in issues[0].message


def test_a_first_day_without_a_time_counts_from_its_beginning() -> None:
    ends = (*PHASES[:-1], phase(PhaseKind.MAINTENANCE, "50 mg", 2, 21))
    days = [date(2026, 3, 6), date(2026, 3, 7)]
    issues = [
        found(OtherMedicine(name="phenelzine", since=day), start=date(2026, 2, 2), phases=ends)
        for day in days
    ]
    assert [len(one) for one in issues] == [1, 0]
    assert "only the day is known: its first minute counts" in issues[0][0].message


def test_hours_are_elapsed_hours_on_a_clock_that_changes() -> None:
    """Over the spring change 14 days on the wall are only 335 hours."""
    other = OtherMedicine(name="phenelzine", until=at("2026-03-01 08:00", NEW_YORK))
    who = person(other, zone=NEW_YORK)
    order = prescription(start=date(2026, 3, 15))
    issues = check(PROTOCOL, order, course(order, who), who)
    assert [one.rule for one in blocking(issues, ())] == ["R22"]


def test_a_running_maoi_blocks_and_no_order_lifts_it() -> None:
    issues = found(OtherMedicine(name="phenelzine"), start=date(2026, 3, 15))
    assert [(one.rule, one.overridable) for one in issues] == [("R24", False)]


def test_an_maoi_that_starts_while_an_open_plan_runs_is_taking_both() -> None:
    other = OtherMedicine(name="phenelzine", since=date(2027, 1, 1))
    issues = found(other, start=date(2026, 3, 15))
    assert [(one.rule, one.overridable) for one in issues] == [("R24", False)]


def test_taking_both_is_found_by_the_washout_where_no_interaction_rule_speaks() -> None:
    protocol = replace(PROTOCOL, safety=replace(SAFETY, interactions=()))
    who = person(OtherMedicine(name="phenelzine"))
    order = prescription()
    issues = check(protocol, order, course(order, who), who)
    assert [(one.rule, one.overridable) for one in blocking(issues, ())] == [("R22", False)]


@pytest.mark.parametrize("name", ["linezolid", "Linezolid 600 mg", "methylene blue (IV)"])
def test_a_contraindicated_course_that_overlaps_blocks(name: str) -> None:
    other = OtherMedicine(name=name, since=date(2026, 3, 20), until=date(2026, 3, 27))
    issues = found(other, start=date(2026, 3, 15))
    assert [(one.rule, one.severity) for one in issues] == [("R25", Severity.BLOCK)]


def test_a_contraindicated_course_that_is_over_before_the_first_dose_is_no_matter() -> None:
    assert not found(
        OtherMedicine(name="linezolid", until=date(2026, 3, 14)), start=date(2026, 3, 15)
    )


def test_what_is_taken_only_during_a_hold_does_not_meet() -> None:
    held = (
        phase(PhaseKind.MAINTENANCE, "50 mg", 2, 7),
        replace(phase(PhaseKind.HOLD, "50 mg", 2, 7), dosage=None),
        phase(PhaseKind.MAINTENANCE, "50 mg", 2, None),
    )
    other = OtherMedicine(name="linezolid", since=date(2026, 3, 10), until=date(2026, 3, 14))
    assert not found(other, start=date(2026, 3, 2), phases=held)
    longer = replace(other, until=date(2026, 3, 16))
    assert [one.rule for one in found(longer, start=date(2026, 3, 2), phases=held)] == ["R25"]


def test_a_start_during_a_hold_waits_for_the_last_dose_before_it() -> None:
    """The last dose is on 8 March at 20:00; the MAOI of 12 to 14 March comes too early."""
    held = (
        phase(PhaseKind.MAINTENANCE, "50 mg", 2, 7),
        replace(phase(PhaseKind.HOLD, "50 mg", 2, 30), dosage=None),
        phase(PhaseKind.MAINTENANCE, "50 mg", 2, None),
    )
    early = OtherMedicine(name="phenelzine", since=date(2026, 3, 12), until=date(2026, 3, 14))
    late = replace(early, since=date(2026, 3, 14))
    order: dict[str, Any] = {"start": date(2026, 3, 2), "phases": held}
    assert [one.rule for one in found(early, **order)] == ["R23"]
    assert not found(late, **order)


@pytest.mark.parametrize("name", ["rasagiline", "Selegiline", "moclobemide"])
def test_other_inhibitors_have_the_same_window_and_warn(name: str) -> None:
    issues = found(OtherMedicine(name=name, until=FIRST_OF_MARCH), start=date(2026, 3, 14))
    assert [(one.rule, one.severity) for one in issues] == [("I14", Severity.WARN)]
    assert not found(OtherMedicine(name=name, until=FIRST_OF_MARCH), start=date(2026, 3, 16))


def test_a_class_that_somebody_said_is_as_good_as_a_known_name() -> None:
    other = OtherMedicine(name="Unheard-of", classes=MAOI, until=FIRST_OF_MARCH)
    assert [one.rule for one in found(other, start=date(2026, 3, 14))] == ["R22"]


def test_what_was_over_before_now_is_told_as_history_for_a_running_plan() -> None:
    other = OtherMedicine(name="linezolid", since=date(2026, 3, 20), until=date(2026, 3, 27))
    who, order = person(other), prescription()
    plan = course(order, who)
    during = check(PROTOCOL, order, plan, who, since=at("2026-03-27 12:00"))
    after = check(PROTOCOL, order, plan, who, since=at("2026-04-01 12:00"))
    assert [one.rule for one in blocking(during, ())] == ["R25"]
    assert not blocking(after, ())
    assert [one.severity for one in after if one.rule == "R25"] == [Severity.INFO]


@pytest.mark.parametrize(("now", "stopped"), [("2026-04-10", True), ("2026-04-11", False)])
def test_the_hours_after_taking_both_are_no_history_yet(now: str, *, stopped: bool) -> None:
    """The MAOI ended on 27 March; doses go on: the window closes on 10 April at 23:59."""
    other = OtherMedicine(name="phenelzine", since=date(2026, 3, 20), until=date(2026, 3, 27))
    who, order = person(other), prescription()
    issues = check(PROTOCOL, order, course(order, who), who, since=at(f"{now} 12:00"))
    assert [one.rule for one in blocking(issues, ())] == (["R22"] if stopped else [])
    assert [one.severity for one in issues if one.rule == "R24"] == [Severity.INFO]
    assert "R23" not in {one.rule for one in issues}


def test_a_plan_still_to_start_is_checked_in_the_past_too() -> None:
    issues = found(
        OtherMedicine(name="phenelzine", until=date(2020, 3, 1)), start=date(2020, 3, 14)
    )
    assert [one.rule for one in blocking(issues, ())] == ["R22"]


@given(
    minutes=st.integers(0, 30 * 24 * 60),
    wall=st.sampled_from([time(0, 30), time(2, 30), time(8), time(23, 30)]),
    day=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_a_start_is_refused_exactly_inside_the_window(minutes: int, wall: time, day: date) -> None:
    order = prescription(start=day, slots=(wall, time(12)) if wall < time(12) else (time(8), wall))
    who = person()
    plan = course(order, who)
    first = datetime.combine(day, order.slots[0], tzinfo=BERLIN)
    last = first.astimezone(UTC) - timedelta(minutes=minutes, seconds=1)
    other = OtherMedicine(name="phenelzine", until=last)
    with_other = replace(who, taking=(other,))
    stopped = blocking(check(PROTOCOL, order, plan, with_other), ())
    near = minutes * 60 + 1 < 336 * 3600
    assert ("R22" in [one.rule for one in stopped]) is near


def test_a_conflict_that_ends_at_the_very_moment_of_asking_still_speaks() -> None:
    order, who = prescription(), person()
    since = at("2026-03-10 12:00")
    taken = Taken(protocol=PROTOCOL, course=course(order, who), others=(), since=since)
    assert taken.severity(Severity.BLOCK, since) is Severity.BLOCK
    assert taken.severity(Severity.BLOCK, since - timedelta(seconds=1)) is Severity.INFO
    assert taken.severity(Severity.WARN, None) is Severity.WARN
