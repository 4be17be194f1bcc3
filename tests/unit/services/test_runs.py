"""Runs of doses: many rows that differ only by the day."""

from __future__ import annotations

from medsched.services.ports import DoseRow, DoseRun


def test_a_run_of_every_other_day_keeps_its_hour_in_utc() -> None:
    run = DoseRun(
        prescription=1,
        day=739_000,
        doses=3,
        step=2,
        slot=1,
        due=1_000_000,
        amount="25",
        phase=2,
        revision=3,
        sequence=4,
    )
    assert list(run.rows()) == [
        DoseRow(1, 739_000 + days, 1, 1_000_000 + days * 86_400, "25", 2, 3, 4)
        for days in (0, 2, 4)
    ]
