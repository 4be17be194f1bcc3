"""Records are never changed: a correction names the one that was wrong, and both stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from medsched.domain.administration import (
    Administration,
    AdministrationStatus,
    intakes,
    standing,
)

AT = datetime(2026, 3, 2, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def record(
    number: int,
    *,
    hours: int = 0,
    corrects: int = 0,
    status: AdministrationStatus = AdministrationStatus.COMPLETED,
) -> Administration:
    at = AT + hours * HOUR
    return Administration(
        prescription="1", status=status, at=at, recorded_at=at, id=number, corrects=corrects
    )


WRONG = AdministrationStatus.ENTERED_IN_ERROR


def test_a_corrected_record_and_its_correction_no_longer_stand() -> None:
    kept = [record(1), record(2), record(3, corrects=1, status=WRONG)]
    assert [one.id for one in standing(kept)] == [2]


def test_intakes_are_what_was_taken_by_the_time_it_was_taken() -> None:
    skipped = record(3, status=AdministrationStatus.NOT_DONE)
    kept = [record(1, hours=5), record(2, hours=1), skipped]
    assert [one.id for one in intakes(kept)] == [2, 1]
