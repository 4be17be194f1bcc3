"""One of several programs that work off the reminders of one database.

Arguments: the address, and "clock" when its leases are to end as time goes by: then it
works until it is stopped, and a batch takes some seconds to send.
"""

import os
import sys
import time

from bench.examples import NOW, open_at
from bench.reminders import work_off

from medsched.services.book import seconds

SENDING = 5.0
"""Seconds between a claim and its record, in which a program can be killed."""


def now() -> int:
    """Return the time of the example, or the real one."""
    return int(time.time()) if "clock" in sys.argv else seconds(NOW)


def send() -> None:
    """Take as long as some thousand messages may."""
    if "clock" in sys.argv:
        time.sleep(SENDING)


with open_at(sys.argv[1]) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    done, empty = 0, 0
    while empty < 3 or "clock" in sys.argv:
        some = work_off(store, now(), f"worker {os.getpid()}", send)
        done += some
        empty = 0 if some else empty + 1
        if not some and "clock" in sys.argv:
            time.sleep(0.2)
print(done)
