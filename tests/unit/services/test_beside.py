"""What stands beside today's doses: extra ones, those only if needed, the next ones."""

from __future__ import annotations

from tests.unit.services.plans import House, local

from medsched.domain.amount import amount
from medsched.domain.as_needed import Allowed, NotYet
from medsched.services import record
from medsched.services.beside import Beside, beside
from medsched.services.taking import Taking


def found(house: House, at: str, shown: tuple[int, ...] = ()) -> Beside:
    with house.reading() as book:
        return beside(book, local(at), shown)


def test_nothing_is_said_where_nothing_stands_beside() -> None:
    house = House()
    house.start()

    assert not found(house, "2026-12-01 09:00", shown=(1,))


def test_an_extra_dose_is_shown_for_a_day() -> None:
    house = House()
    house.start()
    house.take("2026-12-01 08:03")
    with house.writing() as book:
        now = local("2026-12-01 08:10")
        record.take_any(book, house.plan(), Taking(at=now, now=now, extra=True))

    assert len(found(house, "2026-12-01 20:00", shown=(1,)).extras) == 1
    assert found(house, "2026-12-02 08:10", shown=(1,)).extras == ()


def test_an_extra_weekly_dose_is_shown_for_the_week_and_too_much_at_once_too() -> None:
    house = House()
    house.start("methotrexate")
    house.take("2026-12-07 08:00", amount=amount("10 mg"))

    [(_plan, record_of_it)] = found(house, "2026-12-13 20:00").extras

    assert record_of_it.amount == amount("10 mg")
    assert found(house, "2026-12-14 08:00", shown=(1,)).extras == ()


def test_a_medicine_only_if_needed_says_whether_one_is_allowed() -> None:
    from medsched.services.choose import as_needed_dosage
    from medsched.services.need import take_if_needed

    house = House()
    plan = house.start("paracetamol")
    [before] = found(house, "2026-12-01 09:00").needed
    with house.writing() as book:
        now = local("2026-12-01 09:00")
        dosage = as_needed_dosage(book, plan, now.date())
        assert dosage is not None
        take_if_needed(book, plan, dosage, Taking(at=now, now=now))
    [after] = found(house, "2026-12-01 10:00").needed

    assert isinstance(before.state, Allowed)
    assert before.last is None
    assert isinstance(after.state, NotYet)
    assert after.state.next_at == local("2026-12-01 13:00")


def test_the_next_dose_of_a_plan_without_one_today_is_named() -> None:
    house = House()
    house.start("methotrexate")

    [coming] = found(house, "2026-12-03 12:00").coming

    assert coming.dose.id == "1-20261207-1"
