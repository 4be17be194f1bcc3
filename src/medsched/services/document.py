"""Prescriptions, persons and protocols as JSON text: canonical, versioned, exact both ways.

The same value is always the same text (sorted keys, no spaces, sets in order), so a
digest over it means something. Numbers of medicine are text, instants are UTC. What
a document says is read by the closed list of `shapes`; anything else is refused with
the path to it. Every field is written, also one with its default: a default that
changes later must not change an old order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass, replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum, IntEnum
from functools import lru_cache, partial
from types import NoneType, UnionType
from typing import Any, Final, Union, cast, get_args, get_origin
from zoneinfo import ZoneInfo

from medsched.domain.amount import Amount, Unit, plain
from medsched.domain.medication import Medication
from medsched.domain.person import DayRhythm, Facts, Itinerary, Person
from medsched.domain.prescription import Prescription
from medsched.domain.protocol import Phase, Protocol
from medsched.errors import MedschedError
from medsched.services.ports import Override
from medsched.services.shapes import NAMES, SHAPES, hints

VERSION: Final = 1
"""Of the form of documents; a program reads its own and every earlier one."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?) (\S+)")
_KIND: Final = "type"
_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class UnreadableDocument(MedschedError):
    """A stored document that this program cannot read, with the path to the first trouble."""

    def __init__(self, where: str, given: str, wanted: str) -> None:
        """Keep where it is, what stands there and what would be right."""
        self.where, self.given, self.wanted = where, given, wanted
        super().__init__(f"stored document: {where or 'the whole'}: {given}; {wanted}")


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


@lru_cache(maxsize=256)
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
    return _value(hint, {**body, **added} if isinstance(body, dict) else body, kind)


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
    return _write_shape(value, NAMES[type(value)])


def _write_shape(value: object, where: str) -> dict[str, Any]:
    kind: type = type(value)
    if kind not in NAMES:
        wanted = "only what `services.shapes` lists can be stored"
        raise UnreadableDocument(where, f"a value of type {kind.__name__}", wanted)
    body = {name: _write(getattr(value, name), f"{where}.{name}") for name in hints(kind)}
    body[_KIND] = NAMES[kind]
    return body


# --- from JSON to values ----------------------------------------------------------


def _value(hint: Any, told: Any, where: str) -> object:  # noqa: ANN401  # a type form, and JSON
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _one_of(args, told, where)
    if origin is tuple:
        return _sequence(args, told, where)
    if origin is frozenset:
        return frozenset(_sequence((args[0], ...), told, where))
    if origin is Mapping:
        return _named(args[1], told, where)
    if is_dataclass(hint) and hint is not Amount:
        return _shape(cast("type", hint), told, where)
    return _scalar(hint, told, where)


def _one_of(args: tuple[Any, ...], told: Any, where: str) -> object:  # noqa: ANN401  # JSON
    if told is None and NoneType in args:
        return None
    kinds = [one for one in args if one is not NoneType]
    if isinstance(told, dict):
        kinds = [one for one in kinds if NAMES.get(one) == told.get(_KIND)]
    elif {date, datetime} <= set(kinds) and isinstance(told, str):
        kinds = [date if _DAY.fullmatch(told) else datetime]
    if len(kinds) != 1:
        known = ", ".join(sorted(NAMES[one] for one in args if one in NAMES))
        given = f"type {told.get(_KIND)!r}" if isinstance(told, dict) else repr(told)
        raise UnreadableDocument(where, given, f"one of {known} is expected")
    return _value(kinds[0], told, where)


def _sequence(args: tuple[Any, ...], told: Any, where: str) -> tuple[object, ...]:  # noqa: ANN401  # JSON
    if not isinstance(told, list):
        raise UnreadableDocument(where, repr(told), "a list is expected")
    of = [args[0]] * len(told) if args[-1] is ... else list(args)
    if len(of) != len(told):
        raise UnreadableDocument(where, f"{len(told)} entries", f"{len(of)} are expected")
    pairs = enumerate(zip(of, told, strict=True))
    return tuple(_value(hint, one, f"{where}[{place}]") for place, (hint, one) in pairs)


def _named(hint: Any, told: Any, where: str) -> dict[str, object]:  # noqa: ANN401  # a type form, and JSON
    if not isinstance(told, dict):
        raise UnreadableDocument(where, repr(told), "named values are expected")
    return {name: _value(hint, one, f"{where}.{name}") for name, one in told.items()}


def _shape(shape: type, told: Any, where: str) -> object:  # noqa: ANN401  # JSON
    if not isinstance(told, dict) or SHAPES.get(told.get(_KIND, "")) is not shape:
        raise UnreadableDocument(where, "another type", f"a {NAMES[shape]} is expected")
    known = hints(shape)
    for name in told:
        if name != _KIND and name not in known:
            wanted = "this program does not know it; a newer medsched may"
            raise UnreadableDocument(f"{where}.{name}", "an unknown field", wanted)
    given = {
        name: _value(hint, told[name], f"{where}.{name}")
        for name, hint in known.items()
        if name in told
    }
    for one in fields(shape):
        required = one.default is MISSING and one.default_factory is MISSING
        if required and one.name not in given:
            raise UnreadableDocument(f"{where}.{one.name}", "nothing", "a value is expected")
    try:
        return cast("object", shape(**given))
    except (ValueError, MedschedError) as error:
        raise UnreadableDocument(where, "values that do not go together", str(error)) from None


def _scalar(hint: Any, told: Any, where: str) -> object:  # noqa: ANN401  # a type form, and JSON
    try:
        return _read_scalar(hint, told)
    except (ValueError, TypeError, AttributeError, ArithmeticError, KeyError, MedschedError):
        name = getattr(hint, "__name__", str(hint))
        raise UnreadableDocument(where, repr(told), f"a {name} is expected") from None


def _read_scalar(hint: Any, told: Any) -> object:  # noqa: ANN401  # one return for each JSON form
    if hint is bool or hint is int or (isinstance(hint, type) and issubclass(hint, IntEnum)):
        _only(bool if hint is bool else int, told)
        return hint(told)
    _only(str, told)
    if hint is Amount:
        digits, unit = cast("re.Match[str]", _AMOUNT.fullmatch(told)).groups()
        return Amount(Decimal(digits), Unit(unit))
    if hint is datetime:
        return _instant(told)
    if hint in {date, time}:
        return hint.fromisoformat(told)
    if hint is Decimal and not re.fullmatch(r"\d+(\.\d+)?", told):
        raise ValueError(told)
    return hint(told)


def _only(kind: type, told: object) -> None:
    if type(told) is not kind:
        raise TypeError(told)


def _instant(told: str) -> datetime:
    instant = datetime.fromisoformat(told)
    if instant.tzinfo is None:
        raise ValueError(told)
    return instant.astimezone(UTC)
