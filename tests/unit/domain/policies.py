"""The missed-dose policies of 31 medicines, as values: the table that advice is tested on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from medsched.domain.missed_policy import (
    AfterLate,
    Basis,
    GapAction,
    GapRule,
    LateWindow,
    Measure,
    MissedPolicy,
    MissedStep,
    RollingLimit,
)

if TYPE_CHECKING:
    from typing import Any


def hours(count: float | str) -> Decimal:
    return Decimal(str(count))


def from_due(most: float, **more: Any) -> LateWindow:
    return LateWindow(measure=Measure.FROM_DUE, max_hours=hours(most), **more)


def to_next(least: float, **more: Any) -> LateWindow:
    return LateWindow(measure=Measure.TO_NEXT, min_remaining_hours=hours(least), **more)


SAME_DAY = LateWindow(measure=Measure.SAME_DOSING_DAY)
PILL_BEYOND = "take one now; next at usual time; use condoms for 48 hours"


def policy(name: str, late: LateWindow, basis: Basis = Basis.CLOCK, **more: Any) -> MissedPolicy:
    return MissedPolicy(id=name, basis=basis, late=late, **more)


def weekly(name: str, late: LateWindow, gap: float, **more: Any) -> MissedPolicy:
    return policy(
        name,
        late,
        Basis.WEEKLY,
        min_gap_hours=hours(gap),
        after_late=AfterLate.KEEP_WEEKDAY,
        **more,
    )


POLICIES = {
    one.id: one
    for one in (
        policy("default_qd", from_due(12), min_gap_hours=hours(12)),
        policy("default_bid", from_due(6, min_remaining_hours=hours(6)), min_gap_hours=hours(6)),
        policy("default_more_than_bid", from_due(2), min_gap_hours=hours(4)),
        policy(
            "milnacipran",
            to_next(6, max_hours=hours(12)),
            min_gap_hours=hours(6),
            max_doses_per_dosing_day=2,
            rolling=RollingLimit(window_hours=hours(18), max_doses=2),
            call_after_consecutive=2,
            gaps=(
                GapRule(
                    action=GapAction.CALL_BEFORE_RESUME,
                    text="No dose for more than 3 days: call before you take it again.",
                    more_than_hours=hours(72),
                ),
            ),
        ),
        weekly("methotrexate_weekly", from_due(48), 120, beyond="call", call_after_consecutive=1),
        weekly("alendronate_70_weekly", LateWindow(measure=Measure.NEXT_MORNING), 24),
        weekly(
            "semaglutide_sc_weekly",
            from_due(120),
            48,
            gaps=(
                GapRule(
                    action=GapAction.CALL_CONSIDER_RETITRATE,
                    text="Three doses missed: ask whether to begin low again.",
                    at_least_missed=3,
                ),
            ),
        ),
        weekly("tirzepatide_weekly", from_due(96), 72),
        weekly("dulaglutide_weekly", to_next(72), 72),
        policy(
            "coc_standard",
            LateWindow(measure=Measure.FROM_DUE, missed_after_hours=hours(24)),
            Basis.CYCLE,
            max_units_at_once=2,
            steps=(
                MissedStep(
                    at_least=1,
                    max_units=2,
                    text="Take the last missed pill now, even if that is two in one day.",
                ),
                MissedStep(
                    at_least=2,
                    max_units=2,
                    text="Take only the last missed pill now; use condoms for 7 days; with fewer"
                    " than 7 pills left leave out the break.",
                ),
            ),
        ),
        policy("pop_desogestrel", from_due(12), beyond=PILL_BEYOND),
        policy("pop_traditional", from_due(3), beyond=PILL_BEYOND),
        policy("warfarin", SAME_DAY, record_for_review=True, call_after_consecutive=2),
        policy("apixaban", from_due(6), min_gap_hours=hours(6)),
        policy("dabigatran", to_next(6)),
        policy("edoxaban", SAME_DAY),
        policy("rivaroxaban_15_bid", SAME_DAY, max_units_at_once=2, daily_target_mg=Decimal(30)),
        policy("rivaroxaban_qd", SAME_DAY),
        policy(
            "lamotrigine",
            from_due(6, max_hours_once_daily=hours(12)),
            gaps=(
                GapRule(
                    action=GapAction.RESTART_TITRATION,
                    text="The gap is too long: ask before you begin again.",
                    more_than_half_lives=Decimal(5),
                    half_life_hours=(
                        ("none", hours("25.4")),
                        ("valproate", hours("70.3")),
                        ("inducers", hours("12.6")),
                    ),
                ),
            ),
        ),
        policy(
            "clozapine",
            from_due(6),
            gaps=(
                GapRule(
                    action=GapAction.STOP_AND_CALL,
                    text="Two days without a dose: take none and call.",
                    at_least_hours=hours(48),
                ),
            ),
        ),
        policy(
            "methadone_oud",
            SAME_DAY,
            gaps=(
                GapRule(
                    action=GapAction.STOP_AND_CALL,
                    text="Three days missed: take none and call.",
                    at_least_days_missed=3,
                ),
            ),
        ),
        policy("bictegravir_qd", from_due(18)),
        policy("dolutegravir", to_next(4, strict=True)),
        policy("antiseizure_bid", from_due(6)),
        policy("levothyroxine", from_due(12), call_after_consecutive=2),
        policy("tacrolimus_pr", SAME_DAY, call_after_consecutive=1),
        policy("gabapentin_tid", from_due(2), max_gap_hours=hours(12)),
        policy(
            "antibiotic_q8h",
            from_due(4),
            Basis.INTERVAL,
            min_gap_hours=hours(4),
            after_late=AfterLate.RESPACE_TODAY,
        ),
        policy(
            "paracetamol_prn",
            LateWindow(measure=Measure.NONE),
            Basis.AS_NEEDED,
            min_gap_hours=hours(4),
            rolling=RollingLimit(window_hours=hours(24), max_doses=4, max_amount_mg=Decimal(4000)),
        ),
        policy(
            "levodopa", LateWindow(measure=Measure.NONE), time_critical_minutes=30, beyond="call"
        ),
        policy(
            "insulin",
            LateWindow(measure=Measure.NONE),
            Basis.EXCLUDED,
            beyond="follow your personal plan or call",
        ),
    )
}
