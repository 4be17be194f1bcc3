"""What a channel still shows: which message told a dose, and what else that message told.

A message is replaced as a whole. After a night one message tells many doses under the
latest of their times; when one of them is settled, that very message must come down or be
said anew without it, and not one that was never sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from medsched.services.outbox_changes import key_of_row
from medsched.services.outbox_ports import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.services.outbox_ports import Reminder, ReminderRow
    from medsched.services.ports import RowKey, Unit

REACH: Final = 2 * 86_400
"""Seconds around a dose within which one message may have told others with it."""


class Shown(NamedTuple):
    """A message on display.

    Attributes:
        moment: When the latest dose in it is due: later messages of the same moment
            replace it. rows: what it told.
    """

    moment: int
    rows: tuple[ReminderRow, ...]


def shown_with(unit: Unit, numbers: Sequence[int], about: Reminder) -> list[Shown]:
    """Return the messages on a row's channel that replaced or told its dose; the largest first.

    When nothing is known to be on display, it is the message of the dose's own time.

    Args:
        numbers: Of the prescriptions whose doses may have been told together.
    """
    messages: dict[int, list[ReminderRow]] = {}
    for row in _told(unit, numbers, about):
        messages.setdefault(_sent(row), []).append(row)
    latest: dict[int, tuple[ReminderRow, ...]] = {}
    concerned = set()
    for sent in sorted(messages):
        rows = tuple(messages[sent])
        moment = max(one.due for one in rows)
        latest[moment] = rows
        if any(key_of_row(one) == key_of_row(about) for one in rows):
            concerned.add(moment)
    found = [Shown(moment, latest[moment]) for moment in sorted(concerned)]
    found.sort(key=lambda one: -len(one.rows))
    return found or [Shown(about.due, ())]


def _told(unit: Unit, numbers: Sequence[int], about: Reminder) -> list[ReminderRow]:
    """Return what may be on display on the row's channel, of doses around it."""
    return [
        row
        for key in _around(unit, numbers, about)
        for row in unit.outbox.of_dose(key)
        if row.channel == about.channel
        and row.kind is not Step.DONE
        and (row.shown or row.maybe_delivered)
    ]


def _around(unit: Unit, numbers: Sequence[int], about: Reminder) -> set[RowKey]:
    """Return the doses around a row's, withdrawn ones too, for a message may name them."""
    since, until = about.due - REACH, about.due + REACH
    doses = unit.plans.doses(numbers, since, until)
    gone = unit.plans.withdrawn(numbers, since, until)
    rows = (*doses, *(one.row for one in gone))
    return {key_of_row(about), *(key_of_row(one) for one in rows)}


def _sent(row: ReminderRow) -> int:
    """Return what the rows of one message share: when it was sent, or when it is tried again."""
    return row.ready_at if row.sent_at is None else row.sent_at
