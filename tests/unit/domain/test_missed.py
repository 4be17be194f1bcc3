"""Advice: the table of policies at its edges, and the order of the decision."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import pytest
from tests.unit.domain.charts import BERLIN, at, chart, daily, dose, skip, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.advice import Advice, Ask, Skip, Step, Take, Wait
from medsched.domain.amount import amount
from medsched.domain.missed import advise
from medsched.domain.missed_policy import Basis
from medsched.protocols.policies import read_policies

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.domain.missed_policy import MissedPolicy

TWICE = ("08:00", "20:00")
RHYTHM_OF = {
    "default_qd": ("08:00",),
    "default_more_than_bid": ("08:00", "14:00", "20:00"),
    "gabapentin_tid": ("08:00", "14:00", "20:00"),
    "antibiotic_q8h": ("06:00", "14:00", "22:00"),
    "bictegravir_qd": ("08:00",),
    "coc_standard": ("20:00",),
    "edoxaban": ("18:00",),
    "levothyroxine": ("08:00",),
    "methadone_oud": ("08:00",),
    "pop_desogestrel": ("08:00",),
    "pop_traditional": ("08:00",),
    "rivaroxaban_qd": ("18:00",),
    "tacrolimus_pr": ("08:00",),
    "warfarin": ("18:00",),
} | {name: ("08:00",) for name, one in POLICIES.items() if one.basis is Basis.WEEKLY}
MILNACIPRAN = POLICIES["milnacipran"]


def weekly(clock: str = "08:00", weeks: int = 4) -> list[DoseEvent]:
    return daily((clock,), range(0, 7 * weeks, 7), amounts="10 mg")


def advice(on: Chart, of: DoseEvent, clock: str, day: int = 0) -> Advice:
    found = advise(of, on, at(clock, day))
    assert found is not None
    return found


def action(on: Chart, of: DoseEvent, clock: str, day: int = 0) -> str:
    return advice(on, of, clock, day).action


# --- milnacipran ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "wanted"),
    [
        ("08:00", "take"),
        ("10:00", "take"),
        ("13:59", "take"),
        ("14:00", "take"),
        ("14:00:01", "skip"),
        ("14:01", "skip"),
        ("17:00", "skip"),
        ("19:59", "skip"),
        ("20:00", "skip"),
    ],
)
def test_a_missed_morning_dose_is_taken_while_six_hours_are_left(clock: str, wanted: str) -> None:
    doses = daily(TWICE, (-1, 0, 1))
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:2]])
    assert action(on, doses[2], clock) == wanted


def test_at_the_next_due_time_only_that_one_dose_is_taken() -> None:
    doses = daily(TWICE, (-1, 0, 1))
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:2]])
    morning, evening = (advice(on, one, "20:00") for one in doses[2:4])
    assert isinstance(morning, Skip)
    assert morning.step is Step.NEXT_DUE
    assert isinstance(evening, Take)
    assert evening.units == 1
    assert evening.amount == amount("50 mg")
    assert "Never take two doses at once." in evening.reason


@pytest.mark.parametrize(("clock", "wanted"), [("02:00", "take"), ("02:01", "skip")])
def test_a_missed_evening_dose_is_taken_until_two_in_the_night(clock: str, wanted: str) -> None:
    doses = daily(TWICE, (-1, 0, 1))
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:3]])
    assert action(on, doses[3], clock, day=1) == wanted


@pytest.mark.parametrize(("clock", "wanted"), [("20:00", "take"), ("20:01", "skip")])
def test_the_single_dose_of_day_one_is_taken_for_twelve_hours(clock: str, wanted: str) -> None:
    first = daily(("08:00",), (0,), amounts="12.5 mg")
    doses = [*first, *daily(TWICE, (1, 2), amounts="12.5 mg", phase=2)]
    assert action(chart(MILNACIPRAN, doses), first[0], clock) == wanted


def test_a_late_dose_keeps_its_own_amount() -> None:
    doses = [
        *daily(TWICE, (2,), amounts="12.5 mg"),
        *daily(TWICE, (3,), amounts="25 mg", phase=2),
    ]
    on = chart(MILNACIPRAN, doses, [take(doses[0])])
    late = advice(on, doses[1], "01:30", day=3)
    assert isinstance(late, Take)
    assert late.amount == amount("12.5 mg")


def test_advice_says_until_when_it_holds() -> None:
    doses = daily(TWICE, (-1, 0, 1))
    on = chart(MILNACIPRAN, doses, [take(one) for one in doses[:2]])
    assert advice(on, doses[2], "10:00").until == at("14:00")
    assert advice(on, doses[2], "14:01").until == at("20:00")


def test_two_missed_in_a_row_are_asked_about() -> None:
    doses = daily(TWICE, (-1, 0, 1))
    on = chart(MILNACIPRAN, doses, [take(doses[0])])
    second = advice(on, doses[2], "14:01")
    assert isinstance(second, Ask)
    assert second.step is Step.IN_A_ROW
    third = advice(on, doses[3], "20:00")
    assert isinstance(third, Take)
    assert third.call
    assert "2 doses in a row were not taken" in third.reason


@pytest.mark.parametrize(("clock", "wanted"), [("20:00", "take"), ("20:01", "ask")])
def test_after_more_than_72_hours_somebody_is_asked_first(clock: str, wanted: str) -> None:
    doses = daily(TWICE, range(5))
    on = chart(MILNACIPRAN, doses, [take(doses[0]), take(doses[1])])
    assert action(on, doses[7], clock, day=3) == wanted


def test_a_dose_too_soon_after_the_last_one_waits_and_then_is_taken() -> None:
    doses = daily(TWICE, (0, 1))
    on = chart(MILNACIPRAN, doses, [take(doses[0]), take(doses[1], at("03:00", 1))])
    early = advice(on, doses[2], "08:00", day=1)
    assert isinstance(early, Wait)
    assert early.until == at("09:00", 1)
    assert action(on, doses[2], "08:59", day=1) == "wait"
    assert action(on, doses[2], "09:00", day=1) == "take"


def test_doses_that_travel_pushes_together_keep_the_distance_the_plan_means() -> None:
    doses = [*daily(TWICE, (0,)), *daily(TWICE, (1, 2), zone=BERLIN)]
    assert doses[2].due - doses[1].due == timedelta(hours=6)
    for name in ("dabigatran", "milnacipran"):
        on = chart(POLICIES[name], doses, [take(doses[0]), take(doses[1], at("20:30"))])
        assert on.window(doses[2]).usual == timedelta(hours=12)
        found = advise(doses[2], on, doses[2].due)
        assert isinstance(found, Wait)
        assert found.until == at("02:30", 1)


def test_two_doses_in_eighteen_hours_are_the_most() -> None:
    doses = daily(TWICE, (0, 1))
    records = [take(doses[0], at("14:00")), take(doses[1], at("20:00"))]
    on = chart(MILNACIPRAN, doses, records)
    assert advice(on, doses[2], "08:00", day=1).action == "take"
    late = [take(doses[0], at("14:00")), take(doses[1], at("02:00", 1))]
    found = advice(chart(MILNACIPRAN, doses, late), doses[2], "08:00", day=1)
    assert found.action == "take"
    assert (at("08:00", 1) - at("14:00")) / timedelta(hours=1) == 18
    closer = [take(doses[0], at("14:30")), take(doses[1], at("02:00", 1))]
    found = advice(chart(MILNACIPRAN, doses, closer), doses[2], "08:00", day=1)
    assert isinstance(found, Wait)
    assert found.step is Step.ROLLING
    assert found.until == at("08:30", 1)


def test_after_an_extra_dose_nothing_is_advised_but_to_call() -> None:
    doses = daily(TWICE, (0, 1, 2))
    on = chart(MILNACIPRAN, doses, [take(doses[0]), take(None, at("08:05"))])
    found = advice(on, doses[1], "20:00")
    assert isinstance(found, Ask)
    assert found.step is Step.EXTRA_DOSE
    assert "poison centre" in found.reason


def test_doses_due_within_a_day_after_an_extra_one_are_asked_about_while_they_are_open() -> None:
    """The rolling window of 18 hours is shorter than the day that is kept at least."""
    doses = daily(TWICE, (0, 1, 2))
    on = chart(MILNACIPRAN, doses, [take(doses[0]), take(None, at("08:05"))])
    assert action(on, doses[2], "08:00", day=1) == "ask"
    assert action(on, doses[2], "13:59", day=1) == "ask"
    assert action(on, doses[3], "20:00", day=1) == "take"
    edge = chart(MILNACIPRAN, doses, [take(doses[0]), take(None, at("08:00"))])
    assert action(edge, doses[2], "08:00", day=1) == "take"


def test_a_weekly_dose_after_an_extra_one_is_asked_about_until_its_window_closes() -> None:
    """Two of them in one week can kill: a day later is not too soon to ask any more."""
    weekly = [dose("08:00", day) for day in (0, 7, 14)]
    on = chart(
        POLICIES["methotrexate_weekly"], weekly, [take(weekly[0]), take(None, at("08:00", 1))]
    )
    for clock, day in (("08:00", 7), ("08:00", 8), ("07:59", 9)):
        found = advice(on, weekly[1], clock, day=day)
        assert isinstance(found, Ask)
        assert found.step is Step.EXTRA_DOSE


def test_after_two_units_at_once_nothing_is_advised_but_to_call() -> None:
    doses = daily(TWICE, (0, 1))
    on = chart(MILNACIPRAN, doses, [take(doses[0], much=amount("100 mg"))])
    assert advice(on, doses[1], "20:00").step is Step.EXTRA_DOSE


def test_an_intake_as_needed_is_no_extra_dose_but_keeps_its_distance() -> None:
    doses = daily(TWICE, (0, 1))
    on = replace(chart(MILNACIPRAN, doses, [take(None, at("16:00"))]), as_needed=True)
    found = advice(on, doses[1], "20:00")
    assert isinstance(found, Wait)
    assert found.until == at("22:00")


def test_nothing_is_said_about_a_dose_that_is_settled_or_not_due() -> None:
    doses = daily(TWICE, (0, 1))
    on = chart(MILNACIPRAN, doses, [take(doses[0]), skip(doses[1])])
    assert advise(doses[0], on, at("08:30")) is None
    assert advise(doses[1], on, at("20:30")) is None
    assert advise(doses[2], on, at("23:00")) is None


def test_where_nobody_records_the_advice_is_conditional() -> None:
    doses = daily(TWICE, (-1, 0, 1))
    on = chart(MILNACIPRAN, doses, tracked=False)
    found = advice(on, doses[2], "13:59")
    assert found.action == "take"
    assert found.reason.startswith("If you have not taken it: take it now")
    assert advice(on, doses[2], "14:01").reason.startswith("If you have not taken it: leave")
    assert advise(doses[2], on, at("20:00")) is None
    assert advice(on, doses[3], "20:00").action == "take"


def test_where_nobody_records_no_gap_and_no_row_of_misses_is_seen() -> None:
    doses = daily(TWICE, range(6))
    found = advice(chart(MILNACIPRAN, doses, tracked=False), doses[-1], "20:00", day=5)
    assert isinstance(found, Take)
    assert not found.call


# --- the shipped policies -----------------------------------------------------------------


@pytest.mark.parametrize("name", POLICIES)
def test_the_shipped_policy_advises_as_the_table_does(repo: Path, name: str) -> None:
    shipped = _shipped(repo / "config" / "missed_policies.toml")[name]
    rhythm = RHYTHM_OF.get(name, TWICE)
    week = 7 if shipped.basis is Basis.WEEKLY else 1
    doses = daily(rhythm, range(0, 6 * week, week), amounts="15 mg")
    records = [take(one) for one in doses[: len(rhythm)]]
    ours, theirs = (chart(one, doses, records) for one in (POLICIES[name], shipped))
    missed = doses[len(rhythm)]
    for hours in range(0, 40 * week, 1 if week == 1 else 12):
        for more in (0, 1):
            now = missed.due + timedelta(hours=hours, seconds=more)
            for one in doses[len(rhythm) : len(rhythm) + 3]:
                assert _gist(advise(one, ours, now)) == _gist(advise(one, theirs, now))


@cache
def _shipped(file: Path) -> dict[str, MissedPolicy]:
    return read_policies(file.read_bytes(), file=file.name)


def _gist(found: Advice | None) -> object:
    return found and (found.action, found.step, found.until)


# --- the table, row by row --------------------------------------------------------------

ONCE_AT_8, ONCE_AT_18 = ("08:00",), ("18:00",)
THRICE = ("08:00", "14:00", "20:00")

EDGES = [
    # policy, doses of a day, hours after due, then the actions at that instant and a second later
    ("default_qd", ONCE_AT_8, 12, "take", "skip"),
    ("default_bid", TWICE, 6, "take", "skip"),
    ("default_more_than_bid", THRICE, 2, "take", "skip"),
    ("milnacipran", TWICE, 6, "take", "skip"),
    ("apixaban", TWICE, 6, "take", "skip"),
    ("dabigatran", TWICE, 6, "take", "skip"),
    ("lamotrigine", TWICE, 6, "take", "skip"),
    ("lamotrigine", ONCE_AT_8, 12, "take", "skip"),
    ("clozapine", TWICE, 6, "take", "skip"),
    ("bictegravir_qd", ONCE_AT_8, 18, "take", "skip"),
    ("antiseizure_bid", TWICE, 6, "take", "skip"),
    ("levothyroxine", ONCE_AT_8, 12, "take", "skip"),
    ("gabapentin_tid", THRICE, 2, "take", "skip"),
    ("antibiotic_q8h", ("06:00", "14:00", "22:00"), 4, "take", "skip"),
    ("levodopa", ("08:00", "12:00", "16:00", "20:00"), 0.5, "take", "ask"),
    ("insulin", ONCE_AT_8, 0.5, "take", "ask"),
    ("pop_desogestrel", ONCE_AT_8, 12, "take", "take"),
    ("pop_traditional", ONCE_AT_8, 3, "take", "take"),
]


@pytest.mark.parametrize(("name", "clocks", "late", "inside", "beyond"), EDGES)
def test_the_cut_off_of_each_policy_is_exact(
    name: str, clocks: tuple[str, ...], late: float, inside: str, beyond: str
) -> None:
    doses = daily(clocks, (-1, 0, 1), amounts="15 mg")
    missed = doses[len(clocks)]
    on = chart(POLICIES[name], doses, [take(one) for one in doses[: len(clocks)]])
    edge = missed.due + timedelta(hours=late)
    found = [advise(missed, on, edge), advise(missed, on, edge + timedelta(seconds=1))]
    assert [one.action for one in found if one] == [inside, beyond]


@pytest.mark.parametrize(
    ("name", "hours", "beyond"),
    [
        ("methotrexate_weekly", 48, "ask"),
        ("semaglutide_sc_weekly", 120, "skip"),
        ("tirzepatide_weekly", 96, "skip"),
        ("dulaglutide_weekly", 168 - 72, "skip"),
    ],
)
def test_the_cut_off_of_each_weekly_policy_is_exact(name: str, hours: int, beyond: str) -> None:
    doses = daily(("08:00",), (-21, -14, -7, 0), amounts="10 mg")  # no clock change in between
    on = chart(POLICIES[name], doses, [take(doses[0])])
    edge = doses[1].due + timedelta(hours=hours)
    found = [advise(doses[1], on, edge), advise(doses[1], on, edge + timedelta(seconds=1))]
    assert [one.action for one in found if one] == ["take", beyond]


@pytest.mark.parametrize(
    "name",
    ["warfarin", "edoxaban", "rivaroxaban_qd", "methadone_oud", "tacrolimus_pr"],
)
def test_a_same_day_dose_is_taken_until_midnight_on_the_wall(name: str) -> None:
    doses = daily(ONCE_AT_18, (-1, 0, 1), amounts="10 mg")
    on = chart(POLICIES[name], doses, [take(doses[0])])
    assert action(on, doses[1], "23:59:59") == "take"
    beyond = "ask" if name == "tacrolimus_pr" else "skip"
    assert action(on, doses[1], "00:00", day=1) == beyond


def test_a_missed_dose_can_be_noted_for_the_clinic() -> None:
    doses = daily(ONCE_AT_18, (-1, 0, 1))
    on = chart(POLICIES["warfarin"], doses, [take(doses[0])])
    assert "Note it for your next clinic visit." in advice(on, doses[1], "00:00", day=1).reason


def test_more_than_four_hours_is_strict() -> None:
    doses = daily(TWICE, (-1, 0, 1))
    on = chart(POLICIES["dolutegravir"], doses, [take(one) for one in doses[:2]])
    assert action(on, doses[2], "15:59:59") == "take"
    assert action(on, doses[2], "16:00") == "skip"
    assert "more than 4 hours must be left" in advice(on, doses[2], "16:00").reason


def test_a_morning_medicine_is_taken_the_morning_after_remembering() -> None:
    doses = weekly()
    on = chart(POLICIES["alendronate_70_weekly"], doses)
    assert action(on, doses[0], "10:00") == "take"
    afternoon = advice(on, doses[0], "14:00")
    assert isinstance(afternoon, Wait)
    assert afternoon.until == at("08:00", 1)
    assert action(on, doses[0], "08:00", day=1) == "take"
    assert advice(on, doses[0], "08:00", day=1).until == at("11:59:59", 1)
    assert action(on, doses[0], "12:00", day=1) == "wait"
    assert action(on, doses[0], "07:00", day=3) == "take"


def test_a_morning_medicine_is_never_taken_twice_on_one_day() -> None:
    doses = daily(("08:00",), (-14, -7, 0), amounts="70 mg")
    on = chart(POLICIES["alendronate_70_weekly"], doses)
    assert action(on, doses[0], "08:00", day=-8) == "take"
    assert action(on, doses[0], "08:01", day=-8) == "skip"
    assert action(on, doses[0], "12:00", day=-9) == "wait"


def test_three_weekly_doses_missed_are_asked_about() -> None:
    doses = weekly(weeks=5)
    on = chart(POLICIES["semaglutide_sc_weekly"], doses, [take(doses[0])])
    assert action(on, doses[3], "08:00", day=21) == "take"
    found = advice(on, doses[4], "08:00", day=28)
    assert isinstance(found, Ask)
    assert found.step is Step.GAP


def test_a_forgotten_pill_is_taken_though_the_next_one_is_due() -> None:
    doses = daily(("20:00",), range(5), amounts="1 tablet")
    on = chart(POLICIES["coc_standard"], doses, [take(doses[0])])
    assert action(on, doses[1], "19:59", day=2) == "take"
    assert action(on, doses[2], "20:00", day=2) == "take"
    first = advice(on, doses[1], "20:05", day=2)
    assert isinstance(first, Wait)
    assert first.until is None
    after = chart(POLICIES["coc_standard"], doses, [take(doses[0]), take(doses[2])])
    missed = advice(after, doses[1], "20:05", day=2)
    assert isinstance(missed, Take)
    assert missed.units == 1
    assert "even if that is two in one day" in missed.reason


def test_of_several_forgotten_pills_only_the_last_is_taken() -> None:
    doses = daily(("20:00",), range(5), amounts="1 tablet")
    on = chart(POLICIES["coc_standard"], doses, [take(doses[0])])
    now = at("20:05", 3)
    actions = [one.action if (one := advise(it, on, now)) else None for it in doses]
    assert actions == [None, None, "wait", "take", None]
    found = advise(doses[3], on, now)
    assert found is not None
    assert "condoms for 7 days" in found.reason


def test_a_pack_whose_rule_allows_one_only_leaves_the_forgotten_pill() -> None:
    policy = POLICIES["coc_standard"]
    strict = replace(policy, steps=(replace(policy.steps[0], max_units=1),))
    doses = daily(("20:00",), range(5), amounts="1 tablet")
    on = chart(strict, doses, [take(doses[0]), take(doses[2])])
    assert action(on, doses[1], "20:05", day=2) == "skip"


@pytest.mark.parametrize("name", ["pop_desogestrel", "pop_traditional"])
def test_a_late_minipill_is_still_taken_and_the_source_is_quoted(name: str) -> None:
    doses = daily(ONCE_AT_8, (-1, 0, 1), amounts="1 tablet")
    on = chart(POLICIES[name], doses, [take(doses[0])])
    found = advice(on, doses[1], "20:00:01")
    assert isinstance(found, Take)
    assert found.reason.startswith("Take one now")
    assert found.until == at("07:59:59", 1)
    assert action(on, doses[1], "08:00", day=1) == "skip"


def test_the_documented_exception_is_the_only_one_that_says_two_and_it_says_so() -> None:
    doses = daily(TWICE, (-1, 0, 1), amounts="15 mg")
    for name, policy in POLICIES.items():
        on = chart(policy, doses, [take(one) for one in doses[:2]])
        found = advise(doses[3], on, at("21:00"))
        units = found.units if isinstance(found, Take) else 0
        assert units == (2 if name == "rivaroxaban_15_bid" else units)
        assert units < 2 or name == "rivaroxaban_15_bid"
    on = chart(POLICIES["rivaroxaban_15_bid"], doses, [take(one) for one in doses[:2]])
    both = advice(on, doses[3], "21:00")
    assert isinstance(both, Take)
    assert both.amount == amount("30 mg")
    assert "as an exception" in both.reason
    assert isinstance(advice(on, doses[2], "21:00"), Wait)


def test_the_exception_ends_with_its_day_and_with_its_target() -> None:
    policy = POLICIES["rivaroxaban_15_bid"]
    doses = daily(TWICE, (-1, 0, 1), amounts="15 mg")
    before = [take(one) for one in doses[:2]]
    assert action(chart(policy, doses, before), doses[2], "14:00") == "take"
    one = chart(policy, doses, [*before, take(doses[3], at("21:00"))])
    second = advice(one, doses[2], "21:01")
    assert isinstance(second, Take)
    assert second.units == 1
    full = chart(policy, doses, [*before, take(doses[3], at("21:00"), much=amount("30 mg"))])
    assert advice(full, doses[2], "21:01").action == "skip"
    late = chart(policy, doses, before)
    assert [action(late, it, "00:00", day=1) for it in doses[2:4]] == ["skip", "skip"]


@pytest.mark.parametrize(
    ("regimen", "edge"),
    [("", 127.0), ("none", 127.0), ("valproate", 351.5), ("inducers", 63.0)],
)
def test_a_gap_of_half_lives_is_that_of_the_regimen(regimen: str, edge: float) -> None:
    doses = daily(TWICE, range(-16, 1))
    on = chart(POLICIES["lamotrigine"], doses, [take(doses[0])], regimen=regimen)
    instant = doses[0].due + timedelta(hours=edge)
    due = max((one for one in doses if one.due <= instant), key=lambda one: one.due)
    inside = advise(due, on, instant)
    beyond = advise(due, on, instant + timedelta(seconds=1))
    assert inside is not None
    assert inside.step is not Step.GAP
    assert beyond is not None
    assert beyond.step is Step.GAP


def test_two_days_since_the_last_dose_are_enough_where_the_policy_says_at_least() -> None:
    doses = daily(TWICE, (0, 1, 2))
    on = chart(POLICIES["clozapine"], doses, [take(doses[0])])
    assert advise(doses[3], on, at("23:59", 1)).step is Step.WINDOW  # type: ignore[union-attr]
    assert advice(on, doses[4], "08:00", day=2).step is Step.GAP


def test_three_days_without_a_dose_are_counted_in_days() -> None:
    doses = daily(ONCE_AT_8, range(6))
    on = chart(POLICIES["methadone_oud"], doses, [take(doses[0])])
    assert action(on, doses[3], "08:00", day=3) == "take"
    assert advice(on, doses[4], "08:00", day=4).step is Step.GAP


def test_a_gap_longer_than_advisable_is_told() -> None:
    doses = daily(THRICE, (0, 1))
    on = chart(POLICIES["gabapentin_tid"], doses, [take(doses[0]), take(doses[1])])
    found = advice(on, doses[2], "22:01")
    assert isinstance(found, Skip)
    assert found.call
    assert "More than 12 hours" in found.reason


def test_exactly_the_longest_advisable_time_between_two_doses_is_not_told() -> None:
    doses = daily(THRICE, (0, 1))
    on = chart(POLICIES["gabapentin_tid"], doses, [take(doses[0])])
    found = advice(on, doses[1], "16:01")
    assert isinstance(found, Skip)
    assert (doses[2].due - doses[0].due) / timedelta(hours=1) == 12
    assert not found.call


def test_the_limit_of_a_dosing_day_is_reached_with_its_last_allowed_dose() -> None:
    doses = daily(TWICE, (0, 1))
    for most, wanted in ((1, "skip"), (2, "take")):
        policy = replace(MILNACIPRAN, max_doses_per_dosing_day=most)
        on = chart(policy, doses, [take(doses[0])])
        assert action(on, doses[1], "20:00") == wanted


def test_a_long_gap_speaks_before_a_way_up_that_is_held() -> None:
    """What must be asked first is whether to begin again, not whether to go on."""
    doses = [*daily(TWICE, range(5), phase=1), *daily(TWICE, (5,), amounts="100 mg", phase=2)]
    on = chart(MILNACIPRAN, doses, [take(doses[0])], titrating=(1, 2))
    assert advice(on, doses[10], "08:00", day=5).step is Step.GAP


def test_a_hold_that_lasted_longer_than_the_gap_is_asked_about_and_a_rare_plan_is_not() -> None:
    held = [*daily(TWICE, (0,)), *daily(TWICE, (6,), phase=3)]
    on = chart(MILNACIPRAN, held, [take(one) for one in held[:2]])
    assert advice(on, held[2], "08:00", day=6).step is Step.GAP
    rare = daily(ONCE_AT_8, (0, 4, 8))
    on = chart(MILNACIPRAN, rare, [take(rare[0])])
    assert action(on, rare[1], "08:00", day=4) == "take"


def test_while_the_plan_is_on_hold_or_stopped_an_open_dose_is_left_out() -> None:
    """It was due before; who ordered the hold did not mean "this one more"."""
    doses = daily(TWICE, (0, 1))
    paused = ((at("09:00"), at("13:00")),)
    on = replace(chart(MILNACIPRAN, doses), pauses=paused)
    assert action(on, doses[0], "08:59:59") == "take"
    for clock in ("09:00", "12:59:59"):
        found = advice(on, doses[0], clock)
        assert isinstance(found, Skip)
        assert found.step is Step.PAUSED
        assert "on hold or stopped" in found.reason
    assert action(on, doses[0], "13:00") == "take"
    stopped = replace(on, pauses=((at("09:00"), None),))
    assert advice(stopped, doses[0], "13:59").step is Step.PAUSED
