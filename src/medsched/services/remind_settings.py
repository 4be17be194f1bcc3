"""The numbers that reminding lives by, checked against one another before it starts."""

from __future__ import annotations

from typing import Final

from medsched.errors import MedschedError
from medsched.frozen import frozen

_DAY: Final = 24


class UnsafeTimes(MedschedError):
    """Times with which a reminder could be sent twice, or not at all."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        """Keep what is wrong, all of it."""
        self.mistakes = mistakes
        super().__init__(f"reminder times: {'; '.join(mistakes)}")


@frozen
class RemindSettings:
    """Seconds, unless a name says otherwise.

    Args:
        deadline: Longest send. lease: how long a claimed reminder is ours.
        stall: So much of the lease must be left before the wire.
        margin: No send begins so close to the end of a dose's window.
        busy: How long the database is waited for.
        ahead_hours: How far reminders are planned; pushed when less than half is left.
        behind_days: How old a dose may be that is still planned for.
        unknown_after: A send that may have arrived is repeated no sooner.
        retry_first, retry_most: Between tries that surely failed, doubling, with jitter.
        clock_back, clock_ahead: Steps of the clock that are told; that stop everything.
        skew: Most that the database server's clock may differ.
        claim_least, claim_most: Reminders claimed at once; more while sends are fast.
        record_within: Results wait so long for company before they are stored.
        alone_after: Leases of one reminder that ended in nothing, before it is sent alone.
        poison_after: Leases of one reminder that ended in nothing, before it is given up.
        cycle_most: After so long a cycle claims no more.
        plans_at_once: Prescriptions whose reminders one cycle plans.
    """

    deadline: int = 20
    lease: int = 90
    stall: int = 30
    margin: int = 20
    busy: int = 5
    ahead_hours: int = 48
    behind_days: int = 8
    unknown_after: int = 120
    retry_first: int = 15
    retry_most: int = 300
    clock_back: int = 120
    clock_ahead: int = 36 * 3600
    clock_other_boot: int = 30 * 86_400
    mark_every: int = 60
    skew: int = 30
    claim_least: int = 10
    claim_most: int = 4000
    record_within: float = 0.05
    alone_after: int = 3
    poison_after: int = 5
    cycle_most: int = 30
    plans_at_once: int = 50
    horizon_days: int = 90

    def __post_init__(self) -> None:
        """Refuse numbers that do not fit together.

        Raises:
            UnsafeTimes: all that is wrong.
        """
        wrong = tuple(text for fine, text in self._rules() if not fine)
        if wrong:
            raise UnsafeTimes(wrong)

    def _rules(self) -> tuple[tuple[bool, str], ...]:
        return (
            (
                0 < self.deadline < self.lease - self.stall,
                f"a send must end {self.stall} s before its lease of {self.lease} s",
            ),
            (self.stall >= self.deadline, "what is left of the lease must outlast one send"),
            (self.margin >= self.deadline, "the margin before the end must outlast one send"),
            (0 < self.busy * 3 <= self.lease, "the database is waited for too long for the lease"),
            (self.unknown_after >= self.deadline, "a repeat must come after the send it repeats"),
            (0 < self.retry_first <= self.retry_most, "the first retry comes before the last"),
            (self.unknown_after >= 2 * 60, "two messages of one dose are 2 minutes apart"),
            (0 < self.claim_least <= self.claim_most, "claim at least one reminder"),
            (_DAY <= self.ahead_hours <= 14 * _DAY, "plan 1 to 14 days ahead"),
            (
                1 < self.alone_after < self.poison_after,
                "a reminder is tried alone before it is given up, and not after one crash",
            ),
        )
