"""A weekly medicine is taken on the person's own day of the week."""

from __future__ import annotations

from datetime import date

import pytest
from tests.unit.services.plans import drafted

from medsched.domain.timing import Weekday
from medsched.errors import InvalidValue
from medsched.services.weekday import read_weekday


@pytest.mark.parametrize("protocol", ["methotrexate", "semaglutide", "alendronate"])
def test_every_dose_of_a_weekly_medicine_is_on_the_day_that_was_chosen(protocol: str) -> None:
    plan = drafted(protocol, weekday=Weekday.THURSDAY)
    assert {one.day.weekday() for one in plan.events} == {Weekday.THURSDAY}
    assert plan.events[0].day == date(2026, 12, 3)
    assert [one.severity.value for one in plan.findings if one.severity.value == "block"] == []


def test_a_medicine_that_is_not_weekly_has_no_day_of_the_week() -> None:
    with pytest.raises(InvalidValue, match="is not taken once a week"):
        drafted("milnacipran", weekday=Weekday.MONDAY)


@pytest.mark.parametrize("text", ["thursday", " Thu ", "THURS"])
def test_a_day_of_the_week_may_be_shortened(text: str) -> None:
    assert read_weekday(text) is Weekday.THURSDAY


@pytest.mark.parametrize("text", ["", "t", "th", "donnerstag", "day"])
def test_what_is_no_day_of_the_week_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue, match="name a day of the week"):
        read_weekday(text)
