"""Revisions: one immutable row each, with a digest over all that it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select

from medsched.services.document import (
    overrides_text,
    prescription_text,
    read_overrides,
    read_prescription,
)
from medsched.services.ports import Revision, RevisionKind, StaleRevision
from medsched.store.digests import digest_of, verify
from medsched.store.refusals import Damaged
from medsched.store.tables.plans import REVISION
from medsched.store.types import instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Connection, RowMapping


class SqlRevisions:
    """The part of `ports.Plans` that is about revisions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_revision(self, revision: Revision) -> None:
        """Append a revision; its number must be one more than the last.

        Raises:
            StaleRevision: another revision of that number is there, or one is missing before it.
        """
        order = revision.prescription
        number = int(order.id)
        query = select(func.max(REVISION.c.number)).where(REVISION.c.prescription == number)
        last = self._connection.execute(query).scalar() or 0
        if order.revision != last + 1:
            raise StaleRevision(number, order.revision - 1, last)
        self._connection.execute(insert(REVISION).values(**revision_row(revision)))

    def revision(self, number: int, revision: int) -> Revision:
        """Return one revision. Raises KeyError when there is none."""
        query = _ALL.where(REVISION.c.prescription == number, REVISION.c.number == revision)
        row = self._connection.execute(query).mappings().one_or_none()
        if row is None:
            raise KeyError((number, revision))
        return _revision(row)

    def revisions(self, number: int) -> list[Revision]:
        """Return all revisions of a prescription, in order."""
        query = _ALL.where(REVISION.c.prescription == number).order_by(REVISION.c.number)
        return [_revision(row) for row in self._connection.execute(query).mappings()]


_ALL = select(REVISION)

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


def revision_row(revision: Revision) -> dict[str, Any]:
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


def _digested(row: Mapping[str, Any] | RowMapping) -> tuple[str, ...]:
    """Return what the digest covers, instants as SQLite stores them on every database."""
    parts = (row[name] for name in DIGESTED)
    return tuple(
        instant_text(one.astimezone(UTC)) if isinstance(one, datetime) else str(one)
        for one in parts
    )


def _revision(row: RowMapping) -> Revision:
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
