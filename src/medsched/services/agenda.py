"""The doses of some days with what became of them, and what to do now.

Everything is derived from stored rows, records and `now`; nothing is written.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.chart import Chart, chart_of
from medsched.domain.dose import DoseEvent, DoseStatus
from medsched.domain.dose_status import status_of
from medsched.domain.missed import advise
from medsched.domain.prescription import Status
from medsched.domain.protocol import PhaseKind
from medsched.domain.timing import AsNeeded, EveryDay, OnDays
from medsched.frozen import frozen, replace
from medsched.services.book import phase_key, seconds
from medsched.services.lost_records import doubted
from medsched.services.pauses import pauses
from medsched.services.planning import beginning
from medsched.services.ports import RevisionKind, Withdrawal
from medsched.services.sound_rows import DAMAGED, sound_rows
from medsched.services.track import tracked_since

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.administration import Administration
    from medsched.domain.advice import Advice
    from medsched.services.book import Book, ExplainedDose
    from medsched.services.ports import DoseRow, Plan

DECISIONS: Final = frozenset(
    {
        RevisionKind.START,
        RevisionKind.CONFIRM,
        RevisionKind.CHANGE,
        RevisionKind.RESUME,
        RevisionKind.STEP_BACK,
        RevisionKind.EXTEND,
    }
)
"""Revisions by which somebody decides how a plan goes on, when it is said who ordered them."""

_DAILY_MARGIN: Final = timedelta(days=5)
_SPARSE_MARGIN: Final = timedelta(days=400)
_TITRATION_MARGIN: Final = timedelta(days=120)
_DAILY_BACK: Final = timedelta(days=3)
_SPARSE_BACK: Final = timedelta(days=100)
_OPEN: Final = frozenset({DoseStatus.DUE, DoseStatus.LATE})
_HISTORIC: Final = frozenset({Status.ENTERED_IN_ERROR})


@frozen
class AgendaLine:
    """One dose, what became of it, and what to do about it now.

    Args:
        record: The standing record that settles it, None while nothing does.
        withdrawn_by: The revision since which it is not meant any more, 0 while it is.
    """

    dose: ExplainedDose
    status: DoseStatus
    advice: Advice | None
    record: Administration | None
    withdrawn_by: int = 0


@frozen
class Agenda:
    """Doses by due, as of one instant."""

    as_of: datetime
    zone: str
    lines: tuple[AgendaLine, ...]


def agenda(book: Book, first: date, last: date, now: datetime) -> Agenda:
    """Return the doses of the person's local days `first` to `last`, inclusive."""
    zone = book.person.itinerary.zone_at(now)
    since = datetime.combine(first - timedelta(days=2), datetime.min.time(), tzinfo=UTC)
    until = datetime.combine(last + timedelta(days=3), datetime.min.time(), tzinfo=UTC)
    found = [
        line
        for plan in followed(book)
        for line in plan_lines(book, plan, since, until, now)
        if first <= line.dose.day <= last
    ]
    found.sort(key=lambda line: (line.dose.due, line.dose.id))
    return Agenda(as_of=now, zone=zone.key, lines=tuple(found))


def today(book: Book, now: datetime) -> Agenda:
    """Return the doses of today, and earlier ones that are still asked about.

    An earlier dose stays while it may be taken, and until the next one is due there is
    something to say about it: a weekly dose for days, an evening dose into the night.
    """
    zone = book.person.itinerary.zone_at(now)
    day = now.astimezone(zone).date()
    found = []
    for plan in followed(book):
        back = _DAILY_BACK if _is_daily(book, plan) else _SPARSE_BACK
        lines = plan_lines(book, plan, now - back, now + timedelta(days=2), now)
        latest = max((one.dose.due for one in lines if _has_come(one, now)), default=None)
        found += [one for one in lines if one.dose.day == day or _is_asked(one, day, latest)]
    found.sort(key=lambda line: (line.dose.due, line.dose.id))
    return Agenda(as_of=now, zone=zone.key, lines=tuple(found))


def _has_come(one: AgendaLine, now: datetime) -> bool:
    return one.dose.due <= now and one.status not in {DoseStatus.HELD, DoseStatus.CANCELLED}


def _is_asked(one: AgendaLine, day: date, latest: datetime | None) -> bool:
    """Return whether a dose of another day still has an answer to give.

    Its day may also be tomorrow: east over the date line it is a day earlier again.
    """
    if one.advice is None:
        return False
    if one.status is DoseStatus.UNRECORDED:
        return one.advice.until is not None and one.dose.day >= day - timedelta(days=1)
    return one.status in _OPEN or one.dose.due == latest


def followed(book: Book) -> list[Plan]:
    """Return the person's plans that have doses: confirmed at some time, not made in error."""
    plans = book.unit.plans.of_person(book.person.id)
    return [one for one in plans if one.current and one.status not in _HISTORIC]


def running(book: Book) -> list[Plan]:
    """Return the person's plans that are active."""
    return [one for one in followed(book) if one.status is Status.ACTIVE]


def plan_lines(
    book: Book, plan: Plan, since: datetime, until: datetime, now: datetime
) -> list[AgendaLine]:
    """Return the lines of one plan with `since` <= due < `until`, withdrawn doses too."""
    chart, rows = chart_around(book, plan, since, until)
    low, high = seconds(since), seconds(until)
    gaps = book.unit.records.gaps()
    shown = (book.explain(row) for row in rows if low <= row.due < high)
    lines = [_line(one, chart, now, gaps) for one in shown]
    if book.damaged:
        lines = [_doubtful(one, book.damaged) for one in lines]
    return lines + _withdrawn(book, plan, since, until, chart, now)


def chart_around(
    book: Book, plan: Plan, since: datetime, until: datetime
) -> tuple[Chart, list[DoseRow]]:
    """Return a plan's chart of a stretch, with the doses before and after it, and its rows.

    A way up is charted from its beginning: what was missed on it counts until decided.
    """
    margin = _margin(book, plan)
    begin = since - margin
    if _climbs(book, plan):
        begin = min(begin, max(beginning_of(book, plan), since - _TITRATION_MARGIN))
    rows = sound_rows(book, plan, begin, until + margin)
    current = book.revision(plan.number, plan.current).prescription
    protocol = book.protocol(current)
    records = book.unit.records.of_plans([plan.number])
    chart = chart_of(
        (book.event(one) for one in rows),
        records,
        protocol.regimen(current.regimen).missed or protocol.missed,
        tracked_since=tracked_since(book, plan, records),
        regimen=current.regimen,
        titrating=_titrating(book, rows),
        decided_at=_decided_at(book, plan),
        as_needed=_is_needed_too(book, plan),
    )
    return replace(chart, pauses=pauses(book, plan)), rows


def beginning_of(book: Book, plan: Plan) -> datetime:
    """Return midnight of the first day of a plan, on the person's clock, in UTC."""
    return beginning(book.course(plan.number, plan.current))


def event_of(dose: ExplainedDose) -> DoseEvent:
    """Return a stored dose as an event of the domain."""
    row = dose.row
    return DoseEvent(
        dose.due,
        dose.id,
        dose.local,
        dose.day,
        row.slot,
        dose.amount,
        phase_key(row.revision, row.phase),
    )


def _margin(book: Book, plan: Plan) -> timedelta:
    return _DAILY_MARGIN if _is_daily(book, plan) else _SPARSE_MARGIN


def _is_daily(book: Book, plan: Plan) -> bool:
    return all(
        one.dosage is None or (isinstance(one.dosage, OnDays) and one.dosage.days == EveryDay())
        for one in book.course(plan.number, plan.current).phases
    )


def _titrating(book: Book, rows: Sequence[DoseRow]) -> frozenset[int]:
    """Return which phases of the rows are a way up, named as `Book.event` names them."""
    found = {(row.prescription, row.revision, row.phase) for row in rows}
    return frozenset(
        phase_key(revision, phase)
        for number, revision, phase in found
        if book.course(number, revision).phase(phase).kind is PhaseKind.TITRATION
    )


def _climbs(book: Book, plan: Plan) -> bool:
    phases = book.course(plan.number, plan.current).phases
    return any(one.kind is PhaseKind.TITRATION for one in phases)


def _is_needed_too(book: Book, plan: Plan) -> bool:
    phases = book.course(plan.number, plan.current).phases
    return any(isinstance(one.dosage, AsNeeded) for one in phases)


def _decided_at(book: Book, plan: Plan) -> datetime | None:
    """Return when somebody last decided: the start, or a revision on a prescriber's word."""
    decided = (
        one.created_at
        for one in book.unit.plans.revisions(plan.number)
        if one.kind is RevisionKind.START or (one.kind in DECISIONS and one.ordered_by)
    )
    return max(decided, default=None)


def _line(
    dose: ExplainedDose, chart: Chart, now: datetime, gaps: Sequence[tuple[datetime, datetime]]
) -> AgendaLine:
    event = event_of(dose)
    status = status_of(event, chart, now)
    return AgendaLine(
        dose=dose,
        status=status,
        advice=doubted(advise(event, chart, now), event, chart, gaps),
        record=chart.settling(event, now),
    )


def _doubtful(line: AgendaLine, damaged: set[str]) -> AgendaLine:
    """Return a line whose dose is stored otherwise than the plan has it: it is not advised."""
    if line.dose.id not in damaged or line.record is not None:
        return line
    return replace(line, advice=DAMAGED)


def _withdrawn(
    book: Book, plan: Plan, since: datetime, until: datetime, chart: Chart, now: datetime
) -> list[AgendaLine]:
    gone = book.unit.plans.withdrawn([plan.number], seconds(since), seconds(until))
    lines, last = [], book.course(plan.number, plan.current).last_day.toordinal()
    for one in gone:
        dose = book.explain(one.row)
        held, by = one.why is Withdrawal.HELD, one.by
        if held and one.row.day > last:  # it was stopped since: nothing comes back
            held, by = False, plan.current
        why = DoseStatus.HELD if held else DoseStatus.CANCELLED
        status = status_of(event_of(dose), chart, now, withdrawn=why)
        lines.append(
            AgendaLine(dose=dose, status=status, advice=None, record=None, withdrawn_by=by)
        )
    return lines
