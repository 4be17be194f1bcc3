"""Values: what a frozen dataclass is, each method written when it is first called.

`dataclasses` writes and compiles six methods for each class as it is defined, and loads
`inspect` for that. There are hundreds of classes, and most of a command's are never made:
a page of today spent a fifth of its time on their methods. So a class is read and slotted
here, and what the library would have written is written here, to the same effect, but
later. The library knows such a class as one of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform, overload

from medsched.frozen_methods import MISSING, SHARED

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import field, fields, replace

__all__ = ["field", "fields", "frozen", "is_frozen", "replace", "required"]

Value = TypeVar("Value")


class Field:
    """One field of a class; what is left out of it is what `dataclasses.field` has besides.

    Attributes:
        name: Its name. type: Its annotation, as it is written.
        default: Its default, `MISSING` without one. default_factory: What makes one.
        repr: Whether it is shown. compare: Whether equality and hash go by it.
        kw_only: Whether it is named where a value is made.
    """

    __slots__ = ("compare", "default", "default_factory", "kw_only", "name", "repr", "type")

    def __init__(
        self, default: object, default_factory: object, *, shown: bool, compare: bool
    ) -> None:
        self.default, self.default_factory = default, default_factory
        self.repr, self.compare = shown, compare
        self.name, self.type, self.kw_only = "", "", True


if not TYPE_CHECKING:

    def field(
        *,
        default: object = MISSING,
        default_factory: object = MISSING,
        repr: bool = True,  # noqa: A002  # the library's name
        compare: bool = True,
    ) -> Field:
        """Say more of a field than its type, as `dataclasses.field` does."""
        return Field(default, default_factory, shown=repr, compare=compare)

    def fields(value: object) -> tuple[Field, ...]:
        """Return the fields of a value or of its class, in order."""
        return tuple(value.__frozen_fields__.values())

    def replace(value: Value, /, **changes: object) -> Value:
        """Return a value like this one but for some fields."""
        for name in value.__frozen_fields__:
            if name not in changes:
                changes[name] = getattr(value, name)
        return type(value)(**changes)


def is_frozen(kind: object) -> bool:
    """Return whether it is such a value, or the class of one."""
    return hasattr(kind, "__frozen_fields__")


def required(kind: Any) -> tuple[str, ...]:  # noqa: ANN401  # a decorated class
    """Return the names of the fields without which no value can be made, in order."""
    every = kind.__frozen_fields__.values()
    return tuple(
        one.name for one in every if one.default is MISSING and one.default_factory is MISSING
    )


@overload
def frozen(kind: type[Value], /) -> type[Value]: ...


@overload
def frozen(*, kw_only: bool = ...) -> Callable[[type[Value]], type[Value]]: ...


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen(
    kind: type[Value] | None = None, /, *, kw_only: bool = True
) -> type[Value] | Callable[[type[Value]], type[Value]]:
    """Make a class a value: slotted, never changed, equal to what holds the same.

    It is what `dataclass(frozen=True, slots=True)` makes of the class, for the library as
    well: its `fields`, `replace` and `is_dataclass` know it, and to set or delete a field
    of a value is its `FrozenInstanceError`.

    Args:
        kind: The class, with annotated fields.
        kw_only: Whether its fields are named where a value is made.

    Raises:
        TypeError: a default that all values would share and could change, or a field
            that was made by the library.

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
    """Return the class again with slots, which a class that is there already cannot get."""
    body = dict(kind.__dict__)
    inherited: dict[str, Field] = {}
    for base in kind.__mro__[:0:-1]:
        inherited |= base.__dict__.get("__frozen_fields__", {})
    own = {
        name: _field_of(kind, name, told, body.pop(name, MISSING), kw_only)
        for name, told in body.get("__annotations__", {}).items()
    }
    for name in ("__dict__", "__weakref__"):
        body.pop(name, None)
    every = inherited | own
    body = SHARED | body
    body["__frozen_fields__"] = every
    body["__slots__"] = tuple(name for name in own if name not in inherited)
    body["__match_args__"] = tuple(name for name, one in every.items() if not one.kw_only)
    remake: Any = type(kind)
    made = remake(kind.__name__, kind.__bases__, body)
    made.__qualname__ = kind.__qualname__
    return made  # type: ignore[no-any-return]  # the same kind


def _field_of(kind: type, name: str, told: str, given: Any, kw_only: bool) -> Field:  # noqa: ANN401, FBT001  # any default; from one place
    one = given if isinstance(given, Field) else Field(given, MISSING, shown=True, compare=True)
    if type(one.default).__module__ == "dataclasses":
        raise TypeError(f"{kind.__qualname__}.{name}: use medsched.frozen.field")
    if type(one.default).__hash__ is None:
        raise TypeError(f"{kind.__qualname__}.{name}: all values would share this default")
    one.name, one.type, one.kw_only = name, told, kw_only
    return one
