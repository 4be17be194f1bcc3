"""A draft becomes active, or a plan that waits goes on, on somebody's word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.services.plans import BEFORE, HORIZON, House, local

from medsched.domain.prescription import Status
from medsched.services.agenda import plan_lines
from medsched.services.confirm import StartIsOver, confirm_draft, is_waiting
from medsched.services.plan import NothingToConfirm, Order
from medsched.services.ports import Plan, RevisionKind

if TYPE_CHECKING:
    from datetime import datetime


def confirm(house: House, now: datetime, *, already: bool = False) -> Plan:
    with house.writing() as book:
        plan, _diff, _findings = confirm_draft(
            book,
            house.plan(),
            order=Order(ordered_by="Dr Blue"),
            now=now,
            horizon_days=HORIZON,
            already_started=already,
        )
    return plan


def advice(house: House, dose: str, now: datetime) -> str:
    with house.reading() as book:
        lines = plan_lines(book, house.plan(), now, now, now) or plan_lines(
            book, house.plan(), local("2026-12-01 00:00"), local("2026-12-10 00:00"), now
        )
    found = next(one for one in lines if one.dose.id == dose)
    return "" if found.advice is None else found.advice.action


def test_a_confirmed_draft_is_a_new_revision_with_doses() -> None:
    house = House()
    house.start(ordered_by="")

    plan = confirm(house, BEFORE)

    assert (plan.status, plan.current, plan.draft) == (Status.ACTIVE, 2, 0)
    with house.reading() as book:
        revision = book.revision(1, 2)
        assert (revision.kind, revision.ordered_by) == (RevisionKind.CONFIRM, "Dr Blue")
        assert book.rows(plan, local("2026-12-01 00:00"), local("2026-12-02 00:00"))


def test_a_draft_whose_first_day_is_over_is_refused_unless_it_was_taken() -> None:
    house = House()
    house.start(ordered_by="")
    late = local("2026-12-03 09:00")

    with pytest.raises(StartIsOver, match="its first day, 2026-12-01, is over"):
        confirm(house, late)

    assert confirm(house, late, already=True).status is Status.ACTIVE


def test_without_a_draft_there_is_nothing_to_confirm() -> None:
    house = House()
    house.start()

    with pytest.raises(NothingToConfirm, match="has no draft"):
        confirm(house, local("2026-12-03 09:00"))


def test_a_way_up_that_waits_goes_on_when_it_is_confirmed() -> None:
    house = House()
    house.start()
    for at in ("2026-12-01 08:00", "2026-12-02 08:00"):
        house.take(at)
    now = local("2026-12-04 08:05")
    assert advice(house, "1-20261204-1", now) == "ask"

    plan = confirm(house, now)

    assert plan.current == 2
    assert advice(house, "1-20261204-1", now) == "take"
    with house.reading() as book:
        assert not is_waiting(book, plan, now)


def test_after_a_long_gap_somebody_decides() -> None:
    house = House()
    house.start()
    house.take("2026-12-01 08:00")
    now = local("2026-12-05 08:05")
    with house.reading() as book:
        assert is_waiting(book, house.plan(), now)

    confirm(house, now)

    assert advice(house, "1-20261205-1", now) == "take"
