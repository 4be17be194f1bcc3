"""G8: reminders claimed and recorded, a commit for each batch, against APScheduler's stores."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from subprocess import PIPE, Popen
from threading import Event
from typing import Any

from apscheduler.events import EVENT_JOB_EXECUTED
from apscheduler.executors.debug import DebugExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from bench.clinic import remove
from bench.courses import START
from bench.examples import NOW, open_at, patients
from bench.measure import PROGRAMS, Pair, Row, Sample, Size, environment, in_process
from bench.postgres import server

from medsched.cli.main import COLLECT
from medsched.services.book import seconds
from medsched.services.outbox_ports import Channel, Finished, NewReminder, RowState
from medsched.services.remind_claim import claim
from medsched.services.remind_settings import RemindSettings

SETTINGS = RemindSettings()
OF_EACH = 10
"""Reminders of one channel."""


def fill(address: str | Path, most: int, *, a_second: int = 0) -> None:
    """Store so many reminders, ten of each person: overdue, or so many a second from now on."""
    people = max(1, -(-most // OF_EACH))
    with open_at(address) as store, store.writing() as unit:
        if unit.people.by_id("1") is None:
            with unit.loading() as loader:
                for some in patients(people):
                    loader.people([one.person for one in some], NOW)
            for number in range(1, people + 1):
                unit.channels.add(_channel(number))
        unit.outbox.plan(_reminders(most, a_second))


def _channel(person: int) -> Channel:
    return Channel(person=str(person), name="phone", url="json://127.0.0.1")


def _reminders(most: int, a_second: int) -> Iterator[NewReminder]:
    now = seconds(NOW)
    for number in range(most):
        person = 1 + number // OF_EACH
        due = now + number // a_second if a_second else now - 60
        yield NewReminder(
            person,
            START.toordinal() + number % OF_EACH,
            1,
            "due",
            person,
            person,
            due,
            due,
            due + 10**6,
        )


def work_off(
    store: Any, now: int, owner: str = "bench", send: Callable[[], None] = lambda: None
) -> int:
    """Claim a batch, send it and record it; return how many it was."""
    with store.writing() as unit:
        found = claim(unit, owner, now, SETTINGS, limit=SETTINGS.claim_most, claimed_at=0.0)
    rows = [row for parcel in found.parcels for row in parcel.rows]
    sent = RowState.SENT
    if rows:
        send()
        with store.writing() as unit:
            unit.outbox.record(
                [Finished(row.id, row.fence, sent, now, now, True, True, "ok") for row in rows]
            )
    return found.claimed


def _all(store: Any) -> int:
    done = 0
    while some := work_off(store, seconds(NOW)):
        done += some
    return done


class _Scheduler:
    """APScheduler with jobs that do nothing; by its default executor, ten threads."""

    def __init__(self, store: Any, dues: list[datetime], executor: Any = None) -> None:
        self.most, self.counted, self.done = len(dues), count(1), Event()
        self.scheduler = BackgroundScheduler(
            jobstores={"default": store},
            executors={} if executor is None else {"default": executor},
            timezone="UTC",
        )
        self.scheduler.start(paused=True)
        for due in dues:
            self.scheduler.add_job(
                nothing, "date", run_date=due, misfire_grace_time=None, coalesce=True
            )
        self.scheduler.add_listener(self._count, EVENT_JOB_EXECUTED)

    def _count(self, _event: Any) -> None:
        if next(self.counted) == self.most:
            self.done.set()

    def run(self) -> int:
        self.scheduler.resume()
        self.done.wait()
        return self.most


def nothing() -> None:
    """Send nothing."""


@contextmanager
def claims(size: Size, folder: Path) -> Iterator[Pair]:
    """G8: what waited through an outage, worked off; APScheduler as it comes."""
    row = Row(
        "G8",
        f"{size.reminders:,} overdue reminders claimed and recorded, synchronous=FULL",
        "APScheduler, memory store, its default executor",
        0.125,
    )
    yield _claims(size, folder, row, lambda: None)


@contextmanager
def claims_in_one_thread(size: Size, folder: Path) -> Iterator[Pair]:
    """G8d: the same, against APScheduler that runs each job itself, without its threads."""
    against = "APScheduler, memory store, DebugExecutor"
    yield _claims(size, folder, Row("G8d", "the same", against, None), DebugExecutor)


@contextmanager
def collecting_as_the_program() -> Iterator[None]:
    """Look for garbage as seldom as `medsched` does from its start on."""
    before = gc.get_threshold()
    gc.set_threshold(*COLLECT)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _claims(size: Size, folder: Path, row: Row, executor: Callable[[], Any]) -> Pair:
    path = folder / "overdue.db"

    def ours() -> Sample:
        remove(path)
        fill(path, size.reminders)
        with open_at(path) as store, collecting_as_the_program():
            return in_process(lambda: _all(store))

    def theirs() -> Sample:
        jobs = _Scheduler(MemoryJobStore(), [NOW] * size.reminders, executor())
        sample = in_process(jobs.run)
        jobs.scheduler.shutdown()
        return sample

    def same(first: Sample, second: Sample) -> None:
        assert first.answer == second.answer == size.reminders

    return Pair(rows=(row,), ours=ours, theirs=theirs, same=same)


A_SECOND = 28


@contextmanager
def paced(size: Size, folder: Path) -> Iterator[Pair]:
    """G8b: processor time while reminders come evenly."""
    path, jobs_at = folder / "paced.db", folder / "jobs.db"

    def ours() -> Sample:
        remove(path)
        fill(path, size.paced, a_second=A_SECOND)
        with open_at(path) as store:
            return in_process(lambda: _evenly(store, size.paced))

    def theirs() -> Sample:
        remove(jobs_at)
        begin = datetime.now(NOW.tzinfo) + timedelta(seconds=0.5)
        if size.paced > A_SECOND:
            begin += timedelta(seconds=size.paced / 100)  # it stores so many a second, about
        dues = [begin + timedelta(seconds=place // A_SECOND) for place in range(size.paced)]
        jobs = _Scheduler(SQLAlchemyJobStore(url=f"sqlite:///{jobs_at}"), dues)
        sample = in_process(jobs.run)
        jobs.scheduler.shutdown()
        return sample

    def same(first: Sample, second: Sample) -> None:
        assert first.answer == second.answer == size.paced

    yield Pair(
        rows=(
            Row(
                "G8b",
                f"{A_SECOND} reminders a second: processor time",
                "APScheduler, SQLAlchemy store",
                0.5,
                of="cpu",
            ),
        ),
        ours=ours,
        theirs=theirs,
        same=same,
    )


def _evenly(store: Any, most: int) -> int:
    """Wake once a second, as reminders are due at whole seconds."""
    done, second = 0, 0
    while done < most:
        done += work_off(store, seconds(NOW) + second)
        second += 1
        time.sleep(min(1.0, most / A_SECOND))
    return done


@contextmanager
def workers(size: Size, _folder: Path) -> Iterator[Pair]:
    """G8w: several programs that share the reminders of one PostgreSQL."""
    notes: dict[str, str] = {}
    rates: dict[int, list[float]] = {one: [] for one in size.workers}
    with server() as address:
        open_at(address).close()
        most = max(200, size.reminders // 5)

        def measured(several: int) -> Sample:
            import psycopg

            with psycopg.connect(address, autocommit=True) as admin:
                admin.execute("TRUNCATE outbox, send_log RESTART IDENTITY CASCADE")
                admin.execute("ANALYZE")
            fill(address, most)
            running = [begin_worker(address) for _ in range(several)]
            for one in running:
                assert one.stdout is not None
                one.stdout.readline()
            sample = in_process(lambda: together(running))
            done = sum(sample.answer)
            rates[several].append(done / sample.wall)
            for those, seen in rates.items():
                if seen:
                    notes[f"by {those}"] = f"{median(seen):,.0f} a second"
            return sample._replace(answer=done)

        def ours() -> Sample:
            for several in size.workers[1:-1]:
                assert measured(several).answer == most
            return measured(size.workers[-1])

        def same(first: Sample, second: Sample) -> None:
            assert first.answer == second.answer == most

        yield Pair(
            rows=(
                Row(
                    "G8w",
                    f"{most:,} reminders on PostgreSQL by {size.workers[-1]} programs",
                    "by one program",
                    None,
                ),
            ),
            ours=ours,
            theirs=lambda: measured(1),
            same=same,
            notes=notes,
        )


def begin_worker(address: str, *more: str) -> Popen[str]:
    """Start one more program that works off what is ready, once it is told to."""
    command = [sys.executable, str(PROGRAMS / "claim_worker.py"), address, *more]
    return Popen(command, stdin=PIPE, stdout=PIPE, text=True, env=environment())


def together(running: list[Popen[str]]) -> list[int]:
    """Let all of them begin at once; return what each has done, when the last has ended."""
    for one in running:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    return [int(one.communicate()[0]) for one in running]
