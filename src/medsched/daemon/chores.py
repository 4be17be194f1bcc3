"""What a daemon does beside reminding, each in its own time: tidying, and checking plans again.

A chore that fails is logged by its class and done again at its next time; it neither
holds a reminder up nor ends the daemon.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.daemon.alarm import Duty
from medsched.errors import MedschedError
from medsched.services.book import seconds
from medsched.services.check import stopped_everywhere
from medsched.services.zone_rules import displaced_everywhere

if TYPE_CHECKING:
    from medsched.services.ports import Clock, Store
    from medsched.store.copies import Copies

_LOG: Final = logging.getLogger("medsched.daemon")

CARE_SECONDS: Final = 3600.0
RECHECK_SECONDS: Final = 86400.0
"""Once a day, and soon after the start."""

KEPT: Final = timedelta(days=30)
"""Closed reminders older than that are deleted, with their log."""

_TOKENS_KEPT: Final = timedelta(days=7)


class Chores:
    """The chores of one database."""

    def __init__(self, store: Store, clock: Clock, copies: Copies | None = None) -> None:
        """Keep where to look.

        Args:
            copies: The backups that are made by themselves, None for none.
        """
        self._store, self._clock, self._copies = store, clock, copies

    @property
    def duties(self) -> tuple[Duty, ...]:
        """All of them, for the alarm."""
        return (
            Duty("care", CARE_SECONDS, self.care),
            Duty("backup", CARE_SECONDS, self.back_up),
            Duty("recheck", RECHECK_SECONDS, self.recheck),
        )

    def care(self) -> None:
        """Delete what is long over."""
        now = self._clock.now()
        try:
            with self._store.writing() as unit:
                rows = unit.outbox.prune(seconds(now - KEPT))
                unit.tokens.prune(now - _TOKENS_KEPT)
                unit.daemons.forget(now - _TOKENS_KEPT)
        except MedschedError as refused:
            failed("care", refused)
        else:
            _LOG.info("care: %d old reminders deleted", rows)

    def back_up(self) -> None:
        """Make a backup when one is due; one that fails is tried again in an hour."""
        if self._copies is None:
            return
        try:
            made = self._copies.make_if_due()
        except MedschedError as refused:
            failed("backup", refused)
            return
        if made is not None:
            _LOG.info("backup: made and checked")

    def recheck(self) -> None:
        """Check every plan of everybody again; log what stops one, by number and rule.

        Also log whose doses the rules of their time zone would put elsewhere by now.
        """
        try:
            with self._store.reading() as unit:
                found = stopped_everywhere(unit, self._clock.now())
                moved = displaced_everywhere(unit, self._clock.now())
        except MedschedError as refused:
            failed("recheck", refused)
            return
        for number, rule in found:
            _LOG.warning(
                "finding: rule %s stops prescription %d; see medsched check",
                rule,
                number,
                extra={"codes": (rule,)},
            )
        for one in moved:
            told = (one.count, one.number)
            _LOG.warning(
                "zone: its rules changed for %d doses of prescription %d; see medsched check", *told
            )


def failed(chore: str, refused: MedschedError) -> None:
    """Log that a chore could not be done, by classes only."""
    code = type(refused).__name__
    _LOG.warning("%s: %s; it is tried again", chore, code, extra={"codes": (chore, code)})
