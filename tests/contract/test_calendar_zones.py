"""Every zone of tzdata in one calendar: read by others at the instants that were meant."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from tests.contract.calendar_cases import FORM, entry
from tests.contract.calendar_readers import READERS, faults, needs_lint, rfc_lint, span_of

from medsched.calendar.render import render
from medsched.calendar.vtimezone import vtimezone
from medsched.services.feed_entry import FeedEntry, TimesForm

FORM_ZONED = replace(FORM, times=TimesForm.ZONED)
FIRST = datetime(2026, 1, 15, 12, tzinfo=UTC)
# "localtime" and the like are the machine's own, not zones of tzdata.
ZONES = sorted(key for key in available_timezones() if "/" in key)


def through_the_years(zone: str) -> list[FeedEntry]:
    """Return entries every 130 days for two years, and in a far summer and winter."""
    near = [FIRST + timedelta(days=130 * count, hours=count) for count in range(6)]
    far = [datetime(2035, month, 15, 12, tzinfo=UTC) for month in (1, 7)]
    return [
        entry(uid=f"{zone.replace('/', '.')}-{count}", starts=at, zone=zone)
        for count, at in enumerate(near + far)
    ]


def one_of_each_clock() -> list[str]:
    """Return one zone for each set of rules: many zones differ in their name only."""
    told: dict[bytes, str] = {}
    for zone in ZONES:
        told.setdefault(vtimezone(zone, FIRST, FIRST).replace(zone.encode(), b""), zone)
    return sorted(told.values())


CLOCKS = one_of_each_clock()


def check(reader: str, zones: list[str]) -> None:
    entries = [each for zone in zones for each in through_the_years(zone)]
    data = render(entries, FORM_ZONED)
    assert data.count(b"BEGIN:VTIMEZONE") >= len(zones) - 4  # UTC by its names has none
    wanted = Counter(each.starts for each in entries)
    assert READERS[reader](data, *span_of(wanted)) == wanted


@pytest.mark.parametrize("reader", READERS)
def test_every_clock_is_read_at_its_instants(reader: str) -> None:
    check(reader, CLOCKS)


@pytest.mark.long
@pytest.mark.parametrize("reader", READERS)
def test_every_zone_by_every_name_is_read_at_its_instants(reader: str) -> None:
    check(reader, ZONES)


def lint(zones: list[str]) -> None:
    for zone in zones:
        near = [
            entry(uid=str(days), starts=FIRST + timedelta(days=days), zone=zone) for days in (0, 90)
        ]
        data = render(near, FORM_ZONED)
        assert rfc_lint(data) == [], zone
        assert faults(data) == [], zone


@needs_lint
@pytest.mark.parametrize("part", range(2))
def test_the_linter_finds_clocks_right(part: int) -> None:
    lint(CLOCKS[part::6])


@needs_lint
@pytest.mark.long
def test_the_linter_finds_every_clock_right() -> None:
    lint(CLOCKS)
