"""A missed-dose policy: one table with all its numbers, or the name of a policy kept elsewhere."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.amount import Amount, Unit, amount
from medsched.domain.missed_policy import (
    AfterLate,
    Basis,
    GapRule,
    LateWindow,
    Measure,
    MissedPolicy,
    MissedStep,
    RollingLimit,
)
from medsched.errors import InvalidValue
from medsched.frozen import replace
from medsched.protocols.quantity import exact_minutes, hours, percent
from medsched.protocols.reading import one_of
from medsched.protocols.vocabulary import AFTER_LATE, BASES, GAP_ACTIONS, MEASURES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from medsched.protocols.table import Table

_GAP_MEASURES: Final = (
    "more_than",
    "at_least",
    "missed_at_least",
    "days_missed_at_least",
    "more_than_half_lives",
)
_BEFORE_NEXT: Final = ("at_least_before_next", "more_than_before_next")
_NOTHING: Final = LateWindow(measure=Measure.NONE)
UNKNOWN: Final = MissedPolicy(id="unknown", basis=Basis.CLOCK, late=_NOTHING)
"""Stands in while the mistakes of a file are collected."""


def read_missed(table: Table, policies: Mapping[str, MissedPolicy]) -> MissedPolicy:
    """Return the policy that a `[missed_dose]` table names or writes out."""
    rule = table.rule()
    if table.has("policy"):
        named = table.need("policy", lambda text: one_of(text, policies), UNKNOWN)
        table.close()
        return replace(named, rule=rule)
    policy = read_policy(table, name=rule or "own")
    table.close()
    return replace(policy, rule=rule)


def read_policy(table: Table, *, name: str) -> MissedPolicy:
    """Return a policy that is written out; the caller closes the table."""
    late, rolling = table.table("late"), table.table("rolling")
    if late is None and not table.has("late") and table.values.get("basis") != "as needed":
        table.note("late", "missing", "is missing; say until when a late dose may be taken")
    return MissedPolicy(
        id=name,
        basis=table.choice("basis", BASES),
        late=_late(late) if late else _NOTHING,
        min_gap_hours=table.may("min_gap", hours) or Decimal(0),
        max_gap_hours=table.may("max_gap", hours),
        max_units_at_once=table.whole("most_at_once", 1, 4, 1),
        max_doses_per_dosing_day=_maybe_whole(table, "most_a_day", 24),
        rolling=_rolling(rolling) if rolling else None,
        after_late=table.choice("after_late", AFTER_LATE, AfterLate.KEEP),
        call_after_consecutive=_maybe_whole(table, "call_after_missed", 100),
        gaps=tuple(_gap(one) for one in table.tables("gap")),
        steps=tuple(_step(one) for one in table.tables("step")),
        time_critical_minutes=table.may("time_critical", exact_minutes),
        beyond=table.sentence("beyond", "skip"),
        record_for_review=table.flag("record_for_review", default=False),
        daily_target_mg=_mg(table, "daily_target"),
        not_for=table.words("not_for"),
        assumption=table.flag("assumption", default=False),
        sources=table.citations("sources"),
    )


def _maybe_whole(table: Table, key: str, high: int) -> int | None:
    return table.whole(key, 1, high) if table.has(key) else None


def _mg(table: Table, key: str) -> Decimal | None:
    found = table.may(key, _in_mg)
    return None if found is None else found.value


def _in_mg(text: str) -> Amount:
    found = amount(text)
    if found.unit is not Unit.MG or not found:
        raise InvalidValue("amount", repr(text), "write it in mg, such as 4000 mg")
    return found


def _late(table: Table) -> LateWindow:
    measure = table.choice("measure", MEASURES)
    before = table.which(_BEFORE_NEXT)
    share = table.may("of_interval", percent)
    window = LateWindow(
        measure=measure,
        max_hours=table.may("at_most", hours),
        max_hours_once_daily=table.may("at_most_once_daily", hours),
        fraction=None if share is None else Decimal(share) / 100,
        min_remaining_hours=table.may(before, hours) if before else None,
        strict=before == "more_than_before_next",
        missed_after_hours=table.may("missed_after", hours),
    )
    table.close()
    if table.sound:
        _check_window(table, window)
    return window


def _check_window(table: Table, window: LateWindow) -> None:
    """Note a window without the limit that its measure needs."""
    limits = (window.max_hours, window.fraction, window.missed_after_hours)
    if window.measure is Measure.FROM_DUE and not any(limits):
        table.note("at_most", "missing", "is missing; from due needs a limit")
    if window.measure is Measure.TO_NEXT and window.min_remaining_hours is None:
        table.note("at_least_before_next", "missing", "is missing; to next needs it")
    once, usual = window.max_hours_once_daily, window.max_hours
    if once is not None and (usual is None or once < usual):
        table.note("at_most_once_daily", "window", "is less than at_most, or stands without it")


def _rolling(table: Table) -> RollingLimit:
    doses, most = _maybe_whole(table, "most_doses", 100), _mg(table, "most")
    if doses is None and most is None:
        table.note("most_doses", "missing", "is missing; give most_doses, most, or both")
    window = table.need("in", hours, Decimal(1))
    table.close()
    return RollingLimit(window_hours=window, max_doses=doses, max_amount_mg=most)


def _gap(table: Table) -> GapRule:
    way = table.which(_GAP_MEASURES, needed="does not say how long the gap is")
    half_lives = table.table("half_life")
    gap = GapRule(
        action=table.choice("action", GAP_ACTIONS),
        text=table.sentence("text"),
        more_than_hours=table.may("more_than", hours),
        at_least_hours=table.may("at_least", hours),
        at_least_missed=_maybe_whole(table, "missed_at_least", 365),
        at_least_days_missed=_maybe_whole(table, "days_missed_at_least", 365),
        more_than_half_lives=_half_lives(table),
        half_life_hours=_half_life_hours(half_lives) if half_lives else (),
    )
    if (way == "more_than_half_lives") != bool(gap.half_life_hours) and table.sound:
        table.note("half_life", "contradiction", "and more_than_half_lives belong together")
    table.close()
    return gap


def _half_lives(table: Table) -> Decimal | None:
    count = _maybe_whole(table, "more_than_half_lives", 20)
    return None if count is None else Decimal(count)


def _half_life_hours(table: Table) -> tuple[tuple[str, Decimal], ...]:
    if "none" not in table.values:
        table.note("none", "missing", "is missing; it is used when no other name fits")
    found = [(name, table.need(name, hours, Decimal(1))) for name in table.values]
    return tuple(sorted(found))


def _step(table: Table) -> MissedStep:
    step = MissedStep(
        at_least=table.whole("missed_at_least", 1, 100),
        text=table.sentence("text"),
        max_units=table.whole("most_at_once", 0, 4, 1),
    )
    table.close()
    return step
