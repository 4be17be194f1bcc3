"""Fifty processes record the same dose at the same moment: one does, forty-nine are told."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.command_line import CommandLine

PEOPLE = 50
CROWD = """
import os, sys
import medsched.cli.taking, medsched.store.opening
from medsched.cli.main import run

count, *arguments = sys.argv[1:]
wait, go = os.pipe()
crowd = []
for number in range(int(count)):
    child = os.fork()
    if not child:
        os.close(go)
        os.read(wait, 1)
        code = run([*arguments, "--by", f"person {number}"])
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    crowd.append(child)
os.close(wait)
os.close(go)
codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in crowd]
print("codes", *codes)
"""


def test_fifty_parallel_takes_make_one_row(followed: CommandLine) -> None:
    take = ("take", "--home", str(followed.home), "--as-of", "2026-12-01 08:03")
    done = subprocess.run(
        [sys.executable, "-c", CROWD, str(PEOPLE), *take],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )

    codes = done.stdout.splitlines()[-1].split()[1:]
    assert sorted(codes) == ["0"] + ["1"] * (PEOPLE - 1)
    [line] = followed.document("history")["history"]
    told = done.stderr.splitlines()
    assert len(told) == PEOPLE - 1
    answer = f"medsched: dose 1-20261201-1: already taken at 08:03, recorded by {line['by']};"
    others = [one for one in told if not one.startswith(answer)]
    assert len(others) < PEOPLE / 2
    assert all("is busy" in one for one in others), "only a machine that is too busy may say less"
