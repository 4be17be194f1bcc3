"""Prescriptions, persons and protocols as JSON text: canonical, versioned, exact both ways.

The same value is always the same text (sorted keys, no spaces, sets in order), so a
digest over it means something. Numbers of medicine are text, instants are UTC. What
a document says is read by the closed list of `shapes`; anything else is refused with
the path to it. Every field is written, also one with its default: a default that
changes later must not change an old order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, cast
from zoneinfo import ZoneInfo

from medsched.domain.amount import Amount, plain
from medsched.domain.medication import Medication
from medsched.domain.person import DayRhythm, Facts, Itinerary, Person
from medsched.domain.phase import Phase
from medsched.domain.prescription import Prescription
from medsched.frozen import replace
from medsched.services.document_reading import KIND, UnreadableDocument, value_of
from medsched.services.shapes import hints, name_of

if TYPE_CHECKING:
    from medsched.domain.protocol import Protocol
    from medsched.services.stored import Override

VERSION: Final = 1
"""Of the form of documents; a program reads its own and every earlier one."""

_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def prescription_text(prescription: Prescription) -> str:
    """Return one revision of an order as canonical text.

    Many people are ordered the same: what they share is written once.
    """
    nobodys = replace(prescription, id="", key="", person="")
    parts = _text_around_names(nobodys)
    if parts is None:
        return _text("prescription", prescription)
    names = (prescription.id, prescription.key, prescription.person)
    return "".join(
        part for pair in zip(parts, (*map(_quoted, names), ""), strict=True) for part in pair
    )


@lru_cache(maxsize=256)
def _text_around_names(nobodys: Prescription) -> tuple[str, ...] | None:
    """Return the text before, between and after id, key and person; None if one is not found."""
    named = replace(nobodys, id="\0id", key="\0key", person="\0person")
    rest, parts = _text("prescription", named), []
    for mark in ("\0id", "\0key", "\0person"):  # in the order of the alphabet, as in the text
        before, *after = rest.split(_quoted(mark))
        if len(after) != 1:
            return None
        parts.append(before)
        rest = after[0]
    return (*parts, rest)


_quoted = partial(json.dumps, ensure_ascii=False)


@lru_cache(maxsize=1024)  # what a text holds never changes, and values are frozen
def read_prescription(text: str) -> Prescription:
    """Return the order that a text holds.

    Raises:
        UnreadableDocument: it is no such document, or one of a newer form.
    """
    return cast("Prescription", _read("prescription", Prescription, text))


def person_text(person: Person) -> str:
    """Return all that is known about a person, without the id, as canonical text."""
    return _text("person", person, without="id")


@lru_cache(maxsize=1024)  # what a text holds never changes, and values are frozen
def read_person(text: str, number: str) -> Person:
    """Return the person that a text holds, with the id `number`.

    Raises:
        UnreadableDocument: it is no such document, or one of a newer form.
    """
    return cast("Person", _read("person", Person, text, id=number))


def protocol_text(protocol: Protocol) -> str:
    """Return all rules of a protocol, with the policies it names, as canonical text."""
    return _text("protocol", protocol)


@lru_cache(maxsize=64)  # what a text holds never changes, and values are frozen
def read_protocol(text: str) -> Protocol:
    """Return the protocol that a text holds.

    Raises:
        UnreadableDocument: it is no such document, or one of a newer form.
    """
    from medsched.domain.protocol import Protocol

    return cast("Protocol", _read("protocol", Protocol, text))


@lru_cache(maxsize=256)
def overrides_text(overrides: tuple[Override, ...]) -> str:
    """Return overruled findings as canonical text."""
    return _text("overrides", overrides)


@lru_cache(maxsize=256)  # what a text holds never changes, and values are frozen
def read_overrides(text: str) -> tuple[Override, ...]:
    """Return the overruled findings that a text holds.

    Raises:
        UnreadableDocument: it is no such document, or one of a newer form.
    """
    from medsched.services.stored import Override

    return cast("tuple[Override, ...]", _read("overrides", tuple[Override, ...], text))


# --- the envelope -----------------------------------------------------------------


def _text(kind: str, value: object, *, without: str = "") -> str:
    body = _write(value, kind)
    if without:
        del body[without]
    envelope = {"form": f"medsched {kind}", "version": VERSION, "holds": body}
    return _CANONICAL.encode(envelope)


def _read(kind: str, hint: Any, text: str, **added: str) -> object:  # noqa: ANN401  # a type form
    try:
        envelope = json.loads(text)
    except ValueError:
        raise UnreadableDocument("", "no JSON text", f"a {kind} is expected") from None
    if not isinstance(envelope, dict) or envelope.get("form") != f"medsched {kind}":
        raise UnreadableDocument("", "another kind of document", f"a {kind} is expected")
    version = envelope.get("version")
    if version != VERSION:
        known = f"this program reads version {VERSION}; a newer medsched may read it"
        raise UnreadableDocument("", f"version {version!r}", known)
    body = envelope.get("holds")
    return value_of(hint, {**body, **added} if isinstance(body, dict) else body, kind)


# --- from values to JSON ----------------------------------------------------------


def _write(value: object, where: str) -> Any:  # noqa: ANN401, C901, PLR0911  # one return for each JSON form
    match value:
        case None | bool() | str() if not isinstance(value, Enum):
            return value
        case Enum():
            return value.value
        case int():
            return value
        case Decimal():
            return plain(value)
        case Amount():
            return f"{value.digits} {value.unit.value}"
        case ZoneInfo(key=str(key)):
            return key
        case datetime() | date() | time():
            return _time_text(value, where)
        case tuple():
            return [_write(one, f"{where}[{place}]") for place, one in enumerate(value)]
        case Mapping():
            return {name: _write(one, f"{where}.{name}") for name, one in value.items()}
        case frozenset():
            return sorted((_write(one, where) for one in value), key=json.dumps)
        case Phase() | Medication() | Facts() | DayRhythm() | Itinerary():
            return _write_shared(value)
        case _:
            return _write_shape(value, where)


def _time_text(value: datetime | date | time, where: str) -> str:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise UnreadableDocument(where, "an instant without a zone", "give it in UTC")
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, time):
        if value.tzinfo is not None:
            raise UnreadableDocument(where, "a wall time with a zone", "give it without")
        return value.isoformat() if value.second or value.microsecond else f"{value:%H:%M}"
    return value.isoformat()


@lru_cache(maxsize=1024)
def _write_shared(value: Phase | Medication | Facts | DayRhythm | Itinerary) -> dict[str, Any]:
    """Write what is the same for many people once."""
    return _write_shape(value, name_of(type(value)) or "")


def _write_shape(value: object, where: str) -> dict[str, Any]:
    kind: type = type(value)
    name = name_of(kind)
    if name is None:
        wanted = "only what `services.shapes` lists can be stored"
        raise UnreadableDocument(where, f"a value of type {kind.__name__}", wanted)
    body = {one: _write(getattr(value, one), f"{where}.{one}") for one in hints(kind)}
    body[KIND] = name
    return body
