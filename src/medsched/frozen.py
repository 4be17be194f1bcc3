"""Values: what a frozen dataclass is, each method written when it is first called.

`dataclasses` writes and compiles six methods for each class as it is defined. There are
hundreds of classes, most of a command's are never made, and a page of today spent a
fifth of its time on their methods. The library still reads the fields and makes the
slots; what it would have written is written here, to the same effect, but later.
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from typing import TYPE_CHECKING, Any, Final, TypeVar, dataclass_transform, overload

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import DataclassInstance

Value = TypeVar("Value")


@overload
def frozen(kind: type[Value], /) -> type[Value]: ...


@overload
def frozen(*, kw_only: bool = ...) -> Callable[[type[Value]], type[Value]]: ...


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(
    kind: type[Value] | None = None, /, *, kw_only: bool = True
) -> type[Value] | Callable[[type[Value]], type[Value]]:
    """Make a class a value: slotted, never changed, equal to what holds the same.

    It is what `dataclass(frozen=True, slots=True)` makes of the class: `fields`, `replace`
    and `is_dataclass` know it, and to set or delete a field of a value is
    `FrozenInstanceError`.

    Args:
        kind: The class, with annotated fields.
        kw_only: Whether its fields are named where a value is made.

    >>> @frozen
    ... class Tablet:
    ...     milligrams: int
    >>> Tablet(milligrams=50)
    Tablet(milligrams=50)
    >>> Tablet(milligrams=50) == Tablet(milligrams=50)
    True
    """
    if kind is None:
        return lambda decorated: _made(decorated, kw_only)
    return _made(kind, kw_only)


def _made(kind: type[Value], kw_only: bool) -> type[Value]:  # noqa: FBT001  # from one place
    for name, method in _SHARED.items():
        if name not in kind.__dict__:
            setattr(kind, name, method)
    return dataclass(kind, init=False, repr=False, eq=False, slots=True, kw_only=kw_only)


# --- methods that are written for a class when it first needs them -----------------


def _init(self: object, *given: object, **named: object) -> None:
    _write(self, "__init__", _init_of)
    self.__init__(*given, **named)  # type: ignore[misc]  # the one that was written


def _equal(self: object, other: object) -> bool:
    _write(self, "__eq__", _equal_of)
    return self.__eq__(other)


def _hash(self: object) -> int:
    _write(self, "__hash__", _hash_of)
    return hash(self)


def _write(value: object, name: str, source: Callable[[Any, dict[str, object]], str]) -> None:
    """Write one method of a value's class and put it in the place of the one above."""
    kind: Any = next(one for one in type(value).__mro__ if "__dataclass_fields__" in one.__dict__)
    known: dict[str, Any] = {}
    exec(source(kind, known), known)  # noqa: S102  # names of fields, as `dataclasses` does it
    known[name].__qualname__ = f"{kind.__qualname__}.{name}"
    setattr(kind, name, known[name])


def _init_of(kind: Any, known: dict[str, object]) -> str:  # noqa: ANN401  # a decorated class
    known |= {"_put": object.__setattr__, "_MISSING": MISSING}
    asked, lines = ["self"], []
    for one in fields(kind):
        name, given = one.name, one.name
        if one.kw_only and "*" not in asked:
            asked.append("*")
        if one.default is not MISSING:
            known[f"_default_{name}"] = one.default
            asked.append(f"{name}=_default_{name}")
        elif one.default_factory is not MISSING:
            known[f"_make_{name}"] = one.default_factory
            asked.append(f"{name}=_MISSING")
            given = f"_make_{name}() if {name} is _MISSING else {name}"
        else:
            asked.append(name)
        lines.append(f"_put(self, {name!r}, {given})")
    if hasattr(kind, "__post_init__"):
        lines.append("self.__post_init__()")
    return f"def __init__({', '.join(asked)}):\n {'; '.join(lines or ['pass'])}"


def _equal_of(kind: Any, _known: dict[str, object]) -> str:  # noqa: ANN401  # a decorated class
    return (
        "def __eq__(self, other):\n"
        " if other.__class__ is not self.__class__: return NotImplemented\n"
        f" return {_compared(kind, 'self')} == {_compared(kind, 'other')}"
    )


def _hash_of(kind: Any, _known: dict[str, object]) -> str:  # noqa: ANN401  # a decorated class
    return f"def __hash__(self): return hash({_compared(kind, 'self')})"


def _compared(kind: Any, value: str) -> str:  # noqa: ANN401  # a decorated class
    return f"({''.join(f'{value}.{one.name}, ' for one in fields(kind) if one.compare)})"


# --- methods that are the same for all --------------------------------------------


def _repr(self: DataclassInstance) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _never_set(_self: object, name: str, _value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _never_delete(_self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: DataclassInstance) -> list[object]:
    return [getattr(self, one.name) for one in fields(self)]


def _restore(self: DataclassInstance, state: list[object]) -> None:
    for one, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)


_SHARED: Final[dict[str, Any]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _never_set,
    "__delattr__": _never_delete,
    "__getstate__": _state,
    "__setstate__": _restore,
}
