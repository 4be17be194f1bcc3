"""Whatever is amended, taken and undone in whatever order: invariants 2, 4 and 5 hold."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Verbosity, settings
from hypothesis import Phase as Phases
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.fakes.clocks import FakeClock
from tests.property.amend_life import DAY, HORIZON_DAYS, ZONES, Life

from medsched.domain import taper
from medsched.domain.advice import Step, Take
from medsched.domain.amount import amount
from medsched.domain.person import ZonePolicy
from medsched.services import amendments, stopping
from medsched.services.amend import Amended, Amendment
from medsched.services.confirm import confirm_draft
from medsched.services.plan import Order, push_horizon
from medsched.services.travel import Journey, adopt_journey
from medsched.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.domain.protocol import Phase
    from medsched.services.book import Book
    from medsched.services.ports import Plan, Store

AHEAD = st.integers(0, 6)
BY = st.sampled_from(["Dr Gray", "Dr Gray", "Dr Gray", ""])
CLOCKS = st.sampled_from(
    [(time(8), time(20)), (time(6), time(18)), (time(1), time(12)), (time(11), time(23, 30))]
)


class Amending(RuleBasedStateMachine):
    """A person's plan through weeks of changes, doses and journeys."""

    drafted_taper = False
    drafted_from: date | None = None

    def new_store(self) -> Store | None:
        """Return the store to live in; None: the fake."""
        return None

    @initialize()
    def begin(self) -> None:
        self.life = Life.begin(self.new_store())

    # --- time and doses -------------------------------------------------------------

    @rule(hours=st.integers(1, 30), minutes=st.integers(0, 59))
    def wait(self, hours: int, minutes: int) -> None:
        self.life.story.now += timedelta(hours=hours, minutes=minutes)

    @rule(days=st.integers(2, 26))
    def live_on(self, days: int) -> None:
        self.life.story.now += days * DAY

    @rule(often=st.integers(1, 12), hours=st.integers(2, 13))
    def follow_the_advice(self, often: int, hours: int) -> None:
        for _ in range(often):
            self.life.take_as_advised()
            self.life.story.now += timedelta(hours=hours)

    @rule()
    def take(self) -> None:
        self.life.take_now()

    @rule()
    def skip(self) -> None:
        self.life.skip()

    @rule()
    def undo(self) -> None:
        self.life.undo()

    @rule()
    def the_horizon_moves_on(self) -> None:
        today = self.life.today
        self.life.attempt(lambda book, plan: push_horizon(book, plan, today, HORIZON_DAYS))

    # --- amendments -----------------------------------------------------------------

    @rule(ahead=AHEAD, by=BY, days=st.integers(-4, 9))
    def shift(self, ahead: int, by: str, days: int) -> None:
        self._amend(
            ahead,
            by,
            lambda book, plan, asked: amendments.shift(book, plan, asked, days),
            earlier=max(-days, 0),
        )

    @rule(ahead=AHEAD, by=BY, days=st.integers(1, 9))
    def extend(self, ahead: int, by: str, days: int) -> None:
        self._amend(ahead, by, lambda book, plan, asked: amendments.extend(book, plan, asked, days))

    @rule(ahead=AHEAD, by=BY, days=st.none() | st.integers(1, 9), meant=st.booleans())
    def hold(self, ahead: int, by: str, days: int | None, *, meant: bool) -> None:
        self._amend(
            ahead,
            by,
            lambda book, plan, asked: amendments.hold(book, plan, asked, days),
            meant=meant,
        )

    @rule(ahead=AHEAD, by=BY)
    def resume(self, ahead: int, by: str) -> None:
        self._amend(ahead, by, amendments.resume)

    @rule(ahead=AHEAD, by=BY, days=st.none() | st.integers(1, 9), meant=st.booleans())
    def step_back(self, ahead: int, by: str, days: int | None, *, meant: bool) -> None:
        self._amend(
            ahead,
            by,
            lambda book, plan, asked: amendments.step_back(book, plan, asked, days),
            taper=False,
            meant=meant,
        )

    @rule(ahead=AHEAD, by=BY, mg=st.sampled_from([25, 50, 100, 150, 200, 250]), meant=st.booleans())
    def change_target(self, ahead: int, by: str, mg: int, *, meant: bool) -> None:
        self._amend(
            ahead,
            by,
            lambda book, plan, asked: amendments.change_target(
                book, plan, asked, amount(f"{mg} mg")
            ),
            taper=False,
            meant=meant,
        )

    @rule(ahead=AHEAD, clocks=CLOCKS)
    def change_times(self, ahead: int, clocks: tuple[time, ...]) -> None:
        self._amend(
            ahead,
            "",
            lambda book, plan, asked: amendments.change_times(book, plan, asked, clocks),
        )

    @rule(ahead=AHEAD, by=BY, over=st.none() | st.integers(13, 29))
    def stop(self, ahead: int, by: str, over: int | None) -> None:
        self._amend(
            ahead,
            by,
            lambda book, plan, asked: stopping.stop(book, plan, asked, over_days=over),
            taper=True,
        )

    @rule(ahead=AHEAD, by=BY)
    @precondition(lambda self: self.life.story.plan().current > 4)  # rarely
    def stop_at_once(self, ahead: int, by: str) -> None:
        day = self.life.today + ahead * DAY
        done = self._amend(
            ahead,
            by,
            lambda book, plan, asked: stopping.stop(book, plan, asked, abruptly=True),
        )
        if done:
            self.life.ended = day

    @rule()
    def confirm(self) -> None:
        story, drafted = self.life.story, self.life.story.plan().draft
        done = self.life.attempt(
            lambda book, plan: confirm_draft(
                book,
                plan,
                order=Order(ordered_by="Dr Gray"),
                now=story.now,
                horizon_days=HORIZON_DAYS,
            )
        )
        if done and drafted:
            self.life.tapering, self.life.taper_from = self.drafted_taper, self.drafted_from

    @rule(
        hours=st.integers(0, 200),
        away=st.integers(10, 400),
        zone=st.sampled_from(ZONES),
        policy=st.sampled_from(ZonePolicy),
    )
    @precondition(lambda self: len(self.life.story.rows()) > 0)
    def travel(self, hours: int, away: int, zone: Any, policy: ZonePolicy) -> None:
        story = self.life.story
        since = story.now + timedelta(hours=hours)
        journey = Journey(
            zone=zone, since=since, until=since + timedelta(hours=away), policy=policy
        )
        self.life.attempt(lambda book, _plan: adopt_journey(book, journey, story.now, HORIZON_DAYS))

    def _amend(
        self,
        ahead: int,
        by: str,
        act: Callable[[Book, Plan, Amendment], Amended],
        *,
        taper: bool | None = None,
        meant: bool = False,
        earlier: int = 0,
    ) -> bool:
        """Amend from `ahead` days on; return whether it is in force now.

        Args:
            earlier: A taper that has not begun begins so many days earlier.
            meant: The end of a plan that is being stopped may move, or be called off.
        """
        life = self.life
        asked = Amendment(
            day=life.today + ahead * DAY,
            reason="test",
            order=Order(ordered_by=by),
            now=life.story.now,
            until_days=HORIZON_DAYS,
            move_end=meant,
            call_off_stop=meant,
        )
        rows, before = life.story.rows(), life.story.plan()
        if not life.attempt(lambda book, plan: act(book, plan, asked)):
            return False
        after = life.story.plan()
        tapering = life.tapering if taper is None else taper
        since = asked.day if taper else life.taper_from and life.taper_from - earlier * DAY
        if after.current == before.current:
            assert life.story.rows() == rows, "a draft changed doses"
            self.drafted_taper, self.drafted_from = tapering, since
            return False
        life.tapering, life.taper_from = tapering, since
        return True

    # --- what must hold ---------------------------------------------------------------

    @invariant()
    def the_plan_keeps_its_limits(self) -> None:
        self.life.check_plan()

    @invariant()
    def a_taper_falls_and_ends(self) -> None:
        self.life.check_taper()


EXAMPLES = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


def test_amendments_takes_and_time_keep_the_limits_the_taper_and_the_past() -> None:
    run_state_machine_as_test(Amending, settings=EXAMPLES)


def test_the_same_holds_in_a_real_database(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    class InFile(Amending):
        def new_store(self) -> Store:
            path = Path(tmp_path_factory.mktemp("amend")) / "medsched.db"
            self.store = open_store(str(path), clock=FakeClock())
            return self.store

        def teardown(self) -> None:
            if hasattr(self, "store"):
                self.store.close()

    run_state_machine_as_test(
        InFile, settings=settings(EXAMPLES, max_examples=4, stateful_step_count=12)
    )


def _takes_effect_too_early(book: Book, asked: Amendment) -> datetime:
    return asked.now - 2 * DAY


def _rising(*given: Any, **named: Any) -> tuple[Phase, ...]:
    return tuple(reversed(taper.phases(*given, **named)))


def _one_step(*given: Any, **named: Any) -> tuple[Phase, ...]:
    return taper.phases(*given, **named)[:1]


def _always_take(dose: DoseEvent, chart: Chart, now: datetime) -> Take | None:
    if dose.due > now or dose.id in chart.settled:
        return None
    return Take(until=dose.due + DAY, amount=dose.amount, reason="now", rule="", step=Step.WINDOW)


MUTANTS: dict[str, tuple[str, object]] = {
    "the past is replaced": ("medsched.services.amend.takes_effect", _takes_effect_too_early),
    "new doses come too close": ("medsched.services.revise.too_close", lambda *_: []),
    "a taper rises": ("medsched.services.stopping.phases", _rising),
    "a taper is too short": ("medsched.services.stopping.phases", _one_step),
    "advice forgets the gap": ("medsched.services.agenda.advise", _always_take),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_the_machine_finds_a_planted_fault(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    target, fault = MUTANTS[name]
    monkeypatch.setattr(target, fault)
    quickly = settings(
        EXAMPLES,
        max_examples=600,
        phases=[Phases.generate],
        database=None,
        derandomize=True,
        verbosity=Verbosity.quiet,
    )
    with pytest.raises(Exception) as failed:  # noqa: PT011  # whatever it stumbles over
        run_state_machine_as_test(Amending, settings=quickly)
    assert isinstance(failed.value, AssertionError), failed.value
