"""What this machine knows of time that no hand can set: its boot, and the seconds since."""

from __future__ import annotations

import time
import uuid
from pathlib import Path
from typing import Final

_BOOT: Final = Path("/proc/sys/kernel/random/boot_id")
_NO_BOOT_ID: Final = str(uuid.uuid4())
"""Where the system tells none, each process counts as a boot of its own."""


class ThisMachine:
    """`remind_clock.Machine` of this process."""

    def __init__(self) -> None:
        """Read the boot's id once: it does not change while this process lives."""
        try:
            self.boot = _BOOT.read_text(encoding="ascii").strip()
        except OSError:
            self.boot = _NO_BOOT_ID

    def elapsed(self) -> float:
        """Return seconds since the boot, time asleep included where the system counts it."""
        clock = getattr(time, "CLOCK_BOOTTIME", None)
        return time.monotonic() if clock is None else time.clock_gettime(clock)

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()
