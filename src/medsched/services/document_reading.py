"""From JSON to values: every part of a stored document is checked against its type."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import IntEnum
from types import NoneType, UnionType
from typing import Any, Final, Union, cast, get_args, get_origin

from medsched.domain.amount import Amount, Unit
from medsched.errors import MedschedError
from medsched.frozen import is_frozen, required
from medsched.services.shapes import hints, name_of, shape_named

KIND: Final = "type"
"""The key under which a shape's name stands."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_AMOUNT: Final = re.compile(r"(\d+(?:\.\d+)?) (\S+)")


class UnreadableDocument(MedschedError):
    """A stored document that this program cannot read, with the path to the first trouble."""

    def __init__(self, where: str, given: str, wanted: str) -> None:
        """Keep where it is, what stands there and what would be right."""
        self.where, self.given, self.wanted = where, given, wanted
        super().__init__(f"stored document: {where or 'the whole'}: {given}; {wanted}")


def value_of(hint: Any, told: Any, where: str) -> object:  # noqa: ANN401  # a type form, and JSON
    """Return the value of a type that JSON tells.

    Raises:
        UnreadableDocument: it tells something else; with the path `where`.
    """
    if isinstance(hint, type):
        return _of_class(hint, told, where)
    origin, args = get_origin(hint), get_args(hint)
    if origin in {Union, UnionType}:
        return _one_of(args, told, where)
    if origin is tuple:
        return _sequence(args, told, where)
    if origin is frozenset:
        return frozenset(_sequence((args[0], ...), told, where))
    if origin is Mapping:
        return _named(args[1], told, where)
    return _scalar(hint, told, where)


def _of_class(hint: type, told: Any, where: str) -> object:  # noqa: ANN401  # JSON
    if hint is type(told):  # a text, a whole number, yes or no
        return told
    if is_frozen(hint) and hint is not Amount:
        return _shape(hint, told, where)
    return _scalar(hint, told, where)


def _one_of(args: tuple[Any, ...], told: Any, where: str) -> object:  # noqa: ANN401  # JSON
    if told is None and NoneType in args:
        return None
    kinds = [one for one in args if one is not NoneType]
    if isinstance(told, dict):
        kinds = [one for one in kinds if name_of(one) == told.get(KIND)]
    elif {date, datetime} <= set(kinds) and isinstance(told, str):
        kinds = [date if _DAY.fullmatch(told) else datetime]
    if len(kinds) != 1:
        known = ", ".join(sorted(name for one in args if (name := name_of(one))))
        given = f"type {told.get(KIND)!r}" if isinstance(told, dict) else repr(told)
        raise UnreadableDocument(where, given, f"one of {known} is expected")
    return value_of(kinds[0], told, where)


def _sequence(args: tuple[Any, ...], told: Any, where: str) -> tuple[object, ...]:  # noqa: ANN401  # JSON
    if not isinstance(told, list):
        raise UnreadableDocument(where, repr(told), "a list is expected")
    of = [args[0]] * len(told) if args[-1] is ... else list(args)
    if len(of) != len(told):
        raise UnreadableDocument(where, f"{len(told)} entries", f"{len(of)} are expected")
    pairs = enumerate(zip(of, told, strict=True))
    return tuple(value_of(hint, one, f"{where}[{place}]") for place, (hint, one) in pairs)


def _named(hint: Any, told: Any, where: str) -> dict[str, object]:  # noqa: ANN401  # a type form, and JSON
    if not isinstance(told, dict):
        raise UnreadableDocument(where, repr(told), "named values are expected")
    return {name: value_of(hint, one, f"{where}.{name}") for name, one in told.items()}


def _shape(shape: type, told: Any, where: str) -> object:  # noqa: ANN401  # JSON
    if not isinstance(told, dict) or shape_named(told.get(KIND)) is not shape:
        raise UnreadableDocument(where, "another type", f"a {name_of(shape)} is expected")
    known = hints(shape)
    for name in told:
        if name != KIND and name not in known:
            wanted = "this program does not know it; a newer medsched may"
            raise UnreadableDocument(f"{where}.{name}", "an unknown field", wanted)
    given = {
        name: value_of(hint, told[name], f"{where}.{name}")
        for name, hint in known.items()
        if name in told
    }
    for name in required(shape):
        if name not in given:
            raise UnreadableDocument(f"{where}.{name}", "nothing", "a value is expected")
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
