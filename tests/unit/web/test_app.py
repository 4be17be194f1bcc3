"""One door for several rooms: what is not there, not now, or broken is said without a word more."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest
from tests.feed_server import FeedHome, served

from medsched.errors import MedschedError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> FeedHome:
    """Return a home with one feed."""
    made = FeedHome.begin(tmp_path / "home")
    made.add()
    return made


def test_feeds_health_and_pages_are_behind_one_door(home: FeedHome) -> None:
    with served(home):
        assert home.ask(home.path()).status == 200
        assert home.ask("/healthz").status in {200, 503}
        assert home.ask("/act/unknown").status == 404
        assert home.ask(home.path("unknown")).status == 404


def test_another_page_s_name_leads_nowhere(home: FeedHome) -> None:
    with served(home):
        answer = home.ask("/healthz", Host="evil.example.org")
    assert (answer.status, answer.body) == (421, b"Not here.\n")


@pytest.mark.parametrize(
    ("why", "status", "said"),
    [
        (MedschedError("database /secret/path: is locked"), 503, b"Not available now.\n"),
        (RuntimeError("a secret"), 500, b"Something went wrong.\n"),
    ],
)
def test_what_fails_says_nothing_of_why_and_never_looks_like_an_empty_calendar(
    home: FeedHome, why: Exception, status: int, said: bytes
) -> None:
    class Broken:
        """A database that cannot be used."""

        def reading(self) -> object:
            raise why

        def close(self) -> None:
            """Do nothing."""

    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    home.app.__dict__["store"] = Broken()
    with served(home):
        answer = home.ask(home.path())
    assert (answer.status, answer.body) == (status, said)
    assert ("retry-after" in answer.headers) is (status == 503)
    assert "private" in answer.headers["cache-control"]
