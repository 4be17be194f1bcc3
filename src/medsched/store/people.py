"""Persons: one row each, and a log of every state they were in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from medsched.frozen import replace
from medsched.services.document import person_text, read_person
from medsched.store.digests import digest_of, verify
from medsched.store.refusals import NameTaken

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.domain.person import Person
    from medsched.store.driver import Driver

_ALL: Final = "SELECT id, document, digest FROM person"
_ADD: Final = (
    "INSERT INTO person (name, document, digest, updated_at) VALUES (?, ?, ?, ?) RETURNING id"
)
_SAVE: Final = "UPDATE person SET name = ?, document = ?, digest = ?, updated_at = ? WHERE id = ?"
_LOG: Final = "INSERT INTO person_log (person, document, digest, at) VALUES (?, ?, ?, ?)"
_OF_NAME: Final = "SELECT id FROM person WHERE name = ?"


class SqlPeople:
    """`ports.People` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def add(self, person: Person, at: datetime) -> Person:
        """Store a new person and return it with its id.

        Raises:
            NameTaken: somebody has that name.
        """
        self._refuse_name_of_another(person)
        text = person_text(person)
        new = (person.name, text, digest_of(text), self._driver.instant(at))
        [(number,)] = self._driver.rows(_ADD, new)
        self._log(number, text, at)
        return replace(person, id=str(number))

    def by_id(self, person: str) -> Person | None:
        """Return the person of that id."""
        if not (person.isascii() and person.isdigit()):
            return None
        return _one(self._driver.rows(f"{_ALL} WHERE id = ?", (int(person),)))

    def by_name(self, name: str) -> Person | None:
        """Return the person of that name, exactly as written."""
        return _one(self._driver.rows(f"{_ALL} WHERE name = ?", (name,)))

    def all(self) -> list[Person]:
        """Return everybody, by id."""
        return [_person(row) for row in self._driver.rows(f"{_ALL} ORDER BY id", ())]

    def save(self, person: Person, at: datetime) -> None:
        """Store what changed about a person; the earlier state stays in the log.

        Raises:
            KeyError: nobody has that id. NameTaken: somebody else has that name.
        """
        self._refuse_name_of_another(person)
        text, number = person_text(person), int(person.id)
        new = (person.name, text, digest_of(text), self._driver.instant(at), number)
        if self._driver.each(_SAVE, [new]) != 1:
            raise KeyError(person.id)
        self._log(number, text, at)

    def _log(self, number: int, text: str, at: datetime) -> None:
        self._driver.each(_LOG, [(number, text, digest_of(text), self._driver.instant(at))])

    def _refuse_name_of_another(self, person: Person) -> None:
        found = self._driver.rows(_OF_NAME, (person.name,))
        if found and str(found[0][0]) != person.id:
            raise NameTaken(person.name)


def _one(rows: list[tuple[Any, ...]]) -> Person | None:
    return _person(rows[0]) if rows else None


def _person(row: tuple[Any, ...]) -> Person:
    number, text, digest = row
    verify(f"person {number}", digest, text)
    return read_person(text, str(number))
