"""The dead man's switch is fetched, its redirects are not, and its address is told to nobody."""

from __future__ import annotations

import pytest
from tests.contract.sinks import http_sink, refusing

from medsched.daemon.ping import Ping
from medsched.errors import InvalidValue


def test_the_address_is_fetched() -> None:
    with http_sink() as sink:
        assert Ping(f"http://{sink.at}/uuid").fetch()
        assert [(one.method, one.path) for one in sink.requests] == [("GET", "/uuid")]


def test_a_redirect_is_no_answer() -> None:
    with http_sink(status=302, headers={"Location": "/elsewhere"}) as sink:
        assert not Ping(f"http://{sink.at}/uuid").fetch()
        assert len(sink.requests) == 1


def test_who_does_not_answer_does_no_harm(caplog: pytest.LogCaptureFixture) -> None:
    with refusing() as at:
        assert not Ping(f"http://{at}/SECRET").fetch()
    assert "SECRET" not in caplog.text
    assert "did not answer" in caplog.text


def test_without_an_address_nothing_is_fetched() -> None:
    Ping("")()


def test_another_kind_of_address_is_refused_without_telling_it() -> None:
    with pytest.raises(InvalidValue, match="give https") as refused:
        Ping("file:///etc/passwd")
    assert "passwd" not in str(refused.value)
