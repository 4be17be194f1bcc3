"""A drug's safety and monitoring rules as values, for tests of the checks themselves.

The shipped rules are tested by `tests/unit/requirements`; these stay here so that the
checks can be tested without reading any file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from medsched.domain.amount import amount
from medsched.domain.course import Course, resolve
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.missed_policy import Basis, LateWindow, Measure, MissedPolicy
from medsched.domain.monitoring_rules import MonitoringKind, MonitoringRule
from medsched.domain.person import Facts, HepaticClass, Person, Sex, at_home
from medsched.domain.prescription import Prescription
from medsched.domain.protocol import Escalation, Phase, PhaseKind, Protocol, Regimen, Stopping
from medsched.domain.provenance import Provenance, Rule, Source
from medsched.domain.safety_rules import (
    AgeRule,
    Ceiling,
    ConditionRule,
    FirstDose,
    HepaticRule,
    IndicationRule,
    Interaction,
    LookAlike,
    RenalBand,
    SafetyRules,
    Severity,
    Spacing,
    Washout,
    WashoutDirection,
)
from medsched.domain.timing import ForDays, OnDays, SameDose, TimesADay, UntilTold

if TYPE_CHECKING:
    from medsched.domain.person import OtherMedicine

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
DAY_ONE = date(2026, 3, 2)

MILNACIPRAN = Medication(
    name="milnacipran",
    ingredient="milnacipran",
    form=Form.FILM_COATED_TABLET,
    route=Route.ORAL,
    strengths=tuple(amount(text) for text in ("12.5 mg", "25 mg", "50 mg", "100 mg")),
    classes=frozenset({"snri", "serotonergic"}),
)

MAOI = frozenset({"maoi"})
OTHER_MAOI = frozenset({"rasagiline", "selegiline", "safinamide", "moclobemide", "procarbazine"})

SAFETY = SafetyRules(
    ages=(
        AgeRule(rule="R14", severity=Severity.BLOCK, under=18, text="Not established below 18."),
        AgeRule(rule="R33", severity=Severity.INFO, from_age=65, text="Watch more closely."),
    ),
    hepatic=(
        HepaticRule(rule="R16", hepatic="severe", severity=Severity.WARN, text="Use caution."),
    ),
    renal=(
        RenalBand(
            rule="R21",
            name="below 5",
            low=Decimal(0),
            high=Decimal(5),
            severity=Severity.BLOCK,
            text="Not recommended.",
            overridable=False,
        ),
        RenalBand(
            rule="R19",
            name="severe, near the end stage",
            low=Decimal(5),
            high=Decimal(15),
            severity=Severity.WARN,
            text="Confirm that it is not end-stage renal disease.",
            plateau_per_day=amount("50 mg"),
            cap_per_day=amount("100 mg"),
        ),
        RenalBand(
            rule="R19",
            name="severe",
            low=Decimal(15),
            high=Decimal(30),
            severity=Severity.WARN,
            text="The maintenance dose is reduced.",
            plateau_per_day=amount("50 mg"),
            cap_per_day=amount("100 mg"),
        ),
        RenalBand(
            rule="R18",
            name="moderate",
            low=Decimal(30),
            high=Decimal(50),
            severity=Severity.WARN,
            text="Use caution.",
        ),
        RenalBand(rule="R17", name="mild or normal", low=Decimal(50), high=None),
    ),
    washouts=(
        Washout(
            rule="R22",
            direction=WashoutDirection.OTHER_FIRST,
            match=MAOI,
            hours=336,
            severity=Severity.BLOCK,
            text="Ask the prescriber.",
        ),
        Washout(
            rule="R23",
            direction=WashoutDirection.THIS_FIRST,
            match=MAOI,
            hours=120,
            severity=Severity.BLOCK,
            text="Ask the prescriber.",
        ),
        Washout(
            rule="I14",
            direction=WashoutDirection.OTHER_FIRST,
            match=OTHER_MAOI,
            hours=336,
            severity=Severity.WARN,
            text="Ask the prescriber.",
        ),
        Washout(
            rule="I14",
            direction=WashoutDirection.THIS_FIRST,
            match=OTHER_MAOI,
            hours=120,
            severity=Severity.WARN,
            text="Ask the prescriber.",
        ),
    ),
    interactions=(
        Interaction(
            rule="R24",
            match=MAOI,
            severity=Severity.BLOCK,
            text="Contraindicated.",
            overridable=False,
        ),
        Interaction(
            rule="R25",
            match=frozenset({"linezolid", "methylene blue"}),
            severity=Severity.BLOCK,
            text="Must not be taken together.",
        ),
        Interaction(
            rule="R27",
            match=frozenset({"serotonergic", "snri", "tramadol"}),
            severity=Severity.WARN,
            text="Serotonin syndrome.",
        ),
        Interaction(
            rule="R30",
            match=frozenset({"nsaid", "aspirin"}),
            severity=Severity.WARN,
            text="Bleeding.",
        ),
    ),
    conditions=tuple(
        ConditionRule(rule=rule, condition=word, severity=Severity.WARN, text="Ask the prescriber.")
        for rule, word in (
            ("R31", "seizure history"),
            ("R32", "pregnancy"),
            ("R32", "breastfeeding"),
            ("R34", "alcohol"),
        )
    ),
    spacings=(
        Spacing(
            rule="S1",
            match=frozenset({"antacid"}),
            hours=Decimal(4),
            severity=Severity.WARN,
            text="Keep them apart.",
        ),
    ),
    ceilings=(Ceiling(rule="R10", per_dose=amount("100 mg"), per_day=amount("200 mg")),),
    first_dose=FirstDose(rule="I1", most=amount("12.5 mg"), text="It starts with 12.5 mg."),
    look_alikes=(
        LookAlike(rule="L1", match=frozenset({"levomilnacipran"}), text="Read the whole name."),
    ),
    indication=IndicationRule(
        rule="R01", approved=frozenset({"fibromyalgia"}), text="Other uses are not approved."
    ),
    classes={
        "maoi": frozenset({"phenelzine", "tranylcypromine", "isocarboxazid"}),
        "nsaid": frozenset({"ibuprofen", "naproxen"}),
    },
    known=frozenset({"paracetamol"}),
)

MONITORING = (
    MonitoringRule(
        rule="R26",
        kind=MonitoringKind.MOOD,
        text="How is your mood?",
        urgent_text="Thoughts of suicide: call the emergency number.",
        days=(1, 7, 14, 21, 28, 42, 56, 84),
        at_dose_changes=True,
        days_after_change=(7,),
        after_last_dose=(7, 14),
    ),
    MonitoringRule(
        rule="R27",
        kind=MonitoringKind.SYMPTOMS,
        text="Agitation, confusion, a fast heart, stiff muscles?",
        at_increases=True,
        when_starting=frozenset({"serotonergic", "tramadol"}),
    ),
    MonitoringRule(
        rule="R28",
        kind=MonitoringKind.BLOOD_PRESSURE,
        text="Measure blood pressure and heart rate.",
        days=(0, 8, 28),
        every_days=84,
        denser_if=frozenset({"cardiovascular disease"}),
        denser_every_days=7,
    ),
    MonitoringRule(
        rule="R29",
        kind=MonitoringKind.LIVER,
        text="Liver function test, if ordered.",
        days=(28,),
        only_if=frozenset({"liver disease", "alcohol"}),
    ),
    MonitoringRule(
        rule="R19",
        kind=MonitoringKind.KIDNEY,
        text="Kidney function test.",
        days=(0,),
        every_days=365,
        denser_from_age=65,
        denser_every_days=182,
    ),
    MonitoringRule(rule="R40", kind=MonitoringKind.REVIEW, text="Does it help?", days=(42,)),
    MonitoringRule(
        rule="M1", kind=MonitoringKind.REFILL, text="Get a refill.", before_supply_ends=7
    ),
)


def phase(kind: PhaseKind, dose: str, times: int, days: int | None) -> Phase:
    """Return a daily phase."""
    return Phase(
        kind=kind,
        dosage=OnDays(times=TimesADay(count=times), doses=SameDose(amount(dose))),
        bounds=UntilTold() if days is None else ForDays(days),
    )


PHASES = (
    phase(PhaseKind.TITRATION, "12.5 mg", 1, 1),
    phase(PhaseKind.TITRATION, "12.5 mg", 2, 2),
    phase(PhaseKind.TITRATION, "25 mg", 2, 4),
    phase(PhaseKind.MAINTENANCE, "50 mg", 2, None),
)

PROTOCOL = Protocol(
    id="milnacipran",
    title="milnacipran",
    version="1.0.0",
    dated=date(2026, 1, 1),
    digest="0" * 64,
    medication=MILNACIPRAN,
    regimens=(
        Regimen(
            id="standard",
            title="Standard",
            phases=PHASES,
            optional_titration=True,
            escalation=Escalation(rule="I6", min_days=7),
        ),
    ),
    missed=MissedPolicy(
        id="bid",
        basis=Basis.CLOCK,
        late=LateWindow(measure=Measure.TO_NEXT, min_remaining_hours=Decimal(6)),
        min_gap_hours=Decimal(6),
    ),
    sources={"doc": Source(ref="doc", title="The source document")},
    rules={
        name: Rule(id=name, text=name, provenance=Provenance.SOURCE_DOCUMENT, sources=("doc",))
        for name in ("R10", "R14", "R22", "R25")
    },
    safety=SAFETY,
    stopping=Stopping(rule="R11", taper_after_days=21, min_days=14, max_days=28, default_days=21),
    monitoring=MONITORING,
)

HEALTHY = Facts(
    born=date(1980, 5, 1),
    sex=Sex.FEMALE,
    creatinine_clearance=Decimal(95),
    hepatic=HepaticClass.NORMAL,
    dialysis=False,
    end_stage_renal=False,
    pregnant=False,
    breastfeeding=False,
    alcohol=False,
    conditions=frozenset({"fibromyalgia"}),
    not_conditions=frozenset({"seizure history"}),
)
"""Somebody about whom every rule has its answer, and none has anything to say."""


def person(*taking: OtherMedicine, zone: ZoneInfo = BERLIN, **facts: Any) -> Person:
    """Return a person with the healthy facts, some of them replaced."""
    return Person(
        name="Ada", itinerary=at_home(zone), facts=replace(HEALTHY, **facts), taking=taking
    )


def prescription(**parts: Any) -> Prescription:
    """Return the standard order from day one, some parts replaced."""
    given: dict[str, Any] = {
        "id": "1",
        "key": "k",
        "person": "1",
        "protocol": "milnacipran",
        "protocol_digest": "0" * 64,
        "regimen": "standard",
        "medication": MILNACIPRAN,
        "phases": PHASES,
        "start": DAY_ONE,
        "slots": (time(8), time(20)),
    }
    return Prescription(**(given | parts))


def course(order: Prescription, who: Person) -> Course:
    """Return the order on that person's calendar."""
    return resolve(order, who)


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    """Return a local time, such as `2026-03-01 20:00`, as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)
