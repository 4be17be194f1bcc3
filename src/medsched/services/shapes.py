"""Which domain values may stand in a stored document, and under which name.

The list is closed. A name is for ever: documents written years ago hold it, so a
renamed class keeps its old name here, and a class not listed is refused. What only
rules hold is loaded when a document names it: most documents are orders.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from medsched.domain import amount, medication, person, phase, prescription, timing
from medsched.frozen import fields, is_frozen

if TYPE_CHECKING:
    from types import ModuleType

_OF_ORDERS: Final[dict[str, type]] = {
    # the order
    "prescription": prescription.Prescription,
    "anchor": prescription.Anchor,
    "moved-dose": prescription.MovedDose,
    "medication": medication.Medication,
    "phase": phase.Phase,
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
}
"""What an order or a person may hold, by its name in documents."""

_NAMES_OF_ORDERS: Final[dict[type, str]] = {shape: name for name, shape in _OF_ORDERS.items()}
_MODULES_OF_ORDERS: Final = (amount, medication, person, timing, prescription, phase)


@cache
def shapes() -> dict[str, type]:
    """Return every dataclass that a document may hold, by its name there."""
    from medsched.domain import missed_policy, monitoring_rules, protocol, provenance, safety_rules
    from medsched.services import stored

    return {
        **_OF_ORDERS,
        "override": stored.Override,
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
        "weight-rule": safety_rules.WeightRule,
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


@cache
def _names() -> dict[type, str]:
    return {shape: name for name, shape in shapes().items()}


def shape_named(name: object) -> type | None:
    """Return the dataclass of that name in documents; None when there is none."""
    if not isinstance(name, str):
        return None
    return _OF_ORDERS.get(name) or shapes().get(name)


def name_of(kind: type) -> str | None:
    """Return the name in documents of a dataclass; None for whatever cannot stand there."""
    if not is_frozen(kind):
        return None
    return _NAMES_OF_ORDERS.get(kind) or _names().get(kind)


@cache
def _words(*, of_rules: bool) -> dict[str, Any]:
    """Return what the annotations of those classes may say."""
    modules: tuple[ModuleType, ...] = _MODULES_OF_ORDERS
    if of_rules:
        modules += tuple(sys.modules[shape.__module__] for shape in shapes().values())
    return {
        **{
            word: value
            for module in modules
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


@cache
def hints(shape: type) -> dict[str, Any]:
    """Return the fields of a shape with their types, in the order of its definition."""
    of_rules = shape not in _NAMES_OF_ORDERS
    return {one.name: _type_form(str(one.type), of_rules=of_rules) for one in fields(shape)}


@cache
def _type_form(annotation: str, *, of_rules: bool) -> Any:  # noqa: ANN401  # a type form
    """Return what an annotation says; many fields say the same."""
    return eval(annotation, {}, _words(of_rules=of_rules))  # noqa: S307  # written in our classes
