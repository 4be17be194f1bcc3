"""Which addresses are asked, and what is said when it goes wrong."""

from __future__ import annotations

import pytest

from medsched.calendar.caldav_server import Account, CalDavServer, checked, name_of
from medsched.errors import InvalidValue


@pytest.mark.parametrize(
    "url",
    [
        "https://cal.example.org/me/doses/",
        "https://cal.example.org:8443/me",
        "http://127.0.0.1:5232/me/doses/",
        "http://[::1]:5232/me/",
        "http://localhost/me/",
    ],
)
def test_tls_or_this_machine(url: str) -> None:
    assert checked(url) == url
    assert CalDavServer(url, Account("me", "x")).url.endswith("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://cal.example.org/me/",
        "http://192.168.1.4/me/",
        "http://127.0.0.1.example.org/me/",
        "http://localhost.example.org/",
        "ftp://cal.example.org/",
        "cal.example.org/me",
        "https://",
        "https:///me",
        "https://cal.example.org/?a=b",
        "https://[::1/me",
        "https://cal.example.org:port/",
        "",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(InvalidValue, match="use https://"):
        checked(url)


def test_an_address_with_a_password_is_refused_without_showing_it() -> None:
    for url in ("https://me:secret@cal.example.org/", "https://me:secret@cal.example.org:x/"):
        with pytest.raises(InvalidValue) as caught:
            checked(url)
        assert "secret" not in str(caught.value)


def test_a_resource_is_named_alike_however_a_server_quotes_it() -> None:
    assert {name_of(href) for href in ("/c/a%40b.ics", "/c/a@b.ics", "https://x/c/a@b.ics")} == {
        "a@b"
    }


def test_an_account_does_not_show_itself() -> None:
    assert "secret" not in repr(Account("me", "secret"))
