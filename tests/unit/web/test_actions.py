"""The one-tap pages over HTTP: GET shows, POST acts, and nobody else's page can press."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.asgi_client import Browser
from tests.living_home import FIRST, FIRST_DOSE, LivingHome, minutes

from medsched.services.outbox_ports import Token
from medsched.services.tokens import digest_of
from medsched.web.app import make_web

if TYPE_CHECKING:
    from pathlib import Path

PATH = "/act/a-token"


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    """A home with a token for the dose of 08:00, seen at 08:12."""
    home = LivingHome(tmp_path / "home")
    home.go_to(FIRST + minutes(12))
    with home.app.store.writing() as unit:
        (person,) = unit.people.all()
        token = Token(
            digest=digest_of("a-token"),
            dose=FIRST_DOSE,
            person=person.id,
            action="taken",
            expires_at=FIRST + minutes(600),
        )
        unit.tokens.add([token])
    return home


@pytest.fixture
def browser(living: LivingHome) -> Browser:
    return Browser(make_web(living.app))


def records(living: LivingHome) -> int:
    with living.app.store.reading() as unit:
        return len(unit.records.of_plans([1]))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_fetching_the_link_changes_nothing(
    living: LivingHome, browser: Browser, method: str
) -> None:
    """However often a program that scans mail fetches it."""
    for _ in range(3):
        assert browser.request(method, PATH).status_code == 200
    assert records(living) == 0


def test_the_page_has_one_button_that_posts_to_the_page_itself(browser: Browser) -> None:
    text = browser.get(PATH).text
    assert text.count("<button") == 1
    assert '<form method="post"><button type="submit">Record it as taken now</button>' in text
    assert "<script" not in text


def test_the_button_records_and_pressing_it_twice_says_so(
    living: LivingHome, browser: Browser
) -> None:
    first, second = browser.post(PATH), browser.post(PATH)
    assert (first.status_code, second.status_code) == (200, 409)
    assert "Recorded: taken at 08:12" in first.text
    assert "recorded already" in second.text
    assert records(living) == 1


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Origin": "https://evil.example.org"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://127.0.0.1:8765", "Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 200),
        ({}, 200),
    ],
)
def test_a_page_of_another_site_cannot_press_the_button(
    living: LivingHome, browser: Browser, headers: dict[str, str], code: int
) -> None:
    assert browser.post(PATH, headers=headers).status_code == code
    assert records(living) == (1 if code == 200 else 0)


@pytest.mark.parametrize("path", ["/act/other", "/act/" + "x" * 5000, "/act/%00"])
def test_a_token_that_nobody_knows_is_a_404(browser: Browser, path: str) -> None:
    for answer in (browser.get(path), browser.post(path)):
        assert answer.status_code in {404, 405}


@pytest.mark.parametrize("path", [PATH, "/act/unknown"])
def test_nothing_is_kept_loaded_framed_or_told_to_others(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "form-action 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy


def test_a_request_for_another_hosts_name_is_refused(browser: Browser) -> None:
    """A page elsewhere can point a name of its own at this machine."""
    answer = browser.post(PATH, headers={"Host": "evil.example.org"})
    assert answer.status_code == 421


def test_a_database_that_is_busy_says_that_nothing_was_saved(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, living: LivingHome
) -> None:
    from medsched.store.refusals import DatabaseBusy

    def busy() -> None:
        raise DatabaseBusy("/home/me/medsched.db")

    monkeypatch.setattr(living.app.store, "writing", busy)
    answer = browser.post(PATH)
    assert (answer.status_code, "NOT SAVED" in answer.text) == (409, True)
    assert "/home/me" not in answer.text
