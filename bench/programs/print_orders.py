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

TWO = [f"{number:02}" for number in range(60)]


def main(orders: str, zone: str, last: str) -> None:
    person = Person(name="Patient 1", itinerary=at_home(ZoneInfo(zone)))
    days: dict[date, str] = {}
    with open(orders, encoding="utf-8") as file:  # noqa: PTH123  # pathlib is for neither program
        for text in file:
            order = read_prescription(text)
            course = resolve(order, person)
            sys.stdout.write(printed(order.protocol, course, date.fromisoformat(last), days))


def printed(name: str, course: Course, last: date, days: dict[date, str]) -> str:
    lines, before, end = [], None, ""
    for due, _id, local, _day, _slot, amount, _phase in all_doses(course, last):
        day = due.date()
        shown = days.get(day)
        if shown is None:
            shown = days[day] = day.isoformat()
        if amount is not before:
            before, end = amount, f" {amount.digits}\n"
        at, here = f"{TWO[due.hour]}:{TWO[due.minute]}", f"{TWO[local.hour]}:{TWO[local.minute]}"
        lines.append(f"{name} {shown} {at} {here}{end}")
    return "".join(lines)


main(*sys.argv[1:])
gc.freeze()  # as medsched does before it ends
