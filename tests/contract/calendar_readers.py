"""Readers that nobody here wrote, and a small checker of our own that uses none of them."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

REPO = Path(__file__).resolve().parents[2]
NODE_MODULES = REPO / "tests" / "e2e" / "node" / "node_modules"
LINT = REPO.parent / "shared" / "tools" / "rfc_lint.py"

ONCE = {
    "VCALENDAR": {"VERSION", "PRODID", "NAME", "X-WR-CALNAME", "CALSCALE"},
    "VEVENT": {
        *("UID", "SEQUENCE", "DTSTAMP", "LAST-MODIFIED", "DTSTART", "DTEND"),
        *("SUMMARY", "STATUS", "TRANSP", "CLASS"),
    },
    "VALARM": {"UID", "ACTION", "TRIGGER", "DESCRIPTION"},
    "VTIMEZONE": {"TZID"},
    "STANDARD": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
    "DAYLIGHT": {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"},
}
INSIDE: dict[str, set[str | None]] = {
    "VCALENDAR": {None},
    "VEVENT": {"VCALENDAR"},
    "VTIMEZONE": {"VCALENDAR"},
    "VALARM": {"VEVENT"},
    "STANDARD": {"VTIMEZONE"},
    "DAYLIGHT": {"VTIMEZONE"},
}
NEVER = {"METHOD", "SOURCE", "X-WR-TIMEZONE", "ORGANIZER", "ATTENDEE", "RDATE", "EXDATE"}
TEXTS = {"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "TZNAME"}


def faults(data: bytes) -> list[str]:
    """Return what a strict reader of RFC 5545 would refuse in one of our calendars."""
    found = _byte_faults(data)
    open_: list[tuple[str | None, Counter[str]]] = [(None, Counter())]
    uids: Counter[str] = Counter()
    for line in unfolded(data):
        match = re.fullmatch(r'([A-Z-]+)((?:;[A-Z]+=[^:;,"]+)*):(.*)', line)
        if match is None:
            found.append(f"not a line: {line[:40]!r}")
            continue
        name, params, value = match.groups()
        if name == "BEGIN":
            if open_[-1][0] not in INSIDE.get(value, set()):
                found.append(f"{value} inside {open_[-1][0]}")
            open_.append((value, Counter()))
        elif name == "END":
            found += _component_faults(*open_.pop(), value)
        else:
            open_[-1][1][name] += 1
            found += _value_faults(name, params, value)
            uids[value] += name == "UID"
    if len(open_) != 1:
        found.append(f"{open_[-1][0]} never ends")
    return found + [f"UID twice: {uid}" for uid, count in uids.items() if count > 1]


def _byte_faults(data: bytes) -> list[str]:
    found = [] if data.endswith(b"\r\n") else ["no line end at the end"]
    if re.search(rb"(?<!\r)\n|\r(?!\n)", data):
        found.append("bare CR or LF")
    for line in data.split(b"\r\n")[:-1]:
        if len(line) > 75 or not line.strip():
            found.append(f"{len(line)} octets in a line")
        if re.search(rb"[\x00-\x1f\x7f]", line):
            found.append("control character")
        line.decode()
    return found


def _component_faults(name: str | None, counts: Counter[str], ends: str) -> list[str]:
    found = [] if name == ends else [f"END:{ends} closes {name}"]
    once = ONCE.get(name or "", set())
    found += [f"{name}: {prop} x{counts[prop]}" for prop in once if counts[prop] != 1]
    if name == "VCALENDAR" and counts["UID"]:
        found.append("VCALENDAR with a UID")
    return found + [f"{name}: {prop}" for prop in NEVER & counts.keys()]


def _value_faults(name: str, params: str, value: str) -> list[str]:
    if name in TEXTS:
        bare = re.sub(r"\\[\\;,n]", "", value)
        return [f"{name}: {value[:40]!r}"] if re.search(r"[\\;,]", bare) else []
    if name in {"DTSTAMP", "LAST-MODIFIED"}:
        return [] if re.fullmatch(r"\d{8}T\d{6}Z", value) else [f"{name}: {value}"]
    if name in {"DTSTART", "DTEND"}:
        form = r"\d{8}T\d{6}" if "TZID" in params else r"\d{8}T\d{6}Z?"
        return [] if re.fullmatch(form, value) else [f"{name}{params}: {value}"]
    if name == "REFRESH-INTERVAL" and params != ";VALUE=DURATION":
        return ["REFRESH-INTERVAL without VALUE"]
    if name == "TRIGGER" and not re.fullmatch(r"PT0S|-P(\d+W|(\d+D)?(T(\d+H)?(\d+M)?)?)", value):
        return [f"TRIGGER: {value}"]
    return []


def unfolded(data: bytes) -> list[str]:
    """Return the content lines of a calendar."""
    return data.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]


def rfc_lint(data: bytes) -> list[str]:
    """Return what the linter beside the checkout finds; nothing where it is absent."""
    if not LINT.exists():
        return []
    spec = importlib.util.spec_from_file_location("rfc_lint", LINT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return cast("list[str]", module.lint(data))


needs_lint = pytest.mark.skipif(not LINT.exists(), reason=f"{LINT} is not there")


def by_recurring(data: bytes, first: datetime, last: datetime) -> Counter[datetime]:
    """Expand with recurring-ical-events."""
    import recurring_ical_events
    from icalendar import Calendar

    found = recurring_ical_events.of(Calendar.from_ical(data)).between(first, last)
    return Counter(event["DTSTART"].dt.astimezone(UTC) for event in found)


def by_home_assistant(data: bytes, first: datetime, last: datetime) -> Counter[datetime]:
    """Expand with Home Assistant's `ical`."""
    from ical.calendar_stream import IcsCalendarStream

    calendar = IcsCalendarStream.calendar_from_ics(data.decode())
    found = calendar.timeline_tz(UTC).overlapping(first, last)
    return Counter(cast("datetime", event.dtstart).astimezone(UTC) for event in found)


ICALJS = """
const ICAL = require("ical.js"); const C = ICAL.default || ICAL;
const text = require("fs").readFileSync(0, "utf-8");
const whole = new C.Component(C.parse(text));
for (const zone of whole.getAllSubcomponents("vtimezone"))
  C.TimezoneService.register(new C.Timezone({component: zone,
    tzid: zone.getFirstPropertyValue("tzid")}), zone.getFirstPropertyValue("tzid"));
const out = [];
for (const part of whole.getAllSubcomponents("vevent")) {
  const event = new C.Event(part);
  if (!event.isRecurring()) { out.push(event.startDate.toUnixTime()); continue; }
  const each = event.iterator(); let next;
  while ((next = each.next())) out.push(next.toUnixTime());
}
console.log(JSON.stringify(out));
"""


def by_icaljs(data: bytes) -> Counter[datetime]:
    """Expand with ical.js, Thunderbird's engine; skip where it is not installed."""
    paths = [*filter(None, os.environ.get("NODE_PATH", "").split(os.pathsep)), str(NODE_MODULES)]
    node = shutil.which("node")
    if node is None or not any((Path(path) / "ical.js").is_dir() for path in paths):
        pytest.skip("node with the npm package ical.js is not there (NODE_PATH)")
    done = subprocess.run(
        [node, "-e", ICALJS],
        input=data,
        capture_output=True,
        check=True,
        timeout=120,
        env={**os.environ, "NODE_PATH": os.pathsep.join(paths), "TZ": "UTC"},
    )
    return Counter(datetime.fromtimestamp(second, UTC) for second in json.loads(done.stdout))


def by_icaljs_between(data: bytes, first: datetime, last: datetime) -> Counter[datetime]:
    """The same, with the signature of the other readers."""
    found = by_icaljs(data)
    return Counter({at: count for at, count in found.items() if first <= at < last})


READERS: dict[str, Callable[[bytes, datetime, datetime], Counter[datetime]]] = {
    "recurring-ical-events": by_recurring,
    "Home Assistant's ical": by_home_assistant,
    "ical.js": by_icaljs_between,
}


def span_of(instants: Any) -> tuple[datetime, datetime]:
    """Return a window around all the instants."""
    return min(instants) - timedelta(days=2), max(instants) + timedelta(days=2)
