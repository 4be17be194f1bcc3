"""A process that keeps dying waits longer before each new life.

systemd is told never to give up, so the storm is calmed here: what dies within half a
minute again and again comes back after 2, 4, 8 and at last 60 seconds.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from medsched.services.outbox_ports import DaemonRow

SHORT_LIFE: Final = timedelta(seconds=30)
LONGEST_WAIT: Final = 60
FREE: Final = 2
"""So many short lives are nobody's fault: a reboot, a hand that pressed the key."""

_FORGIVEN: Final = timedelta(minutes=15)


def seconds_to_wait(lives: Sequence[DaemonRow], host: str, now: datetime) -> int:
    """Return how long to wait before starting, 0 to 60 seconds.

    Args:
        lives: The daemons of this database; those that still live elsewhere do no harm,
            for a life that is longer than half a minute ends the count.
        host: Only lives on this machine count.
    """
    recent = [one for one in lives if one.host == host and now - one.started_at < _FORGIVEN]
    recent.sort(key=lambda one: one.started_at, reverse=True)
    short = 0
    for life in recent:
        if life.heartbeat_at - life.started_at >= SHORT_LIFE:
            break
        short += 1
    return min(LONGEST_WAIT, 2 ** (short - FREE)) if short > FREE else 0
