"""What Apprise itself answers, row by row: the facts that our channel is built on.

These are claims about Apprise 2.2, not about us. When one of them fails after an upgrade
of Apprise, a false success or a false failure has changed its face, and
`notify.apprise_channel` is to be read again.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

import apprise
import pytest
from tests.contract.sinks import (
    LOOPBACK,
    MailManner,
    Manner,
    black_hole,
    http_sink,
    mail_sink,
    refusing,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")

TEXT = "take 50 mg now"
SUCCESS, FAILURE = apprise.AppriseResultStatus.SUCCESS, apprise.AppriseResultStatus.FAILURE
TIMEOUT, PARTIAL = apprise.AppriseResultStatus.TIMEOUT, apprise.AppriseResultStatus.PARTIAL


@pytest.fixture(autouse=True)
def quiet_apprise() -> Iterator[None]:
    """Facts about what Apprise logs need its logger as it is without us."""
    logger = logging.getLogger("apprise")
    kept = list(logger.filters)
    logger.filters.clear()
    yield
    logger.filters[:] = kept


def answer(*urls: str, redirects: bool = True, timeout: float = 0) -> apprise.AppriseResultStatus:
    service = apprise.Apprise(asset=apprise.AppriseAsset(http_redirects=redirects))
    for url in urls:
        assert service.add(url)
    return service.notify(title="dose", body=TEXT, timeout=timeout).status


def test_a_success_is_a_success() -> None:
    with http_sink() as sink:
        assert answer(f"json://{sink.at}/") is SUCCESS
        assert sink.saw(TEXT)


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_a_refusal_is_a_failure_although_the_server_read_the_text(status: int) -> None:
    with http_sink(status=status) as sink:
        assert answer(f"json://{sink.at}/") is FAILURE
        assert sink.saw(TEXT)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_after_a_redirect_it_reports_success_for_a_get_without_the_text(status: int) -> None:
    with (
        http_sink() as final,
        http_sink(status=status, headers={"Location": f"http://{final.at}/"}) as sink,
    ):
        assert answer(f"json://{sink.at}/") is SUCCESS
        assert [each.method for each in final.requests] == ["GET"]
        assert not final.saw(TEXT)


@pytest.mark.parametrize("status", [307, 308])
def test_after_a_kept_redirect_a_host_that_nobody_named_has_the_text(status: int) -> None:
    with (
        http_sink() as final,
        http_sink(status=status, headers={"Location": f"http://{final.at}/"}) as sink,
    ):
        assert answer(f"json://{sink.at}/") is SUCCESS
        assert final.saw(TEXT)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_without_redirects_each_of_them_is_a_failure(status: int) -> None:
    with (
        http_sink() as final,
        http_sink(status=status, headers={"Location": f"http://{final.at}/"}) as sink,
    ):
        assert answer(f"json://{sink.at}/", redirects=False) is FAILURE
        assert not final.requests


def test_a_refused_connection_is_a_failure() -> None:
    with refusing() as at:
        assert answer(f"json://{at}/") is FAILURE


def test_a_black_hole_is_a_failure_after_the_connect_timeout() -> None:
    with black_hole() as at:
        assert answer(f"json://{at}/?cto=0.2") is FAILURE


def test_an_answer_that_comes_too_late_is_a_failure_although_the_text_arrived() -> None:
    with http_sink(manner=Manner.HANG) as sink:
        assert answer(f"json://{sink.at}/?rto=0.2") is FAILURE
        assert sink.saw(TEXT)


def test_a_dropped_connection_is_a_failure_although_the_text_arrived() -> None:
    with http_sink(manner=Manner.DROP) as sink:
        assert answer(f"json://{sink.at}/") is FAILURE
        assert sink.saw(TEXT)


def test_a_dripping_server_outlasts_the_read_timeout_and_only_the_call_ends_it() -> None:
    with http_sink(manner=Manner.DRIP) as sink:
        began = time.monotonic()
        assert answer(f"json://{sink.at}/?rto=0.2", timeout=0.6) is TIMEOUT
        assert time.monotonic() - began >= 0.55
        assert sink.saw(TEXT)


def test_one_good_and_one_refused_is_partial() -> None:
    with http_sink() as sink, refusing() as at:
        assert answer(f"json://{sink.at}/", f"json://{at}/") is PARTIAL


def test_an_optional_service_reports_success_for_nothing() -> None:
    with refusing() as at:
        assert answer(f"json://{at}/?optional=yes") is SUCCESS


def test_retries_send_the_same_text_four_times() -> None:
    with http_sink(status=500) as sink:
        assert answer(f"json://{sink.at}/?retry=3&wait=0") is FAILURE
        assert len(sink.requests) == 4


@pytest.mark.parametrize(
    ("manner", "expected", "arrived"),
    [
        (MailManner.TAKE, SUCCESS, True),
        (MailManner.REFUSE_RECIPIENT, FAILURE, False),
        (MailManner.HANG_AFTER_TEXT, FAILURE, True),
    ],
)
def test_mail_fails_alike_whether_it_was_refused_or_taken_in_silence(
    manner: MailManner,
    expected: apprise.AppriseResultStatus,
    monkeypatch: pytest.MonkeyPatch,
    *,
    arrived: bool,
) -> None:
    monkeypatch.setattr("socket.getfqdn", lambda: "here.invalid")  # it asks DNS for our name
    with mail_sink(manner) as sink:
        url = f"mailto://{LOOPBACK}:{sink.port}?from=a@example.org&to=b@example.org&mode=insecure"
        assert answer(f"{url}&smtp={LOOPBACK}&cto=0.4") is expected
        assert bool(sink.mails) is arrived


def test_a_kept_object_waits_between_messages_and_fresh_ones_do_not() -> None:
    """The wait itself, 5.5 s, is read and not waited for."""
    kept = apprise.Apprise.instantiate("ntfy://topic")
    assert kept is not None
    assert kept.request_rate_per_sec == 5.5
    with http_sink() as sink:
        began = time.monotonic()
        assert [answer(f"ntfy://{sink.at}/topic") for _ in range(3)] == [SUCCESS] * 3
        assert time.monotonic() - began < 5.5


def test_at_debug_it_logs_the_text(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="apprise")
    with http_sink() as sink:
        answer(f"json://{sink.at}/?%2BX-Api-Key=hunter2")
    assert TEXT in caplog.text


def test_even_at_error_it_logs_an_address_that_it_cannot_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR, logger="apprise")
    assert apprise.Apprise.instantiate("bogus://hunter2@x") is None
    assert "hunter2" in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "json://169.254.169.254/",
        "json://2130706433/",
        "json://0x7f000001/",
        "json://[::ffff:127.0.0.1]/",
        "json://100.64.0.1/",
    ],
)
def test_it_takes_every_spelling_of_an_address_that_is_not_public(url: str) -> None:
    assert apprise.Apprise.instantiate(url) is not None


def test_it_would_write_reminders_into_the_system_log() -> None:
    assert apprise.Apprise.instantiate("syslog://") is not None
