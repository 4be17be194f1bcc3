"""One tap: a single-use token bound to a dose, a person and an action.

Only its digest is stored. It ends with the dose's window; what a late tap may do is
decided by whoever shows the page, from the advice of that moment.
"""

from __future__ import annotations

from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from medsched.frozen import frozen
from medsched.services.message import Button
from medsched.services.messages import Say
from medsched.services.outbox_ports import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from medsched.services.messages import Line
    from medsched.services.ports import Unit

MOST_BUTTONS: Final = 3
"""What a notification can show."""


class Action(StrEnum):
    """What one tap does."""

    TAKEN = "taken"
    SNOOZE = "snooze"
    SKIP = "skip"


class TokenState(StrEnum):
    """What a token is worth now."""

    GOOD = "good"
    UNKNOWN = "unknown"
    USED = "used"
    OVER = "over"


@frozen
class Looked:
    """A token as it stands; `token` is None only when it is unknown."""

    state: TokenState
    token: Token | None = None


def digest_of(text: str) -> str:
    """Return what is stored of a token's text."""
    return sha256(text.encode()).hexdigest()


def issue(
    unit: Unit, lines: Sequence[Line], person: str, *, pages: str, new_text: Callable[[], str]
) -> tuple[Button, ...]:
    """Store tokens for the doses that a message invites to take, and return its buttons.

    One dose gets Taken, Snooze and Skip; several get Taken for each; more than fit, none.

    Args:
        pages: Address that a token's text is appended to.
    """
    offered = [one for one in lines if one.say is Say.TAKE and one.until is not None]
    if not offered or len(offered) > MOST_BUTTONS:
        return ()
    if len(offered) == 1:
        wanted = [(offered[0], one, one.value.capitalize()) for one in Action]
    else:
        wanted = [(one, Action.TAKEN, _label(one)) for one in offered]
    made = [(new_text(), line, action, label) for line, action, label in wanted]
    unit.tokens.add(_token(text, line, person, action) for text, line, action, _ in made)
    return tuple(Button(label=label, url=f"{pages}{text}") for text, _, _, label in made)


def look(unit: Unit, text: str, now: datetime) -> Looked:
    """Return what a token is worth; nothing is changed."""
    found = unit.tokens.get(digest_of(text))
    if found is None:
        return Looked(state=TokenState.UNKNOWN)
    if found.used_at is not None:
        return Looked(state=TokenState.USED, token=found)
    over = now > found.expires_at
    return Looked(state=TokenState.OVER if over else TokenState.GOOD, token=found)


def redeem(unit: Unit, text: str, now: datetime) -> Looked:
    """Use a token up, in the transaction that does what it permits; once only.

    Returns:
        GOOD for whoever may act now; the token's state for everybody else.
    """
    found = look(unit, text, now)
    if found.state is not TokenState.GOOD or found.token is None:
        return found
    if not unit.tokens.use(found.token.digest, now):
        return Looked(state=TokenState.USED, token=found.token)
    return found


def _token(text: str, line: Line, person: str, action: Action) -> Token:
    assert line.until is not None  # noqa: S101  # only such lines are offered
    return Token(
        digest=digest_of(text),
        dose=line.dose,
        person=person,
        action=action.value,
        expires_at=line.until,
    )


def _label(line: Line) -> str:
    name = line.what.partition(" ")[0]
    return f"Taken: {name}" if name else f"Taken: {line.due:%H:%M}"
