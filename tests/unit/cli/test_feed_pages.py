"""What the feed commands print about a feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from medsched.cli.feed_pages import feed_json, list_page, qr_code
from medsched.services.feed_ports import Feed

AT = datetime(2026, 3, 2, 7, 5, tzinfo=UTC)
FEED = Feed(person="1", digest="secret-digest", created_at=AT, number=3, label="Anna")
BERLIN = ZoneInfo("Europe/Berlin")


def test_a_fetched_feed_says_how_often_when_and_by_what() -> None:
    one = replace(FEED, fetched_at=AT, fetched_by="iOS", fetches=12)
    assert list_page([one], BERLIN) == (
        "3 (Anna): doses; names hidden; fetched 12 times,"
        " last on Monday 2 March 2026 at 08:05 by iOS"
    )


def test_not_even_the_digest_is_shown() -> None:
    assert "secret" not in str(feed_json(FEED)) + list_page([FEED], BERLIN)


def test_a_code_is_square_and_light_at_its_edge() -> None:
    lines = qr_code("webcal://x/feeds/y.ics").splitlines()
    assert len({len(one) for one in lines}) == 1
    assert set(lines[0]) == {"\u2588"}
