"""What an entry of a calendar says about a dose, in words.

Doses of one phase with one amount say the same, so their texts are made once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.domain.administration import AdministrationStatus
from medsched.domain.medication import pieces_words
from medsched.domain.plain_words import date_words, time_words
from medsched.services.dose_words import change_words, step_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from medsched.domain.administration import Administration
    from medsched.domain.person import Person
    from medsched.domain.protocol import Protocol
    from medsched.services.book import ExplainedDose
    from medsched.services.publish_how import Publication

DISCLAIMER: Final = (
    "For information only, no medical advice. Ask your doctor or pharmacist before you"
    " start, stop or change a medicine."
)
PROPOSED: Final = "Proposed, not confirmed by a prescriber."


class Texts(NamedTuple):
    """The summary, and the lines before and after what is known of the single dose."""

    summary: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def described(self, *notes: str) -> str:
        """Return the description with these notes in it."""
        return "\n".join((*self.before, *notes, *self.after))


def texts_of(dose: ExplainedDose, protocol: Protocol) -> Texts:
    """Return what the entries of a dose and of all its likes say."""
    medication = dose.prescription.medication
    pieces = pieces_words(dose.pieces, medication.form)
    late = (protocol.texts.late_line,) if protocol.texts.late_line else ()
    return Texts(
        summary=f"{medication.name} {dose.amount}: {pieces}",
        before=tuple(_first_lines(dose, pieces)),
        after=(*late, protocol.texts.disclaimer or DISCLAIMER),
    )


def _first_lines(dose: ExplainedDose, pieces: str) -> Iterator[str]:
    medication, phase = dose.prescription.medication, dose.phase
    yield f"Take {pieces} ({dose.amount}) {medication.route.value}."
    yield f"{step_words(dose.course, phase).capitalize()} ({phase.kind.value})."
    change = _change(dose)
    if change:
        yield f"Change of dose: {change}."


def _change(dose: ExplainedDose) -> str:
    """Return the change of dose in words on the first day of a phase, else nothing."""
    phase = dose.phase
    if dose.day != phase.first_day:
        return ""
    before = [
        one for one in dose.course.phases if one.track == phase.track and one.number < phase.number
    ]
    if not before or before[-1].dosage == phase.dosage:
        return ""
    return change_words(before[-1], phase)


def settled_words(
    settled: Sequence[Administration], person: Person, how: Publication
) -> tuple[str, ...]:
    """Return when a dose was taken or skipped, on the person's clock; nothing while it is open."""
    if not settled:
        return ()
    last = settled[-1]
    local = last.at.astimezone(person.itinerary.zone_at(last.at))
    word = "Taken" if last.status is AdministrationStatus.COMPLETED else "Skipped"
    clock = time_words(local.time().replace(second=0, microsecond=0), hours24=how.hours24)
    return (f"{word} on {date_words(local.date())} at {clock}.",)
