"""Calendars are synchronised in their time, each by itself, and told of by number only."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from tests.living_home import FIRST, LivingHome, minutes

from medsched.daemon.calendars import Calendars
from medsched.errors import InvalidValue
from medsched.services.caldav_sync import Synced
from medsched.services.feed_ports import CalDavLink
from medsched.store.refusals import DatabaseBusy

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

SECRET = "ZZTOPSECRET"


@dataclass
class Script:
    """`Syncing` that does what a test says, and notes that it was asked."""

    living: LivingHome
    troubles: dict[int, str | Exception] = field(default_factory=dict)
    asked: list[int] = field(default_factory=list)

    def run(self, number: int, now: datetime) -> Synced:
        self.asked.append(number)
        trouble = self.troubles.get(number, "")
        if isinstance(trouble, Exception):
            raise trouble
        with self.living.app.store.writing() as unit:
            link = unit.caldav_links.get(number)
            assert link is not None
            unit.caldav_links.save(replace(link, synced_at=now, trouble=trouble))
        return Synced(created=3, recorded=("1-20260302-1",), trouble=trouble)


class Home:
    def __init__(self, folder: Path) -> None:
        self.living = LivingHome(folder / "home")
        self.living.go_to(FIRST)
        self.script, self.stopping = Script(self.living), threading.Event()
        with self.living.app.store.writing() as unit:
            (person,) = unit.people.all()
            for _ in range(2):
                link = CalDavLink(
                    person=person.id,
                    url=f"https://example.org/{SECRET}/",
                    username=SECRET,
                    password=SECRET,
                    created_at=FIRST,
                )
                unit.caldav_links.add(link)
        self.calendars = self.every(60)

    def every(self, count: int) -> Calendars:
        return Calendars(
            self.living.app.store,
            self.living.clock,
            self.script,
            minutes=count,
            stopping=self.stopping,
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_each_is_synchronised_when_its_time_has_come(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    [duty] = home.calendars.duties
    with caplog.at_level(logging.INFO, "medsched.daemon"):
        duty.work()
    assert (duty.every, home.script.asked) == (3600.0, [1, 2])
    assert "calendar 1: 3 written, 1 ticked off there" in caplog.text
    home.living.go_to(FIRST + minutes(58))
    duty.work()
    assert home.script.asked == [1, 2], "a restart asks nobody again"
    home.living.go_to(FIRST + minutes(59))
    duty.work()
    assert home.script.asked == [1, 2, 1, 2]


def test_after_the_clock_went_back_it_is_time(home: Home) -> None:
    home.calendars.sync_due()
    home.living.go_to(FIRST - minutes(60))
    home.calendars.sync_due()
    assert home.script.asked == [1, 2, 1, 2]


@pytest.mark.parametrize("wrong", [f"server {SECRET} is away", ValueError(SECRET)])
def test_one_that_fails_stops_no_other_and_is_told_by_number(
    home: Home, wrong: str | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    home.script.troubles[1] = wrong
    with caplog.at_level(logging.INFO, "medsched.daemon"):
        home.calendars.sync_due()
    assert home.script.asked == [1, 2]
    assert "calendar 1: " in caplog.text
    assert "calendar 2: 3 written" in caplog.text
    assert SECRET not in caplog.text


def test_one_that_stopped_half_way_is_shown_in_the_status(home: Home) -> None:
    home.script.troubles[2] = f"server {SECRET} is away"
    home.calendars.sync_due()
    problems = home.living.app.status(10**12).problems
    assert "calendar: 1 calendar could not be synchronised; see `medsched caldav list`" in problems
    home.script.troubles.clear()
    home.living.go_to(FIRST + minutes(60))
    home.calendars.sync_due()
    problems = home.living.app.status(10**12).problems
    assert not [one for one in problems if one.startswith("calendar")]


def test_a_daemon_that_is_to_stop_begins_none(home: Home) -> None:
    home.stopping.set()
    home.calendars.sync_due()
    assert home.script.asked == []


def test_a_busy_database_is_told_and_tried_again(
    home: Home, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy() -> None:
        raise DatabaseBusy("here")

    monkeypatch.setattr(home.living.app.store, "reading", busy)
    home.calendars.sync_due()
    assert "calendar list: DatabaseBusy; it is tried again" in caplog.text


def test_zero_minutes_mean_never_and_too_few_are_refused(home: Home) -> None:
    assert home.every(0).duties == ()
    for few in (-1, 1, 4):
        with pytest.raises(InvalidValue, match="use 5 or more"):
            home.every(few)
