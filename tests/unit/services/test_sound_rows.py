"""What a page shows is what the hashed revision gives, whatever became of the stored rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.services.plans import House, local

from medsched.domain.advice import Ask, Take
from medsched.services.agenda import AgendaLine, today
from medsched.services.sound_rows import RULE, sound_rows

if TYPE_CHECKING:
    from medsched.services.ports import DoseRow

DOSE = "1-20261210-1"
DAY = timedelta(days=1)
MORNING = local("2026-12-10 08:30")


@pytest.fixture
def house() -> House:
    found = House()
    found.start()
    return found


def flip(house: House, **parts: object) -> None:
    """Let digits of a stored row flip on the disk."""
    rows = house.store._state.doses  # type: ignore[attr-defined]
    [key] = [one for one, row in rows.items() if f"1-{_day(row)}-{row.slot}" == DOSE]
    rows[key] = rows[key]._replace(**parts)


def _day(row: DoseRow) -> str:
    from datetime import date

    return f"{date.fromordinal(row.day):%Y%m%d}"


def lines(house: House) -> tuple[dict[str, AgendaLine], set[str]]:
    """Return today's lines by id, and which doses are damaged."""
    with house.reading() as book:
        found = {one.dose.id: one for one in today(book, MORNING).lines}
        return found, book.damaged


def test_sound_rows_are_shown_as_they_are(house: House) -> None:
    found, damaged = lines(house)
    assert damaged == set()
    assert isinstance(found[DOSE].advice, Take)


@pytest.mark.parametrize(
    "parts",
    [
        {"amount": "500"},
        {"amount": "spoilt"},
        {"phase": 3},
        {"phase": 77},
        {"revision": 9},
        {"due": int(MORNING.timestamp()) - 1800 + 4096},
    ],
)
def test_a_flipped_digit_is_marked_and_the_plans_own_is_shown(
    house: House, parts: dict[str, object]
) -> None:
    flip(house, **parts)

    found, damaged = lines(house)

    assert damaged == {DOSE}
    line = found[DOSE]
    assert str(line.dose.amount).replace("\u00a0", " ") == "50 mg"
    assert f"{line.dose.local:%H:%M}" == "08:00"
    assert isinstance(line.advice, Ask)
    assert line.advice.rule == RULE


@pytest.mark.parametrize("parts", [{"due": 1 << 40}, {"day": 1}, {"slot": 9}])
def test_a_dose_that_a_flipped_digit_took_out_of_sight_is_shown_and_marked(
    house: House, parts: dict[str, object]
) -> None:
    flip(house, **parts)

    found, damaged = lines(house)

    assert DOSE in damaged
    assert isinstance(found[DOSE].advice, Ask)
    assert all(one.dose.id in {DOSE, "1-20261210-2"} for one in found.values())


def test_a_dose_that_is_gone_is_shown_and_marked(house: House) -> None:
    rows = house.store._state.doses  # type: ignore[attr-defined]
    [key] = [one for one, row in rows.items() if f"1-{_day(row)}-{row.slot}" == DOSE]
    del rows[key]

    found, damaged = lines(house)

    assert damaged == {DOSE}
    assert isinstance(found[DOSE].advice, Ask)


def test_what_is_recorded_as_taken_still_says_so(house: House) -> None:
    house.take("2026-12-10 08:03")
    flip(house, amount="500")

    found, _damaged = lines(house)

    assert found[DOSE].status.value == "taken"
    assert found[DOSE].advice is None


def test_a_dose_moved_by_new_rules_of_its_zone_is_not_damaged(house: House) -> None:
    flip(house, due=int(MORNING.timestamp()) - 1800 + 3600)

    _found, damaged = lines(house)

    assert damaged == set()


def test_doses_of_other_revisions_and_beyond_the_stored_days_are_sound(house: House) -> None:
    house.take("2026-12-10 08:03")
    with house.reading() as book:
        rows = sound_rows(book, house.plan(), MORNING - 20 * DAY, MORNING + 380 * DAY)
        assert book.damaged == set()
    assert len(rows) > 700


def test_withdrawn_doses_are_not_missed() -> None:
    from tests.unit.services.stories import Story

    story = Story.begin()
    story.stop(story.now.date() + 12 * DAY)
    with story.store.reading() as unit:
        book = story.book(unit)
        plan = unit.plans.of_person(story.person)[0]
        sound_rows(book, plan, story.now, story.now + 40 * DAY)
        assert book.damaged == set()
