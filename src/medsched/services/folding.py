"""Doses that are not meant any more, told shortly: each near the change, the rest in a line.

After a stop every stored dose of three months is withdrawn. Who had them on a calendar
must know of the next ones; of the rest one sentence says all.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from medsched.domain.course import NEVER
from medsched.domain.dose import DoseStatus
from medsched.domain.walltime import DAY
from medsched.domain.words import date_words
from medsched.frozen import frozen
from medsched.services.agenda import followed
from medsched.services.ports import RevisionKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.services.agenda import AgendaLine
    from medsched.services.book import Book

NEAR: Final = timedelta(days=7)
"""So long after a change each withdrawn dose is shown by itself."""

_WITHDRAWN: Final = frozenset({DoseStatus.HELD, DoseStatus.CANCELLED})


@frozen
class Fold:
    """Withdrawn doses of one plan by one revision, in a sentence.

    Args:
        day: The first of their days. on_hold: They may come back.
    """

    day: date
    sentence: str
    on_hold: bool


def folded(
    book: Book, lines: Iterable[AgendaLine]
) -> tuple[tuple[AgendaLine, ...], tuple[Fold, ...]]:
    """Return the lines to show one by one, and sentences for the others, by their first day."""
    kept: list[AgendaLine] = []
    far: list[AgendaLine] = []
    for one in lines:
        away = one.status in _WITHDRAWN and one.dose.day >= _change_of(book, one).day + NEAR
        (far if away else kept).append(one)
    far.sort(key=_revision_of)
    folds = [
        fold
        for _revision, group in groupby(far, key=_revision_of)
        for fold in _folds(book, list(group))
    ]
    return tuple(kept), tuple(sorted(folds, key=lambda fold: (fold.day, fold.sentence)))


def paused(book: Book, day: date, told: Iterable[str]) -> tuple[Fold, ...]:
    """Return the plans that are on hold on a day, but those `told` by their prescription.

    A medicine that is taken only if needed has no dose that could be shown as held.
    """
    known, found = set(told), []
    for plan in followed(book):
        course = book.course(plan.number, plan.current)
        here = [one for one in course.phases if one.first_day <= day <= one.last_day]
        if not here or course.prescription in known or any(one.dosage for one in here):
            continue
        change = _Change(day=here[0].first_day, last=here[0].last_day, kind=RevisionKind.HOLD)
        found.append(Fold(day=day, sentence=_hold(plan.medication, change), on_hold=True))
    return tuple(found)


def _revision_of(line: AgendaLine) -> tuple[int, int]:
    return line.dose.row.prescription, line.withdrawn_by


@frozen
class _Change:
    """From which day a revision left doses out, and up to which (`NEVER`: for good)."""

    day: date
    last: date
    kind: RevisionKind


def _change_of(book: Book, line: AgendaLine) -> _Change:
    number, by = _revision_of(line)
    revision = book.revision(number, by)
    course = book.course(number, by)
    zone = book.person.itinerary.zone_at(revision.effective_from)
    since = revision.effective_from.astimezone(zone).date()
    if line.status is DoseStatus.HELD:
        pauses = [one for one in course.phases if one.dosage is None and one.last_day >= since]
        last = pauses[0].last_day if pauses else since
        return _Change(day=since, last=last, kind=RevisionKind.HOLD)
    if line.dose.day > course.last_day:
        return _Change(day=course.last_day + DAY, last=NEVER, kind=RevisionKind.STOP)
    return _Change(day=since, last=NEVER, kind=RevisionKind.CHANGE)


def _folds(book: Book, lines: list[AgendaLine]) -> list[Fold]:
    """Return the sentences for the withdrawn doses of one revision: one for each kind."""
    found: dict[_Change, list[AgendaLine]] = {}
    for one in lines:
        found.setdefault(_change_of(book, one), []).append(one)
    return [
        Fold(
            day=min(one.dose.day for one in group),
            sentence=_sentence(change, group),
            on_hold=change.kind is RevisionKind.HOLD,
        )
        for change, group in found.items()
    ]


def _sentence(change: _Change, group: list[AgendaLine]) -> str:
    name = group[0].dose.prescription.medication.name
    since = date_words(change.day)
    if change.kind is RevisionKind.STOP:
        return f"{name}: stopped on {since}, no doses from then on."
    if change.kind is RevisionKind.HOLD:
        return _hold(name, change)
    days = sorted(one.dose.day for one in group)
    if len(group) == 1:
        which, it = f"the dose of {date_words(days[0])} is", "it"
    else:
        span = f"{date_words(days[0])} to {date_words(days[-1])}"
        which, it = f"{len(group)} doses from {span} are", "them"
    return f"{name}: {which} not planned any more since the change of {since}. Do not take {it}."


def _hold(name: str, change: _Change) -> str:
    since = date_words(change.day)
    if change.last == NEVER:
        return f"{name}: on hold since {since}, no doses until it is resumed."
    return f"{name}: on hold from {since} to {date_words(change.last)}, no doses in between."
