"""A calendar on a server is brought up to the plan; what was ticked off there is recorded once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.stories import KEY, Story
from tests.unit.services.test_publish import FIRST, of, take

from medsched.errors import MedschedError
from medsched.services.caldav_sync import Sync, Synced, UnknownLink
from medsched.services.feed_ports import CalDavLink
from medsched.services.feeds import FeedSettings
from medsched.services.publish import entry_uid
from medsched.services.publish_how import NamesShown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medsched.services.feed_entry import FeedEntry

SECOND = "1-20260303-2"


@dataclass(frozen=True)
class Tick:
    uid: str
    at: datetime


@dataclass(frozen=True)
class Outcome:
    known: dict[str, str]
    created: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()


@dataclass
class Server:
    """A server that holds what it is given, and can be out of reach."""

    held: dict[str, FeedEntry] = field(default_factory=dict)
    ticks: list[Tick] = field(default_factory=list)
    sync_token: str | None = None
    down: bool = False

    def completions(self) -> list[Tick]:
        if self.down:
            raise MedschedError("calendar server x: it cannot be reached")
        told, self.ticks = self.ticks, []
        self.sync_token = f"{int(self.sync_token or 0) + 1}"
        return told

    def publish(self, entries: Iterable[FeedEntry], *, known: Mapping[str, str]) -> Outcome:
        new = {one.uid: one for one in entries}
        created = tuple(uid for uid in new if uid not in self.held)
        changed = tuple(uid for uid in new if uid in self.held and new[uid] != self.held[uid])
        withdrawn = tuple(uid for uid in known if uid not in new)
        self.held = new
        return Outcome(dict.fromkeys(new, "x"), created, changed, withdrawn)


@dataclass
class Life:
    story: Story
    server: Server
    sync: Sync

    def run(self) -> Synced:
        return self.sync.run(1, self.story.now)

    @property
    def link(self) -> CalDavLink:
        with self.story.store.reading() as unit:
            found = unit.caldav_links.get(1)
        assert found is not None
        return found


def life(*, as_tasks: bool = True, names: NamesShown = NamesShown.FULL) -> Life:
    story, server = Story.begin(), Server()
    with story.store.writing() as unit:
        unit.caldav_links.add(
            CalDavLink(
                person=story.person,
                url="https://x/",
                username="me",
                password="secret",
                created_at=story.now,
                as_tasks=as_tasks,
                names=names,
            )
        )
    return Life(story, server, Sync(story.store, FeedSettings(), lambda _link: server))


def test_every_dose_is_on_the_server_and_a_second_run_changes_nothing() -> None:
    one = life()
    first, second = one.run(), one.run()
    assert first.created == len(one.server.held) > 0
    assert (second.created, second.changed, second.withdrawn) == (0, 0, 0)
    assert one.link.sync_token == "2"
    assert one.link.known.keys() == one.server.held.keys()


def test_a_tick_is_recorded_at_its_own_time_once() -> None:
    one = life()
    one.run()
    at = one.story.at(date(2026, 3, 2), 8, 4).now
    one.story.at(date(2026, 3, 2), 9)
    tick = Tick(entry_uid(KEY, FIRST), at)
    one.server.ticks = [tick]
    assert one.run().recorded == (FIRST,)
    assert of(one.story, FIRST).completed == at
    one.server.ticks = [tick]
    again = one.run()
    assert (again.recorded, again.refused) == ((), ())


def test_a_tick_does_not_overrule_what_was_recorded_before() -> None:
    one = life()
    one.run()
    one.story.at(date(2026, 3, 2), 8)
    take(one.story, FIRST, one.story.now)
    one.server.ticks = [Tick(entry_uid(KEY, FIRST), one.story.now)]
    assert one.run().recorded == ()


def test_a_tick_that_cannot_be_recorded_is_told() -> None:
    one = life()
    one.run()
    one.server.ticks = [Tick("nothing of ours", one.story.now)]
    assert [each.reason for each in one.run().refused] == ["no dose of the plan has this name"]


def test_a_tick_of_a_dose_that_is_far_off_is_refused_with_its_reason() -> None:
    one = life()
    one.run()
    far = next(uid for uid, each in one.server.held.items() if each.starts.month == 4)
    one.story.at(date(2026, 3, 2), 8)
    one.server.ticks = [Tick(far, one.story.now)]
    (refused,) = one.run().refused
    assert "dose" in refused.reason


def test_events_are_not_ticked_off() -> None:
    one = life(as_tasks=False)
    one.run()
    one.story.at(date(2026, 3, 2), 8)
    one.server.ticks = [Tick(entry_uid(KEY, FIRST), one.story.now)]
    assert one.run().recorded == ()


def test_with_hidden_names_a_tick_stands_for_its_instant() -> None:
    one = life(names=NamesShown.HIDDEN)
    one.run()
    assert {each.summary for each in one.server.held.values()} == {"Reminder"}
    one.story.at(date(2026, 3, 3), 20)
    one.server.ticks = [Tick(entry_uid(KEY, SECOND), one.story.now)]
    assert one.run().recorded == (SECOND,)


def test_a_stopped_plan_leaves_the_server() -> None:
    one = life()
    one.run()
    one.story.at(date(2026, 3, 20)).stop(date(2026, 3, 21), abruptly=True)
    assert one.run().withdrawn > 0
    last = max(each.starts for each in one.server.held.values())
    assert last < one.story.now + timedelta(days=1)


def test_a_server_out_of_reach_is_told_and_nothing_is_lost() -> None:
    one = life()
    one.run()
    known = one.link.known
    one.server.down = True
    done = one.run()
    assert "cannot be reached" in done.trouble
    assert (one.link.known, one.link.trouble) == (known, done.trouble)
    one.server.down = False
    assert one.run().trouble == ""
    assert one.link.trouble == ""


def test_what_is_not_there_is_not_synchronised() -> None:
    with pytest.raises(UnknownLink, match="caldav list"):
        life().sync.run(9, Story.begin().now)


def test_a_password_is_not_in_what_can_be_printed() -> None:
    assert "secret" not in repr(life().link)
