"""What the systems are told to keep the daemon running."""

from __future__ import annotations

import plistlib
import shutil
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from medsched.daemon.units import Command, launchd_plist, systemd_unit, windows_task
from medsched.errors import InvalidValue

HOME = Path("/home/a b/.local/share/medsched")
COMMAND = Command(program=["/opt/med sched/bin/medsched", "run", "--home", str(HOME)], home=HOME)
SERVER = Command(
    program=["medsched", "run"],
    home=HOME,
    environment={"MEDSCHED_DATABASE": "postgresql://u:p%@h/d"},
)


def test_systemd_never_gives_up_and_watches_for_silence() -> None:
    lines = systemd_unit(COMMAND).splitlines()
    for wanted in (
        "Restart=always",
        "StartLimitIntervalSec=0",
        "WatchdogSec=90",
        "Type=notify",
        "UMask=0077",
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
    ):
        assert wanted in lines


def test_a_start_limit_stands_in_the_section_where_systemd_reads_it() -> None:
    unit, _, _service = systemd_unit(COMMAND).partition("[Service]")
    assert "StartLimitIntervalSec=0" in unit


def test_paths_with_spaces_and_percent_signs_stay_what_they_are() -> None:
    unit = systemd_unit(COMMAND)
    assert f'ExecStart="/opt/med sched/bin/medsched" "run" "--home" "{HOME}"' in unit
    assert f'ReadWritePaths="{HOME}"' in unit
    assert 'Environment="MEDSCHED_DATABASE=postgresql://u:p%%@h/d"' in systemd_unit(SERVER)


def test_a_password_is_no_argument_that_everybody_sees() -> None:
    for text in (systemd_unit(SERVER), launchd_plist(SERVER)):
        (start,) = [line for line in text.splitlines() if "ExecStart" in line or "run" in line][:1]
        assert "postgresql" not in start


def test_a_path_with_a_line_break_is_refused() -> None:
    with pytest.raises(InvalidValue, match="control characters"):
        systemd_unit(Command(program=["medsched"], home=Path("/x\nExecStart=evil")))


def test_systemd_itself_finds_nothing_to_say(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not on this machine")
    sound = Command(program=["/bin/sh", "run", "--home", str(HOME)], home=HOME)
    path = tmp_path / "medsched.service"
    path.write_text(systemd_unit(sound))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if "medsched.service" in line] == []


def test_launchd_keeps_it_alive() -> None:
    told = plistlib.loads(launchd_plist(COMMAND).encode())
    assert told["ProgramArguments"] == list(COMMAND.program)
    assert (told["KeepAlive"], told["RunAtLoad"], told["Umask"]) == (True, True, 0o077)
    server = plistlib.loads(launchd_plist(SERVER).encode())
    assert server["EnvironmentVariables"] == dict(SERVER.environment)


def test_windows_starts_it_again_and_never_ends_it() -> None:
    root = ET.fromstring(windows_task(COMMAND).encode())
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    assert root.findtext(".//t:ExecutionTimeLimit", namespaces=space) == "PT0S"
    assert root.findtext(".//t:Command", namespaces=space) == "/opt/med sched/bin/medsched"
    assert root.findtext(".//t:Arguments", namespaces=space) == f'run --home "{HOME}"'
    with pytest.raises(InvalidValue, match="MEDSCHED_DATABASE"):
        windows_task(SERVER)
