"""Prints five years of six medicines, from prescriptions as they are stored.

What is written of a day is worked out once: the six share it.
"""

import gc
import sys
from datetime import date
from zoneinfo import ZoneInfo

gc.set_threshold(50_000, 20, 50)  # as medsched does when it starts

from medsched.domain.course import Course, resolve  # noqa: E402  # after that
from medsched.domain.person import Person, at_home  # noqa: E402  # the same
from medsched.domain.timeline import all_doses  # noqa: E402  # the same
from medsched.services.document import read_prescription  # noqa: E402  # the same

CLOCK = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]


class Days(dict[date, str]):
    """The text of each day, written when it is first asked for."""

    def __missing__(self, day: date) -> str:
        text = self[day] = day.isoformat()
        return text


def main(orders: str, zone: str, last: str) -> None:
    person = Person(name="Patient 1", itinerary=at_home(ZoneInfo(zone)))
    days = Days()
    with open(orders, encoding="utf-8") as file:  # noqa: PTH123  # pathlib is for neither program
        for text in file:
            order = read_prescription(text)
            course = resolve(order, person)
            sys.stdout.write(printed(order.protocol, course, date.fromisoformat(last), days))


def printed(name: str, course: Course, last: date, days: Days) -> str:
    lines, before, end = [], None, ""
    for due, _id, local, _day, _slot, amount, _phase in all_doses(course, last):
        if amount is not before:
            before, end = amount, f" {amount.digits}\n"
        at, here = CLOCK[due.hour * 60 + due.minute], CLOCK[local.hour * 60 + local.minute]
        lines.append(f"{name} {days[due.date()]} {at} {here}{end}")
    return "".join(lines)


main(*sys.argv[1:])
gc.freeze()  # as medsched does before it ends
