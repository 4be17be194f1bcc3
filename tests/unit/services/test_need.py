"""A dose only if needed: whether one is allowed now, and recording it."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.services.plans import House, local

from medsched.domain.as_needed import Allowed
from medsched.services.choose import as_needed_dosage
from medsched.services.need import NotAllowedYet, allowed, take_if_needed
from medsched.services.taking import Recorded, Taking


@pytest.fixture
def house() -> House:
    found = House()
    found.start("paracetamol")
    return found


def take(house: House, at: str, *, extra: bool = False) -> Recorded:
    with house.writing() as book:
        plan = house.plan()
        dosage = as_needed_dosage(book, plan, date(2026, 12, 2))
        assert dosage is not None
        taking = Taking(at=local(at), now=local(at), extra=extra)
        return take_if_needed(book, plan, dosage, taking)


def test_one_is_allowed_when_none_was_taken(house: House) -> None:
    with house.reading() as book:
        dosage = as_needed_dosage(book, house.plan(), date(2026, 12, 1))
        assert dosage is not None
        now = local("2026-12-01 12:00")
        assert isinstance(allowed(book, house.plan(), dosage, Taking(at=now, now=now)), Allowed)


def test_too_soon_is_refused_with_the_time_of_the_next_and_stores_nothing(house: House) -> None:
    take(house, "2026-12-01 12:00")

    with pytest.raises(NotAllowedYet, match="allowed at 16:00 on Tuesday") as refused:
        take(house, "2026-12-01 15:59")

    assert refused.value.next_at == local("2026-12-01 16:00")
    assert take(house, "2026-12-01 16:00").finding is None


def test_one_that_was_taken_all_the_same_is_recorded_and_flagged(house: House) -> None:
    take(house, "2026-12-01 12:00")

    done = take(house, "2026-12-01 13:00", extra=True)

    assert done.finding is not None
    assert done.sentence == "Recorded as an extra dose."


def test_the_window_runs_across_midnight(house: House) -> None:
    for at in ("2026-12-01 14:00", "2026-12-01 18:00", "2026-12-01 22:00", "2026-12-02 02:00"):
        take(house, at)

    with pytest.raises(NotAllowedYet, match="allowed at 14:00 on Wednesday"):
        take(house, "2026-12-02 06:00")


def test_the_one_before_the_last_is_warned_about(house: House) -> None:
    said = [take(house, f"2026-12-01 {hour:02}:00").sentence for hour in (2, 6, 10)]

    assert "only one more is allowed" not in said[1]
    assert "only one more is allowed within 24 hours" in said[2]
