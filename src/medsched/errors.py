"""The few shapes of failure.

Mistakes in a file are values (`Problem`), all collected and raised once. A use
case that refuses raises a subclass of `MedschedError`: it keeps what it knows as
attributes and builds its own sentence. A clinical finding is never an exception
(see `domain.safety`). A bug is a plain `TypeError` or `AssertionError`.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

from medsched.frozen import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    BLOCKED = 3
    BAD_FILE = 65


class MedschedError(Exception):
    """A refusal that a person can read: one line, no traceback."""

    exit_code: Exit = Exit.REFUSED


@frozen
class Problem:
    """One mistake in a file.

    Args:
        where: Path inside the file, such as `phase[2].dose`; empty for the whole file.
        code: A short stable word for the kind of mistake, such as `total`.
        message: Subject, what was given, what would be right.
        hint: What to do about it; may be empty.
    """

    where: str
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """Return the mistake as one line."""
        head = f"{self.where}: " if self.where else ""
        tail = f" ({self.hint})" if self.hint else ""
        return f"{head}{self.message}{tail}"


class FileProblems(MedschedError):
    """All the mistakes of one file, raised once."""

    exit_code = Exit.BAD_FILE

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        """Keep the file's name and every mistake found in it."""
        self.file = file
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{file}: {problem}" for problem in self.problems))


class InvalidValue(MedschedError):
    """A value that cannot be what it should be: what it is, what was given, what would be right."""

    def __init__(self, subject: str, given: object, wanted: str) -> None:
        """Build the sentence from subject, given and wanted."""
        self.subject, self.given, self.wanted = subject, given, wanted
        super().__init__(f"{subject}: {given!s} cannot be used; {wanted}")
