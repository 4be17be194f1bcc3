"""Many processes on one database at once: started by tests, prints one line for each of them.

It loads the store once and forks, so that fifty processes cost little; each of them
opens the database itself and waits for the others before it begins.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from itertools import count as count_from
from typing import TYPE_CHECKING

import psycopg  # noqa: F401  # loaded before the fork, so that fifty processes need not
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.contract.store_examples import a_take
from tests.fakes.clocks import FakeClock

from medsched.services.ports import AlreadySettled
from medsched.store import people, plans, records  # noqa: F401  # the same
from medsched.store.opening import SqlStore, open_store
from medsched.store.refusals import DatabaseBusy

if TYPE_CHECKING:
    from collections.abc import Callable


def take(store: SqlStore, me: int, dose: str) -> str:
    """Record that a dose was taken, and say whether this was the first."""
    while True:
        try:
            with store.writing() as unit:
                unit.records.append(a_take(dose, by=f"process {me}"))
        except DatabaseBusy:
            continue  # a crowded machine: it says "try again", so this does
        except AlreadySettled as refused:
            return f"already {refused.settled_by.by}"
        return f"recorded process {me}"


def count(store: SqlStore, me: int, times: str) -> str:
    """Read a number, add one and write it back, so many times."""
    for _ in range(int(times)):
        with store.writing() as unit:
            plan = unit.plans.lock(1)
            unit.plans.save(replace(plan, stored_until=plan.stored_until + 1))
    return "counted"


def start(store: SqlStore, me: int, _nothing: str) -> str:
    """Only open the database, and look into it."""
    with store.reading() as unit:
        return f"opened {len(unit.people.all())}"


def die(_store: SqlStore, _me: int, _nothing: str) -> str:
    """Never reached: the process was killed while it opened the database."""
    return "survived"


def kill_at_statement(last: int) -> None:
    """Kill this process as if by the power switch, at the so-manieth statement it runs."""
    seen = count_from(1)

    @event.listens_for(Engine, "before_cursor_execute")
    def _count(*_what: object) -> None:
        if next(seen) == last:
            os.kill(os.getpid(), signal.SIGKILL)


WORK: dict[str, Callable[[SqlStore, int, str], str]] = {
    "take": take,
    "count": count,
    "start": start,
    "die": die,
}


def one_process(me: int, work: str, address: str, what: str, go: int) -> str:
    """Wait for the word, then work; opening the store is part of the work when it is `start`."""
    if work == "die":
        kill_at_statement(int(what))
    if work in {"start", "die"}:
        os.read(go, 1)
        with open_store(address, clock=FakeClock()) as store:
            return WORK[work](store, me, what)
    with open_store(address, clock=FakeClock()) as store:
        os.read(go, 1)
        return WORK[work](store, me, what)


def main(work: str, count_text: str, address: str, what: str = "") -> None:
    """Fork so many processes, let them all go at once, and wait for them."""
    go, word = os.pipe()
    children = []
    for me in range(int(count_text)):
        child = os.fork()
        if child == 0:
            os.close(word)
            try:
                line = one_process(me, work, address, what, go)
            except Exception as error:  # noqa: BLE001  # the test reads what went wrong
                line = f"{type(error).__name__}: {error}"
            os.write(1, f"{line}\n".encode())
            os._exit(0)
        children.append(child)
    os.close(word)  # end of file is the word: it reaches all of them
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
