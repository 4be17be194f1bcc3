"""What a cycle of reminding needs beside the store: senders, workers, breakers, chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from medsched.services.message import Delivery, Outcome, Sender
    from medsched.services.outbox_ports import Channel, Finished, Reminder
    from medsched.services.remind_clock import ClockState


class Senders(Protocol):
    """Makes what sends to a channel; a channel that cannot be used raises MedschedError."""

    def __call__(self, channel: Channel, /) -> Sender:
        """Return the sender of a channel."""
        ...


class Breakers(Protocol):
    """One circuit breaker for each channel."""

    def may_send(self, channel: int) -> bool:
        """Say whether a send may go out now; if so, it is counted as begun."""
        ...

    def after(self, channel: int, outcome: Outcome) -> None:
        """Tell what became of a send."""
        ...


class Workers(Protocol):
    """Does several sends, perhaps at the same time; each of them never raises."""

    def each(self, send: Callable[[Parcel], Sent], parcels: Iterable[Parcel]) -> Iterator[Sent]:
        """Yield what became of each parcel, as it becomes known."""
        ...


class Parcel(NamedTuple):
    """Claimed rows that make one message on one channel.

    Attributes:
        claimed_at: Seconds since the boot at their claim: a lease runs while we sleep.
    """

    channel: int
    rows: tuple[Reminder, ...]
    claimed_at: float


class Alarm(NamedTuple):
    """Something the operator should know; ids and classes only, no names."""

    code: str
    channel: int
    reminder: int = 0
    detail: str = ""


class Sent(NamedTuple):
    """What became of a parcel: a result for each row that is still ours."""

    parcel: Parcel
    results: tuple[Finished, ...]
    delivery: Delivery | None = None
    alarms: tuple[Alarm, ...] = ()


@frozen
class CycleReport:
    """One cycle in numbers.

    Args:
        clock: What it thought of the clock. held: nothing was planned or sent.
        planned, expired, claimed, superseded: rows. messages: sends that were begun.
        delivered, unknown, failed: their rows. dropped: by the last look. fenced: results
            that came too late. waiting_until: UTC seconds of the next ready row, or None.
    """

    clock: ClockState
    held: bool = False
    planned: int = 0
    expired: int = 0
    claimed: int = 0
    superseded: int = 0
    messages: int = 0
    delivered: int = 0
    unknown: int = 0
    failed: int = 0
    dropped: int = 0
    fenced: int = 0
    waiting_until: int | None = None
    alarms: tuple[Alarm, ...] = ()


class Hints(Protocol):
    """Tells that reminders changed, sooner than the next look would see it; or never does."""

    def start(self, heard: Callable[[], None]) -> None:
        """Call `heard` from now on, in another thread, whenever something changed."""
        ...

    def stop(self) -> None:
        """Call it no more; waits for nobody."""
        ...


class NoHints:
    """`Hints` of a database that tells nothing: the next look sees it."""

    def start(self, heard: Callable[[], None]) -> None:
        """Begin nothing."""

    def stop(self) -> None:
        """End nothing."""


class InTurn:
    """`Workers` that does one after the other."""

    def each(self, send: Callable[[Parcel], Sent], parcels: Iterable[Parcel]) -> Iterator[Sent]:
        """Yield what became of each parcel, in their order."""
        return map(send, parcels)


class NoBreakers:
    """`Breakers` that never open."""

    def may_send(self, channel: int) -> bool:  # noqa: ARG002  # the port's signature
        """Let everything through."""
        return True

    def after(self, channel: int, outcome: Outcome) -> None:
        """Remember nothing."""


def nothing(_point: str) -> None:
    """Do nothing at a step of the cycle; the simulation crashes there."""


def counted(results: Sequence[Finished], state: str) -> int:
    """Return how many results put their rows into a state."""
    return sum(1 for one in results if one.state == state)
