"""What a reminder says about a dose now: the advice of this moment, never more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from medsched.domain.advice import Ask, Skip, Take, Wait
from medsched.domain.dose import DoseStatus
from medsched.domain.dose_status import status_of
from medsched.domain.missed import advise
from medsched.frozen import frozen
from medsched.services.messages import Line, Say
from medsched.services.outbox_ports import Step

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.advice import Advice
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

_OPEN = frozenset({DoseStatus.DUE, DoseStatus.LATE})


@frozen
class Occasion:
    """One reminder about one dose.

    Args:
        kind: The step of the ladder. now: aware UTC. until: the end of the reminder, on
            the person's clock. what: medicine and amount, or nothing for hidden names.
        lost: Records of the time around the dose were lost.
        repeat: Somebody may have been told to take this dose before.
        stopped: A safety finding that nobody overruled stops the plan.
    """

    kind: Step
    event: DoseEvent
    chart: Chart
    now: datetime
    until: datetime
    what: str
    lost: bool
    repeat: bool
    stopped: bool = False


def line_of(occasion: Occasion) -> Line | None:
    """Return what to say, None when there is nothing to say any more."""
    event = occasion.event
    if occasion.kind is Step.PRE:
        say = Say.STOPPED if occasion.stopped else Say.COMING
        return _line(occasion, say, until=event.local)
    if occasion.lost:
        return _line(occasion, Say.NOT_KNOWN, until=occasion.until)
    status = status_of(event, occasion.chart, occasion.now)
    if occasion.kind is Step.CARER and status not in _OPEN:
        return None
    if occasion.kind is Step.MISSED and status is not DoseStatus.MISSED:
        return None
    return _open_line(occasion)


def _open_line(occasion: Occasion) -> Line | None:
    advice = advise(occasion.event, occasion.chart, occasion.now)
    if occasion.stopped and (occasion.kind is Step.CARER or isinstance(advice, Take | Wait)):
        return _line(occasion, Say.STOPPED, until=occasion.until)
    if occasion.kind is Step.CARER:
        return _line(occasion, Say.CARER, until=occasion.until)
    return _advised(occasion, advice)


def _advised(occasion: Occasion, advice: Advice | None) -> Line | None:
    missed = occasion.kind is Step.MISSED
    match advice:
        case None:
            return None
        case Take():
            end = min(occasion.until, advice.until.astimezone(occasion.until.tzinfo))
            more = advice.reason if advice.units > 1 or advice.call else ""
            return _line(occasion, Say.TAKE, until=end, reason=more)
        case Wait() | Skip() | Ask() if missed:
            return _line(occasion, Say.MISSED, until=None, reason=advice.reason)
        case Wait() | Skip() | Ask():
            return _line(occasion, Say.ADVICE, until=occasion.until, reason=advice.reason)
        case _:
            assert_never(advice)


def _line(occasion: Occasion, say: Say, *, until: datetime | None, reason: str = "") -> Line:
    named = say in {Say.TAKE, Say.COMING, Say.CARER}
    return Line(
        say=say,
        due=occasion.event.local,
        dose=occasion.event.id,
        until=until,
        what=occasion.what if named else "",
        reason=reason,
        repeat=occasion.repeat or (say is Say.TAKE and occasion.kind is Step.MISSED),
    )
