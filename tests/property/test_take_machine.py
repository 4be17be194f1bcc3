"""Whatever people do, in any order: no advice adds up to two, and no record is lost.

The machine runs over a store in memory, a real SQLite file and a real PostgreSQL. Each
planted bug below makes it fail: the machine sees what it should see.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from tests.fakes.clocks import FakeClock
from tests.property.take_machine import TakeMachine

from medsched.domain import chart as charts
from medsched.domain.attribution import Extra, Punctuality, Settles, attribute
from medsched.domain.late_window import Window, window_of
from medsched.services import choose, record, revise
from medsched.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from medsched.domain.administration import Administration
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent
    from medsched.services.book import Book
    from medsched.services.ports import Plan, Store

SEVERAL = settings(
    max_examples=25,
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a story is short; making it shorter takes minutes
)
FEW = settings(SEVERAL, max_examples=8, stateful_step_count=15)
SEARCH = settings(
    SEVERAL,
    max_examples=150,
    stateful_step_count=12,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


def run(store: Store | None, how: settings, without: Sequence[str] = ()) -> None:
    """Run the machine over a store, or in memory; some of its rules may be left out."""
    left_out = dict.fromkeys(without)
    machine = type("Machine", (TakeMachine,), {"open_store": store, **left_out})
    run_state_machine_as_test(machine, settings=how)


def test_no_order_of_events_breaks_the_promises() -> None:
    run(None, SEVERAL)


def test_no_order_of_events_breaks_them_on_sqlite(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "medsched.db"), clock=FakeClock()) as store:
        run(store, FEW)


def test_no_order_of_events_breaks_them_on_postgresql() -> None:
    from tests.postgres import start_postgres

    server = start_postgres()
    with server.database() as address, open_store(address, clock=FakeClock()) as store:
        run(store, FEW)


# --- planted bugs ---------------------------------------------------------------------------


def nearest_due_alone(at: Any, chart: Chart, amount: Any = None) -> Settles | Extra:
    """Attribution by the nearest due time, whatever its window and its records."""
    dose = min(chart.doses, key=lambda one: abs(at - one.due), default=None)
    if dose is None:
        return attribute(at, chart, amount)
    return Settles(dose=dose, punctuality=Punctuality.ON_TIME, sentence="")


def strict_cut_off(dose: Any, before: Any, after: Any, policy: Any) -> Window:
    """A cut-off that excludes its last instant."""
    window = window_of(dose, before, after, policy)
    late, most = window.late_until, window.take_until
    return replace(
        window, late_until=late - timedelta(seconds=1), take_until=most - timedelta(seconds=1)
    )


def wall_clock_cut_off(
    dose: DoseEvent, before: DoseEvent | None, after: DoseEvent | None, policy: Any
) -> Window:
    """A cut-off counted by clocks on the wall: wrong on a night when they change."""
    window = window_of(dose, before, after, policy)
    if after is None:
        return window
    wall = after.local.replace(tzinfo=None) - timedelta(hours=6)
    cut = wall.replace(tzinfo=dose.local.tzinfo).astimezone(UTC)
    return replace(window, late_until=cut, take_until=cut)


def overlapping_windows(dose: Any, before: Any, after: Any, policy: Any) -> Window:
    """A missed dose that stays raised, so that two stand in a row."""
    window = window_of(dose, before, after, policy)
    longer = window.take_until + timedelta(hours=12)
    return replace(window, late_until=longer, take_until=longer)


def a_late_dose_moves_the_next(
    book: Book, plan: Plan, found: Settles, chart: Chart, *, at: Any, now: Any
) -> None:
    """The next dose is moved by as much as this one was late."""
    after = chart.after(found.dose)
    late = int((at - found.dose.due).total_seconds())
    if after is None or late <= 0:
        return
    rows = book.rows(plan, after.due, after.due + timedelta(seconds=1))
    book.unit.plans.update_doses(row._replace(due=row.due + late) for row in rows)


def nothing_is_settled(_book: Any, _plan: Any, _since: Any) -> set[Any]:
    """An edit moves doses that were taken ahead."""
    return set()


def forgets_records(chart: Chart, dose: DoseEvent, now: Any) -> Administration | None:
    """A dose that was taken late at night is forgotten."""
    found = chart.settled.get(dose.id)
    if found is None or found.at > now or found.at - dose.due > timedelta(hours=1):
        return None
    return found


def edits_from_midnight(book: Book, plan: Plan, revision: Any, **rest: Any) -> Any:
    """An edit that reaches back a day: what was due before it changes too."""
    since = revision.effective_from - timedelta(days=2)
    return put_in_force(book, plan, replace(revision, effective_from=since), **rest)


put_in_force = revise.put_in_force


def plant(patch: pytest.MonkeyPatch, name: str) -> None:
    """Plant one bug."""
    from medsched.services import amend

    bugs: dict[str, Callable[[], None]] = {
        "nearest due time alone": lambda: patch.setattr(choose, "attribute", nearest_due_alone),
        "strict cut-off": lambda: patch.setattr(charts, "window_of", strict_cut_off),
        "wall-clock cut-off": lambda: patch.setattr(charts, "window_of", wall_clock_cut_off),
        "missed dose stays raised": lambda: patch.setattr(charts, "window_of", overlapping_windows),
        "late dose moves the next": lambda: patch.setattr(
            record, "move_later_doses", a_late_dose_moves_the_next
        ),
        "edit moves settled doses": lambda: patch.setattr(
            revise, "settled_keys", nothing_is_settled
        ),
        "record forgotten": lambda: patch.setattr(charts.Chart, "settling", forgets_records),
        "edit rewrites the past": lambda: patch.setattr(amend, "put_in_force", edits_from_midnight),
    }
    bugs[name]()


BESIDE = [
    "time_passes",
    "somebody_writes_it_down_late",
    "somebody_takes_it_twice",
    "two_people_record_the_same_dose_at_once",
    "a_dose_is_left_out",
    "a_record_was_wrong",
    "the_amounts_change_from_tomorrow",
    "the_person_travels",
]
"""Rules that the planted bugs do not need: without them they are found sooner."""

BUGS = [
    "nearest due time alone",
    "strict cut-off",
    "wall-clock cut-off",
    "missed dose stays raised",
    "late dose moves the next",
    "edit moves settled doses",
    "record forgotten",
    "edit rewrites the past",
]


@pytest.mark.parametrize("bug", BUGS)
def test_a_planted_bug_makes_it_fail(monkeypatch: pytest.MonkeyPatch, bug: str) -> None:
    plant(monkeypatch, bug)

    with pytest.raises(AssertionError):
        run(None, SEARCH, without=BESIDE)
