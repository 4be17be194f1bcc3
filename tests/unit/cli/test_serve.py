"""`medsched serve`: a real process on a port of this machine, and what it refuses."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.command_line import PROGRAM, CommandLine
from tests.unit.cli.test_feed import AT, PLAN, SECRET

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cli(tmp_path: Path) -> CommandLine:
    """Return the command line of a home with one plan."""
    made = CommandLine(tmp_path / "home")
    made.page("start", *PLAN, "--ordered-by", "Dr A", at=AT)
    return made


def test_it_serves_a_feed_logs_no_token_and_ends_when_told(cli: CommandLine) -> None:
    token = SECRET.findall(cli.document("feed", "add", at=AT)["address"])[0]
    home = ("--home", str(cli.home), "--listen", "127.0.0.1:0")
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", *home], stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stderr is not None
        first = server.stderr.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", first)
        assert found is not None, first + server.stderr.read()
        connection = http.client.HTTPConnection("127.0.0.1", int(found[1]), timeout=30)
        connection.request("GET", f"/feeds/{token}.ics")
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        server.send_signal(signal.SIGINT)
        said = server.stderr.read()
    assert (answer.status, body[:15]) == (200, b"BEGIN:VCALENDAR")
    assert re.search(r"GET /feeds/#[0-9a-f]{8} 200 \d+ unknown", said)
    assert token not in first + said


def test_what_it_cannot_do_is_one_line(cli: CommandLine, tmp_path: Path) -> None:
    assert "--tls-cert" in cli.refusal("serve", "--listen", "0.0.0.0:8765")
    assert "127.0.0.1:8765" in cli.refusal("serve", "--listen", "somewhere")
    key = tmp_path / "key.pem"
    key.touch()
    assert "give both" in cli.refusal("serve", "--tls-key", str(key))
    assert "leave it out" in cli.refusal("serve", at=AT)
    assert "nothing is stored" in CommandLine(tmp_path / "none").refusal("serve")
