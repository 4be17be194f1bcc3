"""The peer: the same lines by dateutil, from phases that were laid out beforehand."""

import json
import sys
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, rrule


def main(rules: str) -> None:
    with open(rules, encoding="utf-8") as file:  # noqa: PTH123  # pathlib is for neither program
        told = json.load(file)
    zone = ZoneInfo(told["zone"])
    for name, phases in told["medicines"]:
        for first, last, hours, digits in phases:
            day, end = date.fromisoformat(first), date.fromisoformat(last)
            for local in rrule(
                DAILY,
                dtstart=datetime(day.year, day.month, day.day, tzinfo=zone),
                until=datetime(end.year, end.month, end.day, 23, 59, tzinfo=zone),
                byhour=hours,
                byminute=0,
                bysecond=0,
            ):
                due = local.astimezone(UTC)
                print(name, due.isoformat(" ")[:16], local.isoformat()[11:16], digits)


main(*sys.argv[1:])
