from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medsched.errors import Exit
from medsched.shipped import IncompleteInstall, config_root

if TYPE_CHECKING:
    from pathlib import Path


def test_an_editable_install_finds_the_folder_of_its_checkout(repo: Path) -> None:
    assert config_root() == repo / "config"


def test_an_installed_package_uses_its_own_folder(tmp_path: Path) -> None:
    package = tmp_path / "lib" / "site-packages" / "medsched"
    (package / "config" / "protocols").mkdir(parents=True)
    (tmp_path / "lib" / "config" / "protocols").mkdir(parents=True)
    assert config_root(package) == package / "config"


def test_an_incomplete_install_is_told_in_one_line(tmp_path: Path) -> None:
    package = tmp_path / "src" / "medsched"
    with pytest.raises(IncompleteInstall, match="install medsched again") as refused:
        config_root(package)
    assert refused.value.exit_code is Exit.REFUSED
    assert "\n" not in str(refused.value)
    assert refused.value.looked_in == (package / "config", tmp_path / "config")
