"""From lines to patients: facts, orders, and the mistakes in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from medsched.cli.clinic_lines import BadLine, Line
from medsched.cli.clinic_patients import Lines, Reader
from medsched.domain.amount import amount
from medsched.domain.person import HepaticClass, Sex
from medsched.protocols import load

NOW = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


def read(*lines: dict[str, str] | BadLine) -> list[Lines]:
    reader = Reader(now=NOW, protocol=lambda name: load(name)[0])
    numbered = (
        one if isinstance(one, BadLine) else Line(number=number, cells=one)
        for number, one in enumerate(lines, 2)
    )
    return list(reader.patients(numbered))


def said(**cells: str) -> str:
    (found,) = read({"name": "Anna", "zone": "UTC", **cells})
    assert found.patient is None
    (bad,) = found.bad
    assert bad.number == 2
    return bad.message


def test_every_fact_is_read() -> None:
    (found,) = read(
        {
            "name": "Anna Ó",
            "zone": "Europe/Berlin",
            "born": "1980-02-29",
            "sex": "female",
            "weight": "62.5",
            "creatinine": "0.9",
            "crcl": "88",
            "hepatic": "Mild",
            "dialysis": "no",
            "pregnant": "yes",
            "conditions": "Hypertension; seizure history",
            "no_conditions": "glaucoma",
            "wake": "06:30",
            "taking": "examplin|maoi nsaid|2026-01-01|2026-02-01; other",
        }
    )
    assert found.patient is not None
    person, facts = found.patient.person, found.patient.person.facts
    assert (person.name, person.itinerary.home.key) == ("Anna Ó", "Europe/Berlin")
    assert (facts.born, facts.sex, facts.weight_kg) == (
        date(1980, 2, 29),
        Sex.FEMALE,
        Decimal("62.5"),
    )
    assert (facts.creatinine, facts.creatinine_clearance) == (Decimal("0.9"), Decimal(88))
    assert (facts.hepatic, facts.dialysis, facts.pregnant) == (HepaticClass.MILD, False, True)
    assert facts.alcohol is None
    assert facts.conditions == {"hypertension", "seizure history"}
    assert facts.not_conditions == {"glaucoma"}
    assert person.rhythm.wake == time(6, 30)
    first, second = person.taking
    assert first.name == "examplin"
    assert first.classes == {"maoi", "nsaid"}
    assert (first.since, first.until) == (date(2026, 1, 1), date(2026, 2, 1))
    assert (second.name, second.since) == ("other", None)


def test_lines_of_one_name_are_one_patient_with_all_their_orders() -> None:
    order = {"protocol": "milnacipran", "start": "2026-12-01", "at": "08:00,20:00"}
    anna, ben = read(
        {"name": "Anna", "zone": "UTC", **order, "target": "50 mg/day", "day": "3"},
        {"name": "Anna", **order, "ordered_by": "Dr. Weiss"},
        {"name": "Ben", "zone": "UTC"},
    )
    assert anna.patient is not None
    assert ben.patient is not None
    first, second = anna.patient.orders
    assert (first.choices.target, first.choices.first_day) == (amount("50 mg"), 3)
    assert first.choices.slots == (time(8), time(20))
    assert second.order.ordered_by == "Dr. Weiss"
    assert ben.patient.orders == ()


def test_other_facts_in_a_later_line_of_the_person_are_refused() -> None:
    (found,) = read(
        {"name": "Anna", "zone": "UTC", "crcl": "80"},
        {"name": "Anna", "zone": "UTC", "crcl": "20"},
    )
    assert found.patient is None
    assert [one.number for one in found.bad] == [3]
    assert "first of their lines only" in found.bad[0].message


def test_a_bad_line_leaves_out_the_whole_person() -> None:
    (found,) = read(
        {"name": "Anna", "zone": "UTC", "protocol": "milnacipran", "start": "2026-12-01"},
        {"name": "Anna", "protocol": "milnacipran", "start": "never"},
    )
    assert found.patient is None


def test_a_plan_that_starts_today_starts_now() -> None:
    (found,) = read({"name": "A", "zone": "UTC", "protocol": "milnacipran", "start": "today"})
    assert found.patient is not None
    assert found.patient.orders[0].choices.starts_at == time(12, 0)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"name": ""}, "name: nothing"),
        ({"name": "An\x07na"}, "control characters"),
        ({"name": "A" * 201}, "at most 200"),
        ({"born": "2050-01-01"}, "to today"),
        ({"crcl": "1_0"}, "0 to 400 mL/min"),
        ({"zone": ""}, "zone: nothing"),
        ({"zone": "Europe/Berlim"}, "Europe/Berlin"),
        ({"born": "1980"}, "date of birth"),
        ({"sex": "f"}, "female, male"),
        ({"weight": "0"}, "1 to 400 kg"),
        ({"dialysis": "maybe"}, "yes or no"),
        ({"conditions": "a", "no_conditions": "A"}, "it is there or it is not"),
        ({"taking": "a|b|2026-01-02|2026-01-01"}, "on or after its first day"),
        ({"taking": "a|b|||more"}, "NAME|classes|FROM|UNTIL"),
        ({"protocol": "milnacipran"}, "start"),
        ({"start": "2026-12-01"}, "protocol"),
        ({"protocol": "milnacipram", "start": "2026-12-01"}, "milnacipran"),
        ({"protocol": "milnacipran", "start": "2026-12-01", "day": "2.5"}, "whole number"),
        ({"protocol": "milnacipran", "start": "2026-12-01", "at": "8"}, "hours and minutes"),
        ({"protocol": "milnacipran", "start": "2026-12-01", "target": "50"}, "target"),
    ],
)
def test_a_mistake_says_what_was_given_and_what_would_be_right(
    cells: dict[str, str], message: str
) -> None:
    assert message in said(**cells)


def test_a_line_that_is_bad_already_stays_bad() -> None:
    bad, good = read(BadLine(number=2, message="no"), {"name": "Anna", "zone": "UTC"})
    assert (bad.patient, bad.bad) == (None, (BadLine(number=2, message="no"),))
    assert good.patient is not None
