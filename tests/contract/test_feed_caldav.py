"""The whole way with a real CalDAV server: publish, change, tick off on a phone, stop."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from tests.contract.test_calendar_caldav import (
    SECRET,
    Phone,
    radicale,  # noqa: F401  # the fixture that starts the server
)
from tests.feed_server import FeedHome
from tests.unit.services.stories import KEY

from medsched.bootstrap import connect
from medsched.services.caldav_sync import Sync, Synced
from medsched.services.feed_ports import CalDavLink
from medsched.services.publish import entry_uid, whole
from medsched.services.publish_how import NamesShown

if TYPE_CHECKING:
    from pathlib import Path

MANY = 5
FIRST, SECOND = "1-20260302-1", "1-20260303-1"


class Account:
    """A plan and its calendar on the server, with another program beside it."""

    def __init__(self, home: FeedHome, address: str, name: str) -> None:
        self.home, self.story = home, home.story
        self.phone = Phone(f"{address}/me/{name}/")
        status, _etag, _body = self.phone.ask("MKCALENDAR", "")
        assert status == 201
        link = CalDavLink(
            person=self.story.person,
            url=self.phone.url,
            username="me",
            password=SECRET,
            created_at=self.story.now,
            as_tasks=True,
            names=NamesShown.FULL,
        )
        with home.app.store.writing() as unit:
            self.number = unit.caldav_links.add(link).number

    def sync(self) -> Synced:
        use_case = Sync(self.home.app.store, self.home.app.feed_settings, connect)
        done = use_case.run(self.number, self.story.now)
        assert done.trouble == ""
        return done

    def taken_at(self, dose: str) -> datetime | None:
        with self.home.app.store.reading() as unit:
            record = unit.records.settling(dose)
        return None if record is None else record.at

    def get(self, dose: str) -> str:
        return self.phone.get(entry_uid(KEY, dose))

    def edit(self, dose: str, old: str, new: str) -> None:
        self.phone.edit(entry_uid(KEY, dose), old, new)


@pytest.fixture
def account(tmp_path: Path, radicale: str) -> Account:  # noqa: F811  # the fixture of that name
    """Return a new calendar on the server with the whole plan in it."""
    home = FeedHome.begin(tmp_path / "home")
    (home.app.home / "medsched.toml").write_text("feed_future_days = 4\n")
    made = Account(home, radicale, tmp_path.name)
    assert made.sync().created > MANY
    return made


def test_a_second_run_writes_nothing(account: Account) -> None:
    again = account.sync()
    assert (again.created, again.changed, again.withdrawn) == (0, 0, 0)


def test_a_dose_ticked_off_on_the_phone_is_taken_at_that_instant_once(account: Account) -> None:
    account.story.at(date(2026, 3, 2), 9)
    account.edit(
        FIRST,
        "STATUS:NEEDS-ACTION",
        "STATUS:COMPLETED\r\nCOMPLETED:20260302T070500Z\r\nPERCENT-COMPLETE:100",
    )
    assert account.sync().recorded == (FIRST,)
    at = account.taken_at(FIRST)
    assert at is not None
    assert at.isoformat() == "2026-03-02T07:05:00+00:00"
    assert account.sync().recorded == ()
    assert "STATUS:COMPLETED" in account.get(FIRST)
    assert "BEGIN:VALARM" not in account.get(FIRST)


def test_what_another_program_added_survives_a_change(account: Account) -> None:
    account.edit(SECOND, "END:VTODO", "X-PHONE-COLOUR:teal\r\nEND:VTODO")
    account.story.at(date(2026, 3, 2), 12)
    from datetime import time

    from medsched.services.amendments import change_times

    account.story.amend(
        lambda book, plan: change_times(book, plan, account.story.asked(), (time(9), time(21)))
    )
    assert account.sync().changed > MANY
    text = account.get(SECOND)
    assert "X-PHONE-COLOUR:teal" in text
    assert re.search(r"DUE:20260303T080000Z", text)


def test_a_tick_made_between_two_runs_is_not_lost_when_the_plan_stops(account: Account) -> None:
    """The task was changed by somebody else, so our ETag for it is stale."""
    account.story.at(date(2026, 3, 3), 9)
    account.edit(SECOND, "STATUS:NEEDS-ACTION", "STATUS:COMPLETED\r\nCOMPLETED:20260303T070100Z")
    account.story.stop(date(2026, 3, 4), abruptly=True)
    done = account.sync()
    assert done.recorded == (SECOND,)
    assert done.withdrawn == 4
    taken = account.taken_at(SECOND)
    assert taken is not None
    assert whole(taken).isoformat() == "2026-03-03T07:01:00+00:00"
    listing = account.phone.ask("PROPFIND", "", Depth="1")[2]
    left = set(re.findall(r"([0-9a-f-]{36})\.ics", listing))
    assert left == {entry_uid(KEY, one) for one in (FIRST, SECOND, "1-20260303-2")}


def test_a_password_is_in_the_database_alone(account: Account) -> None:
    files = [one for one in account.home.app.home.iterdir() if SECRET.encode() in one.read_bytes()]
    assert {one.name.partition("-")[0] for one in files} <= {"medsched.db"}
    assert all(one.stat().st_mode & 0o077 == 0 for one in files)


def test_a_file_that_is_imported_twice_makes_no_duplicates(account: Account) -> None:
    """Radicale takes a whole calendar; it refuses one in which a UID comes twice."""
    from datetime import timedelta

    from medsched.calendar.render import render
    from medsched.services.exporting import file_entries
    from medsched.services.publish import file_form
    from medsched.services.publish_how import Publication

    phone = Phone(account.phone.url.rstrip("/") + "-file/")
    story = account.story
    counts = []
    for _ in range(2):
        with account.home.app.store.writing() as unit:
            until = story.now + timedelta(days=6)
            book = story.book(unit)
            entries = file_entries(book, story.now, until, story.now, Publication())
        body = render(entries, file_form("Doses")).decode()
        status, _etag, _body = phone.ask("PUT", "", body, Content_Type="text/calendar")
        assert status in {200, 201, 204}
        listing = phone.ask("PROPFIND", "", Depth="1")[2]
        counts.append(len(set(re.findall(r"([0-9a-f-]{36})\.ics", listing))))
        story.now += timedelta(hours=1)
    assert counts[0] == counts[1] == len(entries)
