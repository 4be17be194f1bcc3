"""Prints five years of six medicines, from prescriptions as they are stored."""

import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from medsched.domain.course import resolve
from medsched.domain.person import Person, at_home
from medsched.domain.timeline import all_doses
from medsched.services.document import read_prescription

person = Person(name="Patient 1", itinerary=at_home(ZoneInfo(sys.argv[2])))
last = date.fromisoformat(sys.argv[3])
for text in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines():
    order = read_prescription(text)
    name = order.protocol
    sys.stdout.write(
        "".join(
            [
                f"{name} {event.due.isoformat(' ')[:16]} {event.local.isoformat()[11:16]}"
                f" {event.amount.digits}\n"
                for event in all_doses(resolve(order, person), last)
            ]
        )
    )
