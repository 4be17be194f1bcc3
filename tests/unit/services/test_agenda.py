"""The doses of some days, with what became of them and what to do now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.unit.services.plans import House, local

from medsched.domain.dose import DoseStatus
from medsched.domain.person import Itinerary, Person, Stay, at_home
from medsched.services.agenda import agenda, beginning_of, chart_around, followed, running, today


def shown(house: House, at: str) -> list[tuple[str, str]]:
    with house.reading() as book:
        return [(one.dose.id, one.status.value) for one in today(book, local(at)).lines]


def test_doses_are_in_the_order_of_their_due_time() -> None:
    house = House()
    house.start("sertraline")
    house.start()

    with house.reading() as book:
        found = agenda(book, date(2026, 12, 1), date(2026, 12, 3), local("2026-12-01 09:00"))

    dues = [one.dose.due for one in found.lines]
    assert dues == sorted(dues)
    assert len(dues) == 3 + 5
    assert found.zone == "Europe/Berlin"


def test_todays_list_holds_an_evening_dose_into_the_night_until_the_next_is_due() -> None:
    house = House()
    house.start(tracked=True)

    at_night = shown(house, "2026-12-03 02:01")
    in_the_morning = shown(house, "2026-12-03 08:00")

    assert at_night[0] == ("1-20261202-2", "missed")
    assert [one for one, _status in in_the_morning] == ["1-20261203-1", "1-20261203-2"]


def test_where_nobody_records_only_yesterdays_last_dose_is_still_asked_about() -> None:
    house = House()
    house.start("semaglutide")

    assert shown(house, "2026-12-13 12:00") == []


def test_a_weekly_dose_stays_for_the_days_of_its_window() -> None:
    house = House()
    house.start("semaglutide", tracked=True)

    assert shown(house, "2026-12-11 12:00") == [("1-20261207-1", "late")]


def test_a_draft_has_no_doses_and_a_held_plan_does_not_run() -> None:
    house = House()
    house.start(ordered_by="")

    with house.reading() as book:
        assert followed(book) == []
        assert running(book) == []


def test_advice_is_given_in_the_conditional_where_nobody_records() -> None:
    house = House()
    house.start()

    with house.reading() as book:
        [line] = today(book, local("2026-12-01 09:00")).lines

    assert line.status is DoseStatus.DUE
    assert line.advice is not None
    assert line.advice.reason.startswith("If you have not taken it: ")


def test_a_chart_reaches_back_to_where_a_way_up_began() -> None:
    house = House()
    house.start()

    with house.reading() as book:
        plan = house.plan()
        now = local("2026-12-07 12:00")
        chart, rows = chart_around(book, plan, now, now)
        assert beginning_of(book, plan) == local("2026-12-01 00:00")

    assert chart.doses[0].id == "1-20261201-1"
    assert len(rows) == len(chart.doses)


def test_a_dose_that_is_due_is_shown_where_its_day_is_only_tomorrow() -> None:
    """East over the date line it is the day before again: the dose of 5 December is open."""
    home = at_home(ZoneInfo("Pacific/Auckland"))
    flight = datetime(2026, 12, 4, 21, tzinfo=UTC)
    away = Stay(since=flight, zone=ZoneInfo("America/Los_Angeles"))
    house = House(person=Person(name="me", itinerary=Itinerary((*home.stays, away))))
    house.start(tracked=True)

    with house.reading() as book:
        found = today(book, flight + timedelta(minutes=30)).lines

    open_now = [one.dose.id for one in found if one.advice is not None]
    assert open_now[-1:] == ["1-20261205-1"]
