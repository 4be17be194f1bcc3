"""The ladder laid on a dose's window: finite, bounded, quiet at night."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.unit.services.reminded import MORNING, Reminded

from medsched.services.outbox_plan import after_quiet, in_quiet, laid, within_limit
from medsched.services.outbox_ports import Channel, Ladder

DUE = int(MORNING.timestamp())
HOUR = 3600
PHONE = Channel(number=1, person="1", name="phone", url="x")
MAIL = Channel(number=2, person="1", name="mail", url="y")
MOTHER = Channel(number=3, person="1", name="mother", url="z", caregiver=True)
NIGHT = Ladder(quiet_from=time(22), quiet_until=time(7))


def steps(ladder: Ladder, *channels: Channel, hours: int = 6) -> list[tuple[str, int, int]]:
    """Return step, channel and minutes after the due time."""
    found = laid(DUE, DUE + hours * HOUR, channels, ladder, nobody_records=False)
    return [(one.step, one.channel, (one.send_after - DUE) // 60) for one in found]


def test_a_ladder_goes_up_by_channel_and_time() -> None:
    assert steps(Ladder(pre_alert_minutes=10), PHONE, MAIL, MOTHER) == [
        ("due", 1, 0),
        ("pre", 1, -10),
        ("second", 2, 30),
        ("carer", 3, 60),
        ("repeat-1", 1, 15),
        ("repeat-2", 1, 30),
    ]


def test_nothing_is_planned_past_the_window() -> None:
    ladder = Ladder(repeat_minutes=30, repeats=7, carer_after=120)
    assert max(minutes for _, _, minutes in steps(ladder, PHONE, MOTHER, hours=1)) < 60


def test_only_caregivers_means_no_reminder_to_the_person() -> None:
    assert steps(Ladder(), MOTHER) == [("carer", 3, 60)]


def test_where_nobody_records_a_dose_reminds_once() -> None:
    found = laid(DUE, DUE + HOUR, [PHONE, MAIL, MOTHER], Ladder(), nobody_records=True)
    assert [one.step for one in found] == ["due"]


def test_the_limit_keeps_the_first_the_second_channel_and_the_caregiver() -> None:
    found = laid(
        DUE, DUE + 6 * HOUR, [PHONE, MAIL, MOTHER], Ladder(repeats=7), nobody_records=False
    )
    assert [one.step for one in within_limit(found, 4)] == ["due", "repeat-1", "second", "carer"]


@pytest.mark.parametrize(
    ("hour", "quiet"), [(21, False), (22, True), (23, True), (3, True), (7, False), (12, False)]
)
def test_quiet_hours_may_span_midnight(hour: int, quiet: bool) -> None:
    assert in_quiet(datetime(2026, 3, 2, hour, tzinfo=UTC), NIGHT) is quiet


def test_what_falls_into_the_quiet_hours_waits_for_their_end() -> None:
    zone = ZoneInfo("Europe/Berlin")
    evening = int(datetime(2026, 3, 2, 23, 30, tzinfo=zone).timestamp())
    assert after_quiet(evening, NIGHT, zone) == int(
        datetime(2026, 3, 3, 7, tzinfo=zone).timestamp()
    )
    assert after_quiet(DUE, NIGHT, zone) == DUE
    assert after_quiet(evening, Ladder(), zone) == evening


def test_planning_twice_is_planning_once_and_reaches_two_days() -> None:
    world = Reminded()
    first = world.after(minutes=-30)
    assert first.planned > 0
    assert world.after(minutes=-29).planned == 0
    assert [one.step for one in world.rows()] == [
        "due",
        "repeat-1",
        "repeat-2",
        "second",
        "carer",
        "missed",
    ]
    assert world.rows(day=4) == []
    world.at(MORNING + timedelta(days=1, hours=2))
    assert world.rows(day=4) != []


def test_the_horizon_of_stored_doses_moves_along() -> None:
    world = Reminded()
    with world.store.reading() as unit:
        before = unit.plans.get(1)
    world.after(minutes=-30)
    with world.store.reading() as unit:
        after = unit.plans.get(1)
    assert before is not None
    assert after is not None
    assert after.stored_until > before.stored_until - 1


def test_a_recorded_plans_missed_dose_is_told_once() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    world.after()
    world.take()
    world.after(hours=12)
    world.titles()
    for hour in (19, 20, 21, 22):
        world.after(hours=hour)
    assert world.titles() == ["phone: AB: the dose due at 20:00 was not recorded"]
