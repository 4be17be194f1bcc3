"""Bands of kidney function: from 0 upward, without a hole between them and without overlap."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from medsched.domain.safety_rules import RenalBand
from medsched.protocols.quantity import clearance
from medsched.protocols.reading import one_of
from medsched.protocols.totals import check_unit
from medsched.protocols.vocabulary import SEVERITIES

if TYPE_CHECKING:
    from medsched.domain.medication import Medication
    from medsched.protocols.table import Table


def read_renal(root: Table, medication: Medication | None) -> tuple[RenalBand, ...]:
    """Return the bands of creatinine clearance: from 0, rising, without hole or overlap."""
    tables = root.tables("renal")
    bands = [_band(table) for table in tables]
    if not tables or not all(table.sound for table in tables):
        return ()
    if bands[0].low:
        tables[0].note("from", "hole", "leaves a hole below; the first band begins at 0 mL/min")
    for number, (lower, upper) in enumerate(pairwise(bands), 1):
        _check_seam(tables[number], lower, upper)
    if bands[-1].high is not None:
        message = "leaves a hole above; the last band has no upper end"
        tables[-1].note("below", "hole", message)
    for table, band in zip(tables, bands, strict=True):
        _check_amounts(table, band, medication)
    return tuple(bands)


def _band(table: Table) -> RenalBand:
    band = RenalBand(
        rule=table.rule(),
        name=table.text("name"),
        low=table.need("from", clearance, Decimal(1)),
        high=table.may("below", clearance),
        severity=table.may("severity", lambda text: one_of(text, SEVERITIES)),
        text=table.sentence("text", ""),
        plateau_per_day=table.may_amount("plateau_per_day"),
        cap_per_day=table.may_amount("cap_per_day"),
        overridable=table.flag("order_lifts", default=True),
    )
    table.close()
    if table.sound and band.high is not None and band.high <= band.low:
        table.note("below", "order", f"{band.high} mL/min is not above {band.low} mL/min")
    if table.sound and band.severity is not None and not band.text:
        table.note("text", "missing", "is missing; a severity needs a sentence")
    return band


def _check_seam(table: Table, lower: RenalBand, upper: RenalBand) -> None:
    if lower.high is None:
        table.note("from", "overlap", f"overlaps the band {lower.name!r}, which has no upper end")
    elif upper.low > lower.high:
        message = f"leaves a hole from {lower.high} to {upper.low} mL/min"
        table.note("from", "hole", message)
    elif upper.low < lower.high:
        message = f"overlaps the band {lower.name!r}, which ends below {lower.high} mL/min"
        table.note("from", "overlap", message)


def _check_amounts(table: Table, band: RenalBand, medication: Medication | None) -> None:
    for key in ("plateau_per_day", "cap_per_day"):
        check_unit(table, key, medication)
    plateau, cap = band.plateau_per_day, band.cap_per_day
    if table.sound and plateau is not None and cap is not None and plateau.value > cap.value:
        table.note("plateau_per_day", "ceiling", f"{plateau} is more than the cap of {cap}")
