"""One table of a file, read key by key: every mistake is noted, and reading goes on.

A reader that finds a mistake notes it and answers with a stand-in of the right type, so
that the rest of the table is read, too. Stand-ins never get out: a file with any mistake
gives no value at all, and a table that is not `sound` takes no part in later checks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar

from medsched.domain.amount import NBSP, Amount, Unit, amount
from medsched.protocols.reading import Reading, kind_of, nearest_words, one_of, read_text, shown

T = TypeVar("T")

_PARTED: Final = re.compile(
    r"(?<=\d) (?=(?:mg|mcg|g|kg|mL|L|units?|tablets?|capsules?|pills?|%)(?!\w))"
)
_STAND_IN: Final = Amount(Decimal(1), Unit.MG)


class Table:
    """One table of a file, with its path and what has been asked of it."""

    def __init__(self, values: Mapping[str, object], where: str, reading: Reading) -> None:
        """Begin to read; nothing has been asked yet."""
        self.values, self.where, self.reading = values, where, reading
        self.asked: set[str] = set()

    # --- mistakes -------------------------------------------------------------

    @property
    def sound(self) -> bool:
        """Whether no mistake was noted here or further inside."""
        inside = (f"{self.where}.", f"{self.where}[")
        return not any(
            not self.where or one.where == self.where or one.where.startswith(inside)
            for one in self.reading.mistakes
        )

    def path(self, key: str) -> str:
        """Return the path of a key."""
        return f"{self.where}.{key}" if self.where else key

    def note(self, key: str, code: str, message: str, hint: str = "") -> None:
        """Note a mistake at a key; an empty key means the table itself."""
        self.reading.note(self.path(key) if key else self.where, code, message, hint)

    def close(self) -> None:
        """Note each key that nothing has asked for, with the nearest that is known."""
        for key in self.values:
            if key not in self.asked:
                near = nearest_words(key, self.asked)
                known = ", ".join(sorted(self.asked))
                wanted = f"use {near}" if near else f"known here: {known}"
                self.note(shown(key), "unknown-key", f"is no key that is known here; {wanted}")

    # --- what stands under a key -----------------------------------------------

    def has(self, key: str) -> bool:
        """Return whether the key is there."""
        self.asked.add(key)
        return key in self.values

    def which(self, keys: tuple[str, ...], *, needed: str = "") -> str:
        """Return the one key of `keys` that is there, or an empty text.

        Args:
            needed: What is missing when none is there; empty when none is needed.
        """
        found = [key for key in keys if self.has(key)]
        if len(found) > 1:
            self.note("", "contradiction", f"has {' and '.join(found)}; use one of them")
        if not found and needed:
            self.note("", "missing", f"{needed}; use one of {', '.join(keys)}")
        return found[0] if found else ""

    def need(self, key: str, reader: Callable[[str], T], stand_in: T) -> T:
        """Return the text under a key as `reader` understands it; a mistake when it is missing."""
        if not self.has(key):
            self.note(key, "missing", "is missing")
            return stand_in
        read = self.may(key, reader)
        return stand_in if read is None else read

    def may(self, key: str, reader: Callable[[str], T]) -> T | None:
        """Return the text under a key as `reader` understands it; None when it is missing."""
        if not self.has(key):
            return None
        return read_text(self.values[key], self.path(key), reader, self.reading)

    def text(self, key: str, default: str | None = None) -> str:
        """Return a sentence or word: not empty, its blanks as single spaces."""
        if default is not None and not self.has(key):
            return default
        return self.need(key, str, "-")

    def sentence(self, key: str, default: str | None = None) -> str:
        """Return a text for people: numbers stay beside their units at the end of a line."""
        return _PARTED.sub(NBSP, self.text(key, default))

    def rule(self, key: str = "rule") -> str:
        """Return the id of the rule that this table carries out; own regimens need none."""
        if self.reading.own and not self.has(key):
            return ""
        named = self.need(key, str, "")
        if named:
            self.reading.named_rules.append((self.path(key), named))
        return named

    def choice(self, key: str, words: Mapping[str, T], default: T | None = None) -> T:
        """Return what one of a closed list of words means."""
        if default is not None and not self.has(key):
            return default
        return self.need(key, lambda text: one_of(text, words), next(iter(words.values())))

    def amount(self, key: str) -> Amount:
        """Return an amount with its unit."""
        return self.need(key, amount, _STAND_IN)

    def may_amount(self, key: str) -> Amount | None:
        """Return an amount with its unit; None when it is missing."""
        return self.may(key, amount)

    def amounts(self, key: str) -> tuple[Amount, ...]:
        """Return a list of amounts, at least one."""
        return self.listed(key, amount)

    def citations(self, key: str) -> tuple[str, ...]:
        """Return a list of texts for people, such as where a number was read."""
        return tuple(_PARTED.sub(NBSP, one) for one in self.words(key))

    def words(self, key: str) -> tuple[str, ...]:
        """Return a list of texts, each once; none when it is missing."""
        found = self.listed(key, str) if self.has(key) else ()
        if len(set(found)) < len(found):
            self.note(key, "duplicate", "names the same thing twice")
        return found

    def listed(self, key: str, reader: Callable[[str], T]) -> tuple[T, ...]:
        """Return a list of texts as `reader` understands them, at least one."""
        found = []
        for place, value in enumerate(self._list(key), 1):
            read = read_text(value, f"{self.path(key)}[{place}]", reader, self.reading)
            if read is not None:
                found.append(read)
        return tuple(found)

    def whole(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """Return a count from `low` to `high`, both inclusive."""
        if not self.has(key):
            if default is None:
                self.note(key, "missing", "is missing")
            return low if default is None else default
        return self._whole(self.values[key], self.path(key), low, high)

    def wholes(self, key: str, low: int, high: int) -> tuple[int, ...]:
        """Return a rising list of counts; none when it is missing."""
        if not self.has(key):
            return ()
        found = tuple(
            self._whole(value, f"{self.path(key)}[{place}]", low, high)
            for place, value in enumerate(self._list(key), 1)
        )
        if list(found) != sorted(set(found)):
            self.note(key, "order", "is not in rising order; write each once, smallest first")
        return found

    def flag(self, key: str, *, default: bool) -> bool:
        """Return true or false."""
        if not self.has(key):
            return default
        value = self.values[key]
        if not isinstance(value, bool):
            self.note(key, "type", f"{kind_of(value)} cannot be used; write true or false")
        return value is True

    def day(self, key: str) -> date | None:
        """Return a calendar date; None when it is missing."""
        if not self.has(key):
            return None
        value = self.values[key]
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self.note(key, "type", f"{kind_of(value)} cannot be used; write a date such as 2026-12-01")
        return None

    def table(self, key: str) -> Table | None:
        """Return the table under a key; None when it is missing."""
        if not self.has(key):
            return None
        return self._table(self.values[key], self.path(key))

    def tables(self, key: str) -> list[Table]:
        """Return the tables of a list under a key; none when it is missing."""
        if not self.has(key):
            return []
        found = (
            self._table(value, f"{self.path(key)}[{place}]")
            for place, value in enumerate(self._list(key), 1)
        )
        return [one for one in found if one is not None]

    # --- inside -----------------------------------------------------------------

    def _list(self, key: str) -> list[object]:
        if not self.has(key):
            self.note(key, "missing", "is missing")
            return []
        value = self.values[key]
        if not isinstance(value, list):
            self.note(key, "type", f"{kind_of(value)} cannot be used; write a list")
            return []
        if not value:
            self.note(key, "empty", "is an empty list; leave it out or fill it")
        return value

    def _whole(self, value: object, where: str, low: int, high: int) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            message = f"{kind_of(value)} cannot be used; write a whole number"
            self.reading.note(where, "type", message)
            return low
        if not low <= value <= high:
            self.reading.note(where, "range", f"{shown(value)} cannot be used; use {low} to {high}")
            return low
        return value

    def _table(self, value: object, where: str) -> Table | None:
        if isinstance(value, Mapping):
            return Table(value, where, self.reading)
        self.reading.note(where, "type", f"{kind_of(value)} cannot be used; write a table")
        return None
