"""What a message says: when the dose was due, until when this holds, never "take now" alone.

A text may be read hours later, or twice. So it names absolute times, says that a repeat
is one in its first words, and carries no amount that was not checked.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from medsched.domain.plain_words import MONTHS, WEEKDAYS, and_words, counted_words
from medsched.frozen import frozen
from medsched.services.message import Button, Message, MessageKind, Urgency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.services.outbox_ports import Channel

NO_SECOND: Final = "Never take two doses at once to make up for a missed one."


class Say(StrEnum):
    """What a line tells about a dose; only TAKE invites to take it."""

    COMING = "coming"
    TAKE = "take"
    ADVICE = "advice"
    MISSED = "missed"
    NOT_KNOWN = "not known"
    DAMAGED = "damaged"
    STOPPED = "stopped"
    CARER = "carer"
    SETTLED = "settled"
    WITHDRAWN = "withdrawn"


@frozen
class Line:
    """One dose in a message.

    Args:
        say: What is told. due: on the person's clock. until: the last moment at which it
            holds, on the person's clock; None when it does not end.
        what: `examplin 25 mg: 1 tablet of 25 mg`; empty when names stay hidden or the
            stored amount cannot be trusted.
        reason: The advice in words; for SETTLED what was recorded: `taken at 08:12`.
        dose: Id of the dose, for its buttons.
        repeat: Something about this dose may have been seen before.
    """

    say: Say
    due: datetime
    dose: str
    until: datetime | None = None
    what: str = ""
    reason: str = ""
    repeat: bool = False


def message_of(
    lines: Sequence[Line],
    channel: Channel,
    initials: str,
    *,
    soft: bool = False,
    buttons: tuple[Button, ...] = (),
    moment: datetime | None = None,
) -> Message:
    """Return the message that tells these lines, by due.

    Args:
        initials: Of the person whose doses they are. soft: do not ring loudly.
        moment: Of the message that this one replaces; the latest due of its own by default.
    """
    ordered = sorted(lines, key=lambda one: (one.due, one.dose))
    body = [*_repeat_sentence(ordered), *(_words(one, initials) for one in ordered)]
    if any(one.say in {Say.TAKE, Say.ADVICE, Say.MISSED} for one in ordered) and len(ordered) > 1:
        body.append(NO_SECOND)
    settled = all(one.say in {Say.SETTLED, Say.WITHDRAWN} for one in ordered)
    ends = [one.until for one in ordered if one.until is not None]
    return Message(
        kind=MessageKind.CLEAR if settled else MessageKind.SHOW,
        thread=thread_of(channel, moment or max(one.due for one in ordered)),
        title=_title(ordered, initials),
        body="\n".join(body),
        urgency=_urgency(ordered, soft=soft),
        valid_until=max(ends) if ends else None,
        buttons=buttons,
    )


def thread_of(channel: Channel, due: datetime) -> str:
    """Return an opaque id for one moment on one channel: later messages replace earlier ones."""
    text = f"{channel.url}|{channel.number}|{channel.person}|{due.timestamp():.0f}"
    return sha256(text.encode()).hexdigest()[:24]


def clock_words(at: datetime) -> str:
    """Return a time with its day in words, on the clock it is given on.

    >>> clock_words(datetime(2026, 3, 2, 8, 5))
    '08:05 on Monday 2 March'
    """
    return f"{at:%H:%M} on {WEEKDAYS[at.weekday()]} {at.day} {MONTHS[at.month - 1]}"


def _urgency(lines: Sequence[Line], *, soft: bool) -> Urgency:
    if soft or all(one.say in {Say.SETTLED, Say.WITHDRAWN, Say.COMING} for one in lines):
        return Urgency.LOW
    return Urgency.HIGH if any(one.repeat for one in lines) else Urgency.NORMAL


def _title(lines: Sequence[Line], initials: str) -> str:
    who = f"{initials}: " if initials else ""
    repeat = "Repeat reminder - " if any(_is_repeat(one) for one in lines) else ""
    times = and_words([f"{one:%H:%M}" for one in sorted({line.due for line in lines})])
    kinds = {one.say for one in lines}
    if kinds <= {Say.SETTLED, Say.WITHDRAWN}:
        return f"{who}{times}: nothing to do"
    if kinds == {Say.COMING}:
        return f"{who}dose at {times} is coming up"
    if kinds == {Say.CARER}:
        return f"{who}no record of the dose due at {times}"
    if kinds == {Say.STOPPED}:
        return f"{who}call before you take the dose due at {times}"
    if kinds == {Say.MISSED}:
        return f"{who}the dose due at {times} was not recorded"
    doses = "dose" if len(lines) == 1 else counted_words(len(lines), "dose")
    return f"{repeat}{who}{doses} due at {times}"


def _is_repeat(line: Line) -> bool:
    return line.repeat and line.say in {Say.TAKE, Say.ADVICE, Say.DAMAGED}


def _repeat_sentence(lines: Sequence[Line]) -> list[str]:
    times = sorted({one.due for one in lines if _is_repeat(one)})
    if not times:
        return []
    which = " or ".join(f"{one:%H:%M}" for one in times)
    return [f"Repeat reminder - if you have already taken the {which} dose, do not take another."]


_SENTENCES: Final = {
    Say.TAKE: "Dose due at {when}.{what}{until}{more} Take it once only.",
    Say.COMING: "A dose is due at {when}.{what} Do not take it before then.",
    Say.ADVICE: "About the dose due at {when}:{what}{more}{until}",
    Say.MISSED: "The dose due at {when} was not recorded.{what}{more}",
    Say.NOT_KNOWN: (
        "It is not known whether the dose due at {when} was taken: records were lost. If it"
        " was, record it. If you are not sure, leave it out. Ask your pharmacist or prescriber."
    ),
    Say.DAMAGED: (
        "A dose is due at {when}, but its stored amount cannot be trusted. Do not go by this"
        " message; look at your written plan. Ask your pharmacist or prescriber."
    ),
    Say.STOPPED: (
        "A dose is due at {when}, but a safety finding stops this plan: do not take it before"
        " you have called the prescriber. `medsched today` says why."
    ),
    Say.CARER: (
        "{who} has not recorded the dose due at {when}.{what}{until} It may have been taken:"
        " ask before anything is taken."
    ),
    Say.SETTLED: "The dose due at {when}:{more}, nothing to do.",
    Say.WITHDRAWN: "The dose due at {when}: the plan has changed, nothing to do.",
}
"""Every kind of line has one."""


def _words(line: Line, initials: str) -> str:
    return _SENTENCES[line.say].format(
        when=clock_words(line.due),
        who=initials or "The person",
        what=f" {line.what}." if line.what else "",
        until="" if line.until is None else f" Valid until {_end_words(line)}.",
        more=f" {line.reason}" if line.reason else "",
    )


def _end_words(line: Line) -> str:
    assert line.until is not None  # noqa: S101  # asked for only then
    same_day = line.until.date() == line.due.date()
    return f"{line.until:%H:%M}" if same_day else clock_words(line.until)


def fallback(channel: Channel, initials: str, due: datetime) -> Message:
    """Return the plainest message there is, for a dose of which nothing else can be said."""
    line = Line(say=Say.DAMAGED, due=due, dose="", repeat=True, until=due + timedelta(hours=1))
    return message_of([line], channel, initials)
