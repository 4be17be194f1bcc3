"""What a tap on a link may do now: show, or record once.

The token says which dose, whose, and what. Whether that is still right is decided from
this moment's advice, never from the moment at which the message was sent.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, assert_never

from medsched.domain.administration import AdministrationStatus
from medsched.domain.advice import Take
from medsched.domain.dose import dose_key
from medsched.frozen import frozen
from medsched.services.agenda import plan_lines
from medsched.services.book import Book, row_key, seconds
from medsched.services.ladder_settings import ladder_of
from medsched.services.messages import clock_words
from medsched.services.outbox_changes import snooze
from medsched.services.record import skip_dose, take_dose
from medsched.services.taking import Taking
from medsched.services.tokens import Action, TokenState, look, redeem

if TYPE_CHECKING:
    from medsched.services.agenda import AgendaLine
    from medsched.services.outbox_ports import Token
    from medsched.services.ports import Plan, Unit

OK: Final = 200
CONFLICT: Final = 409
GONE: Final = 410

_BUTTONS: Final = {
    Action.TAKEN: "Record it as taken now",
    Action.SNOOZE: "Remind me again later",
    Action.SKIP: "Record that I skip this dose",
}
_NO_TAKE: Final = "Nothing was recorded by opening this page."
_RECORD_LATE: Final = (
    "If you have already taken it, record it with its true time on the machine where your"
    " plan is kept."
)
_BY_LINK: Final = "by link"


@frozen
class Tapped:
    """What a page shows.

    Args:
        code: HTTP status. button: what the one button says; empty for none.
    """

    title: str
    lines: tuple[str, ...]
    code: int = OK
    button: str = ""


@frozen
class _Found:
    book: Book
    plan: Plan
    line: AgendaLine
    now: datetime

    @property
    def when(self) -> str:
        return clock_words(self.line.dose.local)


def look_at(unit: Unit, text: str, now: datetime) -> Tapped | None:
    """Return the page of a token's text, None when nobody knows it; nothing is changed."""
    looked = look(unit, text, now)
    if looked.token is None:
        return None
    found = _find(unit, looked.token, now)
    if found is None:
        return _not_planned()
    return _standing(found, looked.state, looked.token) or _offer(found, looked.token)


def press(unit: Unit, text: str, now: datetime) -> Tapped | None:
    """Do once what a token permits, if it is still right; one transaction.

    Raises:
        MedschedError: nothing was recorded, and the token is not used up.
    """
    looked = look(unit, text, now)
    if looked.token is None:
        return None
    found = _find(unit, looked.token, now)
    if found is None:
        return _not_planned()
    refused = _standing(found, looked.state, looked.token)
    if refused is not None:
        return refused
    used = redeem(unit, text, now)
    if used.state is not TokenState.GOOD or used.token is None:
        return _used(found)
    return _do(found, Action(used.token.action), used.token.digest)


def _find(unit: Unit, token: Token, now: datetime) -> _Found | None:
    person = unit.people.by_id(token.person)
    key = row_key(dose_key(token.dose))
    row = None if key is None else unit.plans.dose(key)
    plan = None if row is None else unit.plans.get(row.prescription)
    if person is None or row is None or plan is None or plan.person != person.id:
        return None
    book = Book(unit, person)
    due = book.explain(row).due
    lines = plan_lines(book, plan, due, due + timedelta(seconds=1), now)
    line = next((one for one in lines if one.dose.id == token.dose), None)
    return None if line is None else _Found(book=book, plan=plan, line=line, now=now)


def _not_planned() -> Tapped:
    said = ("The plan has changed since the message was sent.", _NO_TAKE)
    return Tapped(title="This dose is not planned any more", lines=said, code=GONE)


def _standing(found: _Found, state: TokenState, token: Token) -> Tapped | None:
    """Return the page of what has no button any more, None while the button is right."""
    if found.line.record is not None:
        return _settled(found)
    if state is TokenState.USED:
        return _used(found)
    advice = found.line.advice
    if Action(token.action) is Action.TAKEN and found.now < found.line.dose.due:
        return _not_yet(found)
    if state is TokenState.OVER or (
        Action(token.action) is Action.TAKEN and not isinstance(advice, Take)
    ):
        reason = "Its time is over." if advice is None else advice.reason
        lines = (f"About the dose due at {found.when}:", reason, _RECORD_LATE, _NO_TAKE)
        return Tapped(title="Too late for one tap", lines=lines, code=GONE)
    return None


def _not_yet(found: _Found) -> Tapped:
    """Return the page of a dose that was moved later after the message was sent."""
    lines = (
        f"The plan has changed since the message was sent: the dose is due at {found.when}.",
        _NO_TAKE,
    )
    return Tapped(title="Not due yet", lines=lines, code=CONFLICT)


def _settled(found: _Found) -> Tapped:
    record = found.line.record
    assert record is not None  # noqa: S101  # asked by the caller
    zone = found.book.person.itinerary.zone_at(record.at)
    taken = record.status is AdministrationStatus.COMPLETED
    what = f"taken at {clock_words(record.at.astimezone(zone))}" if taken else "not taken"
    lines = (
        f"The dose due at {found.when} is recorded already: {what}.",
        "There is nothing to do. Do not take another.",
    )
    return Tapped(title="Recorded already", lines=lines, code=CONFLICT)


def _used(found: _Found) -> Tapped:
    lines = (
        f"This link about the dose due at {found.when} was used before; it works once.",
        "Nothing more was recorded.",
    )
    return Tapped(title="Used already", lines=lines, code=CONFLICT)


def _offer(found: _Found, token: Token) -> Tapped:
    advice = found.line.advice
    initials = found.book.person.initials
    lines = [f"{initials}: the dose due at {found.when} (plan {found.plan.number})."]
    if advice is not None:
        lines.append(advice.reason)
    lines.append(_NO_TAKE)
    action = Action(token.action)
    return Tapped(
        title=f"Dose due at {found.line.dose.slot}", lines=tuple(lines), button=_BUTTONS[action]
    )


def _do(found: _Found, action: Action, digest: str) -> Tapped:
    match action:
        case Action.TAKEN:
            return _take(found, digest)
        case Action.SKIP:
            done = skip_dose(
                found.book,
                found.plan,
                found.line.dose.id,
                reason=_BY_LINK,
                by=_BY_LINK,
                now=found.now,
            )
            lines = (f"The dose due at {found.when}.", done.sentence)
            return Tapped(title="Recorded: not taken", lines=lines)
        case Action.SNOOZE:
            return _snooze(found)
        case _:
            assert_never(action)


def _take(found: _Found, digest: str) -> Tapped:
    taking = Taking(at=found.now, now=found.now, by=_BY_LINK, token=digest)
    done = take_dose(found.book, found.plan, found.line.dose.id, taking)
    dose = found.line.dose
    lines = [
        f"{dose.prescription.medication.name} {dose.amount}, due at {found.when}.",
        done.sentence,
        "Do not take another for this time.",
    ]
    if done.finding is not None:
        lines.append(done.finding.sentence)
    zone = found.book.person.itinerary.zone_at(found.now)
    title = f"Recorded: taken at {found.now.astimezone(zone):%H:%M}"
    return Tapped(title=title, lines=tuple(lines))


def _snooze(found: _Found) -> Tapped:
    row = found.line.dose.row
    ladder = ladder_of(found.book.unit, found.book.person.id, row.prescription)
    until = found.now + timedelta(minutes=ladder.snooze_minutes)
    if not snooze(found.book.unit, row, seconds(until)):
        lines = (f"No later reminder fits before the dose due at {found.when} is too late.",)
        return Tapped(title="No later reminder", lines=lines, code=CONFLICT)
    zone = found.book.person.itinerary.zone_at(until)
    lines = (f"The dose due at {found.when} is still open.",)
    return Tapped(title=f"Reminding again at {until.astimezone(zone):%H:%M}", lines=lines)
