"""Numbers with which a reminder could be doubled or lost are refused before anything runs."""

from __future__ import annotations

import pytest

from medsched.services.remind_settings import RemindSettings, UnsafeTimes


def test_the_usual_numbers_fit() -> None:
    settings = RemindSettings()
    assert settings.deadline < settings.lease - settings.stall


@pytest.mark.parametrize(
    "wrong",
    [
        {"lease": 40},
        {"deadline": 61},
        {"stall": 10},
        {"margin": 5},
        {"busy": 31},
        {"unknown_after": 60},
        {"retry_first": 400},
        {"claim_least": 0},
        {"ahead_hours": 2},
        {"poison_after": 1},
    ],
)
def test_numbers_that_do_not_fit_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UnsafeTimes, match="reminder times: "):
        RemindSettings(**wrong)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(UnsafeTimes) as refused:
        RemindSettings(margin=5, poison_after=1)
    assert len(refused.value.mistakes) == 2
