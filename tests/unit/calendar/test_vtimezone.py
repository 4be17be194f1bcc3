"""Every zone of tzdata, told by a VTIMEZONE and expanded here by other means."""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.rrule import rrulestr

from medsched.calendar.vtimezone import lasting_rules, observances, vtimezone

# "localtime" and the like are the machine's own, not zones of tzdata.
ZONES = sorted(key for key in available_timezones() if "/" in key or key in {"UTC", "EST5EDT"})
SECOND = timedelta(seconds=1)
FIRST, LAST = datetime(2026, 2, 1, tzinfo=UTC), datetime(2028, 11, 30, tzinfo=UTC)


def offset_of(text: str) -> timedelta:
    sign = -1 if text[0] == "-" else 1
    return sign * timedelta(
        hours=int(text[1:3]), minutes=int(text[3:5]), seconds=int(text[5:7] or 0)
    )


def onsets(block: str, last: datetime) -> list[tuple[datetime, timedelta]]:
    """Return when each offset begins, as a reader of the block must compute it (3.6.5)."""
    found = []
    for part in re.findall(r"BEGIN:(?:STANDARD|DAYLIGHT)\r\n(.*?)END:", block, re.DOTALL):
        has = dict(line.split(":", 1) for line in part.split("\r\n") if line)
        start = datetime.strptime(has["DTSTART"], "%Y%m%dT%H%M%S")  # noqa: DTZ007 -- local
        before, after = offset_of(has["TZOFFSETFROM"]), offset_of(has["TZOFFSETTO"])
        end = last.replace(tzinfo=None) + timedelta(days=400)
        rule = rrulestr(has["RRULE"], dtstart=start) if "RRULE" in has else None
        assert rule is None or rule[0] == start, "DTSTART is no instance of its rule"
        locals_ = [start] if rule is None else rule.between(start, end, inc=True)
        found += [((at - before).replace(tzinfo=UTC), after) for at in locals_]
    return sorted(found)


def wrong_instants(key: str, first: datetime, last: datetime, step: timedelta) -> list[datetime]:
    """Return the instants, every `step` and around each change, that are told wrong."""
    told = onsets(vtimezone(key, first, last).decode(), last)
    times = [at for at, _ in told]
    zone, wrong = ZoneInfo(key), []
    looks = [first + step * count for count in range((last - first) // step + 1)]
    looks += [at + early for at in times for early in (-SECOND, timedelta())]
    for instant in looks:
        place = bisect_right(times, instant) - 1
        if first <= instant <= last and (
            place < 0 or told[place][1] != instant.astimezone(zone).utcoffset()
        ):
            wrong.append(instant)
    return wrong


@pytest.mark.parametrize("part", range(4))
def test_every_zone_is_told_right_for_three_years_to_the_second(part: int) -> None:
    step = timedelta(hours=95, minutes=30)
    for key in ZONES[part::4]:
        assert wrong_instants(key, FIRST, LAST, step) == [], key


@pytest.mark.parametrize(
    "key",
    [
        *("America/New_York", "Africa/Cairo", "Africa/Casablanca", "Asia/Gaza"),
        *("America/Nuuk", "America/Santiago", "Asia/Jerusalem", "Australia/Lord_Howe"),
        *("Europe/Dublin", "Antarctica/Troll", "Europe/Chisinau", "Asia/Beirut"),
    ],
)
def test_a_zone_is_told_right_for_a_long_life(key: str) -> None:
    begin, end = datetime(1975, 5, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
    assert wrong_instants(key, begin, end, timedelta(hours=61)) == []


@pytest.mark.parametrize("key", ["Pacific/Apia", "Pacific/Kwajalein", "Asia/Pyongyang"])
def test_a_zone_that_jumped_is_told_right_across_its_jump(key: str) -> None:
    begin, end = datetime(1991, 5, 1, tzinfo=UTC), datetime(2020, 1, 1, tzinfo=UTC)
    assert wrong_instants(key, begin, end, timedelta(hours=5)) == []


def test_offsets_with_seconds_are_written_with_seconds() -> None:
    instant = datetime(1971, 1, 1, tzinfo=UTC)
    assert b"TZOFFSETTO:-004430\r\n" in vtimezone("Africa/Monrovia", instant, instant)


def test_new_york_is_two_rules_from_the_year_before_the_first_event() -> None:
    assert vtimezone("America/New_York", FIRST, FIRST).decode().split("\r\n") == [
        "BEGIN:VTIMEZONE",
        "TZID:America/New_York",
        "BEGIN:DAYLIGHT",
        "DTSTART:20250309T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU",
        "TZNAME:EDT",
        "TZOFFSETFROM:-0500",
        "TZOFFSETTO:-0400",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20251102T020000",
        "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU",
        "TZNAME:EST",
        "TZOFFSETFROM:-0400",
        "TZOFFSETTO:-0500",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


def test_a_zone_without_changes_is_one_observance() -> None:
    assert len(observances("Asia/Kolkata", FIRST, LAST)) == 1
    assert lasting_rules("Asia/Kolkata") == ()


def test_ramadan_is_one_observance_for_each_change() -> None:
    assert all(
        observance.rule is None for observance in observances("Africa/Casablanca", FIRST, LAST)
    )


def test_midnight_after_the_last_thursday_of_october_is_a_rule_for_each_month() -> None:
    assert [str(rule) for rule in lasting_rules("Africa/Cairo")] == [
        "FREQ=YEARLY;BYMONTH=4;BYDAY=-1FR",
        "FREQ=YEARLY;BYMONTH=10;BYMONTHDAY=26,27,28,29,30,31;BYDAY=FR",
        "FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=1;BYDAY=FR",
    ]


def test_summer_in_dublin_is_daylight_time_although_the_law_calls_it_standard() -> None:
    shown = vtimezone("Europe/Dublin", FIRST, LAST).decode()
    assert "BEGIN:DAYLIGHT\r\nDTSTART:20250330T010000" in shown
