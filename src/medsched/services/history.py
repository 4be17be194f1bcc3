"""What was recorded, in the order in which it was written down; nothing is left out."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from medsched.domain.administration import AdministrationStatus
from medsched.frozen import frozen

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.administration import Administration
    from medsched.services.book import Book

_COLUMNS = (
    "id",
    "medication",
    "dose",
    "status",
    "taken_at",
    "recorded_at",
    "amount",
    "unit",
    "by",
    "reason",
    "corrected",
)


@frozen
class HistoryLine:
    """One record with its medicine.

    Args:
        at, recorded_at: On the person's clock.
        corrected: A later record says that this one was made in error.
    """

    record: Administration
    medication: str
    amount: str
    unit: str
    at: datetime
    recorded_at: datetime
    corrected: bool


def history(book: Book) -> list[HistoryLine]:
    """Return every record of the person, corrections and what they correct too."""
    plans = {one.number: one for one in book.unit.plans.of_person(book.person.id)}
    records = book.unit.records.of_plans(list(plans))
    wrong = {one.corrects for one in records if one.corrects}
    return [_line(book, one, plans[int(one.prescription)].medication, wrong) for one in records]


def _line(book: Book, record: Administration, medication: str, wrong: set[int]) -> HistoryLine:
    amount, unit = _amount(book, record)
    itinerary = book.person.itinerary
    return HistoryLine(
        record=record,
        medication=medication,
        amount=amount,
        unit=unit,
        at=record.at.astimezone(itinerary.zone_at(record.at)),
        recorded_at=record.recorded_at.astimezone(itinerary.zone_at(record.recorded_at)),
        corrected=record.id in wrong,
    )


def _amount(book: Book, record: Administration) -> tuple[str, str]:
    """Return what was taken: the amount said, or that of its dose."""
    from medsched.domain.dose import dose_key
    from medsched.services.book import row_key

    if record.status is not AdministrationStatus.COMPLETED:
        return "", ""
    if record.amount is not None:
        return record.amount.digits, record.amount.unit.value
    key = row_key(dose_key(record.dose)) if record.dose else None
    row = book.unit.plans.dose(key) if key is not None else None
    if row is None:
        return "", ""
    dose = book.explain(row)
    return dose.amount.digits, dose.amount.unit.value


def history_csv(book: Book) -> str:
    """Return the history as comma-separated text, one header line first.

    A text that a spreadsheet would run as a formula is kept from running.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for one in history(book):
        record = one.record
        writer.writerow(
            [
                record.id,
                _harmless(one.medication),
                record.dose,
                record.status.value,
                one.at.isoformat(),
                one.recorded_at.isoformat(),
                one.amount,
                one.unit,
                _harmless(record.by),
                _harmless(record.reason),
                "yes" if one.corrected else "no",
            ]
        )
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text
