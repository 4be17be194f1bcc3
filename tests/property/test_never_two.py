"""Whoever follows the advice, at any time, in any zone, never takes two: invariants 1 and 2.

A made-up person looks at made-up instants, takes what the advice says or forgets it, while
clocks change and the person travels. What was taken is written down by the rule of
attribution, and the limits of the policy are checked against the list of instants alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from hypothesis import given, note
from hypothesis import strategies as st
from tests.unit.domain.charts import chart, daily, skip, take
from tests.unit.domain.policies import POLICIES

from medsched.domain.advice import Skip, Take, Wait
from medsched.domain.after_late import later_doses
from medsched.domain.amount import Amount, Unit, amount
from medsched.domain.as_needed import Allowed, NotYet, as_needed
from medsched.domain.attribution import Extra, NotThisDose, Settles, attribute, settle
from medsched.domain.dose_status import status_of
from medsched.domain.missed import advise
from medsched.domain.missed_policy import (
    AfterLate,
    Basis,
    LateWindow,
    Measure,
    MissedPolicy,
    RollingLimit,
)
from medsched.domain.timing import AsNeeded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.domain.administration import Administration
    from medsched.domain.chart import Chart
    from medsched.domain.dose import DoseEvent

ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Asia/Kathmandu",
    )
]
FIRST_DAYS = [
    date(2026, 3, 26),  # Berlin springs forward on the 29th
    date(2026, 10, 22),  # and falls back on the 25th
    date(2026, 3, 5),  # New York, the 8th
    date(2026, 10, 30),  # and the 1st
    date(2026, 4, 2),  # Lord Howe, half an hour, the 5th
    date(2011, 12, 28),  # Apia has no 30th
    date(2026, 6, 1),
]
RHYTHMS = [
    ("08:00",),
    ("23:00",),
    ("08:00", "20:00"),
    ("07:00", "23:00"),
    ("06:00", "14:00", "22:00"),
    ("08:00", "12:00", "16:00", "20:00"),
]


def hours_of(count: Decimal) -> timedelta:
    return timedelta(seconds=int(count * 3600))


@st.composite
def policies(draw: st.DrawFn, shortest: int) -> MissedPolicy:
    """Draw a policy whose minimum gap fits between the doses of a plan, `shortest` hours apart."""
    whole = st.integers(0, shortest).map(Decimal)
    maybe = st.none() | st.integers(1, 30).map(Decimal)
    late = LateWindow(
        measure=draw(st.sampled_from(Measure)),
        max_hours=draw(maybe),
        max_hours_once_daily=draw(maybe),
        min_remaining_hours=draw(st.none() | whole),
        fraction=draw(st.none() | st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1)])),
        strict=draw(st.booleans()),
    )
    rolling = RollingLimit(window_hours=draw(whole) + 1, max_doses=draw(st.integers(1, 3)))
    return MissedPolicy(
        id="drawn",
        basis=draw(st.sampled_from([Basis.CLOCK, Basis.INTERVAL, Basis.WEEKLY])),
        late=late,
        min_gap_hours=draw(whole),
        rolling=draw(st.none() | st.just(rolling)),
        max_doses_per_dosing_day=draw(st.none() | st.integers(1, 4)),
        call_after_consecutive=draw(st.none() | st.integers(1, 3)),
        beyond=draw(st.sampled_from(["skip", "call", "take one now", "ask the clinic"])),
        after_late=draw(st.sampled_from(AfterLate)),
    )


@st.composite
def plans(draw: st.DrawFn) -> tuple[MissedPolicy, list[DoseEvent]]:
    """Draw a week of doses, perhaps with a journey, and a policy from the table or made up."""
    rhythm = draw(st.sampled_from(RHYTHMS))
    first, home = draw(st.sampled_from(FIRST_DAYS)), draw(st.sampled_from(ZONES))
    away, leaves = draw(st.sampled_from([home, *ZONES])), draw(st.integers(2, 6))
    doses = daily(rhythm, range(leaves), zone=home, first=first, amounts="15 mg")
    doses += daily(rhythm, range(leaves, 7), zone=away, first=first, amounts="15 mg")
    shortest = {1: 24, 2: 8, 3: 8, 4: 4}[len(rhythm)]
    listed = [one for one in POLICIES.values() if one.min_gap_hours <= shortest]
    policy = draw(st.one_of(policies(shortest), st.sampled_from(listed)))
    return policy, sorted(doses)


def instants(doses: Sequence[DoseEvent]) -> st.SearchStrategy[list[datetime]]:
    """Draw the instants at which somebody looks: anywhere, and at the edges that matter."""
    begin, end = doses[0].due, doses[-1].due + timedelta(hours=30)
    minutes = st.integers(0, int((end - begin) / timedelta(minutes=1)))
    anywhere = minutes.map(lambda count: begin + timedelta(minutes=count))
    edges = st.builds(
        lambda dose, half, more: dose.due + timedelta(minutes=30 * half, seconds=more),
        st.sampled_from(doses),
        st.integers(0, 50),
        st.integers(-1, 1),
    )
    return st.lists(anywhere | edges, min_size=5, max_size=30).map(sorted)


def advised(on: Chart, now: datetime) -> list[tuple[DoseEvent, Take]]:
    """Return the doses that somebody is told to take at this moment."""
    found = ((one, advise(one, on, now)) for one in on.doses)
    return [(dose, advice) for dose, advice in found if isinstance(advice, Take)]


def assert_limits_kept(policy: MissedPolicy, taken: Sequence[tuple[DoseEvent, datetime]]) -> None:
    """Check a list of intakes against the policy, by nothing but their instants."""
    times = [when for _, when in taken]
    gap = hours_of(policy.min_gap_hours)
    assert all(later - earlier >= gap for earlier, later in pairwise(times)), "minimum gap"
    assert len({dose.id for dose, _ in taken}) == len(taken), "a dose was taken twice"
    if policy.rolling is not None and policy.rolling.max_doses is not None:
        window = hours_of(policy.rolling.window_hours)
        for end in times:
            inside = [one for one in times if end - window < one <= end]
            assert len(inside) <= policy.rolling.max_doses, "rolling limit"
    if policy.max_doses_per_dosing_day is not None:
        days = [dose.day for dose, _ in taken]
        assert all(days.count(day) <= policy.max_doses_per_dosing_day for day in days), "day"


@given(st.data(), plans())
def test_advice_followed_at_any_time_keeps_every_limit(
    data: st.DataObject, plan: tuple[MissedPolicy, list[DoseEvent]]
) -> None:
    policy, doses = plan
    records: list[Administration] = []
    taken: list[tuple[DoseEvent, datetime]] = []
    for now in data.draw(instants(doses)):
        on = chart(policy, doses, records)
        found = advised(on, now)
        note(f"{now.isoformat()} {[(dose.id, advice.reason) for dose, advice in found]}")
        assert len(found) <= 1, "told to take two doses"
        if not found or data.draw(st.booleans()):
            continue
        dose, advice = found[0]
        assert advice.units == 1 or policy.daily_target_mg is not None
        for count in range(advice.units):
            outcome = attribute(now, on) if count else settle(dose, now, on)
            assert isinstance(outcome, Settles)
            assert outcome.finding is None
            records.append(take(outcome.dose, now))
            taken.append((outcome.dose, now))
            on = chart(policy, doses, records)
        assert_limits_kept(policy, taken)
        due = sum(one.due <= now for one in doses)
        assert len(taken) <= due, "more doses taken than were ever due"


@given(st.data(), plans())
def test_what_the_advice_says_to_take_is_what_the_intake_settles(
    data: st.DataObject, plan: tuple[MissedPolicy, list[DoseEvent]]
) -> None:
    policy, doses = plan
    records: list[Administration] = []
    for now in data.draw(instants(doses)):
        on = chart(policy, doses, records)
        found = advised(on, now)
        if not found or data.draw(st.booleans()):
            continue
        outcome = attribute(now, on)
        assert isinstance(outcome, Settles)
        if policy.daily_target_mg is None and not policy.steps:
            assert outcome.dose == found[0][0] or outcome.dose.due > now
        records.append(take(outcome.dose, now))


@given(st.data(), plans())
def test_whatever_somebody_takes_no_dose_is_advised_again_nor_too_soon(
    data: st.DataObject, plan: tuple[MissedPolicy, list[DoseEvent]]
) -> None:
    policy, doses = plan
    records: list[Administration] = []
    moments = data.draw(instants(doses))
    for now in moments:
        on = chart(policy, doses, records)
        match data.draw(st.sampled_from(["look", "take", "skip"])):
            case "take":
                outcome = attribute(now, on)
                settled = outcome.dose if isinstance(outcome, Settles) else None
                assert settled is None or settled.id not in on.settled
                records.append(take(settled, now))
            case "skip":
                open_now = [one for one in doses if one.due <= now and one.id not in on.settled]
                if open_now:
                    records.append(skip(open_now[-1], now))
            case _:
                pass
        on = chart(policy, doses, records)
        found = advised(on, now)
        assert len(found) <= 1
        for dose, advice in found:
            assert dose.id not in on.settled
            last = on.intakes[-1].at if on.intakes else None
            gap = hours_of(policy.min_gap_hours)
            assert last is None or now - last >= gap
            assert advice.until >= now


@given(st.data(), plans())
def test_one_intake_settles_one_dose_and_the_next_at_the_same_time_is_extra_or_another(
    data: st.DataObject, plan: tuple[MissedPolicy, list[DoseEvent]]
) -> None:
    policy, doses = plan
    gap = hours_of(policy.min_gap_hours)
    now = data.draw(instants(doses))[0]
    first = attribute(now, chart(policy, doses))
    if isinstance(first, Extra):
        return
    second = attribute(now, chart(policy, doses, [take(first.dose, now)]))
    if isinstance(second, Settles):
        assert second.dose != first.dose
        assert second.finding is not None or not gap
    again = settle(first.dose, now, chart(policy, doses, [take(first.dose, now)]))
    assert isinstance(again, NotThisDose)


@given(st.data(), plans())
def test_advice_holds_until_the_moment_it_names(
    data: st.DataObject, plan: tuple[MissedPolicy, list[DoseEvent]]
) -> None:
    policy, doses = plan
    now = data.draw(instants(doses))[-1]
    on = chart(policy, doses, [take(one) for one in doses[:3] if one.due <= now])
    for dose in doses:
        advice = advise(dose, on, now)
        if advice is None or advice.until is None:
            continue
        then = advise(dose, on, advice.until)
        match advice:
            case Take():
                assert isinstance(then, Take)
                assert not isinstance(advise(dose, on, advice.until + timedelta(days=60)), Take)
            case Wait():
                assert advice.until > now
                assert isinstance(then, Take | Wait)
            case Skip():
                assert advice.until > now
                assert not isinstance(then, Take)
            case _:
                raise AssertionError(advice)


@given(plans(), st.integers(0, 60 * 24 * 7))
def test_where_nobody_records_nothing_is_missed_and_one_dose_is_conditional(
    plan: tuple[MissedPolicy, list[DoseEvent]], minutes: int
) -> None:
    policy, doses = plan
    on = chart(policy, doses, tracked=False)
    now = doses[0].due + timedelta(minutes=minutes)
    found = [one for one in (advise(dose, on, now) for dose in doses) if one is not None]
    assert len(found) <= 1
    assert all(one.reason.startswith("If you have not taken it: ") for one in found)
    assert all(status_of(dose, on, now).value not in {"missed", "skipped"} for dose in doses)


@given(
    st.lists(st.integers(0, 90), min_size=5, max_size=40),
    st.integers(1, 8),
    st.integers(1, 6),
    st.sampled_from([12, 24, 48]),
    st.integers(1, 9),
)
def test_as_needed_doses_taken_whenever_allowed_keep_every_limit(
    waits: list[int], gap: int, most: int, window: int, grams: int
) -> None:
    dosage = AsNeeded(
        amount=amount("1 g"),
        min_gap_hours=gap,
        most_doses=most,
        window_hours=window,
        most_amount=Amount(Decimal(grams * 1000), Unit.MG),
    )
    now = datetime(2026, 10, 24, tzinfo=UTC)
    records: list[Administration] = []
    for wait in waits:
        now += timedelta(minutes=10 * wait)
        found = as_needed(dosage, records, now)
        if isinstance(found, NotYet):
            assert found.next_at is not None
            assert found.next_at > now
            assert isinstance(as_needed(dosage, records, found.next_at), Allowed)
            just_before = found.next_at - timedelta(seconds=1)
            assert isinstance(as_needed(dosage, records, just_before), NotYet)
            continue
        records.append(take(None, now))
        times = [one.at for one in records]
        inside = [one for one in times if now - timedelta(hours=window) < one]
        assert len(inside) <= min(most, grams)
        assert found.left >= 1
        assert bool(found.warning) == (found.left <= 2)
        assert all(two - one >= timedelta(hours=gap) for one, two in pairwise(times))


@given(
    st.sampled_from(RHYTHMS[2:5]), st.sampled_from(FIRST_DAYS), st.sampled_from(ZONES), st.data()
)
def test_later_doses_of_an_interval_never_move_earlier_nor_into_the_gap(
    rhythm: tuple[str, ...], first: date, zone: ZoneInfo, data: st.DataObject
) -> None:
    doses = daily(rhythm, range(3), zone=zone, first=first)
    policy = replace(POLICIES["antibiotic_q8h"], after_late=data.draw(st.sampled_from(AfterLate)))
    late = doses[data.draw(st.integers(0, len(rhythm) - 1))]
    on = chart(policy, doses)
    longest = int((on.window(late).late_until - late.due) / timedelta(minutes=1))
    taken_at = late.due + timedelta(minutes=data.draw(st.integers(0, longest)))
    later = doses[doses.index(late) + 1 :]
    moved = later_doses(policy, late, taken_at, later)
    assert [one.id for one in moved] == [one.id for one in later]
    assert all(new.due >= old.due for old, new in zip(later, moved, strict=True))
    times = [taken_at, *(one.due for one in moved)]
    assert all(two - one >= timedelta(hours=4) for one, two in pairwise(times))
    if policy.after_late in {AfterLate.KEEP, AfterLate.KEEP_WEEKDAY}:
        assert moved == tuple(later)
