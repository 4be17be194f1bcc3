"""What was taken of one ingredient, by all plans of a person together.

A limit on an ingredient does not ask from which package it came: two products of one
ingredient, or planned doses beside those only if needed, count together.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.administration import Administration, AdministrationStatus, intakes
from medsched.domain.advice import Take
from medsched.domain.amount import Unit
from medsched.domain.dose_status import counts_as_taken
from medsched.domain.timing import AsNeeded
from medsched.frozen import replace
from medsched.services.agenda import chart_around, followed, plan_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from medsched.domain.amount import Amount
    from medsched.domain.medication import Medication
    from medsched.services.book import Book
    from medsched.services.ports import Plan

_BACK: Final = timedelta(days=2)
_MASS: Final = frozenset({Unit.MG, Unit.MCG, Unit.G})


def intakes_of_ingredient(
    book: Book, plan: Plan, until: datetime, window: timedelta
) -> tuple[Administration, ...]:
    """Return what was taken of the plan's ingredient, rising, each with its amount.

    Those of the plan itself all; of other plans of the same ingredient, and planned doses
    that nobody records and that are presumed taken, those of the last `window`.

    Args:
        until: Presumed doses count up to here; what is recorded of later counts as well.
    """
    unit = _unit(book, plan)
    found = [
        _counted(one, unit)
        for each in _same(book, plan)
        for one in _taken(book, each, until, window)
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.id)))


def planned_is_due(book: Book, plan: Plan, now: datetime) -> bool:
    """Return whether a planned dose of the ingredient, of any plan, is to be taken now."""
    return any(
        isinstance(line.advice, Take)
        for each in _same(book, plan)
        if _is_dated(book, each)
        for line in plan_lines(book, each, now - _BACK, now + _BACK, now)
    )


def _same(book: Book, plan: Plan) -> list[Plan]:
    ingredient = _ingredient(book, plan)
    others = (one for one in followed(book) if one.number != plan.number)
    return [plan, *(one for one in others if _ingredient(book, one) == ingredient)]


def _ingredient(book: Book, plan: Plan) -> str:
    return _medication(book, plan).ingredient.lower()


def _unit(book: Book, plan: Plan) -> Unit:
    return _medication(book, plan).unit


def _medication(book: Book, plan: Plan) -> Medication:
    return book.revision(plan.number, plan.current).prescription.medication


def _taken(book: Book, plan: Plan, until: datetime, window: timedelta) -> Iterator[Administration]:
    """Yield what was recorded of a plan, and its planned doses that are presumed taken."""
    since = until - window
    if not _is_dated(book, plan):
        yield from intakes(book.unit.records.of_plans([plan.number]))
        return
    chart, _rows = chart_around(book, plan, since, until)
    yield from (replace(one, amount=chart.amount_of(one)) for one in chart.intakes)
    for dose in chart.doses:
        open_then = since < dose.due and dose.id not in chart.settled
        if open_then and counts_as_taken(dose, chart, until):
            yield _presumed(plan, dose.due, dose.amount)


def _is_dated(book: Book, plan: Plan) -> bool:
    phases = book.course(plan.number, plan.current).phases
    return any(one.dosage is not None and not isinstance(one.dosage, AsNeeded) for one in phases)


def _presumed(plan: Plan, at: datetime, amount: Amount) -> Administration:
    return Administration(
        prescription=str(plan.number),
        status=AdministrationStatus.COMPLETED,
        at=at,
        recorded_at=at,
        amount=amount,
    )


def _counted(one: Administration, unit: Unit) -> Administration:
    """Return a record whose amount can be counted in `unit`; else as one dose of no known size."""
    if one.amount is None or one.amount.unit is unit:
        return one
    known = {one.amount.unit, unit} <= _MASS
    return one if known else replace(one, amount=None)
