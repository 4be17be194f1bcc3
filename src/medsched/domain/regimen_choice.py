"""Which way to take a medicine fits what else is taken: chosen so, and checked so.

A rule may hold several regimens, some of them for people who take another medicine as
well. A name counts as it does in every other check (`Examplin 500 mg` is examplin), and
only what is taken on the day in question counts: what ended long ago chooses nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from medsched.domain.co_medication import first_dose, last_dose, matches
from medsched.domain.finding import DetectedIssue, IssueCode, general
from medsched.domain.safety_rules import Severity
from medsched.domain.walltime import DAY, day_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from medsched.domain.co_medication import Stretch
    from medsched.domain.person import Itinerary
    from medsched.domain.prescription import Prescription
    from medsched.domain.protocol import Protocol, Regimen
    from medsched.domain.washout import Taken

REGIMEN: Final = "regimen-choice"


def fitting_regimen(
    protocol: Protocol, others: Sequence[Stretch], day: date, itinerary: Itinerary
) -> Regimen | None:
    """Return the first regimen that is for what is taken on a local day; None when none is."""
    running = [one for one in others if _on(one, day, itinerary)]
    for regimen in protocol.regimens:
        if any(matches(one, regimen.when_taking, protocol.safety.classes) for one in running):
            return regimen
    return None


def _on(one: Stretch, day: date, itinerary: Itinerary) -> bool:
    begin, end = (
        datetime.combine(it, time(0), tzinfo=itinerary.home).astimezone(UTC)
        for it in (day, day + DAY)
    )
    begun = one.first is None or one.first < end
    return begun and (one.last is None or one.last >= begin)


def check_regimen(taken: Taken, prescription: Prescription) -> Iterator[DetectedIssue]:
    """Yield a finding when the plan's regimen is not the one for what else is taken.

    It counts on the day of the first dose, and for a plan that runs on the day of asking.
    """
    chosen = next((one for one in taken.protocol.regimens if one.id == prescription.regimen), None)
    if chosen is None or not any(one.when_taking for one in taken.protocol.regimens):
        return
    begin, last = first_dose(taken.course), last_dose(taken.course)
    at = begin if taken.since is None else max(begin, taken.since)
    if last is not None and last < at:
        return
    itinerary = taken.course.itinerary
    day = day_of(at, itinerary.zone_at(at))
    fitting = fitting_regimen(taken.protocol, taken.others, day, itinerary)
    if fitting is None and chosen.when_taking:
        wanted = ", ".join(sorted(chosen.when_taking))
        text = f"It is for people who take one of these as well: {wanted}. None is noted for then."
    elif fitting is not None and fitting.id != chosen.id:
        text = f"What else is taken calls for '{fitting.id}' ({fitting.title})."
    else:
        return
    message = (
        f"the way of taking {taken.medicine}: '{chosen.id}' ({chosen.title}) is chosen. {text}"
        " Ask the prescriber before the next dose."
    )
    yield general(REGIMEN, Severity.WARN, message, IssueCode.INTERACTION, subject=chosen.id)
