"""Which domain values may stand in a stored document, and under which name.

The list is closed. A name is for ever: documents written years ago hold it, so a
renamed class keeps its old name here, and a class not listed is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, Final, get_type_hints
from zoneinfo import ZoneInfo

from medsched.domain import (
    amount,
    medication,
    missed_policy,
    monitoring_rules,
    person,
    prescription,
    protocol,
    provenance,
    safety_rules,
    timing,
)
from medsched.services import ports

SHAPES: Final[dict[str, type]] = {
    # the order
    "prescription": prescription.Prescription,
    "anchor": prescription.Anchor,
    "moved-dose": prescription.MovedDose,
    "medication": medication.Medication,
    "phase": protocol.Phase,
    "override": ports.Override,
    # which days
    "every-day": timing.EveryDay,
    "every-n-days": timing.EveryNDays,
    "on-weekdays": timing.OnWeekdays,
    "every-n-months": timing.EveryNMonths,
    "every-n-years": timing.EveryNYears,
    "cycle": timing.Cycle,
    # which times
    "times-a-day": timing.TimesADay,
    "spread-over-day": timing.SpreadOverDay,
    "at-times": timing.AtTimes,
    "at-moment": timing.AtMoment,
    "at-moments": timing.AtMoments,
    "hour-grid": timing.HourGrid,
    # how much
    "same-dose": timing.SameDose,
    "dose-per-slot": timing.DosePerSlot,
    "alternating-dose": timing.AlternatingDose,
    "dose-per-weekday": timing.DosePerWeekday,
    # the whole of it
    "on-days": timing.OnDays,
    "every-hours": timing.EveryHours,
    "after-last-dose": timing.AfterLastDose,
    "single-dose": timing.SingleDose,
    "as-needed": timing.AsNeeded,
    # how long
    "for-days": timing.ForDays,
    "until-day": timing.UntilDay,
    "for-doses": timing.ForDoses,
    "until-told": timing.UntilTold,
    # the person
    "person": person.Person,
    "itinerary": person.Itinerary,
    "stay": person.Stay,
    "day-rhythm": person.DayRhythm,
    "facts": person.Facts,
    "other-medicine": person.OtherMedicine,
    # the rules
    "protocol": protocol.Protocol,
    "regimen": protocol.Regimen,
    "escalation": protocol.Escalation,
    "stopping": protocol.Stopping,
    "texts": protocol.Texts,
    "source": provenance.Source,
    "rule": provenance.Rule,
    "missed-policy": missed_policy.MissedPolicy,
    "late-window": missed_policy.LateWindow,
    "rolling-limit": missed_policy.RollingLimit,
    "gap-rule": missed_policy.GapRule,
    "missed-step": missed_policy.MissedStep,
    "safety-rules": safety_rules.SafetyRules,
    "age-rule": safety_rules.AgeRule,
    "hepatic-rule": safety_rules.HepaticRule,
    "renal-band": safety_rules.RenalBand,
    "washout": safety_rules.Washout,
    "interaction": safety_rules.Interaction,
    "condition-rule": safety_rules.ConditionRule,
    "spacing": safety_rules.Spacing,
    "ceiling": safety_rules.Ceiling,
    "first-dose": safety_rules.FirstDose,
    "look-alike": safety_rules.LookAlike,
    "indication-rule": safety_rules.IndicationRule,
    "monitoring-rule": monitoring_rules.MonitoringRule,
}
"""Every dataclass that a document may hold, by its name there."""

NAMES: Final[dict[type, str]] = {shape: name for name, shape in SHAPES.items()}

_MODULES: Final = (
    amount,
    medication,
    missed_policy,
    monitoring_rules,
    person,
    provenance,
    safety_rules,
    timing,
    prescription,
    ports,
    protocol,
)
_WORDS: Final[dict[str, Any]] = {
    **{
        word: value
        for module in _MODULES
        for word, value in vars(module).items()
        if not word.startswith("_")
    },
    "Decimal": Decimal,
    "Mapping": Mapping,
    "ZoneInfo": ZoneInfo,
    "date": date,
    "datetime": datetime,
    "time": time,
}
"""What the annotations of those classes may say."""


@cache
def hints(shape: type) -> dict[str, Any]:
    """Return the fields of a shape with their types, in the order of its definition."""
    told = get_type_hints(shape, localns=_WORDS)
    return {one.name: told[one.name] for one in fields(shape)}
