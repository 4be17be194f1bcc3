"""What a take, a skip, an edit or a snooze does to reminders, in the same transaction.

A settled or changed dose cancels what is open about it. Whoever was alarmed hears once
that there is nothing to do any more, and channels that can take the message down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.services.outbox_ports import NewReminder, Reminder, Step
from medsched.services.ports import RowKey

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medsched.services.ports import DoseRow, Unit

DONE_FOR: Final = 12 * 3600
"""Seconds for which it is worth telling somebody that there is nothing to do."""


def dose_settled(unit: Unit, row: DoseRow, record: int, now: int) -> None:
    """Cancel a dose's reminders and tell whoever was alarmed.

    Args:
        record: Number of the administration that settled it. now: UTC seconds.
    """
    _call_off(unit, row, f"{Step.DONE.value}-{record}", now)


def dose_reopened(unit: Unit, row: DoseRow) -> None:
    """Have a dose remind again, because the record that settled it was wrong."""
    unit.outbox.cancel([key_of_row(row)])
    unit.outbox.forget(row.prescription)
    unit.hurry()


def doses_changed(
    unit: Unit, rows: Iterable[DoseRow], number: int, revision: int, now: int
) -> None:
    """Cancel the reminders of doses that moved, changed or went; plan the rest anew.

    Args:
        rows: As they were. number: of the prescription. revision: that changed them.
    """
    for row in rows:
        _call_off(unit, row, f"{Step.DONE.value}-r{revision}", now)
    unit.outbox.forget(number)
    unit.hurry()


def snooze(unit: Unit, row: DoseRow, until: int) -> bool:
    """Hold a dose's reminders back until an instant, then remind once more.

    Caregivers are still told when their time comes.

    Returns:
        Whether there was a reminder to hold back, whose time is not over by then.
    """
    key = key_of_row(row)
    known = [
        one
        for one in unit.outbox.of_dose(key)
        if one.kind not in {Step.CARER, Step.DONE, Step.MISSED} and until < one.expires_at
    ]
    if not known:
        return False
    unit.outbox.snooze(key, until)
    like = known[0]
    step = f"{Step.SNOOZE.value}-{until}"
    unit.outbox.plan(
        [NewReminder(*key, step, like.channel, like.person, row.due, until, like.expires_at)]
    )
    unit.hurry()
    return True


def key_of_row(row: DoseRow | Reminder) -> RowKey:
    """Return what names a row's dose."""
    return RowKey(row.prescription, row.day, row.slot)


def _call_off(unit: Unit, row: DoseRow, step: str, now: int) -> None:
    key = key_of_row(row)
    unit.outbox.cancel([key])
    told = {
        (one.channel, one.person)
        for one in unit.outbox.of_dose(key)
        if one.kind is not Step.DONE and (one.shown or one.maybe_delivered)
    }
    if not told:
        return
    unit.hurry()
    unit.outbox.plan(
        NewReminder(*key, step, channel, person, row.due, now, now + DONE_FOR)
        for channel, person in sorted(told)
    )
