"""What an endpoint's answer says about the message."""

from __future__ import annotations

import socket
import ssl

import pytest
import requests
import urllib3
from hypothesis import given
from hypothesis import strategies as st

from medsched.notify.verdict import of_error, of_status, worst
from medsched.services.message import Delivery, Outcome

EXPECTED = {
    **dict.fromkeys([200, 201, 202, 204, 299], Outcome.DELIVERED),
    **dict.fromkeys([300, 301, 302, 303, 307, 308], Outcome.NOT_DELIVERED),
    **dict.fromkeys([400, 405, 413, 415, 422, 425, 429, 451], Outcome.NOT_DELIVERED),
    **dict.fromkeys([401, 403, 404, 410], Outcome.REJECTED),
    **dict.fromkeys([408, 500, 502, 503, 504, 599], Outcome.UNKNOWN),
    **dict.fromkeys([0, 100, 199, 600, 999], Outcome.UNKNOWN),
}


@pytest.mark.parametrize("status", EXPECTED)
def test_a_status_says_whether_the_message_arrived(status: int) -> None:
    found = of_status(status)
    assert (found.outcome, found.detail) == (EXPECTED[status], f"http {status}")


@given(st.integers())
def test_only_success_is_success(status: int) -> None:
    assert (of_status(status).outcome is Outcome.DELIVERED) == (200 <= status < 300)


@pytest.mark.parametrize(
    ("given_header", "seconds"),
    [
        ("30", 30.0),
        (" 5 ", 5.0),
        ("999999999", 86_400.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("-1", None),
        ("1e9", None),
        ("\u0663", None),
        ("", None),
    ],
)
def test_a_wait_is_read_in_seconds_and_no_longer_than_a_day(
    given_header: str, seconds: float | None
) -> None:
    assert of_status(429, {"retry-AFTER": given_header}).retry_after == seconds


def wrapped(reason: Exception) -> requests.ConnectionError:
    """Build what requests raises when urllib3 gave up for a reason."""
    pool = urllib3.HTTPConnectionPool("127.0.0.1")
    return requests.ConnectionError(urllib3.exceptions.MaxRetryError(pool, "/secret", reason))


BEFORE = {
    "connect timeout": requests.ConnectTimeout("secret"),
    "host not found": socket.gaierror(-2, "secret"),
    "connection refused": ConnectionRefusedError(111, "secret"),
    "certificate refused": requests.exceptions.SSLError(ssl.SSLCertVerificationError("secret")),
}


@pytest.mark.parametrize("detail", BEFORE)
def test_an_error_before_the_first_byte_has_surely_not_delivered(detail: str) -> None:
    for error in (BEFORE[detail], wrapped(BEFORE[detail])):
        found = of_error(error)
        assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, detail)


@pytest.mark.parametrize(
    "error",
    [
        requests.ReadTimeout("secret"),
        requests.ConnectionError("Connection aborted.", ConnectionResetError(104, "secret")),
        requests.exceptions.ChunkedEncodingError("secret"),
        requests.exceptions.SSLError("unexpected end"),
        TimeoutError("secret"),
        BrokenPipeError(32, "secret"),
        ValueError("secret"),
        RuntimeError("secret"),
    ],
)
def test_any_other_error_may_have_delivered(error: Exception) -> None:
    found = of_error(error)
    assert found.outcome is Outcome.UNKNOWN
    assert "secret" not in found.detail


def test_an_address_that_cannot_be_asked_needs_a_person() -> None:
    for error in (requests.exceptions.InvalidURL("x"), requests.exceptions.InvalidHeader("x")):
        assert of_error(error).outcome is Outcome.REJECTED


def test_what_happened_before_by_chance_is_no_reason() -> None:
    """A first address that refused says nothing about the second, which read and hung up."""
    error = requests.ReadTimeout("secret")
    error.__context__ = ConnectionRefusedError(111, "secret")
    assert of_error(error).outcome is Outcome.UNKNOWN


def test_an_error_that_contains_itself_ends() -> None:
    error = OSError()
    error.args = (error,)
    assert of_error(error).outcome is Outcome.UNKNOWN


def test_of_several_answers_the_one_that_claims_least_holds() -> None:
    several = [Delivery(outcome=each) for each in Outcome]
    assert worst(several).outcome is Outcome.UNKNOWN
    assert worst(several[:2]).outcome is Outcome.NOT_DELIVERED
    assert worst(several[:1]).outcome is Outcome.DELIVERED
