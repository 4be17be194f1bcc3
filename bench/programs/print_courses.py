"""Prints five years of six medicines."""

import sys
from datetime import timedelta

from bench.courses import START, courses

from medsched.domain.timeline import all_doses

last = START.replace(year=START.year + int(sys.argv[1])) - timedelta(days=1)
for name, course in courses():
    sys.stdout.write(
        "".join(
            [
                f"{name} {event.due.isoformat(' ')[:16]} {event.local.isoformat()[11:16]}"
                f" {event.amount.digits}\n"
                for event in all_doses(course, last)
            ]
        )
    )
