"""A dosing calendar read back: which of its entries are doses of this plan, and what was done.

A calendar holds no rules, so no plan can be made of it; a plan moves to another machine
by `backup` and `restore`. What a file does hold is what was taken and when. Where the
plan was begun anew on another machine, those records can be brought over.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from medsched.domain.plain_words import MONTHS
from medsched.domain.walltime import instant_at
from medsched.errors import MedschedError
from medsched.frozen import frozen, replace
from medsched.services.agenda import followed
from medsched.services.book import dose_id
from medsched.services.feed_entry import EntryStatus
from medsched.services.publish import plan_entries
from medsched.services.record import skip_dose, take_dose
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from medsched.services.book import Book
    from medsched.services.feed_entry import FeedEntry
    from medsched.services.ports import DoseRow, Plan

_DAY: Final = timedelta(days=1)
_DONE: Final = re.compile(
    rf"^(Taken|Skipped) on \w+ (\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}}) at (.{{4,8}})\.$",
    re.MULTILINE,
)
_CLOCK: Final = re.compile(r"(\d{1,2}):(\d{2})(?: (AM|PM))?")
_WORDS: Final = {"12 noon": "12:00", "midnight": "00:00"}
_NOON: Final = 12

UID_FORM: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
"""What the UIDs of our entries look like, whatever program exported them last."""


class Match(StrEnum):
    """What an entry of a file is to the plans that are stored here."""

    SAME = "same"
    MOVED = "moved"
    ALIKE = "alike"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


@frozen
class Imported:
    """One entry of a file.

    Args:
        match: SAME: this very dose at this instant; MOVED: this dose, at another instant;
            ALIKE: another plan's dose that says the same at the same instant (the plan
            was begun anew here); CANCELLED: it was taken back; UNKNOWN: no dose here.
        dose: Id of the dose here, empty when there is none.
        done: `taken`, `skipped`, or empty while the file tells of nothing; at: when.
        recorded: Whether that was recorded here now; trouble: why not.
    """

    uid: str
    starts: datetime
    match: Match
    dose: str = ""
    done: str = ""
    at: datetime | None = None
    recorded: bool = False
    trouble: str = ""


def compare(book: Book, entries: Sequence[FeedEntry]) -> list[Imported]:
    """Return what each entry of a file is to the plans stored here; nothing is stored."""
    if not entries:
        return []
    since = min(one.starts for one in entries) - _DAY
    until = max(one.starts for one in entries) + _DAY
    known = _doses(book, since, until)
    by_uid = {entry.uid: (entry, row) for entry, row in known}
    by_words = {(entry.starts, entry.summary): (entry, row) for entry, row in known}
    return [_compared(book, one, by_uid, by_words) for one in entries]


_Known = dict[str, tuple["FeedEntry", "DoseRow"]]
_Worded = dict[tuple[datetime, str], tuple["FeedEntry", "DoseRow"]]


def _doses(book: Book, since: datetime, until: datetime) -> list[tuple[FeedEntry, DoseRow]]:
    found: list[tuple[FeedEntry, DoseRow]] = []
    for plan in followed(book):
        rows = book.rows(plan, since, until)
        found += zip(plan_entries(book, [plan], since, until), rows, strict=True)
    return found


def _compared(book: Book, one: FeedEntry, by_uid: _Known, by_words: _Worded) -> Imported:
    here = by_uid.get(one.uid)
    alike = by_words.get((one.starts, one.summary))
    if one.status is EntryStatus.CANCELLED:
        return Imported(uid=one.uid, starts=one.starts, match=Match.CANCELLED)
    found = here or alike
    if found is None:
        return Imported(uid=one.uid, starts=one.starts, match=Match.UNKNOWN)
    if here is None:
        match = Match.ALIKE
    else:
        match = Match.SAME if here[0].starts == one.starts else Match.MOVED
    done, at = done_of(one.description, book)
    return Imported(
        uid=one.uid, starts=one.starts, match=match, dose=dose_id(found[1]), done=done, at=at
    )


def done_of(description: str, book: Book) -> tuple[str, datetime | None]:
    """Return what a description says was done, and when, on the person's clock of that day."""
    found = _DONE.search(description)
    if found is None:
        return "", None
    word, day, month, year, clock = found.groups()
    wall = _CLOCK.fullmatch(_WORDS.get(clock, clock))
    if wall is None:
        return "", None
    hour, minute, half = int(wall[1]), int(wall[2]), wall[3]
    if half:
        hour = hour % _NOON + (_NOON if half == "PM" else 0)
    try:
        local = datetime(int(year), MONTHS.index(month) + 1, int(day), hour, minute, tzinfo=UTC)
    except ValueError:
        return "", None
    zone = book.person.itinerary.zone_at(local)
    return word.lower(), instant_at(local.date(), local.time(), zone)


def bring_over(book: Book, found: Iterable[Imported], now: datetime) -> list[Imported]:
    """Record here what the file says was done with doses that nothing is recorded of yet.

    Needs a writing unit. A second import of the same file records nothing.
    """
    plans = {plan.number: plan for plan in followed(book)}
    return [_brought(book, plans, one, now) for one in found]


def _brought(book: Book, plans: dict[int, Plan], one: Imported, now: datetime) -> Imported:
    if not one.dose or one.at is None or book.unit.records.settling(one.dose) is not None:
        return one
    plan = plans[int(one.dose.partition("-")[0])]
    try:
        if one.done == "taken":
            token = f"ics:{plan.key}:{one.dose}:{one.at.isoformat()}"
            if book.unit.records.by_token(token) is not None:
                return replace(one, trouble="it was brought over before, and undone here")
            take_dose(book, plan, one.dose, Taking(at=one.at, now=now, by="import", token=token))
        else:
            reason = "skipped, says an imported calendar"
            skip_dose(book, plan, one.dose, reason=reason, by="import", now=now)
    except MedschedError as why:
        return replace(one, trouble=str(why))
    return replace(one, recorded=True)
