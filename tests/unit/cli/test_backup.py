"""`backup` and `restore` on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.living_home import FIRST_DOSE, LivingHome

if TYPE_CHECKING:
    from pathlib import Path

AT = "2026-03-02T08:10:00Z"


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    return LivingHome(tmp_path / "home")


def test_a_backup_counts_what_is_in_it_and_is_for_its_owner(
    living: LivingHome, tmp_path: Path
) -> None:
    page = living.cli.page("backup", str(tmp_path / "copy.db"))
    assert "written and checked" in page
    assert "1 person, 1 prescription, 181 doses" in page
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_restore_asks_first_keeps_what_was_there_and_says_what_is_unknown(
    living: LivingHome, tmp_path: Path
) -> None:
    living.cli.page("backup", str(tmp_path / "copy.db"))
    living.cli.page("take", FIRST_DOSE, at=AT)
    assert "say --yes" in living.cli.refusal("restore", str(tmp_path / "copy.db"))
    assert len(living.cli.document("history", at=AT)["history"]) == 1
    page = living.cli.page("restore", str(tmp_path / "copy.db"), "--yes")
    assert "whether they were taken is not known here" in page
    assert "What was here before is kept in" in page
    assert living.cli.document("history", at=AT)["history"] == []


def test_a_backup_that_is_not_there_is_not_asked_about(living: LivingHome, tmp_path: Path) -> None:
    said = living.cli.refusal("restore", str(tmp_path / "none.db"))
    assert "there is no such file; nothing was changed" in said
    assert "--yes" not in said


def test_row_22_a_plain_copy_is_no_backup(living: LivingHome, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes((living.home / "medsched.db").read_bytes())
    living.cli.refusal("restore", str(copy), "--yes")
