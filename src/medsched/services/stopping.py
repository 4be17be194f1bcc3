"""End a plan: by the taper its rules ask for, or at once on somebody's word.

The exposure decides what is said. A taper that the program lays is a proposal: a draft,
labelled as an assumption where no source gives its steps, until a prescriber orders it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.exposure import exposure_days
from medsched.domain.prescription import Status
from medsched.domain.stopping import check_stop, taper_required
from medsched.domain.taper import TaperStart, phases
from medsched.domain.taper_phases import pattern_of
from medsched.domain.timing import OnDays
from medsched.domain.walltime import DAY
from medsched.errors import MedschedError
from medsched.frozen import replace
from medsched.services.amend import Amended, amend
from medsched.services.ports import RevisionKind
from medsched.services.rephase import followed_by, kept_before, phase_on
from medsched.services.taper_choice import TaperChoice, taper_of

if TYPE_CHECKING:
    from datetime import date

    from medsched.domain.course import Course
    from medsched.domain.prescription import Prescription
    from medsched.domain.protocol import Phase, Protocol
    from medsched.services.amend import Amendment
    from medsched.services.book import Book
    from medsched.services.ports import Plan


class StopNeedsOrder(MedschedError):
    """Stopping at once, on nobody's word."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan
        super().__init__(
            f"prescription {plan.number}: stopping at once needs --ordered-by NAME;"
            " call the prescriber before you stop"
        )


class NothingToTaper(MedschedError):
    """A way down for a plan that is on hold: there is no dose to come down from."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan
        number = plan.number
        super().__init__(
            f"prescription {number}: is on hold then, so there is no dose to come down from;"
            f" end it with --abruptly --ordered-by NAME, or let it go on first: medsched resume"
            f" {number} --ordered-by NAME"
        )


class NoTaper(MedschedError):
    """A plan whose doses no taper can be made from."""

    def __init__(self, plan: Plan) -> None:
        """Keep the plan."""
        self.plan = plan
        super().__init__(
            f"prescription {plan.number}: no taper is known for doses that are not the"
            " same every day; ask the prescriber, and stop with --abruptly --ordered-by NAME"
        )


def stop(
    book: Book,
    plan: Plan,
    asked: Amendment,
    *,
    over_days: int | None = None,
    choice: TaperChoice | None = None,
    taper: bool = False,
    abruptly: bool = False,
) -> Amended:
    """End a plan from a day on: taper days from there, or no dose any more.

    Args:
        over_days: Length of the taper; None: the rules' default.
        choice: Which taper; None: the rules' own, of that length.
        taper: It is asked for, also where the rules ask for none.
        abruptly: No taper; only on somebody's word, and with a finding.

    Raises:
        StopNeedsOrder, NoTaper, NothingToTaper: as they say.
        TaperRefused: no such taper can be made.
    """
    current = book.revision(plan.number, plan.current).prescription
    course = book.course(plan.number, plan.current)
    protocol = book.protocol(current)
    last = min(asked.day - DAY, course.last_day)
    exposure = max(exposure_days(first_dose_day(book, plan, course), last), 0)
    chosen = choice or TaperChoice(days=over_days)
    needed = taper or chosen.is_named or taper_required(protocol.stopping, exposure)
    laid = (
        () if abruptly or not needed else _taper(plan, course, current, protocol, asked.day, chosen)
    )
    if abruptly and not asked.order.ordered_by:
        raise StopNeedsOrder(plan)
    findings = check_stop(
        protocol,
        exposure,
        taper_days=_length(laid) if laid else None,
        ordered_by=asked.order.ordered_by,
    )

    def change(now: Prescription, course: Course) -> Prescription:
        if laid:
            strengths = chosen.on_hand or now.strengths
            phases = followed_by(now, course, asked.day, laid)
            return replace(now, phases=phases, strengths=strengths)
        ended = kept_before(now, course, asked.day)
        return replace(now, phases=ended, status=Status.STOPPED)

    return amend(book, plan, RevisionKind.STOP, asked, change, needs_order=True, findings=findings)


def first_dose_day(book: Book, plan: Plan, course: Course) -> date:
    """Return the first day of exposure: of the first intake when recorded, else as planned."""
    if plan.tracked is False:
        return course.day_one
    from medsched.domain.administration import intakes

    taken = intakes(book.unit.records.of_plans([plan.number]))
    if not taken:
        return course.day_one
    zone = course.itinerary.zone_at(taken[0].at)
    return min(course.day_one, taken[0].at.astimezone(zone).date())


def _taper(
    plan: Plan,
    course: Course,
    current: Prescription,
    protocol: Protocol,
    day: date,
    choice: TaperChoice,
) -> tuple[Phase, ...]:
    """Return the phases of the taper from the doses of the day before."""
    running = phase_on(course, max(day - DAY, course.start))
    dosage = running.dosage
    if dosage is None:
        raise NothingToTaper(plan)
    slots = pattern_of(dosage)
    tracks = {one.track for one in course.phases if one.first_day <= day <= one.last_day}
    if slots is None or len(tracks) > 1 or not isinstance(dosage, OnDays):
        raise NoTaper(plan)
    on_hand = choice.on_hand or current.strengths
    start = TaperStart(medication=protocol.medication, slots=slots, on_hand=on_hand)
    taper = taper_of(start, protocol.stopping, choice)
    rule = protocol.stopping.rule if protocol.stopping else ""
    return phases(taper, times=dosage.times, rule=rule)


def _length(laid: tuple[Phase, ...]) -> int:
    return sum(getattr(one.bounds, "days", 0) for one in laid)
