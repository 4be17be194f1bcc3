"""The shipped missed-dose policies have the published numbers, field by field."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.protocols.files import POLICIES, REPO

from medsched.domain.amount import plain
from medsched.domain.missed_policy import Basis, GapAction, Measure
from medsched.errors import FileProblems
from medsched.protocols import load, policies, read_policies

if TYPE_CHECKING:
    from medsched.domain.missed_policy import GapRule, MissedPolicy

GOLDEN: list[dict[str, Any]] = json.loads(
    (REPO / "tests" / "golden" / "protocols" / "missed_policies.json").read_text()
)
SHARED = REPO.parent / "shared" / "clinical" / "missed_policies.json"


def test_there_are_31_policies_each_with_its_sources() -> None:
    assert len(POLICIES) == 31
    assert all(one.sources for one in POLICIES.values())


def row_of(policy: MissedPolicy) -> dict[str, Any]:
    """Return a policy as a row of the golden table: what it leaves open is left out."""
    late, rolling = policy.late, policy.rolling
    found: dict[str, Any] = {
        "policy": policy.id,
        "basis": policy.basis.value,
        "measure": late.measure.value,
        "at most h": late.max_hours,
        "once daily at most h": late.max_hours_once_daily,
        "before next h": late.min_remaining_hours,
        "strict": late.strict or None,
        "missed after h": late.missed_after_hours,
        "min gap h": policy.min_gap_hours or None,
        "max gap h": policy.max_gap_hours,
        "at once": policy.max_units_at_once,
        "a day": policy.max_doses_per_dosing_day,
        "then": policy.after_late.value,
        "ask after": policy.call_after_consecutive,
        "rolling doses": rolling.max_doses if rolling else None,
        "rolling mg": rolling.max_amount_mg if rolling else None,
        "rolling h": rolling.window_hours if rolling else None,
        "critical min": policy.time_critical_minutes,
        "target mg": policy.daily_target_mg,
        "review": policy.record_for_review or None,
        "not for": list(policy.not_for) or None,
    }
    row = {key: written(value) for key, value in found.items() if value is not None}
    for gap in policy.gaps:
        row["gap"] = gap_of(gap)
    return row


def written(value: object) -> object:
    return (
        plain(Decimal(value)) if isinstance(value, int | Decimal) and value is not True else value
    )


def gap_of(gap: GapRule) -> dict[str, Any]:
    found = {
        "gt_h": gap.more_than_hours,
        "ge_h": gap.at_least_hours,
        "ge_missed": gap.at_least_missed,
        "ge_days_missed": gap.at_least_days_missed,
        "gt_half_lives": gap.more_than_half_lives,
    }
    row: dict[str, Any] = {
        key: plain(Decimal(one)) for key, one in found.items() if one is not None
    }
    if gap.half_life_hours:
        row["half_life_h"] = {name: plain(one) for name, one in gap.half_life_hours}
    return row


@pytest.mark.parametrize("wanted", GOLDEN, ids=[row["policy"] for row in GOLDEN])
def test_every_number_of_a_policy_is_the_published_one(wanted: dict[str, Any]) -> None:
    assert row_of(POLICIES[wanted["policy"]]) == {"at once": "1", "then": "keep"} | wanted


@pytest.mark.skipif(not SHARED.exists(), reason="the project's clinical folder is not here")
def test_the_golden_table_has_the_numbers_of_the_clinical_folder() -> None:
    known = {row["policy"]: row for row in GOLDEN}
    for one in json.loads(SHARED.read_text(), parse_float=Decimal, parse_int=Decimal):
        row = known[one["id"]]
        late = one.get("late", {})
        for key, name in (("max_h", "at most h"), ("min_remaining_h", "before next h")):
            assert row.get(name) == (plain(late[key]) if key in late else None), one["id"]
        assert row.get("min gap h") == (plain(one["min_gap_h"]) if "min_gap_h" in one else None)
    assert len(known) == len(POLICIES)


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
    assert row_of(kept) | {"policy": own.id} == row_of(own)
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
