"""One message to one channel, and what became of it.

Plain values between `services.remind`, which decides what is said, and `notify`,
which puts it on a wire. Exactly-once to a phone does not exist, so an outcome says
whether the message surely arrived, surely did not, or may have.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime


class Urgency(StrEnum):
    """How loudly a channel may ring."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class MessageKind(StrEnum):
    """SHOW puts a message up; CLEAR takes down what the same thread showed."""

    SHOW = "show"
    CLEAR = "clear"


@frozen
class Button:
    """An action a person can press: a label and a confirm address with a single-use token."""

    label: str
    url: str


@frozen
class Message:
    """What is sent.

    Args:
        kind: SHOW or CLEAR.
        thread: Opaque stable id of the doses it is about; a later message of the same
            thread replaces the earlier one where the channel can.
        title: One line. body: Lines separated by a line feed.
        valid_until: Aware UTC instant after which the message must not be shown as current.
        buttons: Taken, Snooze, Skip, where the channel can show them; else links in the body.
    """

    thread: str
    title: str
    body: str
    kind: MessageKind = MessageKind.SHOW
    urgency: Urgency = Urgency.NORMAL
    valid_until: datetime | None = None
    buttons: tuple[Button, ...] = ()


class Outcome(StrEnum):
    """What is known after a send.

    DELIVERED: the endpoint accepted it. NOT_DELIVERED: surely not, may be tried again.
    UNKNOWN: may have been delivered; a repeat must be worded as a repeat.
    REJECTED: surely not, and will never be until a person mends the channel (401, 404).
    """

    DELIVERED = "delivered"
    NOT_DELIVERED = "not-delivered"
    UNKNOWN = "unknown"
    REJECTED = "rejected"


@frozen
class Delivery:
    """The outcome of one send.

    Args:
        outcome: What is known.
        detail: A class of result without names or addresses, such as `http 429`.
        retry_after: Seconds the endpoint asked to wait, or None.
    """

    outcome: Outcome
    detail: str = ""
    retry_after: float | None = None


class Sender(Protocol):
    """One channel: sends a message within `deadline` seconds and never raises."""

    def send(self, message: Message, *, deadline: float) -> Delivery:
        """Send, and say what became of it."""
        ...
