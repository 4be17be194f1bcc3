"""An unchanged feed is not made again, and no feed is larger than programs read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.requests import Request
from tests.contract.calendar_cases import FORM, entry
from tests.feed_server import TOKEN, FeedHome

from medsched.domain.monitoring_rules import MonitoringKind
from medsched.services.events import switch
from medsched.services.feeds import FeedChoice
from medsched.services.publish_how import ALL_KINDS, NamesShown
from medsched.web.feeds import MOST_BYTES, FeedPages, accepts_gzip, within_limit

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response


def get(pages: FeedPages, token: str = TOKEN) -> Response:
    name = f"{token}.ics"
    scope = {
        "type": "http",
        "method": "GET",
        "path": f"/feeds/{name}",
        "headers": [],
        "path_params": {"name": name},
    }
    return pages.answer(Request(scope))


@pytest.fixture
def home(tmp_path: Path) -> FeedHome:
    """Return a home with one feed of everything."""
    made = FeedHome.begin(tmp_path / "home")
    made.add(FeedChoice(names=NamesShown.FULL, kinds=ALL_KINDS))
    return made


def test_a_feed_is_made_once_until_something_changes(home: FeedHome) -> None:
    pages = FeedPages(home.app)
    for _ in range(5):
        get(pages)
    assert pages.rendered == 1
    home.clock.at = home.story.at(date(2026, 3, 5)).now
    home.story.shift(1)
    get(pages)
    get(pages)
    assert pages.rendered == 2
    with home.app.store.writing() as unit:
        book = home.story.book(unit)
        switch(book, MonitoringKind.MOOD, home.clock.now(), on=False)
    get(pages)
    assert pages.rendered == 3
    home.clock.advance(days=1)
    get(pages)
    assert pages.rendered == 4


def test_who_may_not_read_makes_nothing(home: FeedHome) -> None:
    pages = FeedPages(home.app)
    assert get(pages, "x" * 43).status_code == 404
    assert pages.rendered == 0


def test_a_calendar_that_is_too_large_loses_its_last_days() -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    many = [
        entry(uid=f"dose-{number:05d}", starts=first + timedelta(minutes=20 * number))
        for number in range(5000)
    ]
    until = first + timedelta(days=70)
    body = within_limit(many, FORM, until)
    assert MOST_BYTES * 0.7 < len(body) <= MOST_BYTES
    assert b"UID:dose-00000\r\n" in body
    starts = sorted(line for line in body.splitlines() if line.startswith(b"DTSTART:"))
    assert starts[-1].endswith(b"T234000Z")
    assert within_limit(many[:10], FORM, until).count(b"BEGIN:VEVENT") == 10


@pytest.mark.parametrize(
    ("header", "gzip"),
    [("gzip", True), ("GZIP", True), ("*", False), ("identity", False), ("gzip; q=0", False)],
)
def test_gzip_is_sent_to_those_who_ask(header: str, gzip: bool) -> None:
    assert accepts_gzip(header) is gzip
