"""A dose only if needed: whether one is allowed now, and recording it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from tests.fakes.memory_store import MemoryRecords
from tests.unit.services.plans import BEFORE, START, House, local

from medsched.domain.as_needed import Allowed, NotYet
from medsched.protocols import load
from medsched.services.book import other_plans
from medsched.services.choose import as_needed_dosage
from medsched.services.need import NotAllowedYet, allowed, take_if_needed
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.services.record import take_any
from medsched.services.taking import Recorded, Taking

if TYPE_CHECKING:
    from pathlib import Path

    from medsched.services.ports import Plan


@pytest.fixture
def house() -> House:
    found = House()
    found.start("paracetamol")
    return found


def take(house: House, at: str, *, extra: bool = False) -> Recorded:
    with house.writing() as book:
        plan = house.plan()
        dosage = as_needed_dosage(book, plan, date(2026, 12, 2))
        assert dosage is not None
        taking = Taking(at=local(at), now=local(at), extra=extra)
        return take_if_needed(book, plan, dosage, taking)


def test_one_is_allowed_when_none_was_taken(house: House) -> None:
    with house.reading() as book:
        dosage = as_needed_dosage(book, house.plan(), date(2026, 12, 1))
        assert dosage is not None
        now = local("2026-12-01 12:00")
        assert isinstance(allowed(book, house.plan(), dosage, Taking(at=now, now=now)), Allowed)


def test_too_soon_is_refused_with_the_time_of_the_next_and_stores_nothing(house: House) -> None:
    take(house, "2026-12-01 12:00")

    with pytest.raises(NotAllowedYet, match="allowed at 16:00 on Tuesday") as refused:
        take(house, "2026-12-01 15:59")

    assert refused.value.next_at == local("2026-12-01 16:00")
    assert take(house, "2026-12-01 16:00").finding is None


def test_one_that_was_taken_all_the_same_is_recorded_and_flagged(house: House) -> None:
    take(house, "2026-12-01 12:00")

    done = take(house, "2026-12-01 13:00", extra=True)

    assert done.finding is not None
    assert done.sentence == "Recorded as an extra dose."


def test_the_window_runs_across_midnight(house: House) -> None:
    for at in ("2026-12-01 14:00", "2026-12-01 18:00", "2026-12-01 22:00", "2026-12-02 02:00"):
        take(house, at)

    with pytest.raises(NotAllowedYet, match="allowed at 14:00 on Wednesday"):
        take(house, "2026-12-02 06:00")


def test_the_one_before_the_last_is_warned_about(house: House) -> None:
    said = [take(house, f"2026-12-01 {hour:02}:00").sentence for hour in (2, 6, 10)]

    assert "only one more is allowed" not in said[1]
    assert "only one more is allowed within 24 hours" in said[2]


OWN = """own = true
[medication]
name = "{name}"
ingredient = "paracetamol"
form = "tablet"
strengths = ["500 mg"]
"""
NEEDED = """[[phase]]
days = "1-"
dose = "500 mg"
as_needed = { at_least_apart = "4 hours", most_doses = 6, in = "24 hours", most = "3000 mg" }
"""
PLANNED = """[[phase]]
days = "1-"
times = ["08:00", "20:00"]
dose = "1000 mg"
"""


def begin(house: House, tmp_path: Path, name: str, text: str, *, tracked: bool = True) -> Plan:
    """Start somebody's own plan, whose blocks are overruled."""
    path = tmp_path / f"{name}.toml"
    path.write_text(text.replace("{name}", name), encoding="utf-8")
    choices = Choices(start=START, ordered_by="Dr Gray")
    with house.writing() as book:
        others = other_plans(book, 0)
    rules, _digest = load(str(path))
    plan = draft(rules, house.person, choices, today=START, days=28, others=others)
    order, key = Order(ordered_by="Dr Gray", override="known"), str(UUID(int=900 + len(name)))
    with house.store.writing() as unit:
        return adopt(unit, plan, key=key, order=order, now=BEFORE, tracked=tracked)


def state(house: House, plan: Plan, at: str) -> Allowed | NotYet:
    with house.reading() as book:
        dosage = as_needed_dosage(book, plan, date(2026, 12, 2))
        assert dosage is not None
        return allowed(book, plan, dosage, Taking(at=local(at), now=local(at)))


def test_another_plan_of_the_same_ingredient_counts(house: House, tmp_path: Path) -> None:
    other = begin(house, tmp_path, "coldex", OWN + NEEDED)
    take(house, "2026-12-02 12:00")

    found = state(house, other, "2026-12-02 12:01")

    assert isinstance(found, NotYet)
    assert found.next_at == local("2026-12-02 16:00")


def test_the_amounts_of_both_plans_add_up(house: House, tmp_path: Path) -> None:
    """Three doses of 1,000 mg leave nothing of 3,000 mg."""
    other = begin(house, tmp_path, "coldex", OWN + NEEDED)
    for at in ("2026-12-02 04:00", "2026-12-02 08:00", "2026-12-02 12:00"):
        take(house, at)

    found = state(house, other, "2026-12-02 20:00")

    assert isinstance(found, NotYet)
    assert found.next_at == local("2026-12-03 04:00")


def test_a_planned_dose_counts_with_its_own_amount(tmp_path: Path) -> None:
    """It is of 1,000 mg; one only if needed is of 500 mg."""
    house = House()
    unknown = OWN.replace("paracetamol", "testamol")
    plan = begin(house, tmp_path, "both", unknown + PLANNED + NEEDED + "track = 1\n")
    with house.writing() as book:
        for at in ("2026-12-02 08:00", "2026-12-02 20:00"):
            take_any(book, plan, Taking(at=local(at), now=local(at)))
        dosage = as_needed_dosage(book, plan, date(2026, 12, 2))
        assert dosage is not None
        for at in ("2026-12-02 02:00", "2026-12-02 14:00"):
            taking = Taking(at=local(at), now=local("2026-12-02 20:00"))
            take_if_needed(book, plan, dosage, taking)

    found = state(house, plan, "2026-12-03 02:00")

    assert isinstance(found, Allowed)
    assert found.left == 1


def test_planned_doses_that_nobody_records_count_as_taken(house: House, tmp_path: Path) -> None:
    begin(house, tmp_path, "planned", OWN + PLANNED, tracked=False)

    found = state(house, house.plan(), "2026-12-02 10:00")

    assert isinstance(found, NotYet)
    assert found.next_at == local("2026-12-02 12:00")


def test_none_is_allowed_while_a_planned_dose_is_to_be_taken(house: House, tmp_path: Path) -> None:
    """One page never says to take two."""
    begin(house, tmp_path, "planned", OWN + PLANNED)

    found = state(house, house.plan(), "2026-12-02 08:00")

    assert isinstance(found, NotYet)
    assert "planned dose of it is due" in found.sentence


def test_a_product_measured_otherwise_counts_as_one_dose(house: House, tmp_path: Path) -> None:
    text = (
        (OWN + NEEDED)
        .replace('"tablet"', '"oral solution"')
        .replace("3000 mg", "30 mL")
        .replace("500 mg", "5 mL")
    )
    syrup = begin(house, tmp_path, "syrup", text)
    take(house, "2026-12-02 12:00")

    assert isinstance(state(house, syrup, "2026-12-02 15:59"), NotYet)
    assert isinstance(state(house, syrup, "2026-12-02 16:00"), Allowed)


def test_after_a_restore_none_is_allowed_until_no_lost_one_can_count(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    lost = (local("2026-12-02 08:00"), local("2026-12-02 12:00"))
    monkeypatch.setattr(MemoryRecords, "gaps", lambda _self: [lost])

    found = state(house, house.plan(), "2026-12-02 13:00")

    assert isinstance(found, NotYet)
    assert found.next_at == local("2026-12-03 12:00")
    assert "a backup was restored" in found.sentence
    assert isinstance(state(house, house.plan(), "2026-12-03 12:00"), Allowed)


def test_none_is_allowed_while_a_finding_stops_the_plan(house: House, tmp_path: Path) -> None:
    """Another plan of the same ingredient that nobody overruled: `today` says STOP."""
    path = tmp_path / "second.toml"
    path.write_text((OWN + NEEDED).replace("{name}", "second"), encoding="utf-8")
    choices = Choices(start=START, ordered_by="Dr Gray")
    plan = draft(load(str(path))[0], house.person, choices, today=START, days=28)
    with house.store.writing() as unit:
        order = Order(ordered_by="Dr Gray")
        second = adopt(unit, plan, key=str(UUID(int=990)), order=order, now=BEFORE)

    found = state(house, second, "2026-12-02 10:00")

    assert isinstance(found, NotYet)
    assert found.sentence.startswith("A safety finding stops this plan")
