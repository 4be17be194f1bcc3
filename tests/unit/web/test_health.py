"""What machines that watch are told: numbers, no name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.asgi_client import Browser
from tests.living_home import FIRST, LivingHome

from medsched.services.outbox_ports import DaemonRow
from medsched.web.app import make_web

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    home = LivingHome(tmp_path / "home")
    home.add_file_channel()
    home.go_to(FIRST)
    return home


@pytest.fixture
def watcher(living: LivingHome) -> Browser:
    return Browser(make_web(living.app), "http://localhost")


def tick(living: LivingHome) -> None:
    with living.app.store.writing() as unit:
        unit.daemons.beat(
            DaemonRow(
                id="d",
                host="secret-host",
                pid=7,
                boot="b",
                version="1",
                started_at=FIRST,
                heartbeat_at=FIRST,
                last_tick=FIRST,
            )
        )


def test_healthz_is_200_when_all_is_well(living: LivingHome, watcher: Browser) -> None:
    tick(living)
    answer = watcher.get("/healthz")
    assert (answer.status_code, answer.json()["well"]) == (200, True)
    assert answer.json()["last_tick"] == "2026-03-02T08:00:00+00:00"


def test_healthz_is_503_and_says_what_it_is_about_when_not(watcher: Browser) -> None:
    answer = watcher.get("/healthz")
    assert (answer.status_code, answer.json()["problems"]) == (503, ["daemon"])


def test_neither_names_anybody_or_anything(living: LivingHome, watcher: Browser) -> None:
    tick(living)
    for path in ("/healthz", "/metrics"):
        text = watcher.get(path).text
        for secret in ("milnacipran", "secret-host", str(living.home), "file://"):
            assert secret not in text


def test_the_measurements_are_numbers_with_their_meaning(
    living: LivingHome, watcher: Browser
) -> None:
    tick(living)
    answer = watcher.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    assert float(lines["medsched_well"]) == 1
    assert float(lines["medsched_channels"]) == 1
    assert float(lines["medsched_last_tick_timestamp_seconds"]) == FIRST.timestamp()
    assert answer.text.count("# HELP") == len(lines) == 11


def test_asking_often_looks_once(living: LivingHome, watcher: Browser) -> None:
    """Asking costs a write; nobody can keep the database busy by asking."""
    assert watcher.get("/healthz").status_code == 503
    tick(living)
    assert watcher.get("/healthz").status_code == 503
