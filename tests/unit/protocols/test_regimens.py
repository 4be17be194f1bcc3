"""Regimens: one way to take the medicine, in order."""

from __future__ import annotations

import pytest
from tests.unit.protocols.files import (
    HEAD,
    OWN,
    POLICIES,
    REGIMEN,
    REST,
    changed,
    only_problem,
    problems_after,
    problems_of,
)

from medsched.protocols.read import read_protocol

SECOND = REGIMEN.replace('"standard"', '"slow"')


def test_several_regimens_say_for_whom_they_are() -> None:
    second = SECOND.replace('id = "slow"', 'id = "slow"\nwhen_taking = ["valproate"]')
    text = HEAD + REGIMEN + second + REST
    protocol = read_protocol(text, file="examplamine.toml", policies=POLICIES)
    assert [one.id for one in protocol.regimens] == ["standard", "slow"]
    assert protocol.regimens[1].when_taking == {"valproate"}


def test_two_regimens_of_one_name_are_refused() -> None:
    lines = problems_of(HEAD + REGIMEN + REGIMEN + REST)
    assert lines == ["regimen[2].id: 'standard' names two of them; each regimen has its own"]


def test_a_mistake_is_told_in_the_regimen_where_it_is() -> None:
    second = SECOND.replace('"2-7"', '"3-7"')
    lines = problems_of(HEAD + REGIMEN + second + REST)
    assert [line.split(":")[0] for line in lines] == ["regimen[2].phase[2].days"]


def test_a_medicine_needs_a_regimen_and_a_regimen_needs_phases() -> None:
    assert any("regimen: is missing" in line for line in problems_of(HEAD + REST))
    bare = '\n[[regimen]]\nid = "a"\ntitle = "A"\n'
    assert any("phase: is missing" in line for line in problems_of(HEAD + bare + REST))


def test_a_regimen_may_have_a_missed_dose_policy_of_its_own() -> None:
    own = '\n[regimen.missed_dose]\npolicy = "apixaban"\nrule = "R02"\n'
    text = HEAD + REGIMEN + own + REST
    protocol = read_protocol(text, file="examplamine.toml", policies=POLICIES)
    assert protocol.regimens[0].missed is not None
    assert protocol.regimens[0].missed.id == "apixaban"


def test_a_policy_of_a_regimen_is_checked_against_its_own_doses() -> None:
    own = '\n[regimen.missed_dose]\npolicy = "default_qd"\nrule = "R02"\n'
    lines = problems_of(HEAD + REGIMEN + own + REST)
    assert len(lines) == 1
    assert lines[0].startswith("regimen[1].missed_dose.policy: 'default_qd' does not fit")


def test_every_phase_of_a_medicine_names_its_rule() -> None:
    line = only_problem(('daily_total = "50 mg"\nrule = "R01"', 'daily_total = "50 mg"'))
    assert line == "regimen[1].phase[2].rule: is missing"


def test_phases_at_the_top_are_for_own_regimens_only() -> None:
    phase = '\n[[phase]]\nlength = "1 day"\ntimes_a_day = 1\ndose = "25 mg"\n'
    assert any(
        line.startswith("phase: is no key") for line in problems_of(HEAD + REGIMEN + phase + REST)
    )
    assert any("stands beside regimen" in line for line in problems_of(OWN + REGIMEN, "mine.toml"))


@pytest.mark.parametrize("kind", ["titraton", "", "hold on"])
def test_the_kind_of_a_phase_is_one_of_a_closed_list(kind: str) -> None:
    lines = problems_after(('kind = "maintenance"', f'kind = "{kind}"'))
    assert [line.split(":")[0] for line in lines] == ["regimen[1].phase[3].kind"]


def test_an_escalation_needs_no_order_only_where_the_file_says_so() -> None:
    text = changed(('min_days = "7 days"', 'min_days = "7 days"\nneeds_order = false'))
    escalation = (
        read_protocol(text, file="examplamine.toml", policies=POLICIES).regimens[0].escalation
    )
    assert escalation is not None
    assert not escalation.needs_order
    assert escalation.min_days == 7
