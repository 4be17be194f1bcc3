"""A subscriber that takes over only what is announced shows exactly the current doses.

GNOME keeps the old time for ever when neither SEQUENCE, DTSTAMP nor LAST-MODIFIED moved;
ICSx5 looks at LAST-MODIFIED alone; some look at SEQUENCE alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from icalendar import Calendar
from tests.contract.calendar_cases import FORM, entry

from medsched.calendar.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from medsched.services.feed_entry import FeedEntry

Part = Any
Shown = tuple[datetime, str, tuple[timedelta, ...]]


def moved(old: Part, new: Part, *names: str) -> bool:
    return any(
        getattr(old[name], "dt", old[name]) < getattr(new[name], "dt", new[name]) for name in names
    )


NEWER: dict[str, Callable[[Part, Part], bool]] = {
    "any of the three": lambda old, new: moved(old, new, "SEQUENCE", "DTSTAMP", "LAST-MODIFIED"),
    "LAST-MODIFIED alone": lambda old, new: moved(old, new, "LAST-MODIFIED"),
    "SEQUENCE alone": lambda old, new: moved(old, new, "SEQUENCE"),
}


@dataclass
class Subscriber:
    """A calendar program with what it keeps of a feed."""

    newer: Callable[[Part, Part], bool]
    kept: dict[str, Part] = field(default_factory=dict)

    def refresh(self, data: bytes) -> None:
        parts: list[Part] = Calendar.from_ical(data).walk("VEVENT")
        found = {str(part["UID"]): part for part in parts}
        self.kept = {uid: part for uid, part in self.kept.items() if uid in found}
        for uid, part in found.items():
            if uid not in self.kept or self.newer(self.kept[uid], part):
                self.kept[uid] = part

    def shows(self) -> dict[str, Shown]:
        return {
            uid: (
                part["DTSTART"].dt,
                str(part["SUMMARY"]),
                tuple(alarm["TRIGGER"].dt for alarm in part.walk("VALARM")),
            )
            for uid, part in self.kept.items()
        }


def current(plan: dict[str, FeedEntry]) -> dict[str, Shown]:
    return {
        uid: (each.starts, each.summary, tuple(timedelta(minutes=-m) for m in each.alarms))
        for uid, each in plan.items()
    }


def revised(each: FeedEntry, now: datetime, **changed: Any) -> FeedEntry:
    """Return the next version of an entry, as the store keeps it."""
    return replace(each, **changed, sequence=each.sequence + 1, revised=now)


class AFeed(RuleBasedStateMachine):
    """A plan that is started, taken, moved, changed, held and stopped, with three subscribers."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 3, 1, tzinfo=UTC)
        self.plan: dict[str, FeedEntry] = {}
        self.withdrawn: dict[str, FeedEntry] = {}
        self.subscribers = [Subscriber(newer) for newer in NEWER.values()]

    def _pick(self, number: int) -> str:
        return sorted(self.plan)[number % len(self.plan)]

    def _change(self, number: int, **changed: Any) -> None:
        self.now += timedelta(seconds=1)
        uid = self._pick(number)
        self.plan[uid] = revised(self.plan[uid], self.now, **changed)

    @rule(count=st.integers(1, 4))
    def start(self, count: int) -> None:
        self.now += timedelta(seconds=1)
        known = len(self.plan) + len(self.withdrawn)
        for number in range(known, known + count):
            uid = f"dose-{number:05d}"
            at = datetime(2026, 3, 2, 13, tzinfo=UTC) + timedelta(hours=12 * number)
            self.plan[uid] = entry(uid=uid, starts=at, summary="25 mg", revised=self.now)

    @precondition(lambda self: self.plan)
    @rule(number=st.integers(0, 50))
    def take(self, number: int) -> None:
        self._change(number, alarms=(), summary="25 mg, taken")

    @precondition(lambda self: self.plan)
    @rule(number=st.integers(0, 50), minutes=st.integers(-600, 600))
    def move(self, number: int, minutes: int) -> None:
        starts = self.plan[self._pick(number)].starts + timedelta(minutes=minutes)
        self._change(number, starts=starts)

    @precondition(lambda self: self.plan)
    @rule(number=st.integers(0, 50), amount=st.sampled_from(["12.5 mg", "50 mg"]))
    def change(self, number: int, amount: str) -> None:
        self._change(number, summary=amount)

    @precondition(lambda self: self.plan)
    @rule(number=st.integers(0, 50))
    def stop(self, number: int) -> None:
        for uid in sorted(self.plan)[number % len(self.plan) :]:
            self.withdrawn[uid] = self.plan.pop(uid)

    @precondition(lambda self: self.withdrawn)
    @rule()
    def resume(self) -> None:
        self.now += timedelta(seconds=1)
        for uid, each in self.withdrawn.items():
            self.plan[uid] = revised(each, self.now, starts=each.starts + timedelta(days=1))
        self.withdrawn = {}

    @rule()
    def fetch_again(self) -> None:
        """Nothing happens, and every subscriber asks."""

    @invariant()
    def every_subscriber_shows_the_current_doses(self) -> None:
        data = render(self.plan.values(), FORM)
        for subscriber in self.subscribers:
            subscriber.refresh(data)
            assert subscriber.shows() == current(self.plan)


AFeed.TestCase.settings = settings(max_examples=30, stateful_step_count=12, deadline=None)
TestAFeed = AFeed.TestCase


@pytest.mark.parametrize("newer", NEWER.values(), ids=NEWER)
def test_the_model_is_sharp_a_change_that_is_not_announced_is_not_taken_over(
    newer: Callable[[Part, Part], bool],
) -> None:
    subscriber = Subscriber(newer)
    subscriber.refresh(render([entry(summary="25 mg")], FORM))
    subscriber.refresh(render([entry(summary="50 mg")], FORM))
    assert [summary for _, summary, _ in subscriber.shows().values()] == ["25 mg"]


def test_a_file_that_is_imported_again_withdraws_what_it_cancels() -> None:
    """An import only adds and updates; a cancelled entry with a higher SEQUENCE does it."""
    from medsched.services.feed_entry import EntryStatus

    subscriber = Subscriber(NEWER["SEQUENCE alone"])
    subscriber.refresh(render([entry()], FORM))
    gone = revised(entry(), datetime(2026, 3, 3, tzinfo=UTC), status=EntryStatus.CANCELLED)
    subscriber.refresh(render([gone], FORM))
    (part,) = subscriber.kept.values()
    assert part["STATUS"] == "CANCELLED"
    assert part.walk("VALARM") == []
