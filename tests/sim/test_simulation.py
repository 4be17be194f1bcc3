"""Stories of daemons that crash, stall, sleep and crowd: invariants 1 and 8 hold in all.

Each story is the real modules under a made-up clock, wire and chance. A failing story
names its seed; `World(seed, faults_of(seed), ...).run(HOURS)` tells it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.sim import mutants
from tests.sim.profiles import CRASHY, FLAKY, MEDDLING, SLEEPY, STALLING, faults_of
from tests.sim.world import Broken, World

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from tests.sim.world import Faults

HOURS = 12
STORIES = 200
CHUNK = 10
LONG = 10_000
MOST_SEEDS = 15


def nothing(_path: Path) -> None:
    """Leave the database as it is."""


def tell(seed: int, faults: Faults, folder: Path) -> World:
    """Run one story."""
    world = World(seed, faults, folder, nothing)
    world.run(HOURS)
    for one in folder.iterdir():
        one.unlink()
    return world


@pytest.mark.parametrize("first", range(0, STORIES, CHUNK))
def test_every_due_reminder_comes_and_nobody_is_told_to_take_two(first: int, folder: Path) -> None:
    arrived = sum(
        len(tell(seed, faults_of(seed), folder).arrivals) for seed in range(first, first + CHUNK)
    )
    assert arrived > CHUNK, "the stories are not silent"


@pytest.mark.long
@pytest.mark.parametrize("first", range(STORIES, LONG, 100))
def test_ten_thousand_stories(first: int, folder: Path) -> None:
    for seed in range(first, first + 100):
        tell(seed, faults_of(seed), folder)


@pytest.mark.parametrize(
    ("mutant", "faults"),
    [
        (mutants.ack_before_send, CRASHY),
        (mutants.no_last_look, MEDDLING),
        (mutants.no_fence, STALLING),
        (mutants.no_expiry, SLEEPY),
        (mutants.no_unique_key, MEDDLING),
        (mutants.attempt_missing_from_the_text, FLAKY),
    ],
)
def test_building_it_wrong_breaks_a_story(
    mutant: Callable[[], AbstractContextManager[None]], faults: Faults, folder: Path
) -> None:
    """The test of the test: each of the six mistakes is found within a few seeds."""
    keyless = mutant is mutants.no_unique_key
    prepare = mutants.without_the_unique_key if keyless else nothing
    with mutant():
        for seed in range(MOST_SEEDS):
            world = World(seed, faults, folder, prepare)
            try:
                world.run(HOURS)
            except Broken:
                return
            finally:
                world.store.close()
    pytest.fail(f"{mutant.__name__} went unnoticed in {MOST_SEEDS} stories")


def test_a_story_is_the_same_every_time(folder: Path) -> None:
    first, second = (tell(5, faults_of(5), folder).story for _ in range(2))
    assert first == second
