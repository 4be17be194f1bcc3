"""Where a rule comes from, and how far it may be relied on."""

from __future__ import annotations

from enum import StrEnum

from medsched.frozen import frozen


class Provenance(StrEnum):
    """How a rule came to be known; what is an assumption is shown to people as one."""

    SOURCE_DOCUMENT = "source document"
    PUBLISHED = "published page"
    KNOWLEDGE = "professional knowledge, to be checked"
    ASSUMPTION = "assumption"

    @property
    def is_assumption(self) -> bool:
        """Whether people must be told that no source gives it."""
        return self is Provenance.ASSUMPTION


@frozen
class Source:
    """One document that rules were read in.

    Args:
        ref: Short name by which rules point at it.
        title: What it is, as it would be cited.
        section: The part of it, may be empty.
    """

    ref: str
    title: str
    section: str = ""


@frozen
class Rule:
    """One numbered statement of a protocol.

    Args:
        id: Such as `R22`; the number is the source document's or our own.
        text: What it says, one sentence for people.
        provenance: How far it may be relied on.
        sources: The `ref`s of the documents it was read in; none for an assumption.
    """

    id: str
    text: str
    provenance: Provenance
    sources: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return `assumption`, or nothing: the mark people see beside it."""
        return "assumption" if self.provenance.is_assumption else ""
