"""After a restore, what was due in between is asked for and never advised to be taken."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.living_home import FIRST, FIRST_DOSE, LivingHome
from tests.unit.domain.charts import at, chart, daily
from tests.unit.domain.policies import POLICIES

from medsched.services.lost_records import lost_until, may_be_lost
from medsched.store.backup import back_up, restore

if TYPE_CHECKING:
    from pathlib import Path

HOUR = timedelta(hours=1)


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    """A home restored at 09:30 from a backup of 07:00; the dose of 08:00 had been taken."""
    home = LivingHome(tmp_path / "home")
    home.add_file_channel()
    home.go_to(FIRST - HOUR)
    back_up(home.app.database, tmp_path / "copy.db", clock=home.clock)
    home.cli.page("take", FIRST_DOSE, "--at", "2026-03-02 08:05", at="2026-03-02T08:10:00Z")
    home.go_to(FIRST + HOUR * 1.5)
    restore(home.app.database, tmp_path / "copy.db", clock=home.clock)
    return home


def advice(living: LivingHome, at: str) -> list[str]:
    doses = living.cli.document("agenda", "--from", "2026-03-02", "--to", "2026-03-03", at=at)
    return [one["advice"] and one["advice"]["action"] for one in doses["doses"]]


def test_row_42_no_dose_of_the_lost_hours_says_take(living: LivingHome) -> None:
    """The dose of 08:00 was taken, and the restored plan does not know it."""
    first = advice(living, "2026-03-02T09:30:00Z")[0]
    assert first == "ask"
    page = living.cli.page("today", at="2026-03-02T09:30:00Z")
    assert "not known whether this dose was taken" in " ".join(page.split())


def test_row_42_no_reminder_of_the_lost_hours_says_take(living: LivingHome) -> None:
    living.reminders().cycle()
    text = " ".join(living.messages().split())
    assert "not known whether the dose due at 08:00" in text
    assert "Take it once" not in text


def test_the_next_dose_after_the_restore_is_advised_on_as_always(living: LivingHome) -> None:
    assert advice(living, "2026-03-03T08:00:00Z")[1] == "take"


def test_what_is_recorded_afterwards_settles_the_doubt(living: LivingHome) -> None:
    at = "2026-03-02T09:35:00Z"
    living.cli.page("take", FIRST_DOSE, "--at", "2026-03-02 08:05", at=at)
    assert advice(living, at)[0] != "ask"


def test_a_stretch_that_touches_the_window_of_a_dose_may_have_lost_its_record() -> None:
    doses = daily(("08:00", "20:00"), (0, 1))
    on = chart(POLICIES["milnacipran"], doses, [])
    second = timedelta(seconds=1)
    window = on.window(doses[0])
    long_ago, later = at("00:00", -1), at("00:00", 9)
    assert may_be_lost(doses[0], on, [(long_ago, window.on_time_from)])
    assert not may_be_lost(doses[0], on, [(long_ago, window.on_time_from - second)])
    assert may_be_lost(doses[0], on, [(window.take_until, later)])
    assert not may_be_lost(doses[0], on, [(window.take_until + second, later)])
    assert not may_be_lost(doses[0], on, [])


def test_a_lost_record_matters_until_the_window_is_over() -> None:
    gap = (at("08:00"), at("12:00"))
    day = timedelta(days=1)
    assert lost_until([gap], at("12:00"), day) == at("12:00", 1)
    assert lost_until([gap], at("11:59:59", 1), day) == at("12:00", 1)
    assert lost_until([gap], at("12:00", 1), day) is None
    assert lost_until([], at("12:00"), day) is None
