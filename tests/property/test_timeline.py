"""A plan expanded in pieces is the plan expanded whole, and no clock change loses a dose."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, reject
from hypothesis import strategies as st
from tests.unit.domain.charts import exists
from tests.unit.domain.courses import MG, course_of, phase

from medsched.domain.amount import amount
from medsched.domain.person import BEGINNING, Itinerary, Stay, ZonePolicy
from medsched.domain.rhythm import slot_count
from medsched.domain.timeline import doses_of_days, expand, expand_once
from medsched.domain.timing import (
    AlternatingDose,
    AtTimes,
    Cycle,
    Dosage,
    DosePerSlot,
    DosePerWeekday,
    EveryDay,
    EveryHours,
    EveryNDays,
    EveryNMonths,
    EveryNYears,
    ForDays,
    ForDoses,
    HourGrid,
    OnDays,
    OnWeekdays,
    SameDose,
    SpreadOverDay,
    TimesADay,
    UntilTold,
    Weekday,
)
from medsched.domain.walltime import instant_at
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from medsched.domain.course import Course

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Kolkata",
    "America/Sao_Paulo",
    "Africa/Casablanca",
)
zones = st.sampled_from([ZoneInfo(name) for name in ZONES])
starts = st.dates(date(2005, 1, 1), date(2040, 12, 31))
walls = st.times(time(0), time(23, 59)).map(lambda it: it.replace(second=0, microsecond=0))
many_walls = st.sets(walls, min_size=1, max_size=4).map(lambda it: tuple(sorted(it)))

days = st.one_of(
    st.just(EveryDay()),
    st.builds(EveryNDays, n=st.integers(2, 90)),
    st.builds(
        OnWeekdays,
        weekdays=st.frozensets(st.sampled_from(Weekday), min_size=1),
        weeks=st.integers(1, 4),
    ),
    st.builds(EveryNMonths, n=st.integers(1, 12), day=st.integers(1, 31)),
    st.builds(EveryNYears, n=st.integers(1, 2), month=st.just(2), day=st.just(29)),
    st.builds(Cycle, on=st.integers(1, 30), off=st.integers(1, 10)),
)
some = st.sampled_from([None, amount("25 mg"), MG])


@st.composite
def on_days(draw: st.DrawFn) -> OnDays:
    """Return any dosage that sits on days."""
    times = draw(
        st.one_of(
            st.builds(AtTimes, times=many_walls),
            st.builds(SpreadOverDay, count=st.integers(1, 5)),
            st.builds(HourGrid, hours=st.sampled_from([4, 6, 8, 12]), first=walls),
            st.builds(TimesADay, count=st.integers(1, 2)),
        )
    )
    count = slot_count(times)
    doses = draw(
        st.one_of(
            st.just(SameDose(MG)),
            st.tuples(*[some] * count).filter(any).map(DosePerSlot),
            st.lists(some, min_size=1, max_size=5)
            .filter(any)
            .map(lambda it: AlternatingDose(tuple(it))),
            st.tuples(*[some] * 7).filter(any).map(DosePerWeekday),
        )
    )
    return OnDays(times=times, doses=doses, days=draw(days))


dosages: st.SearchStrategy[Dosage] = st.one_of(
    on_days(), st.builds(EveryHours, hours=st.integers(1, 2000), amount=st.just(MG))
)
lengths = st.one_of(st.builds(ForDays, st.integers(1, 60)), st.builds(ForDoses, st.integers(1, 40)))


@st.composite
def courses(draw: st.DrawFn) -> Course:
    """Return a course of one to three phases, at home or on a journey."""
    start = draw(starts)
    zone = draw(zones)
    phases = [phase(draw(dosages), draw(lengths)) for _ in range(draw(st.integers(0, 2)))]
    phases.append(phase(draw(dosages), draw(st.one_of(lengths, st.just(UntilTold())))))
    itinerary = None
    if draw(st.booleans()):
        leaves = datetime.combine(start, time(3), tzinfo=UTC) + timedelta(
            hours=draw(st.integers(0, 24 * 40))
        )
        away = Stay(since=leaves, zone=draw(zones), policy=draw(st.sampled_from(ZonePolicy)))
        itinerary = Itinerary((Stay(since=BEGINNING, zone=zone), away))
    try:
        return course_of(*phases, start=start, zone=zone, itinerary=itinerary)
    except InvalidValue:  # so many doses of a rare pattern outlast the calendar
        reject()


@given(courses(), st.lists(st.integers(1, 400), min_size=1, max_size=5))
def test_pieces_of_a_window_are_the_window(course: Course, hours: list[int]) -> None:
    """Invariant 6: expanding in pieces, ids unique, ordered by due."""
    begin = datetime.combine(course.start - timedelta(days=2), time(0), tzinfo=UTC)
    edges = [begin]
    for length in hours:
        edges.append(edges[-1] + timedelta(hours=length))
    whole = expand_once(course, edges[0], edges[-1])
    pieces = [one for since, until in pairwise(edges) for one in expand(course, since, until)]
    assert pieces == whole
    assert len({one.id for one in whole}) == len(whole)
    assert [one.due for one in whole] == sorted(one.due for one in whole)


@given(courses(), st.integers(0, 80), st.integers(0, 80))
def test_days_and_instants_give_the_same_doses(course: Course, skip: int, length: int) -> None:
    first = course.start + timedelta(days=skip)
    last = first + timedelta(days=length)
    margin = timedelta(days=3)
    since = datetime.combine(first - margin, time(0), tzinfo=UTC)
    until = datetime.combine(last + margin, time(0), tzinfo=UTC)
    expected = [one for one in expand_once(course, since, until) if first <= one.day <= last]
    assert doses_of_days(course, first, last) == expected


@given(zones, st.integers(2005, 2040), many_walls)
def test_a_daily_dose_is_neither_lost_nor_doubled_by_the_clocks(
    zone: ZoneInfo, year: int, slots: tuple[time, ...]
) -> None:
    """Invariant 7: one dose for each place of each day that there was, at the rule's instant."""
    dosage = OnDays(times=AtTimes(times=slots), doses=SameDose(MG))
    course = course_of(phase(dosage), start=date(year, 1, 1), zone=zone, slots=())
    doses = doses_of_days(course, date(year, 1, 1), date(year, 12, 31))
    real = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    expected = sorted(
        instant_at(day, wall, zone) for day in real if exists(day, zone) for wall in slots
    )
    got = [one.due for one in doses if one.day <= real[-1]]
    assert got == expected
    assert len({one.id for one in doses}) == len(doses)
