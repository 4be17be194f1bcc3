"""Somebody's own regimen of a medicine that comes with the program keeps its limits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from medsched.domain.missed_policy import Basis
from medsched.domain.person import OtherMedicine, Person, at_home
from medsched.domain.safety import blocking
from medsched.protocols import load
from medsched.services.planning import Choices, draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from medsched.domain.protocol import Protocol

START = date(2026, 12, 7)


@pytest.fixture
def own(tmp_path: Path) -> Callable[..., Protocol]:
    """Return a reader of regimens written by hand."""

    def read(name: str, dose: str = "2.5 mg", phase: str = "", more: str = "") -> Protocol:
        path = tmp_path / "own.toml"
        path.write_text(
            f'own = true\n[medication]\nname = "{name}"\nform = "tablet"\n'
            f'strengths = ["{dose}"]\n[[phase]]\ndays = "1-"\ntimes_a_day = 1\n'
            f'dose = "{dose}"\n{phase}\n{more}',
            encoding="utf-8",
        )
        return load(str(path))[0]

    return read


def blocks(protocol: Protocol, *taking: str) -> list[str]:
    """Return the rules that stop a plan of it."""
    others = tuple(OtherMedicine(name=one) for one in taking)
    who = Person(name="me", itinerary=at_home(ZoneInfo("Europe/Berlin")), taking=others)
    plan = draft(protocol, who, Choices(start=START), today=START, days=28)
    return [one.rule for one in blocking(plan.findings, ())]


def test_a_weekly_medicine_taken_daily_is_stopped(own: Callable[..., Protocol]) -> None:
    daily = own("methotrexate")
    assert daily.missed.basis is Basis.WEEKLY
    assert blocks(daily) == ["9"]
    assert blocks(own("methotrexate", phase='weekdays = ["friday"]')) == []


def test_contraindications_and_ceilings_hold(own: Callable[..., Protocol]) -> None:
    assert blocks(own("milnacipran", "50 mg"), "phenelzine") == ["R24"]
    assert blocks(own("Milnacipran", "150 mg")) == ["R10"]
    assert blocks(own("Savella", "50 mg"), "linezolid") == ["R25"]


def test_the_doses_stay_the_persons_own_with_weak_kidneys(own: Callable[..., Protocol]) -> None:
    assert all(one.plateau_per_day is None for one in own("milnacipran", "50 mg").safety.renal)
    assert own("milnacipran", "50 mg").safety.renal


def test_limits_in_another_unit_are_left_out_and_the_rest_holds(
    own: Callable[..., Protocol],
) -> None:
    counted = own("milnacipran", "1 tablet")
    assert counted.safety.ceilings == ()
    assert counted.safety.renal == ()
    assert counted.safety.first_dose is None
    assert counted.stopping is None
    assert blocks(counted, "phenelzine") == ["R24"]


def test_what_the_file_says_about_missed_doses_comes_first(own: Callable[..., Protocol]) -> None:
    said = own("milnacipran", "50 mg", more='[missed_dose]\npolicy = "default_qd"\n')
    silent = own("milnacipran", "50 mg")
    assert said.missed.gaps == ()
    assert silent.missed.gaps != ()
    assert silent.missed.min_gap_hours == 12


def test_a_medicine_that_no_file_knows_has_no_rules(own: Callable[..., Protocol]) -> None:
    assert not own("wolfsbane").rules
