"""Doses become entries of a calendar.

An entry's UID comes from the dose's key, its version from the revision that last changed
the dose and from what was recorded about it: the same facts always give the same entry,
and no clock is read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha1
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from medsched.domain.administration import AdministrationStatus, standing
from medsched.domain.dose import dose_key
from medsched.frozen import replace
from medsched.services.book import EPOCH, explain_draft, row_key, seconds
from medsched.services.discreet import hidden
from medsched.services.feed_entry import CalendarForm, EntryStatus, FeedEntry, TimesForm
from medsched.services.ports import RowKey, Withdrawal
from medsched.services.publish_how import OPEN_FORM, NamesShown, Publication
from medsched.services.publish_words import PROPOSED, Texts, settled_words, texts_of
from medsched.services.sound_rows import sound_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from medsched.domain.administration import Administration
    from medsched.domain.person import Itinerary, Person
    from medsched.services.book import Book
    from medsched.services.planning import DraftPlan
    from medsched.services.ports import DoseRow, Plan, WithdrawnDose

_VARIANT: Final = dict(zip("0123456789abcdef", "89ab" * 4, strict=True))


def entry_uid(key: str, dose: str) -> str:
    """Return the UID of a dose's entry: the same in file, feed and CalDAV, for ever.

    It comes from the prescription's key and the dose's day and place, so a moved or
    changed dose keeps it.

    >>> entry_uid("6a4f6c1e-7d0b-5a3e-9c55-2f1d8b6e4a90", "1-20260302-1")
    '3a841798-e0cc-5815-ab3c-62dce957b60b'
    """
    return named_uid(UUID(key).bytes, dose.partition("-")[2])


def named_uid(space: bytes, name: str) -> str:
    """Return `uuid.uuid5` of a namespace and a name as text, in a quarter of its time.

    Source:
        RFC 9562, section 5.5.
    """
    mark = sha1(space + name.encode(), usedforsecurity=False).hexdigest()
    return f"{mark[:8]}-{mark[8:12]}-5{mark[13:16]}-{_VARIANT[mark[16]]}{mark[17:20]}-{mark[20:32]}"


def draft_entries(plan: DraftPlan, how: Publication = OPEN_FORM) -> list[FeedEntry]:
    """Return the entries of a plan that is only shown; its version is that of its rules."""
    dated = plan.protocol.dated or plan.prescription.start
    revised = datetime.combine(dated, time(0), tzinfo=UTC)
    entries = []
    for dose in explain_draft(plan.events, plan.prescription, plan.course):
        texts = texts_of(dose, plan.protocol)
        entries.append(
            FeedEntry(
                uid=entry_uid(dose.prescription.key, dose.id),
                starts=dose.due,
                zone=str(dose.local.tzinfo),
                summary=texts.summary,
                description=texts.described(PROPOSED),
                sequence=0,
                revised=revised,
                minutes=how.minutes,
                alarms=how.alarms,
            )
        )
    return hidden(entries) if how.names is NamesShown.HIDDEN else entries


def plan_entries(
    book: Book,
    plans: Sequence[Plan],
    since: datetime,
    until: datetime,
    how: Publication = OPEN_FORM,
) -> list[FeedEntry]:
    """Return the entries of stored plans with `since` <= due < `until`, plan by plan.

    A taken or skipped dose keeps its entry and loses its alarm. A draft has no doses
    that are meant, so it has no entries. Names are shown; `discreet.hidden` hides them.
    """
    return [entry for plan in plans for entry in _of_plan(book, plan, since, until, how)]


def _of_plan(
    book: Book, plan: Plan, since: datetime, until: datetime, how: Publication
) -> Iterator[FeedEntry]:
    """Yield the entries of a plan; what many doses share is made once."""
    records = _by_dose(book.unit.records.of_plans([plan.number]))
    space = UUID(plan.key).bytes
    likes = _Likes(book)
    for row in sound_rows(book, plan, since, until):
        day = date.fromordinal(row.day)
        like = likes.of(row, day)
        due = EPOCH + timedelta(seconds=row.due)
        entry = FeedEntry(
            uid=named_uid(space, f"{day.year:04}{day.month:02}{day.day:02}-{row.slot}"),
            starts=due,
            zone=like.itinerary.zone_at(due).key,
            summary=like.texts.summary,
            description=like.description,
            sequence=row.sequence,
            revised=like.revised,
            minutes=how.minutes,
            alarms=how.alarms,
            url=how.link_to(row),
        )
        about = records.get(RowKey(row.prescription, row.day, row.slot)) if records else None
        yield _settled(entry, about, like.texts, book.person, how) if about else entry


def _settled(
    entry: FeedEntry,
    about: Sequence[Administration],
    texts: Texts,
    person: Person,
    how: Publication,
) -> FeedEntry:
    """Return the entry of a dose that something was recorded about; each record is a version."""
    settled = standing(about)
    return replace(
        entry,
        description=texts.described(*settled_words(settled, person, how)),
        sequence=entry.sequence + len(about),
        revised=max(entry.revised, *(whole(one.recorded_at) for one in about)),
        alarms=() if settled else entry.alarms,
        url=None if settled else entry.url,
        completed=_completed(settled),
    )


class _Like(NamedTuple):
    """What doses of one phase with one amount share."""

    texts: Texts
    description: str
    revised: datetime
    itinerary: Itinerary


class _Likes:
    """The likes met so far."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._known: dict[tuple[int, int, str, bool], _Like] = {}
        self._begin: dict[tuple[int, int], date] = {}

    def of(self, row: DoseRow, day: date) -> _Like:
        """Return what a dose shares with its likes; the first day of a phase says more."""
        phase = (row.revision, row.phase)
        begin = self._begin.get(phase)
        if begin is None:
            course = self._book.course(row.prescription, row.revision)
            begin = self._begin[phase] = course.phase(row.phase).first_day
        key = (row.revision, row.phase, row.amount, begin == day)
        like = self._known.get(key)
        if like is None:
            like = self._known[key] = self._made(row)
        return like

    def _made(self, row: DoseRow) -> _Like:
        dose = self._book.explain(row)
        texts = texts_of(dose, self._book.protocol(dose.prescription))
        revision = self._book.revision(row.prescription, row.revision)
        revised = whole(revision.created_at)
        return _Like(texts, texts.described(), revised, dose.course.itinerary)


def _completed(settled: Sequence[Administration]) -> datetime | None:
    if not settled or settled[-1].status is not AdministrationStatus.COMPLETED:
        return None
    return whole(settled[-1].at)


def withdrawn_entries(
    book: Book, plans: Sequence[Plan], since: datetime, until: datetime
) -> list[FeedEntry]:
    """Return CANCELLED entries of doses that were planned and are not meant any more."""
    numbers = [one.number for one in plans]
    gone = book.unit.plans.withdrawn(numbers, seconds(since), seconds(until))
    return [_withdrawn(book, one) for one in gone]


def _withdrawn(book: Book, gone: WithdrawnDose) -> FeedEntry:
    dose = book.explain(gone.row)
    revision = book.revision(gone.row.prescription, gone.by)
    why = "on hold" if gone.why is Withdrawal.HELD else "no longer planned"
    return FeedEntry(
        uid=entry_uid(dose.prescription.key, dose.id),
        starts=dose.due,
        zone=str(dose.local.tzinfo),
        summary=f"Not to be taken: {dose.prescription.medication.name}",
        description=f"This dose is {why}.",
        sequence=gone.row.sequence,
        revised=whole(revision.created_at),
        status=EntryStatus.CANCELLED,
        alarms=(),
    )


def file_form(
    name: str, times: TimesForm = TimesForm.UTC, *, compact: bool = False
) -> CalendarForm:
    """Return how a calendar file is written: no hint to refresh, for nobody fetches it again."""
    return CalendarForm(name=name, times=times, compact=compact, refresh_minutes=None)


def rows_by_uid(
    book: Book, plans: Sequence[Plan], since: datetime, until: datetime
) -> dict[str, tuple[Plan, DoseRow]]:
    """Return which dose each UID of an entry stands for."""
    return {
        named_uid(UUID(plan.key).bytes, f"{date.fromordinal(row.day):%Y%m%d}-{row.slot}"): (
            plan,
            row,
        )
        for plan in plans
        for row in book.rows(plan, since, until)
    }


def _by_dose(records: Iterable[Administration]) -> dict[RowKey, list[Administration]]:
    """Return the records of each dose, corrections with what they correct."""
    found: dict[RowKey, list[Administration]] = {}
    for one in records:
        key = row_key(dose_key(one.dose)) if one.dose else None
        if key is not None:
            found.setdefault(key, []).append(one)
    return found


def whole(at: datetime) -> datetime:
    """Return an instant in whole seconds, never earlier than what it stands for."""
    return at.replace(microsecond=0) + (timedelta(seconds=1) if at.microsecond else timedelta())
