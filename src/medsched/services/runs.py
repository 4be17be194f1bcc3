"""From dose events to runs of doses: what a database can make its rows of by itself."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from medsched.domain.timeline import doses_of_days
from medsched.services.book import seconds
from medsched.services.ports import DoseRun

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from medsched.domain.course import Course
    from medsched.domain.dose import DoseEvent

_LONGEST: Final = 1000
"""Doses of one run: the store takes no more than a few thousand."""
_DAY_SECONDS: Final = 86_400


def runs_of(events: Iterable[DoseEvent], number: int, revision: int) -> list[DoseRun]:
    """Return the runs whose rows store these events, each event exactly once.

    A run ends where the clocks change, where the pattern of days does, and where the
    amount, the phase or the place of the day do.

    Args:
        events: In order of due, as the timeline gives them.
        number: Of the prescription. revision: The one that they belong to.
    """
    running: dict[tuple[int, str, int], DoseRun] = {}
    done: list[DoseRun] = []
    for event in events:
        key = (event.slot, event.amount.digits, event.phase)
        day, due = event.day.toordinal(), seconds(event.due)
        run = running.get(key)
        longer = None if run is None else _longer(run, day, due)
        if longer is not None:
            running[key] = longer
            continue
        if run is not None:
            done.append(run)
        slot, amount, phase = key
        running[key] = DoseRun(number, day, 1, 1, slot, due, amount, phase, revision, 0)
    return sorted([*done, *running.values()])


def _longer(run: DoseRun, day: int, due: int) -> DoseRun | None:
    """Return the run with one dose more, None when the dose does not continue it."""
    step = day - run.day if run.doses == 1 else run.step
    days = run.doses * step
    if step < 1 or day != run.day + days or due != run.due + days * _DAY_SECONDS:
        return None
    return None if run.doses >= _LONGEST else run._replace(doses=run.doses + 1, step=step)


@lru_cache(maxsize=4096)
def shared_runs(course: Course, first: date, last: date) -> tuple[DoseRun, ...]:
    """Return the runs of the local days `first` to `last` of a course, worked out once.

    Many people follow the same course: give it without a prescription of its own, and
    put number and revision into what comes back.
    """
    return tuple(runs_of(doses_of_days(course, first, last), 0, 0))
