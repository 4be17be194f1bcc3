"""Four programs work off 100,000 reminders; one is killed every ten seconds: none is lost."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from bench.examples import open_at
from bench.postgres import server
from bench.reminders import begin_worker, fill

if TYPE_CHECKING:
    from subprocess import Popen

COUNT = 100_000
KILL_EVERY = 10.0
MOST = 600.0
MOST_KILLS = 6


def begin(address: str) -> Popen[str]:
    one = begin_worker(address, "clock")
    assert one.stdin is not None
    one.stdin.write("go\n")
    one.stdin.flush()
    return one


def kill(one: Popen[str]) -> None:
    one.send_signal(signal.SIGKILL)
    one.communicate()


def still_open(address: str) -> int:
    with psycopg.connect(address) as connection:
        row = connection.execute("SELECT COUNT(*) FROM outbox WHERE state <> 'sent'").fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.long
def test_reminders_outlive_the_programs_that_claim_them() -> None:
    """What a killed one had claimed is claimed again when its lease ends, and recorded once."""
    with server() as address:
        open_at(address).close()
        fill(address, COUNT)
        with psycopg.connect(address, autocommit=True) as admin:
            admin.execute("UPDATE outbox SET expires_at = ready_at + 1000000000")
        running = [begin(address) for _ in range(4)]
        killed, ends, next_kill = 0, time.monotonic() + MOST, time.monotonic() + KILL_EVERY
        while still_open(address):
            assert time.monotonic() < ends
            if time.monotonic() > next_kill and killed < MOST_KILLS:
                kill(running[killed % 4])
                running[killed % 4] = begin(address)
                killed, next_kill = killed + 1, time.monotonic() + KILL_EVERY
            time.sleep(0.5)
        for one in running:
            kill(one)
        with psycopg.connect(address) as connection:
            sent = connection.execute(
                "SELECT COUNT(*), COUNT(DISTINCT reminder) FROM send_log WHERE state = 'sent'"
            ).fetchone()
            stranded = connection.execute("SELECT COUNT(*) FROM outbox WHERE fence > 1").fetchone()
        assert sent == (COUNT, COUNT)
        assert killed >= 1
        assert stranded is not None
        assert stranded[0] > 0, "nothing was in the hands of those that were killed"
