"""Values: what a frozen dataclass is, each method written when it is first called.

`dataclasses` writes and compiles six methods for each class as it is defined. There are
hundreds of classes, most of a command's are never made, and a page of today spent a
fifth of its time on their methods.
"""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, field, fields
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

    It is what `dataclass(frozen=True, slots=True)` makes of the class, by the same library:
    `fields`, `replace` and `is_dataclass` know it, and to set or delete a field of a value
    is `FrozenInstanceError`.

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


# --- methods that the library writes, when they are first called ------------------


def _write(value: object, *names: str, **wanted: bool) -> None:
    """Put methods of a value's class in the place of those below.

    The library writes them for another class of the same fields, because one with slots
    does not hold its defaults any more.
    """
    kind: Any = next(one for one in type(value).__mro__ if "__dataclass_fields__" in one.__dict__)
    same: dict[str, Any] = {one.name: one for one in fields(kind)}
    same["__annotations__"] = {one.name: one.type for one in fields(kind)}
    same["__module__"], same["__qualname__"] = kind.__module__, kind.__qualname__
    if hasattr(kind, "__post_init__"):
        same["__post_init__"] = kind.__post_init__
    options = {"init": False, "repr": False, "eq": False} | wanted
    twin: type = dataclass(**options)(type(kind.__name__, (), same))
    for name in names:
        if kind.__dict__[name] is _SHARED[name]:
            setattr(kind, name, twin.__dict__[name])


def _init(self: object, *given: object, **named: object) -> None:
    _write(self, "__init__", init=True, frozen=True)
    self.__init__(*given, **named)  # type: ignore[misc]  # the one that was written


def _repr(self: object) -> str:
    _write(self, "__repr__", repr=True)
    return repr(self)


def _equal(self: object, other: object) -> bool:
    _write(self, "__eq__", "__hash__", eq=True, unsafe_hash=True)
    return self.__eq__(other)


def _hash(self: object) -> int:
    _write(self, "__eq__", "__hash__", eq=True, unsafe_hash=True)
    return hash(self)


# --- methods that are the same for all --------------------------------------------


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
