"""What was recorded, oldest first; corrections and what they correct stay."""

from __future__ import annotations

from tests.unit.services.plans import House, local

from medsched.services import record
from medsched.services.agenda import followed
from medsched.services.history import history, history_csv


def with_a_correction() -> House:
    house = House()
    house.start()
    house.take("2026-12-01 08:03")
    with house.writing() as book:
        wrong = record.last_record(book, followed(book), "")
        record.undo(book, house.plan(), wrong, reason="=1+1", by="", now=local("2026-12-01 09:00"))
    return house


def test_a_correction_leaves_what_it_corrects() -> None:
    with with_a_correction().reading() as book:
        lines = history(book)

    assert [(one.record.status.value, one.corrected) for one in lines] == [
        ("completed", True),
        ("entered-in-error", False),
    ]
    assert (lines[0].amount, lines[0].unit, f"{lines[0].at:%H:%M}") == ("12.5", "mg", "08:03")


def test_a_spreadsheet_runs_nothing_that_people_typed() -> None:
    with with_a_correction().reading() as book:
        rows = history_csv(book).splitlines()

    assert rows[0].split(",")[:4] == ["id", "medication", "dose", "status"]
    assert "'=1+1" in rows[2]
    assert len(rows) == 3
