"""The files that ship: complete, sourced, and safe to read for people."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.display_rules import violations
from tests.unit.protocols.files import POLICIES

from medsched.domain.amount import amount
from medsched.domain.provenance import Provenance
from medsched.domain.safety_rules import Severity
from medsched.domain.timing import AsNeeded, EveryHours, ForDoses, OnDays, OnWeekdays
from medsched.protocols import exclusions, load, shipped_protocols

if TYPE_CHECKING:
    from collections.abc import Iterator

    from medsched.domain.protocol import Protocol

NAMES = shipped_protocols()
PROTOCOLS: dict[str, Protocol] = {name: load(name)[0] for name in NAMES}
MILNACIPRAN = PROTOCOLS["milnacipran"]

WANTED = {
    "milnacipran",
    "duloxetine",
    "venlafaxine-xr",
    "lamotrigine",
    "gabapentin",
    "prednisolone",
    "methylprednisolone-pack",
    "levetiracetam",
    "buspirone",
    "sertraline",
    "levothyroxine",
    "methotrexate",
    "alendronate",
    "apixaban",
    "warfarin",
    "amoxicillin",
    "paracetamol",
    "combined-contraceptive",
    "semaglutide",
    "metoprolol",
}

_SENTENCES = {
    "text",
    "title",
    "late_line",
    "warning_signs",
    "storage",
    "disclaimer",
    "others",
    "beyond",
    "short_text",
    "abrupt_text",
    "urgent_text",
    "sources",
}


def sentences(value: Any, name: str = "") -> Iterator[str]:
    """Yield every text for people in a value."""
    match value:
        case str() if name in _SENTENCES:
            yield value
        case dict():
            for one in value.values():
                yield from sentences(one, name)
        case list() | tuple() | frozenset():
            for one in value:
                yield from sentences(one, name)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from sentences(getattr(value, field.name), field.name)
        case _:
            pass


def rule_ids(value: Any, name: str = "") -> Iterator[str]:
    """Yield the id of every rule that a part of a protocol carries out."""
    match value:
        case str() if name == "rule":
            yield value
        case dict() | str():
            pass
        case list() | tuple():
            for one in value:
                yield from rule_ids(one, name)
        case _ if is_dataclass(value):
            for field in fields(value):
                yield from rule_ids(getattr(value, field.name), field.name)
        case _:
            pass


def test_every_medicine_that_was_promised_is_there() -> None:
    assert set(NAMES) >= WANTED


@pytest.mark.parametrize("name", NAMES)
def test_no_sentence_of_a_protocol_can_be_misread(name: str) -> None:
    found = {text: violations(text) for text in sentences(PROTOCOLS[name])}
    assert {text: wrong for text, wrong in found.items() if wrong} == {}


def test_no_sentence_of_a_policy_or_an_exclusion_can_be_misread() -> None:
    texts = [*sentences(dict(POLICIES)), *(one.reason for one in exclusions())]
    assert [text for text in texts if violations(text)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_part_names_a_rule_and_every_rule_its_source(name: str) -> None:
    protocol = PROTOCOLS[name]
    parts = (
        protocol.regimens,
        protocol.missed,
        protocol.safety,
        protocol.stopping,
        protocol.monitoring,
    )
    named = {one for part in parts for one in rule_ids(part)}
    assert named <= set(protocol.rules)
    for rule in protocol.rules.values():
        assert rule.sources or rule.provenance is Provenance.ASSUMPTION


@pytest.mark.parametrize("name", NAMES)
def test_a_source_that_nothing_points_at_does_not_stand_in_a_file(name: str) -> None:
    protocol = PROTOCOLS[name]
    assert {ref for rule in protocol.rules.values() for ref in rule.sources} == set(
        protocol.sources
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_of_another_medicine_than_the_flagship_is_carried_out(name: str) -> None:
    protocol = PROTOCOLS[name]
    if protocol is MILNACIPRAN:
        return
    parts = (
        protocol.regimens,
        protocol.missed,
        protocol.safety,
        protocol.stopping,
        protocol.monitoring,
    )
    named = {one for part in parts for one in rule_ids(part)}
    assert set(protocol.rules) == named


@pytest.mark.parametrize("name", NAMES)
def test_a_protocol_says_what_to_do_about_a_late_dose(name: str) -> None:
    assert PROTOCOLS[name].texts.late_line
    assert PROTOCOLS[name].stopping is not None


# --- milnacipran ----------------------------------------------------------------


def test_every_requirement_and_reading_of_the_flagship_is_a_rule() -> None:
    ids = set(MILNACIPRAN.rules)
    assert ids >= {f"R{number:02}" for number in range(1, 44)}
    assert ids >= {f"I{number}" for number in range(1, 24)}


def test_requirements_come_from_the_source_document() -> None:
    for rule in MILNACIPRAN.rules.values():
        if re.fullmatch(r"R\d\d", rule.id):
            assert rule.provenance is Provenance.SOURCE_DOCUMENT
            assert rule.sources[0] == "document"


@pytest.mark.parametrize("name", ["I4", "I5", "I6", "I9", "I13", "I16", "I19", "M1", "M2"])
def test_what_no_source_gives_is_an_assumption(name: str) -> None:
    assert MILNACIPRAN.rules[name].label == "assumption"


@pytest.mark.parametrize(
    ("clearance", "severity", "plateau", "rule"),
    [
        ("0", Severity.BLOCK, None, "R21"),
        ("4.9", Severity.BLOCK, None, "R21"),
        ("5", Severity.WARN, "50 mg", "I11"),
        ("14.9", Severity.WARN, "50 mg", "I11"),
        ("15", Severity.WARN, "50 mg", "R19"),
        ("29", Severity.WARN, "50 mg", "R19"),
        ("29.5", Severity.WARN, "50 mg", "R19"),
        ("30", Severity.WARN, None, "R18"),
        ("49.9", Severity.WARN, None, "R18"),
        ("50", None, None, "R17"),
        ("80", None, None, "R17"),
        ("81", None, None, "R17"),
    ],
)
def test_each_kidney_band_of_the_flagship(
    clearance: str, severity: Severity | None, plateau: str | None, rule: str
) -> None:
    band = MILNACIPRAN.safety.band_of(Decimal(clearance))
    assert band is not None
    assert (band.severity, band.rule) == (severity, rule)
    assert band.plateau_per_day == (amount(plateau) if plateau else None)


def test_end_stage_disease_and_a_running_maoi_cannot_be_overruled() -> None:
    rules = MILNACIPRAN.safety
    assert not rules.renal[0].overridable
    final = [one.rule for one in rules.interactions if not one.overridable]
    assert final == ["R24"]


def test_the_windows_to_an_maoi_are_14_and_5_days() -> None:
    hours = {
        one.direction.value: one.hours
        for one in MILNACIPRAN.safety.washouts
        if one.rule in {"R22", "R23"}
    }
    assert hours == {"other then this": 336, "this then other": 120}


def test_the_taper_of_the_flagship_is_asked_for_from_day_22_on() -> None:
    stopping = MILNACIPRAN.stopping
    assert stopping is not None
    assert stopping.taper_after_days == 21
    assert (stopping.min_days, stopping.default_days, stopping.max_days) == (14, 21, 28)
    assert stopping.assumption


# --- others ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["methotrexate", "alendronate", "semaglutide"])
def test_a_weekly_medicine_says_its_weekday_and_not_daily(name: str) -> None:
    protocol = PROTOCOLS[name]
    assert "NOT daily" in protocol.title
    assert "NOT daily" in protocol.texts.late_line
    for phase in protocol.regimens[0].phases:
        assert isinstance(phase.dosage, OnDays)
        assert isinstance(phase.dosage.days, OnWeekdays)
        assert len(phase.dosage.days.weekdays) == 1


def test_an_antibiotic_is_strictly_every_8_hours_for_21_doses() -> None:
    (phase,) = PROTOCOLS["amoxicillin"].regimens[0].phases
    assert isinstance(phase.dosage, EveryHours)
    assert phase.dosage.hours == 8
    assert phase.bounds == ForDoses(21)


def test_paracetamol_is_4_g_in_24_hours_at_most() -> None:
    protocol = PROTOCOLS["paracetamol"]
    (phase,) = protocol.regimens[0].phases
    assert isinstance(phase.dosage, AsNeeded)
    assert phase.dosage.most_amount == amount("4000 mg")
    assert protocol.missed.rolling is not None
    assert protocol.missed.rolling.max_amount_mg == 4000


def test_the_half_lives_of_the_restart_rule_fit_the_three_ways_up() -> None:
    protocol = PROTOCOLS["lamotrigine"]
    assert [one.id for one in protocol.regimens] == ["alone", "valproate", "inducers"]
    (gap,) = protocol.missed.gaps
    assert dict(gap.half_life_hours) == {
        "none": Decimal("25.4"),
        "valproate": Decimal("70.3"),
        "inducers": Decimal("12.6"),
    }


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("duloxetine", "DULoxetine"),
        ("lamotrigine", "lamoTRIgine"),
        ("buspirone", "busPIRone"),
        ("prednisolone", "prednisoLONE"),
        ("prednisone", "predniSONE"),
        ("methylprednisolone-pack", "methylPREDNISolone"),
        ("milnacipran", "milnacipran"),
    ],
)
def test_tall_man_letters_come_from_the_published_list(name: str, written: str) -> None:
    assert PROTOCOLS[name].medication.name == written


def test_every_other_name_is_written_in_lower_case() -> None:
    tall = {
        "DULoxetine",
        "lamoTRIgine",
        "busPIRone",
        "prednisoLONE",
        "predniSONE",
        "methylPREDNISolone",
    }
    for protocol in PROTOCOLS.values():
        name = protocol.medication.name
        assert name in tall or name.removesuffix(" XR") == name.removesuffix(" XR").lower()


@pytest.mark.parametrize("name", ["insulin", "Lantus", "insulin glargine", "Qlaira", "zoely"])
def test_medicines_that_are_not_planned_are_refused_by_name(name: str) -> None:
    assert [one for one in exclusions() if one.covers(name)]
