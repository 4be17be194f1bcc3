"""A reminder says the advice of its moment: only "take" invites, and never for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.unit.services.reminded import DOSE, MORNING, Reminded

from medsched.services.agenda import chart_around
from medsched.services.messages import Say
from medsched.services.outbox_ports import Step
from medsched.services.remind_lines import Occasion, line_of


def an_occasion(kind: Step, *, after: timedelta, **more: bool) -> Occasion:
    """Return a reminder so long after the first dose was due, on a plan that is recorded."""
    world = Reminded()
    world.clock.at = MORNING + after
    with world.store.reading() as unit:
        book, plan = world.book(unit)
        chart, _rows = chart_around(book, replace(plan, tracked=True), MORNING, MORNING)
    event = chart.dose(DOSE)
    assert event is not None
    known = {"lost": False, "repeat": False, **more}
    return Occasion(
        kind=kind,
        event=event,
        chart=chart,
        now=MORNING + after,
        until=(MORNING + timedelta(hours=6)).astimezone(event.local.tzinfo),
        what="examplin",
        **known,
    )


@pytest.mark.parametrize(
    ("kind", "minutes", "say"),
    [
        (Step.PRE, -10, Say.COMING),
        (Step.DUE, 0, Say.TAKE),
        (Step.REPEAT, 15, Say.TAKE),
        (Step.CARER, 60, Say.CARER),
        (Step.MISSED, 60, None),
        (Step.CARER, 11 * 60, None),
        (Step.MISSED, 11 * 60, Say.MISSED),
    ],
)
def test_each_step_says_what_is_so_now(kind: Step, minutes: int, say: Say | None) -> None:
    found = line_of(an_occasion(kind, after=timedelta(minutes=minutes)))
    assert (found.say if found else None) == say


def test_a_dose_whose_record_may_be_lost_is_a_question_whatever_the_step() -> None:
    for kind in (Step.DUE, Step.REPEAT, Step.CARER, Step.MISSED):
        found = line_of(an_occasion(kind, after=timedelta(minutes=5), lost=True))
        assert found is not None
        assert (found.say, found.what) == (Say.NOT_KNOWN, "")


@pytest.mark.parametrize("kind", [Step.PRE, Step.DUE, Step.REPEAT, Step.SNOOZE, Step.CARER])
def test_a_plan_that_a_finding_stops_invites_to_nothing(kind: Step) -> None:
    minutes = -10 if kind is Step.PRE else 5
    found = line_of(an_occasion(kind, after=timedelta(minutes=minutes), stopped=True))
    assert found is not None
    assert (found.say, found.what) == (Say.STOPPED, "")


def test_an_invitation_ends_when_its_advice_does() -> None:
    found = line_of(an_occasion(Step.DUE, after=timedelta(0)))
    assert found is not None
    assert found.until is not None
    assert found.until.astimezone(UTC) <= datetime(2026, 3, 2, 13, tzinfo=UTC)
