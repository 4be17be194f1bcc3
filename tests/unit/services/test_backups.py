"""What is wrong with backups is one sentence; nothing is wrong before the first was due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from medsched.services.backups import Backups, about_backups

FIRST = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("backups", "problem"),
    [
        (None, None),
        (Backups(latest=None, every=timedelta(days=1)), None),
        (Backups(latest=FIRST - timedelta(hours=26), every=timedelta(days=1)), None),
        (
            Backups(latest=FIRST - timedelta(hours=27), every=timedelta(days=1)),
            "backup: the last is of 2026-03-01 05:00 UTC, and one is due every 24 hours",
        ),
        (
            Backups(latest=None, every=timedelta(days=1), failed="NoRoomForBackup"),
            "backup: it could not be made, there is no room for it; none was made",
        ),
    ],
)
def test_a_backup_that_fails_or_is_late_is_told(
    backups: Backups | None, problem: str | None
) -> None:
    assert about_backups(backups, FIRST) == ([] if problem is None else [problem])
