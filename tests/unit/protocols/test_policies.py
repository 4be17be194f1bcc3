"""The shipped missed-dose policies are those of the clinical folder, field by field."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.protocols.files import POLICIES, REPO

from medsched.domain.missed_policy import Basis, GapAction, Measure
from medsched.errors import FileProblems
from medsched.protocols import load, policies, read_policies

if TYPE_CHECKING:
    from medsched.domain.missed_policy import GapRule, LateWindow, MissedPolicy

SHARED = REPO.parent / "shared" / "clinical" / "missed_policies.json"


def test_there_are_31_policies_each_with_its_sources() -> None:
    assert len(POLICIES) == 31
    assert all(one.sources for one in POLICIES.values())


def as_written(policy: MissedPolicy) -> dict[str, Any]:
    """Return a policy with the keys of the clinical folder, without its sentences."""
    rolling = policy.rolling
    found: dict[str, Any] = {
        "id": policy.id,
        "basis": policy.basis.value,
        "late": late_of(policy.late),
        "min_gap_h": policy.min_gap_hours or None,
        "max_gap_h": policy.max_gap_hours,
        "max_units_at_once": policy.max_units_at_once,
        "max_doses_per_dosing_day": policy.max_doses_per_dosing_day,
        "rolling": None
        if rolling is None
        else {
            "max_doses": rolling.max_doses,
            "max_mg": rolling.max_amount_mg,
            "window_h": rolling.window_hours,
        },
        "after_late": policy.after_late.value,
        "call_after_consecutive": policy.call_after_consecutive,
        "time_critical_min": policy.time_critical_minutes,
        "daily_target_mg": policy.daily_target_mg,
        "record_for_review": policy.record_for_review or None,
        "excluded": list(policy.not_for) or None,
        "gap": [gap_of(one) for one in policy.gaps] or None,
    }
    return bare(found)


def bare(found: dict[str, Any]) -> dict[str, Any]:
    """Return a table without what it leaves open."""
    return {
        key: bare(value) if isinstance(value, dict) else value
        for key, value in found.items()
        if value is not None
    }


def late_of(late: LateWindow) -> dict[str, Any]:
    return {
        "measure": late.measure.value,
        "max_h": late.max_hours,
        "max_h_qd": late.max_hours_once_daily,
        "min_remaining_h": late.min_remaining_hours,
        "strict": late.strict or None,
        "missed_if_gt_h": late.missed_after_hours,
    }


def gap_of(gap: GapRule) -> dict[str, Any]:
    return bare(
        {
            "gt_h": gap.more_than_hours,
            "ge_h": gap.at_least_hours,
            "ge_missed": gap.at_least_missed,
            "ge_days_missed": gap.at_least_days_missed,
            "gt_half_lives": gap.more_than_half_lives,
            "half_life_h": dict(gap.half_life_hours) or None,
        }
    )


@pytest.mark.skipif(not SHARED.exists(), reason="the project's clinical folder is not here")
def test_every_number_is_that_of_the_clinical_folder() -> None:
    wanted = json.loads(SHARED.read_text(), parse_float=Decimal, parse_int=Decimal)
    for one in wanted:
        found = as_written(POLICIES[one["id"]])
        for key in ("src", "beyond", "steps"):
            one.pop(key, None)
        one.setdefault("after_late", "keep")
        one.setdefault("max_units_at_once", Decimal(1))
        one.setdefault("late", {"measure": "none"})
        one["late"].pop("until", None)  # midnight is what `same_dosing_day` means
        for each in one.get("gap", []):
            each.pop("action")
        if "rolling" in one:
            one["rolling"].pop("hard", None)  # every rolling limit is hard
        assert found == one, one["id"]


@pytest.mark.parametrize(
    ("name", "gap", "action"),
    [
        ("milnacipran", "more_than_hours", GapAction.CALL_BEFORE_RESUME),
        ("semaglutide_sc_weekly", "at_least_missed", GapAction.CALL_CONSIDER_RETITRATE),
        ("lamotrigine", "more_than_half_lives", GapAction.RESTART_TITRATION),
        ("clozapine", "at_least_hours", GapAction.STOP_AND_CALL),
        ("methadone_oud", "at_least_days_missed", GapAction.STOP_AND_CALL),
    ],
)
def test_a_long_gap_has_exactly_one_measure(name: str, gap: str, action: GapAction) -> None:
    (found,) = POLICIES[name].gaps
    assert getattr(found, gap) is not None
    assert found.action is action
    measures = (
        found.more_than_hours,
        found.at_least_hours,
        found.at_least_missed,
        found.at_least_days_missed,
        found.more_than_half_lives,
    )
    assert sum(one is not None for one in measures) == 1


def test_two_units_at_once_are_the_documented_exceptions_only() -> None:
    assert [one.id for one in POLICIES.values() if one.max_units_at_once > 1] == [
        "coc_standard",
        "rivaroxaban_15_bid",
    ]
    assert POLICIES["rivaroxaban_15_bid"].daily_target_mg == 30


def test_missed_contraceptive_pills_have_their_steps() -> None:
    one, several = POLICIES["coc_standard"].steps
    assert (one.at_least, several.at_least) == (1, 2)
    assert "condoms for 7 days" in several.text


def test_the_flagship_has_the_same_policy_in_both_files() -> None:
    protocol, _ = load("milnacipran")
    kept, own = POLICIES["milnacipran"], protocol.missed
    assert as_written(kept) | {"id": own.id} == as_written(own)
    assert own.gaps == kept.gaps
    assert own.sources == kept.sources
    assert own.assumption
    assert kept.assumption


def test_a_window_measured_to_the_next_dose_says_how_long_before() -> None:
    for one in POLICIES.values():
        if one.late.measure is Measure.TO_NEXT:
            assert one.late.min_remaining_hours
        if one.basis is Basis.EXCLUDED:
            assert one.late.measure is Measure.NONE


def test_all_mistakes_of_the_file_are_listed() -> None:
    text = (
        '[[policy]]\nid = "a"\nbasis = "clok"\nlate.measure = "none"\nsources = ["x"]\n'
        '[[policy]]\nid = "a"\nbasis = "clock"\nlate.measure = "none"\n'
        '[[policy]]\nid = "b"\nbasis = "clock"\nlate.measure = "none"\nsources = ["x"]\nmin = 1\n'
    )
    with pytest.raises(FileProblems) as refused:
        read_policies(text, file="p.toml")
    assert [one.where for one in refused.value.problems] == [
        "policy[1].basis",
        "policy[2].id",
        "policy[2].sources",
        "policy[3].min",
    ]


def test_the_policies_are_read_when_the_first_is_asked_for() -> None:
    found = policies()
    assert found._found is None
    assert "default_qd" in found
    assert found._found is not None
