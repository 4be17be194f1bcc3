"""A cycle: on time, again until it is settled, somebody else when nobody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.unit.services.reminded import DOSE, EVENING, MORNING, Reminded

from medsched.services.message import Delivery, MessageKind, Outcome
from medsched.services.outbox_changes import key_of_row, snooze
from medsched.services.outbox_ports import Ladder
from medsched.services.record import undo
from medsched.services.remind_clock import ClockState, confirm_clock

NO = Delivery(outcome=Outcome.NOT_DELIVERED, detail="refused")
PERHAPS = Delivery(outcome=Outcome.UNKNOWN, detail="timeout")
NEVER = Delivery(outcome=Outcome.REJECTED, detail="http 401")
REPEAT = "Repeat reminder - AB: dose due at 08:00"


def test_the_ladder_of_a_dose_that_nobody_settles() -> None:
    world = Reminded()
    world.after(minutes=-1)
    assert world.titles() == []
    world.after()
    assert world.titles() == ["phone: AB: dose due at 08:00"]
    world.after(minutes=15)
    assert world.titles() == [f"phone: {REPEAT}"]
    world.after(minutes=30)
    assert sorted(world.titles()) == [f"mail: {REPEAT}", f"phone: {REPEAT}"]
    world.after(minutes=60)
    assert world.titles() == ["mother: AB: no record of the dose due at 08:00"]
    world.after(minutes=90)
    assert world.titles() == []


def test_a_taken_dose_is_silent_and_whoever_was_alarmed_hears_it() -> None:
    world = Reminded()
    world.after()
    world.after(minutes=12)
    world.sent.clear()
    world.take()
    world.after(minutes=12)
    [(channel, message)] = world.sent
    assert (channel, message.kind) == ("phone", MessageKind.CLEAR)
    assert "taken at 08:12, nothing to do" in message.body
    world.after(minutes=70)
    assert len(world.sent) == 1


def test_a_skipped_dose_is_silent_and_nobody_hears_of_what_was_not_told() -> None:
    world = Reminded()
    world.after(minutes=-5)
    world.skip()
    world.after(minutes=70)
    assert world.titles() == []


def take_and_undo(world: Reminded) -> None:
    """Record the dose as taken, by mistake, and forget what was sent until then."""
    taken = world.take()
    with world.store.writing() as unit:
        book, plan = world.book(unit)
        undo(book, plan, taken.record, reason="", by="", now=world.clock.at)
    world.sent.clear()


def test_undoing_a_record_reminds_again_as_a_repeat() -> None:
    world = Reminded()
    world.after()
    take_and_undo(world)
    world.after(minutes=15)
    assert world.titles() == [f"phone: {REPEAT}"]


def test_a_dose_snoozed_taken_and_undone_is_reminded_of_again() -> None:
    """The snooze was called off with the dose; what it held back is meant again."""
    world = Reminded()
    world.after()
    with world.store.writing() as unit:
        dose = unit.plans.dose(key_of_row(world.rows()[0]))
        assert dose is not None
        assert snooze(unit, dose, int(MORNING.timestamp()) + 1200)
    take_and_undo(world)
    world.after(minutes=15)
    assert world.titles() == [f"phone: {REPEAT}"]


def test_after_a_night_asleep_there_is_one_message_for_all_that_waited() -> None:
    world = Reminded(medicines=("levetiracetam", "metoprolol"))
    world.after(minutes=-5)
    world.after(hours=3)
    phone = [message for name, message in world.sent if name == "phone"]
    assert len(phone) == 1
    assert phone[0].body.count("08:00 on Monday") == 2


def test_what_surely_failed_is_tried_again_soon_and_later_each_time() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    world.answers = [NO, NO]
    world.after()
    assert world.titles() == []
    world.after(seconds=14)
    assert world.answers == [NO], "not yet"
    world.after(seconds=15)
    world.after(seconds=44)
    assert world.titles() == []
    world.after(seconds=46)
    assert world.titles() == [f"phone: {REPEAT}"], "nobody knows for certain: worded as a repeat"


def test_what_may_have_arrived_is_repeated_after_two_minutes_and_says_so() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    world.answers = [PERHAPS]
    world.after()
    assert world.titles() == ["phone: AB: dose due at 08:00"]
    world.after(seconds=119)
    assert world.titles() == []
    world.after(seconds=120)
    assert world.titles() == [f"phone: {REPEAT}"]


def test_the_endpoint_may_ask_for_more_patience() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    world.answers = [replace(NO, retry_after=600.0)]
    world.after()
    world.after(seconds=599)
    assert world.titles() == []


def test_a_channel_that_refuses_for_good_gives_its_reminder_to_the_next_and_alarms() -> None:
    world = Reminded()
    world.after(minutes=-1)
    world.answers = [NEVER]
    report = world.after()
    assert [(one.code, one.detail) for one in report.alarms] == [("channel refuses", "http 401")]
    assert [one.partition(":")[0] for one in world.titles()] == ["mail"]


def test_a_channel_that_cannot_be_made_is_told_like_one_that_refuses() -> None:
    world = Reminded(refused=("phone",))
    world.after(minutes=-1)
    assert world.after().alarms[0].code == "channel refuses"
    assert [one.partition(":")[0] for one in world.titles()] == ["mail"]


def test_nothing_is_sent_after_the_window() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    report = world.after(hours=9)
    assert world.titles() == []
    assert report.expired >= 1


def test_no_more_than_the_ladder_allows_about_one_dose() -> None:
    world = Reminded(channels=(("phone", False),))
    world.ladder(Ladder(repeats=7, repeat_minutes=5, most_per_dose=3))
    for minute in range(0, 60, 5):
        world.after(minutes=minute)
    assert len(world.titles()) == 3


def test_no_more_than_the_hour_allows_to_one_person() -> None:
    world = Reminded(channels=(("phone", False),))
    world.ladder(Ladder(repeats=7, repeat_minutes=2, most_per_hour=2))
    reports = [world.after(minutes=minute) for minute in range(0, 20, 2)]
    assert len(world.titles()) == 2
    assert any(one.code == "too many" for report in reports for one in report.alarms)


def test_the_clock_that_went_back_stops_no_reminder_that_is_due() -> None:
    world = Reminded()
    world.after(minutes=-1)
    world.at(MORNING + timedelta(minutes=1))
    world.titles()
    assert world.after(minutes=-60).clock is ClockState.WENT_BACK
    world.after(minutes=15)
    assert world.titles() == [f"phone: {REPEAT}"]


def test_a_clock_that_jumped_far_ahead_holds_everything() -> None:
    world = Reminded()
    world.after(minutes=-1)
    world.jump = 72 * 3600
    report = world.at(MORNING + timedelta(hours=72))
    assert (report.held, report.clock) == (True, ClockState.HELD)
    assert world.titles() == []


def test_a_stop_while_it_plans_makes_no_clock_of_the_daemon_late() -> None:
    """Suspended there over the end of a dose's window, it must not send what is over."""
    world = Reminded()

    def suspended(point: str) -> None:
        if point == "before a plan":
            world.clock.at = MORNING + timedelta(hours=14)

    world.reminders._at = suspended
    world.after(minutes=1)
    assert not [one for one in world.titles() if "08:00" in one and "not recorded" not in one]


def test_what_a_wrong_clock_sent_too_early_comes_again_once_the_clock_is_confirmed() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-30)
    world.jump = 10 * 3600
    world.clock.at = MORNING + timedelta(hours=12)
    world.reminders.cycle()
    assert any("20:00" in one for one in world.titles())
    world.jump = 0.0
    world.clock.at = MORNING - timedelta(minutes=20)
    with world.store.writing() as unit:
        confirm_clock(unit, world.clock.at, world)
    world.after()
    assert [one for one in world.titles() if "08:00" in one]
    world.after(hours=12)
    assert world.titles() == ["phone: Repeat reminder - AB: dose due at 20:00"]


def test_an_idle_cycle_writes_nothing_and_says_when_it_wakes() -> None:
    world = Reminded()
    world.after(minutes=-10)
    report = world.after(minutes=-10)
    assert (report.planned, report.claimed) == (0, 0)
    assert report.waiting_until == int(MORNING.timestamp())


def test_a_daemon_that_stops_gives_back_what_it_holds() -> None:
    world = Reminded()
    world.after(minutes=-1)
    world.reminders.stop()
    world.after()
    assert world.titles() == []
    assert world.reminders.release() == 0


def test_the_evening_dose_reminds_as_well() -> None:
    world = Reminded(channels=(("phone", False),))
    world.after(minutes=-1)
    world.after()
    world.take()
    world.after(minutes=1)
    world.titles()
    world.after(hours=12)
    assert world.titles() == ["phone: AB: dose due at 20:00"]
    assert EVENING != DOSE


def test_a_plan_that_cannot_be_read_stops_no_other_and_is_told() -> None:
    world = Reminded(channels=(("phone", False),), medicines=("levetiracetam", "metoprolol"))
    revisions = world.store._state.revisions
    broken = revisions.pop((2, 1))
    report = world.after(minutes=-1)
    assert [(one.code, one.detail) for one in report.alarms] == [
        ("cannot plan", "prescription 2: KeyError")
    ]
    world.after()
    assert world.titles() == ["phone: AB: dose due at 08:00"]
    revisions[2, 1] = broken
