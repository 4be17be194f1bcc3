"""Who must not take it, who is warned, and what is watched, as the source document has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from tests.display_rules import violations

from medsched.domain.course import resolve
from medsched.domain.finding import blocking
from medsched.domain.kidney import cockcroft_gault
from medsched.domain.monitoring import MonitoringEvent, monitoring_events
from medsched.domain.monitoring_rules import MonitoringKind
from medsched.domain.person import Facts, HepaticClass, OtherMedicine, Sex
from medsched.domain.provenance import Provenance
from medsched.domain.safety import check
from medsched.domain.safety_rules import Severity
from medsched.domain.timing import ForDays

if TYPE_CHECKING:
    from tests.unit.requirements.conftest import Bench

PHENELZINE = OtherMedicine(name="phenelzine")


def events(bench: Bench, **facts: Any) -> list[tuple[int, MonitoringEvent]]:
    """Return the dated events of the standard plan, with their therapy days."""
    who = bench.person(**facts)
    course = bench.plan(who).course
    found = monitoring_events(bench.protocol, course, who)
    return [(course.therapy_day(one.day), one) for one in found]


def days(bench: Bench, kind: MonitoringKind, **facts: Any) -> list[int]:
    return [day for day, one in events(bench, **facts) if one.kind is kind]


def test_r01_it_is_for_fibromyalgia_and_another_use_warns(bench: Bench) -> None:
    assert bench.protocol.indication == "fibromyalgia"
    assert "R01" not in bench.rules()
    absent = Facts().not_conditions | {"fibromyalgia"}
    assert bench.rules(conditions=frozenset(), not_conditions=absent)["R01"] == "warn"
    assert bench.rules(conditions=frozenset())["R01"] == "info"


@pytest.mark.parametrize(("born", "blocked"), [(date(2008, 3, 3), True), (date(2008, 3, 2), False)])
def test_r14_below_18_blocks(bench: Bench, born: date, *, blocked: bool) -> None:
    assert (bench.rules(born=born).get("R14") == "block") is blocked


@pytest.mark.parametrize("hepatic", [HepaticClass.MILD, HepaticClass.MODERATE])
def test_r15_a_mildly_or_moderately_weak_liver_changes_no_dose(
    bench: Bench, hepatic: HepaticClass
) -> None:
    who = bench.person(hepatic=hepatic)
    assert bench.rules(hepatic=hepatic)["R15"] == "info"
    assert bench.totals(bench.plan(who)) == bench.totals(bench.plan())


def test_r16_a_severely_weak_liver_warns_without_a_number_or_a_block(bench: Bench) -> None:
    assert bench.rules(hepatic=HepaticClass.SEVERE)["R16"] == "warn"
    who = bench.person(hepatic=HepaticClass.SEVERE)
    assert bench.totals(bench.plan(who)) == bench.totals(bench.plan())


@pytest.mark.parametrize("clearance", ["50", "65", "80", "80.05", "81"])
def test_r17_mildly_weak_kidneys_change_nothing(bench: Bench, clearance: str) -> None:
    found = bench.rules(creatinine_clearance=Decimal(clearance))
    assert not {"R17", "R18", "R19", "R21"} & set(found)


@pytest.mark.parametrize("clearance", ["30", "49.9"])
def test_r18_moderately_weak_kidneys_warn(bench: Bench, clearance: str) -> None:
    assert bench.rules(creatinine_clearance=Decimal(clearance))["R18"] == "warn"


@pytest.mark.parametrize(
    "facts",
    [{"end_stage_renal": True}, {"dialysis": True}, {"creatinine_clearance": Decimal(4)}],
)
def test_r21_end_stage_disease_blocks_and_no_order_lifts_it(
    bench: Bench, facts: dict[str, Any]
) -> None:
    stopped = blocking(bench.findings(**facts), ())
    assert {(one.rule, one.overridable) for one in stopped} == {("R21", False)}


def test_r22_fourteen_days_lie_between_an_maoi_and_the_first_dose(bench: Bench) -> None:
    last = bench.at(1, "08:00") - timedelta(hours=336)
    enough = OtherMedicine(name="phenelzine", until=last)
    short = OtherMedicine(name="phenelzine", until=last + timedelta(minutes=1))
    assert "R22" not in bench.rules(enough)
    assert bench.rules(short)["R22"] == "block"


def test_r23_five_days_lie_between_the_last_dose_and_an_maoi(bench: Bench) -> None:
    order = bench.plan().prescription
    ends = replace(order.phases[-1], bounds=ForDays(10))
    order = replace(order, phases=(*order.phases[:-1], ends))
    last = bench.at(17, "20:00")
    for hours, refused in ((119, True), (120, False)):
        other = OtherMedicine(name="phenelzine", since=last + timedelta(hours=hours))
        who = bench.person(other)
        found = {one.rule for one in check(bench.protocol, order, resolve(order, who), who)}
        assert ("R23" in found) is refused


def test_r24_a_running_maoi_blocks_and_no_order_lifts_it(bench: Bench) -> None:
    (stopped,) = blocking(bench.findings(PHENELZINE), ())
    assert (stopped.rule, stopped.overridable) == ("R24", False)


@pytest.mark.parametrize("name", ["linezolid", "methylene blue"])
def test_r25_linezolid_and_methylene_blue_block_while_they_run(bench: Bench, name: str) -> None:
    during = OtherMedicine(name=name, since=date(2026, 4, 1), until=date(2026, 4, 3))
    assert bench.rules(during)["R25"] == "block"


def test_r26_mood_is_asked_at_the_start_and_at_each_change_of_dose(bench: Bench) -> None:
    asked = days(bench, MonitoringKind.MOOD)
    assert {1, 2, 4, 8} <= set(asked)
    assert {7, 14, 21, 28, 42, 56, 84} <= set(asked)
    assert all(one.urgent_text for _day, one in events(bench) if one.kind is MonitoringKind.MOOD)


@pytest.mark.parametrize("name", ["tramadol", "sertraline", "St John's wort", "sumatriptan"])
def test_r27_another_serotonergic_medicine_warns_with_the_symptoms(bench: Bench, name: str) -> None:
    (issue,) = [one for one in bench.findings(OtherMedicine(name=name)) if one.rule == "R27"]
    assert issue.severity is Severity.WARN
    for word in ("agitation", "confusion", "hallucinations", "heart rate", "rigidity"):
        assert word in issue.message


def test_r28_blood_pressure_and_heart_rate_are_read_and_more_often_with_heart_disease(
    bench: Bench,
) -> None:
    kind = MonitoringKind.BLOOD_PRESSURE
    assert days(bench, kind)[:4] == [0, 8, 28, 112]
    ill = frozenset({"fibromyalgia", "cardiovascular disease"})
    assert days(bench, kind, conditions=ill)[:4] == [0, 8, 15, 22]


def test_r29_a_liver_test_is_off_unless_liver_or_alcohol_asks_for_it(bench: Bench) -> None:
    assert not days(bench, MonitoringKind.LIVER)
    assert days(bench, MonitoringKind.LIVER, alcohol=True)
    assert days(bench, MonitoringKind.LIVER, hepatic=HepaticClass.MILD)


@pytest.mark.parametrize("name", ["aspirin", "ibuprofen", "naproxen"])
def test_r30_aspirin_and_its_kind_warn_of_bleeding(bench: Bench, name: str) -> None:
    found = bench.findings(OtherMedicine(name=name))
    (issue,) = [one for one in found if one.rule == "R30"]
    assert issue.severity is Severity.WARN
    assert "bleeding" in issue.message


def test_r31_a_history_of_seizures_warns(bench: Bench) -> None:
    ill = frozenset({"fibromyalgia", "seizure history"})
    assert bench.rules(conditions=ill)["R31"] == "warn"


@pytest.mark.parametrize("fact", ["pregnant", "breastfeeding"])
def test_r32_pregnancy_and_breastfeeding_warn_and_call_the_prescriber(
    bench: Bench, fact: str
) -> None:
    facts: dict[str, Any] = {fact: True}
    (issue,) = [one for one in bench.findings(**facts) if one.rule == "R32"]
    assert issue.severity is Severity.WARN
    assert "prescriber" in issue.message


def test_r33_from_65_years_on_it_is_watched_more_closely(bench: Bench) -> None:
    assert bench.rules(born=date(1961, 3, 2))["R33"] == "info"
    assert "R33" not in bench.rules(born=date(1961, 3, 3))
    old, young = (len(events(bench, born=date(year, 1, 1))) for year in (1950, 1990))
    assert old > young


def test_r34_alcohol_warns(bench: Bench) -> None:
    (issue,) = [one for one in bench.findings(alcohol=True) if one.rule == "R34"]
    assert issue.severity is Severity.WARN
    assert "avoided" in issue.message


def test_r40_whether_it_helps_is_asked_on_day_42_and_never_answered_with_stop(
    bench: Bench,
) -> None:
    ((day, review),) = [
        (day, one) for day, one in events(bench) if one.kind is MonitoringKind.REVIEW
    ]
    assert 28 <= day <= 56
    assert "several weeks" in review.text
    assert "do not stop" in review.text.lower()


def test_r42_a_medicine_that_no_rule_knows_is_not_passed_in_silence(bench: Bench) -> None:
    """The document's section on interactions does not exist."""
    found = bench.findings(OtherMedicine(name="wolfsbane"))
    (issue,) = [one for one in found if "wolfsbane" in one.message]
    assert "ask a pharmacist" in issue.message
    assert any("all medicines, supplements and herbal" in one.message for one in bench.findings())


@pytest.mark.parametrize(
    ("clearance", "rule", "severity"),
    [
        ("80", None, None),
        ("50", None, None),
        ("30", "R18", "warn"),
        ("29.5", "R19", "warn"),
        ("29", "R19", "warn"),
        ("14.9", "I11", "warn"),
        ("5", "I11", "warn"),
        ("4.9", "R21", "block"),
        ("4", "R21", "block"),
    ],
)
def test_i11_every_clearance_has_one_band_without_a_hole(
    bench: Bench, clearance: str, rule: str | None, severity: str | None
) -> None:
    found = bench.rules(creatinine_clearance=Decimal(clearance))
    kidneys = {name: found[name] for name in ("R17", "R18", "R19", "I11", "R21") if name in found}
    assert kidneys == ({rule: severity} if rule else {})


def test_i11_near_the_end_stage_it_is_to_be_confirmed(bench: Bench) -> None:
    (issue,) = [one for one in bench.findings(creatinine_clearance=Decimal(5)) if one.rule == "I11"]
    assert "Confirm that it is not end-stage renal disease" in issue.message


def test_i11_the_clearance_is_cockcroft_and_gaults(bench: Bench) -> None:
    facts: dict[str, Any] = {
        "creatinine_clearance": None,
        "sex": Sex.FEMALE,
        "weight_kg": Decimal(60),
        "creatinine": Decimal(2),
    }
    assert cockcroft_gault(45, Decimal(60), Sex.FEMALE, Decimal(2)) == Decimal("33.6")
    (issue,) = [one for one in bench.findings(**facts) if one.rule == "R18"]
    assert "33.6\u00a0mL per minute (computed by Cockcroft-Gault)" in issue.message


@pytest.mark.parametrize(
    ("start", "refused"),
    [(date(2026, 3, 14), True), (date(2026, 3, 15), True), (date(2026, 3, 16), False)],
)
def test_i13_a_date_alone_counts_as_its_last_minute(
    bench: Bench, start: date, *, refused: bool
) -> None:
    """MAOI last taken on 1 March: the first allowed morning dose is on 16 March."""
    other = OtherMedicine(name="phenelzine", until=date(2026, 3, 1))
    assert ("R22" in bench.rules(other, start=start)) is refused


@pytest.mark.parametrize(
    "name", ["rasagiline", "selegiline", "safinamide", "moclobemide", "procarbazine"]
)
def test_i14_other_inhibitors_have_the_same_window_as_a_warning(bench: Bench, name: str) -> None:
    last = bench.at(1, "08:00") - timedelta(hours=336)
    near = OtherMedicine(name=name, until=last + timedelta(hours=1))
    assert bench.rules(near)["I14"] == "warn"
    assert "I14" not in bench.rules(OtherMedicine(name=name, until=last))


@pytest.mark.parametrize("name", ["linezolid", "methylene blue"])
@pytest.mark.parametrize(("hours", "told"), [(23, True), (24, False)])
def test_i14_after_linezolid_and_methylene_blue_it_resumes_a_day_later(
    bench: Bench, name: str, hours: int, *, told: bool
) -> None:
    last = bench.at(1, "08:00") - timedelta(hours=hours)
    found = bench.rules(OtherMedicine(name=name, until=last))
    assert found == ({"I14": "warn"} if told else {})


def test_i15_children_are_under_18(bench: Bench) -> None:
    """The label's text says below 17; the safer bound is taken."""
    assert bench.rules(born=date(2008, 6, 1))["R14"] == "block"


def test_i16_hedged_words_never_block(bench: Bench) -> None:
    """Typically, usually, generally, may: R15 to R18, R20, R29, R33; only R21 is a block."""
    rules = bench.protocol.safety
    blocks = {
        one.rule
        for group in (rules.ages, rules.hepatic, rules.renal, rules.conditions, rules.interactions)
        for one in group
        if one.severity is Severity.BLOCK
    }
    assert blocks == {"R14", "R21", "R24", "R25"}
    assert {one.rule for one in rules.washouts if one.severity is Severity.BLOCK} == {"R22", "R23"}


def test_i17_a_severely_weak_liver_is_only_a_warning_with_the_labels_addition(
    bench: Bench,
) -> None:
    found = bench.findings(hepatic=HepaticClass.SEVERE)
    assert not blocking(found, ())
    (issue,) = [one for one in found if one.rule == "R16"]
    assert "alcohol" in issue.message


def test_i18_no_alcohol_is_advised_and_that_is_no_block(bench: Bench) -> None:
    assert not blocking(bench.findings(alcohol=True), ())
    assert bench.rules(alcohol=True)["R34"] == "warn"


def test_i20_narrow_angle_glaucoma_warns(bench: Bench) -> None:
    ill = frozenset({"fibromyalgia", "uncontrolled narrow-angle glaucoma"})
    assert bench.rules(conditions=ill)["I20"] == "warn"


def test_a_healthy_person_hears_only_what_is_not_known(bench: Bench) -> None:
    assert bench.rules() == {"other-medicines": "info"}


def test_what_the_findings_and_events_say_can_be_shown_to_people(bench: Bench) -> None:
    others = [
        OtherMedicine(name=name)
        for name in ("phenelzine", "linezolid", "rasagiline", "tramadol", "ibuprofen", "fenelzine")
    ]
    told = bench.findings(
        *others,
        born=date(1940, 1, 1),
        hepatic=HepaticClass.SEVERE,
        creatinine_clearance=Decimal(10),
        pregnant=True,
        breastfeeding=None,
        alcohol=True,
    )
    assert len(told) > 10
    asked = [one.text for _day, one in events(bench, alcohol=True, born=date(1940, 1, 1))]
    urgent = [one.urgent_text for _day, one in events(bench)]
    for text in [*(one.message for one in told), *asked, *urgent]:
        assert not violations(text), text


def test_every_finding_says_how_far_it_may_be_relied_on(bench: Bench) -> None:
    found = bench.findings(PHENELZINE, alcohol=True, creatinine_clearance=Decimal(10))
    for one in found:
        assert one.source or one.provenance is Provenance.ASSUMPTION
    assert {one.provenance for one in found if one.rule in {"R24", "R34"}} == {
        Provenance.SOURCE_DOCUMENT
    }
