"""The feed server as a calendar program meets it: real HTTP, one secret, nothing made twice."""

from __future__ import annotations

import gzip
import logging
from dataclasses import replace
from datetime import date, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest
from tests.contract.calendar_readers import faults
from tests.feed_server import TOKEN, FeedHome, Reply, served

from medsched.services.feeds import FeedChoice, revoke_feed
from medsched.services.publish_how import NamesShown
from medsched.services.record import take_dose
from medsched.services.taking import Taking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FULL = FeedChoice(names=NamesShown.FULL)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[FeedHome]:
    """Serve a home with one feed of hidden names."""
    made = FeedHome.begin(tmp_path / "home")
    made.add()
    with served(made):
        yield made


def take_first(home: FeedHome) -> None:
    home.clock.at = home.story.at(date(2026, 3, 2), 8).now
    with home.app.store.writing() as unit:
        plan = unit.plans.of_person(home.story.person)[0]
        now = home.clock.now()
        take_dose(home.story.book(unit), plan, "1-20260302-1", Taking(at=now, now=now))


def test_a_feed_is_a_sound_calendar_with_every_header_it_needs(home: FeedHome) -> None:
    answer = home.ask(home.path())
    assert answer.status == 200
    assert faults(answer.body) == []
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["cache-control"] == "private, max-age=0, must-revalidate"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"].startswith("noindex")
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["etag"].startswith('"')
    assert parsedate_to_datetime(answer.headers["last-modified"]) == home.clock.now()
    assert "server" not in answer.headers
    assert "set-cookie" not in answer.headers


def test_two_fetches_are_the_same_bytes_and_the_second_is_not_made(home: FeedHome) -> None:
    first = home.ask(home.path())
    home.clock.advance(minutes=30)
    assert home.ask(home.path()) == replace_date(first, home.ask(home.path()))


def replace_date(first: Reply, other: Reply) -> Reply:
    """Return the first answer with the other's Date, which is the server's own clock."""
    return replace(first, headers={**first.headers, "date": other.headers["date"]})


def test_head_says_what_get_would_without_the_calendar(home: FeedHome) -> None:
    get, head = home.ask(home.path()), home.ask(home.path(), "HEAD")
    assert head.body == b""
    assert head.status == 200
    for name in ("etag", "last-modified", "content-length", "content-type", "vary"):
        assert head.headers[name] == get.headers[name]


def test_what_did_not_change_is_304_without_a_body(home: FeedHome) -> None:
    first = home.ask(home.path())
    etag, since = first.headers["etag"], first.headers["last-modified"]
    for given in (
        {"If_None_Match": etag},
        {"If_None_Match": f'"other", W/{etag}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": since},
        {"If_None_Match": etag, "If_Modified_Since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    ):
        answer = home.ask(home.path(), **given)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == etag
        assert answer.headers["cache-control"] == first.headers["cache-control"]
    assert home.ask(home.path(), "HEAD", If_None_Match=etag).status == 304


def test_what_the_asker_does_not_have_is_sent(home: FeedHome) -> None:
    first = home.ask(home.path())
    before = parsedate_to_datetime(first.headers["last-modified"]) - timedelta(seconds=1)
    for given in (
        {"If_None_Match": '"other"'},
        {"If_None_Match": '"other"', "If_Modified_Since": first.headers["last-modified"]},
        {"If_Modified_Since": format_datetime(before, usegmt=True)},
        {"If_Modified_Since": "yesterday"},
    ):
        assert home.ask(home.path(), **given).status == 200


def test_a_change_is_another_etag_and_a_later_date_even_within_a_second(home: FeedHome) -> None:
    first = home.ask(home.path())
    take_first(home)
    second = home.ask(
        home.path(),
        If_None_Match=first.headers["etag"],
        If_Modified_Since=first.headers["last-modified"],
    )
    assert second.status == 200
    assert second.headers["etag"] != first.headers["etag"]
    dates = [parsedate_to_datetime(one.headers["last-modified"]) for one in (first, second)]
    assert dates[0] < dates[1]
    assert home.ask(home.path(), If_Modified_Since=first.headers["last-modified"]).status == 200
    again = home.ask(home.path(), If_Modified_Since=second.headers["last-modified"])
    assert again.status == 304


def test_gzip_is_a_representation_of_its_own_with_its_own_etag(home: FeedHome) -> None:
    plain = home.ask(home.path())
    packed = home.ask(home.path(), Accept_Encoding="br, gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed.headers["etag"] != plain.headers["etag"]
    assert len(packed.body) * 5 < len(plain.body)
    again = home.ask(home.path(), Accept_Encoding="gzip", If_None_Match=packed.headers["etag"])
    assert again.status == 304
    assert "content-encoding" not in home.ask(home.path(), Accept_Encoding="gzip;q=0").headers


def test_the_window_moves_by_whole_days_and_takes_the_etag_along(home: FeedHome) -> None:
    home.clock.at = home.story.at(date(2026, 3, 20), 12).now
    etag = home.ask(home.path()).headers["etag"]
    home.clock.advance(hours=13)
    later = home.ask(home.path(), If_None_Match=etag)
    assert later.status == 200


def test_unknown_revoked_and_malformed_are_one_and_the_same_answer(home: FeedHome) -> None:
    revoked = home.add(token="r" * 43)
    with home.app.store.writing() as unit:
        revoke_feed(unit, home.story.person, revoked.number, home.clock.now())
    paths = (
        home.path("r" * 43),
        home.path("u" * 43),
        home.path("short"),
        home.path("%00%ff%2e%2e"),
        home.path()[: -len(".ics")],
        home.path() + ".ics",
        f"/feeds/{TOKEN}/x.ics",
        "/feeds/",
        "/nothing",
    )
    answers = [home.ask(path, Accept_Encoding="gzip") for path in paths]
    assert {one.status for one in answers} == {404}
    same = {
        (tuple(sorted(one.headers.items() - {("date", one.headers["date"])})), one.body)
        for one in answers
    }
    assert len(same) == 1
    assert answers[0].body == b"Not found.\n"


def test_a_feed_is_read_and_nothing_else(home: FeedHome) -> None:
    for method in ("POST", "PUT", "DELETE", "PROPFIND"):
        assert home.ask(home.path(), method).status == 405


def test_only_known_hosts_are_answered(home: FeedHome) -> None:
    assert home.ask(home.path(), Host="localhost").status == 200
    assert home.ask(home.path(), Host=f"127.0.0.1:{home.port}").status == 200
    assert home.ask(home.path(), Host="evil.example.org").status == 421
    assert home.ask(home.path(), Host="127.0.0.1.evil.example.org").status == 421
    assert home.ask(home.path(), Host="a b").status == 400
    assert home.ask(home.path(), Host="").status == 400


def test_who_fetches_too_often_is_asked_to_wait(home: FeedHome) -> None:
    home.add(token="o" * 43)
    answers = [home.ask(home.path(), "HEAD") for _ in range(31)]
    assert [one.status for one in answers[:30]] == [200] * 30
    assert answers[-1].status == 429
    assert 0 < int(answers[-1].headers["retry-after"]) <= 20
    assert home.ask(home.path("o" * 43), "HEAD").status == 200


def test_fetches_are_counted_with_the_program_and_no_more_of_it(home: FeedHome) -> None:
    agent = "iOS/17.5 (21F79; iPhone of Anna) dataaccessd/1.0"
    home.ask(home.path(), User_Agent=agent)
    home.ask(home.path(), "HEAD", User_Agent=agent)
    with home.app.store.reading() as unit:
        (feed,) = unit.feeds.of_person(home.story.person)
    assert (feed.fetches, feed.fetched_by, feed.fetched_at) == (2, "iOS", home.clock.now())


def test_no_token_is_in_any_log_or_in_the_database(
    home: FeedHome, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("medsched.web").propagate = True
    caplog.set_level(logging.DEBUG)
    home.ask(home.path())
    home.ask(home.path("x" + TOKEN))
    home.ask(f"/other/{TOKEN}?token={TOKEN}")
    home.ask(home.path(), Host="evil.example.org")
    assert "/feeds/#" in caplog.text
    assert " 200 " in caplog.text
    assert TOKEN not in caplog.text
    for file in home.app.home.iterdir():
        assert TOKEN.encode() not in file.read_bytes()


def test_nothing_of_a_hidden_feed_names_what_is_taken(home: FeedHome) -> None:
    answer = home.ask(home.path())
    shown = repr(answer.headers).lower() + answer.body.decode().lower()
    for word in ("milnacipran", "mg", "tablet", "dose", "step", "take"):
        assert word not in shown


def test_a_full_feed_names_it(home: FeedHome) -> None:
    home.add(FULL, "f" * 43)
    assert b"milnacipran" in home.ask(home.path("f" * 43)).body


def test_a_restart_changes_not_one_byte(tmp_path: Path) -> None:
    made = FeedHome.begin(tmp_path / "home")
    made.add()
    with served(made):
        first = made.ask(made.path())
    from medsched.bootstrap import App

    made.clock.advance(hours=2)
    made.app = App(home=made.app.home, clock=made.clock, environment={})
    with served(made):
        second = made.ask(made.path())
    assert second == replace_date(first, second)
