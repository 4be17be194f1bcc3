"""A daemon is put together from an app, and idles without growing."""

from __future__ import annotations

import gc
import os
import resource
import time
from pathlib import Path

import pytest
from tests.living_home import FIRST, LivingHome

from medsched.daemon.life import born, once
from medsched.daemon.pool import Pool


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    home = LivingHome(tmp_path / "home")
    home.add_file_channel()
    home.go_to(FIRST)
    return home


def test_one_cycle_sends_what_is_due(living: LivingHome) -> None:
    assert once(living.life).delivered == 1
    assert "dose due at 08:00" in living.messages()
    assert once(living.life).delivered == 0


def test_a_daemon_is_born_with_a_row_and_a_lock(living: LivingHome) -> None:
    with born(living.life) as running:
        running.tick()
        with living.app.store.reading() as unit:
            (row,) = unit.daemons.all()
        assert (row.pid, row.last_tick) == (os.getpid(), FIRST)
        assert Path(f"{living.home}/medsched.db.daemon.lock").exists()
    assert "dose due at 08:00" in living.messages()


def test_links_are_sent_only_when_the_pages_can_be_reached(living: LivingHome) -> None:
    once(living.life)
    assert "/act/" not in living.messages()
    (living.home / "medsched.toml").write_text('public_address = "https://home.example.org/"\n')
    vars(living.app).pop("settings", None)
    living.go_to(FIRST.replace(minute=15))
    once(living.life)
    assert "https://home.example.org/act/" in living.messages()


@pytest.mark.parametrize("count", [1000, pytest.param(10_000, marks=pytest.mark.long)])
def test_row_40_idle_cycles_leave_descriptors_and_memory_as_they_were(
    living: LivingHome, count: int
) -> None:
    """And each costs little: the bound here is generous, the benchmark measures."""
    cycles = living.reminders()
    for _ in range(200):
        cycles.cycle()
    gc.collect()
    files, memory = len(list(Path("/proc/self/fd").iterdir())), _resident()
    began = time.process_time()
    for _ in range(count):
        cycles.cycle()
    cost = (time.process_time() - began) / count
    gc.collect()
    assert len(list(Path("/proc/self/fd").iterdir())) == files
    assert _resident() - memory < 4 * 1024 * 1024
    assert cost < 0.01, cost


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()


def test_workers_are_closed_with_the_daemon(living: LivingHome) -> None:
    pool = Pool(living.life.stopping)
    pool.close()
    with pytest.raises(RuntimeError):
        list(pool.each(lambda _parcel: pytest.fail("begun"), [None]))  # type: ignore[list-item]
