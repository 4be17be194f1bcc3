"""Starts one program and says what it took: seconds, seconds of processor time, peak KiB.

It is small, and starts the program itself, because the kernel counts the memory of the
program that starts another one as the other's peak: begun by one that holds 600 MiB,
Python that does nothing takes 600 MiB as well. Arguments: the number of the open file
for what it says, then the program with its arguments.
"""

import os
import sys
import time

told = int(sys.argv[1])
os.set_inheritable(told, False)
wall = time.perf_counter()
child = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_pid, status, used = os.wait4(child, 0)
wall = time.perf_counter() - wall
with os.fdopen(told, "w") as out:
    print(wall, used.ru_utime + used.ru_stime, used.ru_maxrss, file=out)
sys.exit(os.waitstatus_to_exitcode(status))
