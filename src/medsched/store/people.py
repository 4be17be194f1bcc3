"""Persons: one row each, and a log of every state they were in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from medsched.services.document import person_text, read_person
from medsched.store.digests import digest_of, verify
from medsched.store.refusals import NameTaken
from medsched.store.tables.people import PERSON, PERSON_LOG

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Row, Select
    from sqlalchemy.engine import Connection

    from medsched.domain.person import Person


class SqlPeople:
    """`ports.People` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, person: Person, at: datetime) -> Person:
        """Store a new person and return it with its id.

        Raises:
            NameTaken: somebody has that name.
        """
        self._refuse_name_of_another(person)
        text = person_text(person)
        row = insert(PERSON).values(
            name=person.name, document=text, digest=digest_of(text), updated_at=at
        )
        number = self._connection.execute(row.returning(PERSON.c.id)).scalar_one()
        self._log(number, text, at)
        return replace(person, id=str(number))

    def by_id(self, person: str) -> Person | None:
        """Return the person of that id."""
        if not (person.isascii() and person.isdigit()):
            return None
        return self._one(_ALL.where(PERSON.c.id == int(person)))

    def by_name(self, name: str) -> Person | None:
        """Return the person of that name, exactly as written."""
        return self._one(_ALL.where(PERSON.c.name == name))

    def all(self) -> list[Person]:
        """Return everybody, by id."""
        return [_person(row) for row in self._connection.execute(_ALL.order_by(PERSON.c.id))]

    def save(self, person: Person, at: datetime) -> None:
        """Store what changed about a person; the earlier state stays in the log.

        Raises:
            KeyError: nobody has that id. NameTaken: somebody else has that name.
        """
        self._refuse_name_of_another(person)
        text = person_text(person)
        row = (
            update(PERSON)
            .where(PERSON.c.id == int(person.id))
            .values(name=person.name, document=text, digest=digest_of(text), updated_at=at)
        )
        if self._connection.execute(row).rowcount != 1:
            raise KeyError(person.id)
        self._log(int(person.id), text, at)

    def _one(self, query: Select[int, str, str]) -> Person | None:
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _person(row)

    def _log(self, number: int, text: str, at: datetime) -> None:
        row = insert(PERSON_LOG).values(person=number, document=text, digest=digest_of(text), at=at)
        self._connection.execute(row)

    def _refuse_name_of_another(self, person: Person) -> None:
        query = select(PERSON.c.id).where(PERSON.c.name == person.name)
        other = self._connection.execute(query).scalar_one_or_none()
        if other is not None and str(other) != person.id:
            raise NameTaken(person.name)


_ALL = select(PERSON.c.id, PERSON.c.document, PERSON.c.digest)


def _person(row: Row[int, str, str]) -> Person:
    number, text, digest = row
    verify(f"person {number}", digest, text)
    return read_person(text, str(number))
