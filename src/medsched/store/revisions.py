"""Revisions: one immutable row each, with a digest over all that it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from medsched.services.document import (
    overrides_text,
    prescription_text,
    read_overrides,
    read_prescription,
)
from medsched.services.ports import Revision, RevisionKind, StaleRevision
from medsched.store.cells import instant_of, instant_text
from medsched.store.digests import digest_of, verify
from medsched.store.refusals import Damaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from medsched.store.driver import Driver

DIGESTED: Final = (
    "prescription",
    "number",
    "document",
    "created_at",
    "effective_from",
    "kind",
    "reason",
    "ordered_by",
    "overrides",
)
"""Everything that a revision's digest covers, in the order in which it does."""

_COLUMNS: Final = (*DIGESTED, "digest")
_INSTANTS: Final = ("created_at", "effective_from")
_ALL: Final = f"SELECT {', '.join(_COLUMNS)} FROM revision WHERE prescription = ?"  # noqa: S608  # own names
_LAST: Final = "SELECT MAX(number) FROM revision WHERE prescription = ?"


class SqlRevisions:
    """The part of `ports.Plans` that is about revisions."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def add_revision(self, revision: Revision) -> None:
        """Append a revision; its number must be one more than the last.

        Raises:
            StaleRevision: another revision of that number is there, or one is missing before it.
        """
        order = revision.prescription
        number = int(order.id)
        last = self._driver.rows(_LAST, (number,))[0][0] or 0
        if order.revision != last + 1:
            raise StaleRevision(number, order.revision - 1, last)
        add_revisions(self._driver, [revision])

    def revision(self, number: int, revision: int) -> Revision:
        """Return one revision. Raises KeyError when there is none."""
        found = self._driver.rows(f"{_ALL} AND number = ?", (number, revision))
        if not found:
            raise KeyError((number, revision))
        return _revision(found[0])

    def revisions(self, number: int) -> list[Revision]:
        """Return all revisions of a prescription, in order."""
        return [_revision(row) for row in self._driver.rows(f"{_ALL} ORDER BY number", (number,))]


def add_revisions(driver: Driver, new: Iterable[Revision]) -> None:
    """Store revisions as they are."""
    rows = []
    for row in map(_row, new):
        row |= {name: driver.instant(row[name]) for name in _INSTANTS}
        rows.append([row[name] for name in _COLUMNS])
    driver.load("revision", _COLUMNS, rows)


def _row(revision: Revision) -> dict[str, Any]:
    """Return the row of a revision, with the digest over all of it."""
    order = revision.prescription
    row: dict[str, Any] = {
        "prescription": int(order.id),
        "number": order.revision,
        "document": prescription_text(order),
        "created_at": revision.created_at,
        "effective_from": revision.effective_from,
        "kind": revision.kind.value,
        "reason": revision.reason,
        "ordered_by": revision.ordered_by,
        "overrides": overrides_text(revision.overrides),
    }
    return {**row, "digest": digest_of(*_digested(row))}


def _digested(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the digest covers, instants as SQLite stores them on every database."""
    parts = (row[name] for name in DIGESTED)
    return tuple(
        instant_text(one.astimezone(UTC)) if isinstance(one, datetime) else str(one)
        for one in parts
    )


def _revision(cells: tuple[Any, ...]) -> Revision:
    row = dict(zip(_COLUMNS, cells, strict=True))
    row |= {name: instant_of(row[name]) for name in _INSTANTS}
    what = f"prescription {row['prescription']}, revision {row['number']}"
    verify(what, row["digest"], *_digested(row))
    order = read_prescription(row["document"])
    if (order.id, order.revision) != (str(row["prescription"]), row["number"]):
        raise Damaged(what)
    return Revision(
        prescription=order,
        created_at=row["created_at"],
        effective_from=row["effective_from"],
        kind=RevisionKind(row["kind"]),
        reason=row["reason"],
        ordered_by=row["ordered_by"],
        overrides=read_overrides(row["overrides"]),
    )
