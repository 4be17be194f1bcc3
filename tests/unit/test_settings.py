"""Where things live, and the settings of a home."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medsched.errors import FileProblems
from medsched.settings import (
    HomeUnusable,
    database_url,
    default_home,
    make_home,
    read_settings,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_the_home_is_the_one_named_in_the_environment(tmp_path: Path) -> None:
    assert default_home({"MEDSCHED_HOME": str(tmp_path)}) == tmp_path
    assert default_home({}).name == "medsched"


def test_a_home_is_made_for_its_owner_only(tmp_path: Path) -> None:
    home = make_home(tmp_path / "a" / "home")

    assert home.stat().st_mode & 0o777 == 0o700
    assert make_home(home) == home


def test_a_home_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(HomeUnusable, match="name another with --home"):
        make_home(tmp_path / "file" / "home")


def test_the_database_given_comes_before_that_of_the_environment(tmp_path: Path) -> None:
    environment = {"MEDSCHED_DATABASE": "sqlite:///there.db"}

    assert database_url(tmp_path, "sqlite:///here.db", environment) == "sqlite:///here.db"
    assert database_url(tmp_path, None, environment) == "sqlite:///there.db"
    assert database_url(tmp_path, None, {}) == f"sqlite:///{tmp_path}/medsched.db"


def test_a_home_replaces_single_settings(tmp_path: Path) -> None:
    shipped = read_settings(tmp_path)
    (tmp_path / "medsched.toml").write_text("horizon_days = 30\n", encoding="utf-8")

    changed = read_settings(tmp_path)

    assert (shipped.horizon_days, changed.horizon_days) == (90, 30)
    assert changed.entry_minutes == shipped.entry_minutes


def test_every_mistake_in_the_settings_is_named(tmp_path: Path) -> None:
    (tmp_path / "medsched.toml").write_text(
        'horizon_days = "many"\ncolour = "red"\n', encoding="utf-8"
    )

    with pytest.raises(FileProblems) as refused:
        read_settings(tmp_path)

    assert {one.where for one in refused.value.problems} == {"horizon_days", "colour"}
    assert refused.value.exit_code == 65
