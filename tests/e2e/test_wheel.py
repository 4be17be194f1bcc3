"""The wheel, built and installed into an environment of its own, carries all it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
OFFLINE = ["--no-deps", "--no-index", "--quiet"]


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a program without this checkout's own paths; return what it prints."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("MEDSCHED", "PYTHONPATH", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the environment's own hatchling; nothing is downloaded."""
    folder = tmp_path_factory.mktemp("wheel")
    run(*PIP, "wheel", *OFFLINE, "--no-build-isolation", "--wheel-dir", folder, REPO)
    (built,) = folder.glob("medsched-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into a new environment and return the environment's `bin`.

    What medsched depends on is lent by the environment that runs the tests: a .pth
    file names its folder, and the editable install in there is not followed.
    """
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", venv)
    python = venv / "bin" / "python"
    run(*PIP, "--python", python, "install", *OFFLINE, wheel)
    (site,) = (venv / "lib").glob("python*/site-packages")
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return venv / "bin"


def test_the_wheel_carries_the_rules_the_defaults_and_the_licence(wheel: Path) -> None:
    within = set(zipfile.ZipFile(wheel).namelist())
    config = REPO / "config"
    shipped = {f"medsched/config/{path.relative_to(config)}" for path in config.rglob("*.toml")}
    assert shipped - within == set()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in within)


def test_the_wheel_carries_every_source_file_and_nothing_else(wheel: Path) -> None:
    within = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    source = REPO / "src"
    files = {str(path.relative_to(source)) for path in source.rglob("*") if path.is_file()}
    own = {name for name in files if "__pycache__" not in name}
    assert own - within == set()
    assert {name for name in within - own if not name.startswith("medsched/config/")} == set()


def test_an_installed_medsched_finds_the_rules_inside_itself(installed: Path) -> None:
    asked = "from medsched.shipped import config_root; print(config_root())"
    folder = Path(run(installed / "python", "-c", asked, cwd=installed).strip())
    assert folder.is_relative_to(installed.parent)
    names = {path.name for path in (folder / "protocols").iterdir()}
    assert names == {path.name for path in (REPO / "config" / "protocols").iterdir()}


def test_an_installed_medsched_greets_and_lists_the_rules(installed: Path) -> None:
    program = installed / "medsched"
    assert run(program, "--version").strip().startswith("medsched 0.")
    assert "Usage: medsched" in run(program, "--help")
    checkout = Path(sys.executable).with_name("medsched")
    listed = run(program, "protocols", "list")
    assert listed == run(checkout, "protocols", "list")
    assert "milnacipran" in listed
