"""Every protocol in every form is a sound calendar, at the database's own instants, and discreet.

The readers are programs that nobody here wrote; the linter holds no calendar library.
"""

from __future__ import annotations

import base64
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from tests.contract.calendar_cases import HOSTILE
from tests.contract.calendar_readers import READERS, faults, rfc_lint, unfolded
from tests.fakes.memory_store import MemoryStore

from medsched.calendar.render import render
from medsched.domain.person import Person, at_home
from medsched.protocols import load
from medsched.services.book import Book
from medsched.services.exporting import file_entries, lasting_entries
from medsched.services.feed_entry import TimesForm
from medsched.services.feeds import FeedChoice, FeedSettings, add_feed, feed_entries, form_of
from medsched.services.plan import Order, adopt
from medsched.services.planning import Choices, draft
from medsched.services.publish import file_form
from medsched.services.publish_how import ALL_KINDS, NamesShown, Publication
from medsched.services.record import skip_dose, take_dose
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from medsched.services.feed_entry import FeedEntry
    from medsched.services.ports import Unit

CONFIG = Path(__file__).resolve().parents[2] / "config" / "protocols"
TABLES = {path.stem: tomllib.loads(path.read_text()) for path in sorted(CONFIG.glob("*.toml"))}
START = date(2026, 3, 2)
NOW = datetime(2026, 3, 1, 18, tzinfo=UTC)


@dataclass
class Plans:
    """Plans of one person in a store that holds them in memory."""

    store: MemoryStore
    person: str
    now: datetime = NOW

    def book(self, unit: Unit) -> Book:
        person = unit.people.by_id(self.person)
        assert person is not None
        return Book(unit, person)

    def file(self, how: Publication, *, lasting: bool = False, days: int = 60) -> list[FeedEntry]:
        make: Callable[..., list[FeedEntry]] = lasting_entries if lasting else file_entries
        with self.store.writing() as unit:
            until = self.now + timedelta(days=days)
            return make(self.book(unit), NOW - timedelta(days=9), until, self.now, how)

    def feed(self, names: NamesShown) -> bytes:
        with self.store.writing() as unit:
            book = self.book(unit)
            choice = FeedChoice(names=names, kinds=ALL_KINDS, label="milnacipran 50 mg")
            feed = add_feed(book, names.value, choice, self.now)
            entries = feed_entries(book, feed, FeedSettings(), self.now)
        data: bytes = render(entries, form_of(feed))
        return data

    def settle_some(self) -> None:
        """Take the first dose and skip the second, if there are any."""
        with self.store.writing() as unit:
            book = self.book(unit)
            for plan in unit.plans.of_person(self.person):
                rows = unit.plans.doses_of_days(plan.number, 1, 3_000_000)[:2]
                for row, taken in zip(rows, (True, False), strict=False):
                    at = datetime.fromtimestamp(row.due, UTC)
                    self.now = max(self.now, at)
                    dose = f"{plan.number}-{date.fromordinal(row.day):%Y%m%d}-{row.slot}"
                    if taken:
                        take_dose(book, plan, dose, Taking(at=at, now=at))
                    else:
                        skip_dose(book, plan, dose, reason="ill", by="me", now=at)


def key(number: int) -> str:
    return f"8a6f2b1c-2f57-4a2e-9c3b-{number:012d}"


def plans_of(
    *protocols: str,
    zone: str = "Europe/Berlin",
    slots: tuple[time, ...] | None = None,
    start: date = START,
    days: int = 60,
) -> Plans:
    """Return plans of these protocols that were ordered the evening before they start."""
    plans = Plans(MemoryStore(), "")
    plans.now = datetime.combine(start - timedelta(days=1), time(18), tzinfo=UTC)
    with plans.store.writing() as unit:
        new = Person(name="me", itinerary=at_home(ZoneInfo(zone)))
        person = unit.people.add(new, plans.now)
        plans.person = person.id
        for number, name in enumerate(protocols):
            choices = Choices(start=start, slots=slots, ordered_by="Dr Gray")
            plan = draft(load(name)[0], person, choices, today=start, days=days)
            order = Order(ordered_by="Dr Gray")
            adopt(unit, plan, key=key(number), order=order, now=plans.now, horizon_days=days)
    return plans


def may_be_planned(name: str) -> bool:
    from medsched.errors import MedschedError

    try:
        plans_of(name)
    except MedschedError:
        return False
    return True


def sound(data: bytes) -> None:
    assert faults(data) == []
    assert rfc_lint(data) == []


FULL, HIDDEN = NamesShown
FORMS = (
    (TimesForm.UTC, FULL, False),
    (TimesForm.ZONED, FULL, False),
    (TimesForm.FLOATING, FULL, False),
    (TimesForm.ZONED, HIDDEN, False),
    (TimesForm.UTC, FULL, True),
    (TimesForm.FLOATING, HIDDEN, True),
)
"""Times, names, and whether doses in a row are series."""


@pytest.mark.parametrize("name", TABLES)
def test_every_protocol_in_every_form_is_a_sound_calendar(name: str) -> None:
    if not may_be_planned(name):
        pytest.skip("it is not planned without more facts")
    plans = plans_of(name, days=10)
    plans.settle_some()
    for times, names, compact in FORMS:
        how = Publication(names=names, kinds=ALL_KINDS, alarms=(30, 0), hours24=not compact)
        entries = plans.file(how, lasting=compact, days=9)
        if entries:
            sound(render(entries, file_form("Doses", times, compact=compact)))


@pytest.mark.parametrize("names", list(NamesShown))
def test_a_feed_of_everything_is_a_sound_calendar(names: NamesShown) -> None:
    plans = plans_of("milnacipran")
    plans.settle_some()
    sound(plans.feed(names))


def test_most_protocols_are_among_them() -> None:
    assert sum(may_be_planned(name) for name in TABLES) >= 15


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_in_a_plan_break_no_calendar(text: str) -> None:
    from dataclasses import replace

    plans = plans_of("milnacipran")
    entries = plans.file(Publication())[:3]
    spoilt = [replace(one, summary=text, description=text * 2) for one in entries]
    sound(render(spoilt, file_form(text)))


YEARS = [
    ("America/New_York", (time(2, 30), time(14))),
    ("America/New_York", (time(1, 30), time(14))),
    ("Europe/Berlin", (time(2, 30), time(20))),
    ("Australia/Lord_Howe", (time(2, 15), time(14))),
    ("Australia/Lord_Howe", (time(1, 45), time(14))),
    ("Africa/Casablanca", (time(2, 30), time(14))),
    ("Pacific/Apia", (time(3, 30), time(20))),
]


@pytest.mark.parametrize(("zone", "slots"), YEARS)
def test_readers_see_the_database_s_own_instants_through_a_year(
    zone: str, slots: tuple[time, ...]
) -> None:
    """With doses in the hour that spring skips and in the one that autumn repeats."""
    plans = plans_of("milnacipran", zone=zone, slots=slots, days=366)
    with plans.store.reading() as unit:
        rows = unit.plans.doses_of_days(1, 1, 3_000_000)
    wanted = Counter(datetime.fromtimestamp(row.due, UTC) for row in rows)
    assert len(wanted) > 700
    entries = plans.file(Publication(), days=380)
    data = render([one for one in entries if one.starts in wanted], file_form("x"))
    first, last = min(wanted) - timedelta(days=2), max(wanted) + timedelta(days=2)
    for reader in ("recurring-ical-events", "Home Assistant's ical"):
        assert READERS[reader](data, first, last) == wanted, reader


def test_thunderbird_s_engine_sees_them_too() -> None:
    plans = plans_of("milnacipran", zone="Australia/Lord_Howe", slots=(time(1, 45), time(14)))
    entries = plans.file(Publication())
    wanted = Counter(one.starts for one in entries)
    first, last = min(wanted) - timedelta(days=2), max(wanted) + timedelta(days=2)
    assert READERS["ical.js"](render(entries, file_form("x")), first, last) == wanted


def vocabulary() -> set[str]:
    """Return what would tell what somebody takes: every text and number of every protocol."""
    words: set[str] = set()
    for name, table in TABLES.items():
        words |= {part for part in name.split("-") if len(part) > 3}
        words |= set(texts_in(table))
    common = {"reminder", "reminders", "class", "event", "calendar", "version", "private"}
    common |= {"display", "description", "status", "confirmed", "action", "trigger", "name"}
    common |= {"sequence", "begin", "summary", "start", "medsched", "scale", "cancelled"}
    common |= {"interval", "published", "standard", "refresh", "duration"}
    common |= {"count", "daily", "weekly", "yearly", "daylight"}
    return {one for one in words if one not in common}


def texts_in(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield from (one for one in re.findall(r"[^\W\d_]{5,}", value.lower()))
            yield from re.findall(r"\d+(?:\.\d+)? ?(?:mg|mcg|ml|units)\b", value.lower())
        case dict():
            for each in value.values():
                yield from texts_in(each)
        case list():
            for each in value:
                yield from texts_in(each)
        case _:
            pass  # numbers and dates without a unit are in every calendar


def decoded(data: bytes) -> str:
    """Return all that a calendar says: unfolded, unescaped, and whatever is base64 in it."""
    text = "\n".join(unfolded(data))
    text += text.replace("\\n", "\n").replace("\\", "")
    for blob in re.findall(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        text += base64.b64decode(blob + "=" * (-len(blob) % 4), validate=False).decode("latin-1")
    return text.lower()


def found_in(data: bytes, words: set[str]) -> set[str]:
    said = decoded(data)
    tokens = set(re.findall(r"[^\W\d_]{5,}", said))
    return {one for one in words if (one in tokens if one.isalpha() else one in said)}


@pytest.mark.parametrize("settled", [False, True])
def test_nothing_hidden_holds_a_word_of_any_protocol(settled: bool) -> None:
    names = [name for name in TABLES if may_be_planned(name)][:6]
    plans = plans_of(*names)
    if settled:
        plans.settle_some()
    words = vocabulary()
    assert len(words) > 500
    assert found_in(plans.feed(NamesShown.HIDDEN), words) == set()
    for compact in (False, True):
        entries = plans.file(Publication(names=NamesShown.HIDDEN, kinds=ALL_KINDS), lasting=compact)
        assert found_in(render(entries, file_form("Reminders", compact=compact)), words) == set()
        starts = [one.starts for one in entries]
        assert len(set(starts)) == len(starts)


def test_the_scan_finds_what_is_not_hidden() -> None:
    plans = plans_of("milnacipran")
    found = found_in(plans.feed(NamesShown.FULL), vocabulary())
    assert "milnacipran" in found
    assert "tablet" in found
