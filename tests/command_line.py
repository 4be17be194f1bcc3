"""The command line as a person or a script meets it: arguments in; text, JSON and a code out.

`CommandLine` runs a command inside this process, which is fast; `outside` starts the very
program. Both give each test a home of its own, and the time is said with `--as-of`.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from medsched.cli.main import run

if TYPE_CHECKING:
    from pathlib import Path

_GROUPS = {
    "person",
    "protocols",
    "taking",
    "events",
    "stock",
    "channel",
    "clock",
    "service",
    "feed",
    "caldav",
    "import",
}
"""Commands whose second word is a command, too."""

PROGRAM = "from medsched.cli.main import main; main()"


class _Screen(io.TextIOWrapper):
    """A stream of text over bytes, as the real ones are."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", newline="", write_through=True)

    def text(self) -> str:
        """Return all that was written."""
        held = self.buffer
        assert isinstance(held, io.BytesIO)
        return held.getvalue().decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one command printed, and its exit code."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class CommandLine:
    """Commands of one home."""

    home: Path

    def __call__(self, *arguments: str, at: str | None = None) -> Answer:
        """Run one command in this process, `at` an instant."""
        out, err = _Screen(), _Screen()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(self._all(arguments, at))
        return Answer(code=int(code), out=out.text(), err=err.text())

    def page(self, *arguments: str, at: str | None = None) -> str:
        """Return the page of a command that is done."""
        answer = self(*arguments, at=at)
        assert answer.code == 0, answer
        return answer.out

    def document(self, *arguments: str, at: str | None = None) -> Any:
        """Return the JSON document of a command that is done."""
        return json.loads(self.page(*arguments, "--json", at=at))

    def refusal(self, *arguments: str, at: str | None = None, code: int = 1) -> str:
        """Return the one line of a command that is refused with this code."""
        answer = self(*arguments, at=at)
        assert answer.code == code, answer
        assert answer.out == "", answer
        assert answer.err.startswith("medsched: "), answer
        assert answer.err.count("\n") == 1, answer
        return answer.err.removeprefix("medsched: ").rstrip("\n")

    def outside(self, *arguments: str, at: str | None = None) -> Answer:
        """Run one command as a program of its own."""
        done = self.begin(*arguments, at=at)
        out, err = done.communicate(timeout=120)
        return Answer(code=done.returncode, out=out, err=err)

    def begin(self, *arguments: str, at: str | None = None) -> subprocess.Popen[str]:
        """Start one command as a program of its own and do not wait for it."""
        return subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *self._all(arguments, at)],
            env={**os.environ, "TZ": "UTC"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def _all(self, arguments: tuple[str, ...], at: str | None) -> list[str]:
        if arguments and arguments[0] in _GROUPS:
            group, rest = list(arguments[:2]), list(arguments[2:])
        else:
            group, rest = list(arguments[:1]), list(arguments[1:])
        time = ["--as-of", at] if at else []
        return [*group, "--home", str(self.home), *time, *rest]
