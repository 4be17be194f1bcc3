"""`service print` prints what three systems need; `install` puts it in place."""

from __future__ import annotations

import plistlib
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
from tests.command_line import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "my home")


def test_systemd_starts_the_daemon_of_this_home(cli: CommandLine) -> None:
    unit = cli.page("service", "print", "--for", "systemd")
    assert f'"run" "--home" "{cli.home}"' in unit
    assert "StartLimitIntervalSec=0" in unit
    assert cli.document("service", "print", "--for", "systemd")["text"] in unit + "\n"


def test_launchd_and_windows_can_read_theirs(cli: CommandLine) -> None:
    told = plistlib.loads(cli.page("service", "print", "--for", "launchd").encode())
    assert told["ProgramArguments"][-2:] == ["--home", str(cli.home)]
    ET.fromstring(cli.page("service", "print", "--for", "windows").encode())


def test_where_systemd_does_not_answer_the_unit_is_written_and_that_is_said(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "systemctl").write_text("#!/bin/sh\necho no bus >&2\nexit 1\n")
    (fake / "systemctl").chmod(0o755)
    monkeypatch.setenv("PATH", str(fake) + ":/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "systemctl says: no bus" in cli.refusal("service", "install")
    unit = tmp_path / ".config/systemd/user/medsched.service"
    assert unit.stat().st_mode & 0o777 == 0o600
    (fake / "systemctl").write_text("#!/bin/sh\nexit 0\n")
    assert "started" in cli.page("service", "install")


def test_without_systemd_nothing_is_written(
    cli: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert "no systemd" in cli.refusal("service", "install")
    assert list(tmp_path.iterdir()) == []
