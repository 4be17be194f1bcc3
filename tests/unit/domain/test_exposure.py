"""Exposure is counted in days, the first and the last included."""

from __future__ import annotations

from datetime import date

from medsched.domain.exposure import exposure_days


def test_both_the_first_and_the_last_day_count() -> None:
    assert exposure_days(date(2026, 3, 2), date(2026, 3, 2)) == 1
