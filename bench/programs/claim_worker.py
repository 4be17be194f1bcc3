"""One of several programs that work off the reminders of one database."""

import os
import sys

from bench.examples import NOW, open_at
from bench.reminders import work_off

from medsched.services.book import seconds

with open_at(sys.argv[1]) as store:
    print("ready", flush=True)
    sys.stdin.readline()
    done, empty = 0, 0
    while empty < 3:
        some = work_off(store, seconds(NOW), f"worker {os.getpid()}")
        done += some
        empty = 0 if some else empty + 1
print(done)
