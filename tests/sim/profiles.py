"""What goes wrong in which stories; the seed chooses."""

from __future__ import annotations

from typing import Final

from tests.sim.world import Faults

CRASHY: Final = Faults(crash=0.02, nested=0.02, ambiguous=0.05, outage=0.01, daemons=1)
CROWDED: Final = Faults(nested=0.12, stall=0.08, ambiguous=0.1, daemons=3)
FLAKY: Final = Faults(crash=0.005, ambiguous=0.3, outage=0.04, stall=0.01, daemons=1)
SLEEPY: Final = Faults(crash=0.005, sleep=0.25, nested=0.03, daemons=1)
ODD_CLOCK: Final = Faults(clock=0.03, nested=0.03, crash=0.005, daemons=2)
ALL_AT_ONCE: Final = Faults(
    crash=0.01,
    nested=0.05,
    stall=0.03,
    outage=0.01,
    ambiguous=0.08,
    clock=0.005,
    sleep=0.01,
    daemons=2,
)
QUIET: Final = Faults(nested=0.1, daemons=3)
MEDDLING: Final = Faults(nested=0.4, daemons=2)
STALLING: Final = Faults(stall=0.3, ambiguous=0.5, daemons=3)

PROFILES: Final = (
    CRASHY,
    CROWDED,
    FLAKY,
    SLEEPY,
    ODD_CLOCK,
    ALL_AT_ONCE,
    QUIET,
    MEDDLING,
    STALLING,
)


def faults_of(seed: int) -> Faults:
    """Return what goes wrong in the story of a seed."""
    return PROFILES[seed % len(PROFILES)]
