"""A change of time zone: shown before it is adopted, and then a revision of every plan.

The itinerary only grows from now on, so what is past reads the same for ever.
"""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from medsched.domain.person import Itinerary, Stay, ZonePolicy
from medsched.domain.timeline import expand
from medsched.errors import MedschedError
from medsched.frozen import frozen, replace
from medsched.services.agenda import followed
from medsched.services.book import Book
from medsched.services.ports import Revision, RevisionKind
from medsched.services.revise import put_in_force

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from medsched.domain.dose import DoseEvent
    from medsched.domain.person import Person
    from medsched.services.ports import Plan

_BEFORE: Final = timedelta(days=1)
_AFTER: Final = timedelta(days=3)
_GRACE: Final = timedelta(minutes=1)


class JourneyInThePast(MedschedError):
    """A journey that began before now: doses of then are history."""

    def __init__(self, since: datetime, now: datetime) -> None:
        """Keep both instants, on the person's clock."""
        self.since, self.now = since, now
        super().__init__(
            f"from {since:%Y-%m-%d %H:%M}: is in the past, and the past is not rewritten;"
            f" use {now:%Y-%m-%d %H:%M} or later"
        )


class JourneyBackwards(MedschedError):
    """A journey that ends before it begins."""

    def __init__(self, since: datetime, until: datetime) -> None:
        """Keep both instants."""
        self.since, self.until = since, until
        super().__init__(
            f"until {until:%Y-%m-%d %H:%M}: is before the journey begins,"
            f" {since:%Y-%m-%d %H:%M}; use a later time"
        )


@frozen
class Journey:
    """Where somebody goes, from when, until when, and what the doses do meanwhile.

    `until` None: until told otherwise. All instants are aware UTC.
    """

    zone: ZoneInfo
    since: datetime
    until: datetime | None = None
    policy: ZonePolicy = ZonePolicy.FOLLOW_LOCAL


@frozen
class PlanAbroad:
    """The doses of one plan around the changes of zone, by the old and the new itinerary."""

    plan: Plan
    before: tuple[DoseEvent, ...]
    after: tuple[DoseEvent, ...]

    @property
    def longest_gap(self) -> timedelta:
        """The longest time between two doses of the new plan."""
        dues = [one.due for one in self.after]
        gaps = [later - earlier for earlier, later in itertools.pairwise(dues)]
        return max(gaps, default=timedelta())


def itinerary_with(person: Person, journey: Journey, now: datetime) -> Itinerary:
    """Return the person's itinerary with a journey; what was planned after it begins is replaced.

    Raises:
        JourneyInThePast, JourneyBackwards: as they say.
    """
    zone = person.itinerary.zone_at(now)
    if journey.since < now - _GRACE:
        raise JourneyInThePast(journey.since.astimezone(zone), now.astimezone(zone))
    if journey.until is not None and journey.until <= journey.since:
        raise JourneyBackwards(journey.since.astimezone(zone), journey.until.astimezone(zone))
    kept = tuple(one for one in person.itinerary.stays if one.since < journey.since)
    stays = (*kept, Stay(since=journey.since, zone=journey.zone, policy=journey.policy))
    if journey.until is not None:
        stays = (*stays, Stay(since=journey.until, zone=person.itinerary.home))
    return Itinerary(stays)


def preview(book: Book, journey: Journey, now: datetime) -> list[PlanAbroad]:
    """Return the doses of every plan around the journey's changes; stores nothing."""
    traveller = replace(book.person, itinerary=itinerary_with(book.person, journey, now))
    found = []
    for plan in followed(book):
        prescription = book.revision(plan.number, plan.current).prescription
        old = book.resolve(prescription)
        new = Book(book.unit, traveller).resolve(prescription)
        last = journey.until or journey.since
        since, until = journey.since - _BEFORE, min(last, journey.since + 30 * _BEFORE) + _AFTER
        found.append(
            PlanAbroad(
                plan=plan,
                before=tuple(expand(old, since, until)),
                after=tuple(expand(new, since, until)),
            )
        )
    return found


def adopt_journey(book: Book, journey: Journey, now: datetime, until_days: int) -> list[Plan]:
    """Store the journey, and put a revision of every plan in force from its beginning."""
    itinerary = itinerary_with(book.person, journey, now)
    traveller = replace(book.person, itinerary=itinerary)
    plans = followed(book)
    book.unit.people.save(traveller, now)
    abroad = Book(book.unit, traveller)
    return [_revised(abroad, plan, journey, now, until_days) for plan in plans]


def _revised(book: Book, plan: Plan, journey: Journey, now: datetime, until_days: int) -> Plan:
    prescription = book.revision(plan.number, plan.current).prescription
    number = max(plan.current, plan.draft) + 1
    revision = Revision(
        prescription=replace(prescription, revision=number),
        created_at=now,
        effective_from=max(journey.since, now),
        kind=RevisionKind.TRAVEL,
        reason=f"journey: {journey.policy.value}",
        ordered_by=prescription.ordered_by,
    )
    until = now.astimezone(journey.zone).date() + timedelta(days=until_days)
    after, _diff = put_in_force(book, plan, revision, until=until)
    if plan.draft:
        after = replace(after, draft=plan.draft)
        book.unit.plans.save(after)
    return after
