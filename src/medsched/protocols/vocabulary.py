"""The closed lists of words that a file may use, and what each means."""

from __future__ import annotations

from typing import Final

from medsched.domain.medication import Form, Route
from medsched.domain.missed_policy import AfterLate, Basis, GapAction, Measure
from medsched.domain.monitoring_rules import MonitoringKind
from medsched.domain.protocol import PhaseKind
from medsched.domain.provenance import Provenance
from medsched.domain.safety_rules import Severity, WashoutDirection
from medsched.domain.timing import DayMoment, Weekday

FORMS: Final = {one.value: one for one in Form}
ROUTES: Final = {one.value: one for one in Route}
KINDS: Final = {one.value: one for one in PhaseKind}
SEVERITIES: Final = {one.value: one for one in Severity}
MONITORING: Final = {one.value: one for one in MonitoringKind}
WEEKDAYS: Final = {one.name.lower(): one for one in Weekday}
HEPATIC: Final = {one: one for one in ("mild", "moderate", "severe")}

PROVENANCES: Final = {
    "source document": Provenance.SOURCE_DOCUMENT,
    "published page": Provenance.PUBLISHED,
    "professional knowledge": Provenance.KNOWLEDGE,
    "assumption": Provenance.ASSUMPTION,
}

DIRECTIONS: Final = {
    "other first": WashoutDirection.OTHER_FIRST,
    "this first": WashoutDirection.THIS_FIRST,
}

BASES: Final = {
    "clock": Basis.CLOCK,
    "interval": Basis.INTERVAL,
    "weekly": Basis.WEEKLY,
    "cycle": Basis.CYCLE,
    "as needed": Basis.AS_NEEDED,
    "excluded": Basis.EXCLUDED,
}

MEASURES: Final = {one.value.replace("_", " "): one for one in Measure}
AFTER_LATE: Final = {one.value.replace("_", " "): one for one in AfterLate}

GAP_ACTIONS: Final = {
    "call before resume": GapAction.CALL_BEFORE_RESUME,
    "call consider retitrate": GapAction.CALL_CONSIDER_RETITRATE,
    "restart titration": GapAction.RESTART_TITRATION,
    "stop and call": GapAction.STOP_AND_CALL,
}

MOMENTS: Final = {
    "waking": DayMoment.WAKE,
    "morning": DayMoment.MORNING,
    "before breakfast": DayMoment.BEFORE_BREAKFAST,
    "with breakfast": DayMoment.WITH_BREAKFAST,
    "after breakfast": DayMoment.AFTER_BREAKFAST,
    "noon": DayMoment.NOON,
    "before lunch": DayMoment.BEFORE_LUNCH,
    "with lunch": DayMoment.WITH_LUNCH,
    "after lunch": DayMoment.AFTER_LUNCH,
    "afternoon": DayMoment.AFTERNOON,
    "before dinner": DayMoment.BEFORE_DINNER,
    "with dinner": DayMoment.WITH_DINNER,
    "after dinner": DayMoment.AFTER_DINNER,
    "evening": DayMoment.EVENING,
    "night": DayMoment.NIGHT,
    "bedtime": DayMoment.BEDTIME,
}

MONTHS: Final = {
    "January": 1,
    "February": 2,
    "March": 3,
    "April": 4,
    "May": 5,
    "June": 6,
    "July": 7,
    "August": 8,
    "September": 9,
    "October": 10,
    "November": 11,
    "December": 12,
}
