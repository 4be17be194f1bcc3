"""The missed-dose policies that protocols name, from `missed_policies.toml`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from medsched.domain.missed_policy import Basis, LateWindow, Measure, MissedPolicy, RollingLimit
from medsched.domain.timing import AsNeeded
from medsched.errors import FileProblems
from medsched.protocols.document import parse
from medsched.protocols.missed import read_policy
from medsched.protocols.missed_checks import doses_a_day
from medsched.protocols.reading import Reading
from medsched.protocols.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from medsched.domain.protocol import Phase

FILE: Final = "missed_policies.toml"
_BY_COUNT: Final = ("default_qd", "default_bid", "default_more_than_bid")
AS_NEEDED: Final = "as_needed"


def read_policies(source: bytes | str, *, file: str) -> dict[str, MissedPolicy]:
    """Return all policies of a file by their id.

    Raises:
        FileProblems: with every mistake of the file.
    """
    reading = Reading()
    root = Table(parse(source, file=file), "", reading)
    found: dict[str, MissedPolicy] = {}
    for table in root.tables("policy"):
        name = table.text("id")
        found[name], known = read_policy(table, name=name), name in found
        if known and table.sound:
            table.note("id", "duplicate", f"{name!r} names two policies")
        if not table.has("sources"):
            table.note("sources", "missing", "is missing; say where the numbers were read")
        table.close()
    root.close()
    if reading.mistakes:
        raise FileProblems(file, reading.mistakes)
    return found


class PolicyFile(Mapping[str, MissedPolicy]):
    """The policies of a file, read when the first one is asked for."""

    def __init__(self, path: Path) -> None:
        """Remember where the file is."""
        self.path = path
        self._found: dict[str, MissedPolicy] | None = None

    def _read(self) -> dict[str, MissedPolicy]:
        if self._found is None:
            self._found = read_policies(self.path.read_bytes(), file=self.path.name)
        return self._found

    def __getitem__(self, name: str) -> MissedPolicy:
        """Return the policy of that id."""
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the ids."""
        return iter(self._read())

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._read())


def usual_policy(
    phases: Sequence[Phase], policies: Mapping[str, MissedPolicy]
) -> MissedPolicy | None:
    """Return the policy of a person's own regimen that names none, by its doses a day.

    The busiest phase counts: once a day, twice a day, more often. For doses only if
    needed the limits of the dosage are the policy.

    Returns:
        None when `policies` lacks it.
    """
    needed = [phase.dosage for phase in phases if isinstance(phase.dosage, AsNeeded)]
    if needed and len(needed) == len([phase for phase in phases if phase.dosage]):
        return as_needed_policy(needed)
    most = max((doses_a_day(phase.dosage) for phase in phases), default=1)
    return policies.get(_BY_COUNT[min(most, 3) - 1])


def as_needed_policy(dosages: Sequence[AsNeeded]) -> MissedPolicy:
    """Return the strictest limits of doses that are taken only if needed."""
    strictest = max(dosages, key=lambda one: one.min_gap_hours)
    return MissedPolicy(
        id=AS_NEEDED,
        basis=Basis.AS_NEEDED,
        late=LateWindow(measure=Measure.NONE),
        min_gap_hours=Decimal(strictest.min_gap_hours),
        rolling=RollingLimit(
            window_hours=Decimal(strictest.window_hours), max_doses=strictest.most_doses
        ),
        sources=("the person's own limits",),
    )
