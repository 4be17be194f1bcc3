"""Prints five years of six medicines."""

import sys
from datetime import timedelta

from bench.examples import START, courses

from medsched.domain.timeline import all_doses

last = START.replace(year=START.year + int(sys.argv[1])) - timedelta(days=1)
for name, course in courses():
    sys.stdout.writelines(
        f"{name} {event.due:%Y-%m-%d %H:%M} {event.local:%H:%M} {event.amount.digits}\n"
        for event in all_doses(course, last)
    )
