"""Regimens and their phases: one way to take the medicine, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.domain.protocol import Escalation, Phase, PhaseKind, Regimen
from medsched.domain.timing import ForDays, SingleDose
from medsched.protocols.bounds import Track, read_bounds
from medsched.protocols.dosage import no_dosage, read_dosage
from medsched.protocols.missed import read_missed
from medsched.protocols.missed_checks import note_misfits
from medsched.protocols.quantity import whole_days
from medsched.protocols.totals import check_doses, read_totals
from medsched.protocols.vocabulary import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from medsched.domain.medication import Medication
    from medsched.domain.missed_policy import MissedPolicy
    from medsched.domain.timing import Bounds, Dosage
    from medsched.protocols.table import Table

_MOST_TRACKS = 9


def read_regimens(
    root: Table, medication: Medication | None, policies: Mapping[str, MissedPolicy]
) -> tuple[Regimen, ...]:
    """Return all regimens of a file; a person's own may list its phases at the top.

    Args:
        medication: None when its own table has a mistake: then no dose is checked against it.
    """
    if root.reading.own and root.has("phase"):
        if root.has("regimen"):
            root.note("phase", "contradiction", "stands beside regimen; use one of them")
        return (_own_regimen(root, medication),)
    tables = root.tables("regimen")
    if not tables and not root.has("regimen"):
        root.note("regimen", "missing", "is missing; write at least one [[regimen]]")
    found = tuple(_regimen(table, medication, policies) for table in tables)
    _note_twice(tables, [one.id for one in found], "regimen")
    return found


def _own_regimen(root: Table, medication: Medication | None) -> Regimen:
    title = medication.name if medication else "own"
    return Regimen(id="own", title=title, phases=_phases(root, medication))


def _regimen(
    table: Table, medication: Medication | None, policies: Mapping[str, MissedPolicy]
) -> Regimen:
    escalation, phases = table.table("escalation"), _phases(table, medication)
    regimen = Regimen(
        id=table.text("id"),
        title=table.sentence("title"),
        phases=phases,
        optional_titration=table.flag("optional_titration", default=False),
        when_taking=frozenset(table.words("when_taking")),
        escalation=_escalation(escalation) if escalation else None,
        missed=_missed(table, phases, policies),
    )
    table.close()
    return regimen


def _missed(
    regimen: Table, phases: Sequence[Phase], policies: Mapping[str, MissedPolicy]
) -> MissedPolicy | None:
    table = regimen.table("missed_dose")
    if table is None:
        return None
    policy = read_missed(table, policies)
    note_misfits(table, policy, phases)
    return policy


def _escalation(table: Table) -> Escalation:
    escalation = Escalation(
        rule=table.rule(),
        min_days=table.need("min_days", whole_days, 1),
        needs_order=table.flag("needs_order", default=True),
    )
    table.close()
    return escalation


def _phases(table: Table, medication: Medication | None) -> tuple[Phase, ...]:
    if not table.has("phase"):
        table.note("phase", "missing", "is missing; write at least one phase")
    tracks: dict[int, Track] = {}
    found = [_phase(one, tracks, medication) for one in table.tables("phase")]
    return tuple(one for one in found if one is not None)


def _phase(table: Table, tracks: dict[int, Track], medication: Medication | None) -> Phase | None:
    default = PhaseKind.MAINTENANCE if table.reading.own else None
    kind = table.choice("kind", KINDS, default)
    dosage = _dosage(table, kind, medication)
    track = table.whole("track", 0, _MOST_TRACKS, 0)
    once = isinstance(dosage, SingleDose)
    bounds: Bounds = read_bounds(table, tracks.setdefault(track, Track()), once=once)
    phase = Phase(
        kind=kind,
        dosage=dosage,
        bounds=ForDays(1) if once else bounds,
        starts=table.day("starts"),
        track=track,
        rule=table.rule(),
        title=table.sentence("title", ""),
    )
    table.close()
    if not table.sound:
        return None
    table.reading.phases.append((table.where, phase))
    return phase


def _dosage(table: Table, kind: PhaseKind, medication: Medication | None) -> Dosage | None:
    if kind is PhaseKind.HOLD:
        no_dosage(table)
        read_totals(table, None)
        return None
    dosage = read_dosage(table)
    read_totals(table, dosage)
    if dosage is not None and medication is not None:
        check_doses(table, dosage, medication)
    return dosage


def _note_twice(tables: Sequence[Table], ids: Sequence[str], word: str) -> None:
    for place, (table, name) in enumerate(zip(tables, ids, strict=True)):
        if name in ids[:place]:
            table.note("id", "duplicate", f"{name!r} names two of them; each {word} has its own")
