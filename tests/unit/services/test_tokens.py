"""One tap does one thing, once, and only while the dose's window is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from tests.fakes.memory_store import MemoryStore

from medsched.services.messages import Line, Say
from medsched.services.tokens import Looked, TokenState, digest_of, issue, look, redeem

DUE = datetime(2026, 3, 2, 8, tzinfo=UTC)
UNTIL = DUE + timedelta(hours=6)


def issued(store: MemoryStore, *lines: Line) -> list[str]:
    """Store tokens for lines and return their labels and addresses."""
    numbers = count(1)
    with store.writing() as unit:
        buttons = issue(unit, lines, "1", pages="http://x/a/", new_text=lambda: f"t{next(numbers)}")
    return [f"{one.label} {one.url}" for one in buttons]


def a_line(dose: str = "1-20260302-1", say: Say = Say.TAKE, what: str = "examplin 25 mg") -> Line:
    """Return a line that invites to take a dose, or another one."""
    return Line(say=say, due=DUE, dose=dose, until=UNTIL, what=what)


def seen(store: MemoryStore, text: str, at: datetime) -> Looked:
    """Use a token."""
    with store.writing() as unit:
        return redeem(unit, text, at)


def test_one_dose_has_three_buttons() -> None:
    assert issued(MemoryStore(), a_line()) == [
        "Taken http://x/a/t1",
        "Snooze http://x/a/t2",
        "Skip http://x/a/t3",
    ]


def test_two_doses_have_one_button_each_and_name_no_hidden_medicine() -> None:
    lines = (a_line(), a_line("2-20260302-1", what=""))
    assert issued(MemoryStore(), *lines) == [
        "Taken: examplin http://x/a/t1",
        "Taken: 08:00 http://x/a/t2",
    ]


def test_only_an_invitation_has_buttons() -> None:
    assert issued(MemoryStore(), a_line(say=Say.ADVICE)) == []
    assert issued(MemoryStore(), *(a_line(f"{n}-20260302-1") for n in range(1, 5))) == []


def test_a_token_works_once_and_a_replay_is_told_so() -> None:
    store = MemoryStore()
    issued(store, a_line())
    first = seen(store, "t1", DUE)
    assert (first.state, first.token and first.token.action) == (TokenState.GOOD, "taken")
    assert seen(store, "t1", DUE).state is TokenState.USED
    assert seen(store, "t2", DUE).state is TokenState.GOOD, "another action is another token"


def test_a_token_ends_with_the_window_and_a_made_up_one_is_unknown() -> None:
    store = MemoryStore()
    issued(store, a_line())
    assert seen(store, "t1", UNTIL + timedelta(seconds=1)).state is TokenState.OVER
    assert seen(store, "t1", UNTIL).state is TokenState.GOOD
    assert seen(store, "made up", DUE) == Looked(state=TokenState.UNKNOWN)


def test_looking_changes_nothing_and_only_digests_are_stored() -> None:
    store = MemoryStore()
    issued(store, a_line())
    with store.reading() as unit:
        assert look(unit, "t1", DUE).state is TokenState.GOOD
        assert look(unit, "t1", DUE).state is TokenState.GOOD
        token = unit.tokens.get(digest_of("t1"))
        assert token is not None
        assert token.digest != "t1"
        assert unit.tokens.get("t1") is None
