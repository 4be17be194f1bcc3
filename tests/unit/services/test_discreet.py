"""Hidden names: one entry an instant, and nothing in it but when."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.contract.calendar_cases import entry

from medsched.services.discreet import hidden
from medsched.services.feed_entry import EntryStatus

ONE = entry(
    uid="a", summary="Drug 25 mg", description="Take", categories=("Drug",), url="https://x/drug"
)


def test_nothing_is_left_but_the_time() -> None:
    (shown,) = hidden([ONE])
    assert (shown.summary, shown.description, shown.categories, shown.url) == (
        "Reminder",
        "",
        (),
        None,
    )
    assert (shown.uid, shown.starts, shown.alarms) == (ONE.uid, ONE.starts, ONE.alarms)


def test_doses_of_one_instant_are_one_entry_named_by_the_first() -> None:
    other = replace(ONE, uid="b", sequence=3, revised=ONE.revised + timedelta(hours=1))
    (shown,) = hidden([ONE, other])
    assert shown.uid == "a"
    assert shown.revised == other.revised
    assert len(hidden([ONE, replace(other, starts=ONE.starts + timedelta(minutes=1))])) == 2


def test_it_rings_while_one_of_its_doses_is_open() -> None:
    taken = replace(ONE, uid="b", alarms=(), completed=ONE.starts)
    assert hidden([taken, ONE])[0].alarms == (0,)
    assert hidden([taken, ONE])[0].completed is None
    assert hidden([taken, replace(taken, uid="c")])[0].alarms == ()
    assert hidden([taken, replace(taken, uid="c")])[0].completed == ONE.starts


def test_it_stands_while_one_of_its_doses_does() -> None:
    gone = replace(ONE, uid="b", status=EntryStatus.CANCELLED, alarms=())
    assert hidden([gone, ONE])[0].status is EntryStatus.CONFIRMED
    assert hidden([gone])[0].status is EntryStatus.CANCELLED
