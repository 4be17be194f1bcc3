"""Dated events besides doses: on the days of the rules, once a kind and day, with stable ids."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.display_rules import violations
from tests.unit.domain.milnacipran_rules import (
    DAY_ONE,
    MONITORING,
    PHASES,
    PROTOCOL,
    at,
    course,
    person,
    phase,
    prescription,
)

from medsched.domain.monitoring import MonitoringEvent, monitoring_events
from medsched.domain.monitoring_rules import MonitoringKind as Kind
from medsched.domain.monitoring_rules import MonitoringRule
from medsched.domain.person import HepaticClass, OtherMedicine
from medsched.domain.protocol import PhaseKind, Texts
from medsched.domain.timing import ForDays

if TYPE_CHECKING:
    from medsched.domain.course import Course
    from medsched.domain.person import Person
    from medsched.domain.protocol import Phase

TAPER = (
    phase(PhaseKind.TAPER, "25 mg", 2, 7),
    phase(PhaseKind.TAPER, "12.5 mg", 2, 7),
    phase(PhaseKind.TAPER, "12.5 mg", 1, 7),
)


def laid(*phases: Phase, who: Person | None = None, **parts: Any) -> Course:
    return course(prescription(phases=phases or PHASES, **parts), who or person())


def with_taper(days: int = 30) -> tuple[Phase, ...]:
    return (*PHASES[:-1], replace(PHASES[-1], bounds=ForDays(days)), *TAPER)


def therapy_days(kind: Kind, *phases: Phase, who: Person | None = None, **parts: Any) -> list[int]:
    """Return the therapy days on which a kind falls in the first 200 days."""
    who = who or person()
    plan = laid(*phases, who=who)
    events = monitoring_events(PROTOCOL, plan, who, until=plan.start + timedelta(days=200), **parts)
    return [plan.therapy_day(one.day) for one in events if one.kind is kind]


def test_mood_is_asked_at_the_start_each_dose_change_a_week_after_and_on_the_labels_days() -> None:
    """Dose changes on days 2, 4 and 8; a week after them 9, 11 and 15."""
    assert therapy_days(Kind.MOOD) == [1, 2, 4, 7, 8, 9, 11, 14, 15, 21, 28, 42, 56, 84]


def test_mood_is_asked_at_each_step_down_and_after_the_last_dose() -> None:
    """The taper steps on days 38, 45, 52; the last dose is on day 58."""
    days = therapy_days(Kind.MOOD, *with_taper())
    assert [day for day in days if day > 28] == [38, 42, 45, 52, 56, 59, 65, 72]


def test_changes_inside_a_taper_may_be_left_out() -> None:
    rules = (replace(MONITORING[0], during_taper=False),)
    protocol = replace(PROTOCOL, monitoring=rules)
    events = monitoring_events(protocol, laid(*with_taper()), person())
    plan = laid(*with_taper())
    days = [plan.therapy_day(one.day) for one in events if one.kind is Kind.MOOD]
    assert [day for day in days if day > 28] == [42, 56, 65, 72]


def test_symptoms_are_asked_at_increases_only_and_when_another_such_drug_begins() -> None:
    other = OtherMedicine(name="tramadol", since=date(2026, 4, 1))
    assert therapy_days(Kind.SYMPTOMS, *with_taper()) == [2, 4, 8]
    assert therapy_days(Kind.SYMPTOMS, who=person(other)) == [2, 4, 8, 31]


def test_blood_pressure_is_read_before_the_start_then_in_its_rhythm() -> None:
    assert therapy_days(Kind.BLOOD_PRESSURE) == [0, 8, 28, 112, 196]


def test_a_heart_condition_makes_it_weekly() -> None:
    who = person(conditions=frozenset({"fibromyalgia", "cardiovascular disease"}))
    assert therapy_days(Kind.BLOOD_PRESSURE, who=who)[:6] == [0, 8, 15, 22, 29, 36]


def test_age_makes_a_rhythm_denser() -> None:
    old = person(born=date(1950, 1, 1))
    assert therapy_days(Kind.KIDNEY) == [0]
    assert therapy_days(Kind.KIDNEY, who=old) == [0, 183]


@pytest.mark.parametrize(
    ("facts", "switches", "days"),
    [
        ({}, {}, []),
        ({"alcohol": True}, {}, [28]),
        ({"hepatic": HepaticClass.MILD}, {}, [28]),
        ({"conditions": frozenset({"liver disease"})}, {}, [28]),
        ({}, {Kind.LIVER: True}, [28]),
        ({"alcohol": True}, {Kind.LIVER: False}, []),
    ],
)
def test_a_liver_test_comes_for_a_reason_or_on_order(
    facts: dict[str, Any], switches: dict[Kind, bool], days: list[int]
) -> None:
    assert therapy_days(Kind.LIVER, who=person(**facts), switches=switches) == days


def test_a_rule_off_by_default_waits_for_somebody_to_switch_it_on() -> None:
    protocol = replace(PROTOCOL, monitoring=(replace(MONITORING[5], default_on=False),))
    plan, who = laid(), person()
    assert not monitoring_events(protocol, plan, who)
    assert monitoring_events(protocol, plan, who, switches={Kind.REVIEW: True})


def test_the_review_is_on_day_42_and_never_says_to_stop() -> None:
    events = monitoring_events(PROTOCOL, laid(), person())
    (review,) = [one for one in events if one.kind is Kind.REVIEW]
    assert review.day == DAY_ONE + timedelta(days=41)
    assert "stop" not in review.text.lower()


@pytest.mark.parametrize(
    ("supply_end", "days"),
    [(29, [22]), (3, [1]), (58, []), (57, [50]), (None, [])],
)
def test_the_refill_is_seven_days_before_the_supply_ends_if_the_plan_goes_on(
    supply_end: int | None, days: list[int]
) -> None:
    end = DAY_ONE + timedelta(days=supply_end - 1) if supply_end else None
    assert therapy_days(Kind.REFILL, *with_taper(), supply_end=end) == days


def test_the_washout_after_the_last_dose_is_an_event_with_its_instant() -> None:
    events = monitoring_events(PROTOCOL, laid(*with_taper()), person())
    washouts = [one for one in events if one.kind is Kind.WASHOUT]
    (one,) = washouts
    assert one.at == at("2026-05-03 08:00")  # day 58 is 28 April, its only dose at 8:00
    assert one.rule == "R23, I14"
    assert "Earliest time for MAOI: Sunday 3 May 2026 at 8:00 AM, 120 hours after" in one.text
    assert not violations(one.text)


def test_a_window_ends_before_its_last_day() -> None:
    plan, who, day = laid(*with_taper()), person(), date(2026, 5, 3)
    before = monitoring_events(PROTOCOL, plan, who, since=day, until=day)
    with_it = monitoring_events(PROTOCOL, plan, who, since=day, until=day + timedelta(days=1))
    up_to_it = monitoring_events(PROTOCOL, plan, who, until=day)
    assert (before, len(with_it)) == ((), 1)
    assert not [one for one in up_to_it if one.kind is Kind.WASHOUT]


def test_the_earliest_start_after_another_medicine_is_an_event() -> None:
    who = person(OtherMedicine(name="phenelzine", until=date(2026, 3, 1)))
    plan = laid(who=who, start=date(2026, 3, 16))
    events = monitoring_events(PROTOCOL, plan, who, since=date(2026, 3, 1))
    (one,) = [one for one in events if one.kind is Kind.WASHOUT]
    assert (one.day, one.at) == (date(2026, 3, 15), at("2026-03-15 23:59"))
    assert one.text.startswith("Earliest start of milnacipran: Sunday 15 March 2026 at 11:59 PM")


def test_what_was_taken_together_with_the_plan_has_no_earliest_start() -> None:
    who = person(OtherMedicine(name="phenelzine", until=date(2026, 3, 4)))
    events = monitoring_events(PROTOCOL, laid(who=who), who, since=date(2026, 3, 1))
    assert not [one for one in events if one.kind is Kind.WASHOUT]


def test_an_open_plan_has_no_event_after_a_last_dose() -> None:
    events = monitoring_events(PROTOCOL, laid(), person())
    assert not [one for one in events if one.kind is Kind.WASHOUT]


def test_a_change_event_says_from_what_to_what() -> None:
    rule = MonitoringRule(rule="X", kind=Kind.DOSE_CHANGE, text="As ordered.", at_dose_changes=True)
    events = monitoring_events(replace(PROTOCOL, monitoring=(rule,)), laid(), person())
    assert [one.text for one in events] == [
        "From 12.5\u00a0mg a day to 25\u00a0mg a day. As ordered.",
        "From 25\u00a0mg a day to 50\u00a0mg a day. As ordered.",
        "From 50\u00a0mg a day to 100\u00a0mg a day. As ordered.",
    ]
    assert not [one for event in events for one in violations(event.text)]


def test_a_hold_and_its_end_are_changes() -> None:
    held = replace(phase(PhaseKind.HOLD, "50 mg", 2, 7), dosage=None)
    phases = (phase(PhaseKind.MAINTENANCE, "50 mg", 2, 10), held, PHASES[-1])
    rule = MonitoringRule(rule="X", kind=Kind.MOOD, text="?", at_dose_changes=True)
    plan = laid(*phases)
    events = monitoring_events(replace(PROTOCOL, monitoring=(rule,)), plan, person())
    assert [plan.therapy_day(one.day) for one in events] == [11, 18]


def test_each_kind_can_be_switched_off_by_itself() -> None:
    plan, who = laid(*with_taper()), person()
    everything = monitoring_events(PROTOCOL, plan, who)
    for kind in {one.kind for one in everything}:
        left = monitoring_events(PROTOCOL, plan, who, switches={kind: False})
        assert left == tuple(one for one in everything if one.kind is not kind)


def test_the_warning_signs_say_whom_to_call() -> None:
    protocol = replace(PROTOCOL, texts=Texts(warning_signs="Call the emergency number."))
    events = monitoring_events(protocol, laid(), person())
    urgent = {one.kind: one.urgent_text for one in events}
    assert urgent[Kind.MOOD] == "Thoughts of suicide: call the emergency number."
    assert urgent[Kind.SYMPTOMS] == "Call the emergency number."
    assert urgent[Kind.REVIEW] == ""


def test_two_rules_of_one_kind_on_one_day_are_one_event_with_both_texts() -> None:
    rules = tuple(
        MonitoringRule(rule=name, kind=Kind.SYMPTOMS, text=f"{name}?", days=(5,))
        for name in ("A", "B")
    )
    (one,) = monitoring_events(replace(PROTOCOL, monitoring=rules), laid(), person())
    assert (one.rule, one.text) == ("A, B", "A? B?")


def test_a_plan_that_moves_in_has_no_events_of_the_days_before() -> None:
    plan = laid(phase(PhaseKind.MAINTENANCE, "50 mg", 2, None), first_day=30)
    events = monitoring_events(PROTOCOL, plan, person())
    assert min(one.day for one in events) >= plan.start
    days = [plan.therapy_day(one.day) for one in events if one.kind is Kind.BLOOD_PRESSURE]
    assert days[0] == 112


def test_moving_the_plan_moves_the_events_and_keeps_their_ids() -> None:
    def named(start: date) -> dict[str, int]:
        plan = laid(*with_taper(), start=start)
        return {
            one.id: plan.therapy_day(one.day) for one in monitoring_events(PROTOCOL, plan, person())
        }

    assert named(DAY_ONE) == named(DAY_ONE + timedelta(days=5))


def test_ids_name_plan_kind_rule_and_what_the_day_hangs_on() -> None:
    events = monitoring_events(PROTOCOL, laid(), person())
    ids = [one.id for one in events if one.kind is Kind.MOOD]
    assert ids[:6] == [
        "1-mood-R26-d1",
        "1-mood-R26-c2",
        "1-mood-R26-c3",
        "1-mood-R26-d7",
        "1-mood-R26-c4",
        "1-mood-R26-c2-7",
    ]


def everything(plan: Course, since: date, until: date) -> tuple[MonitoringEvent, ...]:
    return monitoring_events(
        PROTOCOL, plan, person(alcohol=True), DAY_ONE + timedelta(days=25), since=since, until=until
    )


@given(
    cuts=st.lists(st.integers(-5, 500), min_size=2, max_size=6, unique=True),
    closed=st.booleans(),
)
def test_a_window_in_pieces_gives_the_same_events_as_whole(
    cuts: list[int], *, closed: bool
) -> None:
    plan = laid(*(with_taper(60) if closed else PHASES))
    days = [DAY_ONE + timedelta(days=cut) for cut in sorted(cuts)]
    whole = everything(plan, days[0], days[-1])
    pieces = [
        one for since, until in itertools.pairwise(days) for one in everything(plan, since, until)
    ]
    assert list(whole) == pieces


@given(
    start=st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    days=st.integers(1, 300),
    supply=st.integers(0, 300),
)
def test_ids_are_unique_and_a_kind_falls_at_most_once_a_day(
    start: date, days: int, supply: int
) -> None:
    plan = laid(*with_taper(days), start=start)
    events = monitoring_events(PROTOCOL, plan, person(), start + timedelta(days=supply))
    assert len({one.id for one in events}) == len(events)
    assert len({(one.day, one.kind) for one in events}) == len(events)
    assert [one.day for one in events] == sorted(one.day for one in events)


def test_events_ask_and_never_score_or_advise_a_dose() -> None:
    events = monitoring_events(PROTOCOL, laid(*with_taper()), person())
    for one in events:
        assert not {"score", "risk level", "take", "skip", "increase", "reduce"} & set(
            one.text.lower().replace(".", "").split()
        )
