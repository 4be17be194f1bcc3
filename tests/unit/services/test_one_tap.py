"""One tap records one dose once, only while that is right, and looking records nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.display_rules import violations
from tests.living_home import FIRST, FIRST_DOSE, LivingHome, minutes

from medsched.services.one_tap import Tapped, look_at, press
from medsched.services.outbox_ports import Token
from medsched.services.tokens import Action, digest_of
from medsched.store.refusals import CannotWrite

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "a-token"
LATE = FIRST + timedelta(hours=12)


@pytest.fixture
def living(tmp_path: Path) -> LivingHome:
    home = LivingHome(tmp_path / "home")
    home.add_file_channel()
    home.go_to(FIRST)
    home.reminders().cycle()
    home.go_to(FIRST + minutes(12))
    return home


def give(living: LivingHome, action: Action = Action.TAKEN, text: str = TEXT) -> None:
    """Store a token for the first dose."""
    with living.app.store.writing() as unit:
        (person,) = unit.people.all()
        token = Token(
            digest=digest_of(text),
            dose=FIRST_DOSE,
            person=person.id,
            action=action.value,
            expires_at=LATE,
        )
        unit.tokens.add([token])


def looked(living: LivingHome, text: str = TEXT) -> Tapped | None:
    with living.app.store.reading() as unit:
        return look_at(unit, text, living.clock.now())


def pressed(living: LivingHome, text: str = TEXT) -> Tapped | None:
    with living.app.store.writing() as unit:
        return press(unit, text, living.clock.now())


def words(page: Tapped | None) -> str:
    assert page is not None
    return " ".join([page.title, *page.lines])


def records(living: LivingHome) -> list[str]:
    with living.app.store.reading() as unit:
        return [one.status.value for one in unit.records.of_plans([1])]


def test_looking_shows_one_button_and_records_nothing(living: LivingHome) -> None:
    give(living)
    for _ in range(3):  # mail scanners look as often as they like
        page = looked(living)
        assert page is not None
        assert (page.code, page.button) == (200, "Record it as taken now")
    assert records(living) == []


def test_looking_names_no_medicine(living: LivingHome) -> None:
    """Whoever carries the message can look; only who presses learns what it was."""
    give(living)
    assert "milnacipran" not in words(looked(living))
    assert "milnacipran" in words(pressed(living))


def test_pressing_records_it_once_at_that_moment(living: LivingHome) -> None:
    give(living)
    assert words(pressed(living)).startswith("Recorded: taken at 08:12")
    with living.app.store.reading() as unit:
        (record,) = unit.records.of_plans([1])
    assert (record.at, record.by) == (FIRST + minutes(12), "by link")


def test_row_33_pressing_again_tells_the_state_and_records_nothing(living: LivingHome) -> None:
    give(living)
    pressed(living)
    living.go_to(FIRST + minutes(20))
    again = pressed(living)
    assert again is not None
    assert (again.code, again.button) == (409, "")
    assert "is recorded already: taken at 08:12" in words(again)
    assert words(looked(living)) == words(again)
    assert records(living) == ["completed"]


def test_what_was_settled_elsewhere_has_no_button(living: LivingHome) -> None:
    give(living)
    living.cli.page("take", FIRST_DOSE, at="2026-03-02T08:05:00Z")
    for page in (looked(living), pressed(living)):
        assert page is not None
        assert (page.code, page.button) == (409, "")
        assert "Do not take another" in words(page)
    assert records(living) == ["completed"]


@pytest.mark.parametrize("action", list(Action))
def test_row_34_a_late_tap_shows_the_advice_of_that_moment(
    living: LivingHome, action: Action
) -> None:
    give(living, action)
    living.go_to(LATE + timedelta(hours=14))
    for page in (looked(living), pressed(living)):
        assert page is not None
        assert (page.code, page.button) == (410, "")
        assert "Too late for one tap" in words(page)
    assert records(living) == []


def test_row_42_a_dose_of_lost_hours_cannot_be_taken_by_a_tap(
    living: LivingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The advice then is to ask, so there is no button."""
    give(living)
    monkeypatch.setattr(
        "medsched.store.records.SqlRecords.gaps",
        lambda _self: [(FIRST - minutes(60), FIRST + minutes(5))],
    )
    page = looked(living)
    assert page is not None
    assert page.button == ""
    assert "not known whether this dose was taken" in words(page)


def test_a_token_that_nobody_knows_is_nothing(living: LivingHome) -> None:
    assert looked(living, "guessed") is None
    assert pressed(living, "guessed") is None


def test_skip_records_that_it_is_not_taken(living: LivingHome) -> None:
    give(living, Action.SKIP)
    assert "Recorded: not taken" in words(pressed(living))
    assert records(living) == ["not-done"]


def test_snooze_reminds_again_and_settles_nothing(living: LivingHome) -> None:
    give(living, Action.SNOOZE)
    assert "Reminding again at 08:22" in words(pressed(living))
    assert records(living) == []
    before = living.messages()
    living.go_to(FIRST + minutes(15))  # the repeat of the ladder is held back
    living.reminders().cycle()
    assert living.messages() == before
    living.go_to(FIRST + minutes(22))
    living.reminders().cycle()
    assert living.messages() != before


def test_a_link_that_was_used_has_no_button_even_while_the_dose_is_open(
    living: LivingHome,
) -> None:
    give(living, Action.SNOOZE)
    pressed(living)
    for page in (looked(living), pressed(living)):
        assert page is not None
        assert (page.code, page.button, page.title) == (409, "", "Used already")


def test_the_other_buttons_end_with_the_dose(living: LivingHome) -> None:
    """Taken by one button: the other two of the same message record nothing."""
    for action in Action:
        give(living, action, action.value)
    pressed(living, "taken")
    for other in ("skip", "snooze"):
        page = pressed(living, other)
        assert page is not None
        assert page.code == 409
    assert records(living) == ["completed"]


def test_a_dose_that_is_not_planned_any_more_is_not_recorded(living: LivingHome) -> None:
    give(living)
    at = (FIRST - minutes(30)).isoformat()
    living.cli.page("hold", "1", "--from", "2026-03-02", "--reason", "x", "--yes", at=at)
    for page in (looked(living), pressed(living)):
        assert page is not None
        assert page.code == 410
        assert "not planned any more" in words(page)
    assert records(living) == []


def test_a_dose_that_was_moved_later_is_not_called_too_late(living: LivingHome) -> None:
    """Whoever reads that its time is over would leave it out."""
    give(living)
    at = (FIRST - minutes(30)).isoformat()
    order = ("--ordered-by", "Dr Gray")
    living.cli.page("change", "1", "--at", "10:00,20:00", "--from", "2026-03-02", *order, at=at)
    for page in (looked(living), pressed(living)):
        assert page is not None
        assert (page.code, page.button, page.title) == (409, "", "Not due yet")
        assert "the dose is due at 10:00" in words(page)
    assert records(living) == []


def test_many_presses_at_once_record_it_once(living: LivingHome) -> None:
    give(living)
    with ThreadPoolExecutor(4) as people:
        pages = list(people.map(lambda _: pressed(living), range(4)))
    said = sorted(page.title for page in pages if page is not None)
    assert said == ["Recorded already"] * 3 + ["Recorded: taken at 08:12"]
    assert records(living) == ["completed"]


def test_a_token_of_another_person_does_nothing(living: LivingHome) -> None:
    living.cli.page("person", "set", "--person", "Bert", "--zone", "Europe/Berlin")
    with living.app.store.writing() as unit:
        bert = next(one for one in unit.people.all() if one.name == "Bert")
        token = Token(
            digest=digest_of(TEXT),
            dose=FIRST_DOSE,
            person=bert.id,
            action=Action.TAKEN.value,
            expires_at=LATE,
        )
        unit.tokens.add([token])
    for page in (looked(living), pressed(living)):
        assert page is not None
        assert page.code == 410
    assert records(living) == []


def test_row_4_what_fails_in_the_middle_leaves_the_token_unused(
    living: LivingHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise CannotWrite("here", "the disk is full")

    give(living)
    with monkeypatch.context() as patch:
        patch.setattr("medsched.store.records.SqlRecords.append", full)
        with pytest.raises(CannotWrite):
            pressed(living)
    assert records(living) == []
    assert words(pressed(living)).startswith("Recorded: taken")


def test_every_page_keeps_the_display_rules(living: LivingHome) -> None:
    for action in Action:
        give(living, action, action.value)
        assert violations(words(looked(living, action.value))) == []
    assert violations(words(pressed(living, "taken"))) == []
    assert violations(words(pressed(living, "taken"))) == []
