"""Medicines that are not planned here: refused by name, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.errors import FileProblems, MedschedError
from medsched.frozen import frozen
from medsched.protocols.document import parse
from medsched.protocols.reading import Reading
from medsched.protocols.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY: Final = "excluded"


class ExcludedMedicine(MedschedError):
    """A medicine that is not planned here, with the reason."""

    def __init__(self, name: str, reason: str) -> None:
        """Keep the name that was asked for and the reason of its file."""
        self.name, self.reason = name, reason
        super().__init__(f"{name}: is not planned here; {reason}")


@frozen
class Exclusion:
    """Why a medicine is not planned.

    Args:
        id: The file's name. names: Of the medicine and its brands, as people write them.
        reason: Half a sentence for people. sources: Where it was read; none: an assumption.
    """

    id: str
    names: tuple[str, ...]
    reason: str
    sources: tuple[str, ...] = ()

    def covers(self, name: str) -> bool:
        """Return whether `name` is one of its names, or begins with one as its first words."""
        wanted = name.casefold().strip()
        known = (one.casefold() for one in (self.id, *self.names))
        return any(wanted == one or wanted.startswith(f"{one} ") for one in known)

    def refusal(self, name: str = "") -> ExcludedMedicine:
        """Return the refusal of the medicine under the name that was used."""
        return ExcludedMedicine(name or self.names[0], self.reason)


def read_exclusion(source: bytes | str, *, file: str, stem: str) -> Exclusion:
    """Return the exclusion that a file holds.

    Raises:
        FileProblems: with every mistake of the file.
    """
    reading = Reading()
    return exclusion_of(parse(source, file=file), reading, file=file, stem=stem)


def exclusion_of(
    values: Mapping[str, object], reading: Reading, *, file: str, stem: str
) -> Exclusion:
    """Return the exclusion that the parsed values of a file hold.

    Raises:
        FileProblems: with every mistake of the file.
    """
    root = Table(values, "", reading)
    table = root.table(KEY)
    found = _exclusion(table, stem) if table else None
    root.close()
    if found is None and not reading.mistakes:
        root.note(KEY, "missing", "is missing")
    if reading.mistakes or found is None:
        raise FileProblems(file, reading.mistakes)
    return found


def _exclusion(table: Table, stem: str) -> Exclusion:
    found = Exclusion(
        id=table.text("id"),
        names=table.listed("names", str),
        reason=table.sentence("reason"),
        sources=table.citations("sources"),
    )
    table.close()
    if table.sound and found.id != stem:
        table.note("id", "name", f"{found.id!r} is not the file's name; use {stem!r}")
    return found
