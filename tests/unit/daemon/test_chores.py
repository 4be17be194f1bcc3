"""What a daemon does beside reminding: it is done in its time, and fails without harm."""

from __future__ import annotations

import logging
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from tests.living_home import FIRST, LivingHome

from medsched.daemon.chores import Chores
from medsched.store.refusals import DatabaseBusy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    living = LivingHome(tmp_path / "home")
    living.go_to(FIRST)
    return living


@pytest.fixture
def chores(living: LivingHome) -> Chores:
    return Chores(living.app.store, living.clock)


def test_care_deletes_what_is_over_and_survives_a_busy_database(
    living: LivingHome,
    chores: Chores,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    chores.care()

    def busy() -> None:
        raise DatabaseBusy("here")

    monkeypatch.setattr(living.app.store, "writing", busy)
    chores.care()
    assert "care: DatabaseBusy; it is tried again" in caplog.text


def test_every_plan_is_checked_again_and_what_stops_one_is_logged_by_number_and_rule(
    living: LivingHome, chores: Chores, caplog: pytest.LogCaptureFixture
) -> None:
    chores.recheck()
    assert "finding" not in caplog.text
    with living.app.store.writing() as unit:
        (person,) = unit.people.all()
        facts = replace(person.facts, creatinine_clearance=Decimal(4))
        unit.people.save(replace(person, facts=facts), FIRST)
    with caplog.at_level(logging.WARNING, logger="medsched.daemon"):
        chores.recheck()
    assert "rule R21 stops prescription 1" in caplog.text


def test_a_backup_is_made_when_it_is_due_and_its_failure_is_told_by_class(
    living: LivingHome, caplog: pytest.LogCaptureFixture
) -> None:
    copies = living.app.copies()
    assert copies is not None
    chores = Chores(living.app.store, living.clock, copies)
    chores.back_up()
    chores.back_up()
    assert living.app.status(10**12).backups == copies.state
    assert copies.state.latest == FIRST
    assert len(list(copies.folder.iterdir())) == 1
    copies.folder.rename(copies.folder.with_name("away"))
    copies.folder.touch()
    chores.back_up()
    assert "backup: CannotBackUp; it is tried again" in caplog.text
    assert str(living.home) not in caplog.text


def test_without_backups_of_its_own_a_daemon_makes_none(chores: Chores, living: LivingHome) -> None:
    chores.back_up()
    assert not (living.home / "backups").exists()
