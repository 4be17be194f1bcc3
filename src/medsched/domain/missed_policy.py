"""What to do about a missed dose, as data: one policy of a drug or regimen.

The fields mean what `domain.missed` carries out, in its order: excluded, gap, covered,
late window, minimum gap, rolling limit. Times are elapsed (absolute) hours.
"""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from medsched.frozen import frozen


class Basis(StrEnum):
    """What the doses hang on."""

    CLOCK = "clock"
    INTERVAL = "interval"
    WEEKLY = "weekly"
    CYCLE = "cycle"
    AS_NEEDED = "prn"
    EXCLUDED = "excluded"


class Measure(StrEnum):
    """From where the late window is measured."""

    FROM_DUE = "from_due"
    TO_NEXT = "to_next"
    SAME_DOSING_DAY = "same_dosing_day"
    NEXT_MORNING = "next_morning"
    NONE = "none"


class AfterLate(StrEnum):
    """What later doses do after a late one."""

    KEEP = "keep"
    SHIFT = "shift"
    RESPACE_TODAY = "respace_today"
    KEEP_WEEKDAY = "keep_weekday"


@frozen
class LateWindow:
    """Until when a late dose may still be taken.

    Args:
        measure: What the limits count from.
        max_hours: At most so long after it was due, inclusive. The window is also never
            longer than half of the actual interval to the next dose when `fraction` says so.
        max_hours_once_daily: Instead of `max_hours` when the regimen is once a day.
        fraction: Of the actual interval between the two scheduled doses; None for no limit.
        min_remaining_hours: At least so long before the next dose, inclusive unless `strict`.
        strict: The remaining time must be more than `min_remaining_hours`.
        missed_after_hours: A dose counts as missed only after more than so many hours.
    """

    measure: Measure
    max_hours: Decimal | None = None
    max_hours_once_daily: Decimal | None = None
    fraction: Decimal | None = None
    min_remaining_hours: Decimal | None = None
    strict: bool = False
    missed_after_hours: Decimal | None = None


@frozen
class RollingLimit:
    """At most so many doses, or so much, in any window of elapsed hours."""

    window_hours: Decimal
    max_doses: int | None = None
    max_amount_mg: Decimal | None = None


class GapAction(StrEnum):
    """What a long gap without doses asks for; every one of them is `ask`."""

    CALL_BEFORE_RESUME = "call_before_resume"
    CALL_CONSIDER_RETITRATE = "call_consider_retitrate"
    RESTART_TITRATION = "restart_titration_via_prescriber"
    STOP_AND_CALL = "stop_and_call"


@frozen
class GapRule:
    """After a gap of this length nothing is taken before somebody was asked.

    Exactly one measure is set.

    Args:
        more_than_hours: Since the last dose taken, strict. at_least_hours: inclusive.
        at_least_missed: Missed doses in a row. at_least_days_missed: whole days without a dose.
        more_than_half_lives: Of `half_life_hours`, chosen by the regimen's id or `none`.
        text: The sentence for people.
    """

    action: GapAction
    text: str
    more_than_hours: Decimal | None = None
    at_least_hours: Decimal | None = None
    at_least_missed: int | None = None
    at_least_days_missed: int | None = None
    more_than_half_lives: Decimal | None = None
    half_life_hours: tuple[tuple[str, Decimal], ...] = ()


@frozen
class MissedStep:
    """What to do at a number of doses missed in a row (contraceptive packs).

    `at_least` missed in a row; `max_units` taken at once now; `text` for people.
    """

    at_least: int
    text: str
    max_units: int = 1


@frozen
class MissedPolicy:
    """The missed-dose rules of one regimen.

    Args:
        id: Such as `default_bid`. rule: Id of the protocol's rule that it carries out.
        min_gap_hours: Between any two actual intakes.
        max_gap_hours: Longest advisable time between two intakes, or None.
        max_units_at_once: 1, except where a source documents more.
        call_after_consecutive: So many missed in a row: ask.
        time_critical_minutes: On-time tolerance of medicines whose minute matters.
        beyond: What to say past the window: `skip`, `call`, or a sentence.
        record_for_review: A missed dose is noted for the next clinic visit.
        daily_target_mg: Documented exception: up to this much in one dosing day, at once.
        not_for: Products of the same kind that the policy does not fit.
        sources: Where the numbers were read, for people.
    """

    id: str
    basis: Basis
    late: LateWindow
    rule: str = ""
    min_gap_hours: Decimal = Decimal(0)
    max_gap_hours: Decimal | None = None
    max_units_at_once: int = 1
    max_doses_per_dosing_day: int | None = None
    rolling: RollingLimit | None = None
    after_late: AfterLate = AfterLate.KEEP
    call_after_consecutive: int | None = None
    gaps: tuple[GapRule, ...] = ()
    steps: tuple[MissedStep, ...] = ()
    time_critical_minutes: int | None = None
    beyond: str = "skip"
    record_for_review: bool = False
    daily_target_mg: Decimal | None = None
    not_for: tuple[str, ...] = ()
    assumption: bool = False
    sources: tuple[str, ...] = ()
