"""Why somebody of a clinic's file is not stored: a name that somebody has already."""

from __future__ import annotations

from medsched.errors import MedschedError


class StoredOtherwise(MedschedError):
    """A name that is stored already, with other plans than those asked for."""

    def __init__(self) -> None:
        """Say so; the name stays out of messages."""
        super().__init__(
            "name: somebody of this name is stored already, with other plans;"
            " give this one another name, or use `medsched start` for the one stored"
        )


class SomebodyElse(MedschedError):
    """A name that is stored already, of somebody born on another day or of another sex."""

    def __init__(self) -> None:
        """Say so; the name stays out of messages."""
        super().__init__(
            "name: somebody else of this name is stored already, with another date of birth or"
            " sex; give this one another name, such as one with a number"
        )


class NamedTwice(MedschedError):
    """A name that stands in the file twice, with other people in between."""

    def __init__(self) -> None:
        """Say so; the name stays out of messages."""
        super().__init__(
            "name: stands further up in this file as well; put the lines of one person one after"
            " the other, and give somebody else another name"
        )
