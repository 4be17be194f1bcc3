"""The methods of a value: some are the same for all, some are written when first called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable


class _Missing:
    """Where no default is."""


MISSING: Final[Any] = _Missing()


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
    kind = _owner(type(value))
    known: dict[str, Any] = {}
    exec(source(kind, known), known)  # noqa: S102  # names of fields, as `dataclasses` does it
    known[name].__qualname__ = f"{kind.__qualname__}.{name}"
    setattr(kind, name, known[name])


def _owner(kind: type) -> Any:  # noqa: ANN401  # a decorated class
    """Return the class that was decorated: this one, or the one that it is derived from."""
    return next(one for one in kind.__mro__ if "__frozen_fields__" in one.__dict__)


def _init_of(kind: Any, known: dict[str, object]) -> str:  # noqa: ANN401  # a decorated class
    known |= {"_put": object.__setattr__, "_MISSING": MISSING}
    asked, lines = ["self"], []
    for one in kind.__frozen_fields__.values():
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
    names = (one.name for one in kind.__frozen_fields__.values() if one.compare)
    return f"({''.join(f'{value}.{name}, ' for name in names)})"


# --- methods that are the same for all --------------------------------------------


def _repr(self: Any) -> str:  # noqa: ANN401  # any value
    shown = (one.name for one in self.__frozen_fields__.values() if one.repr)
    told = (f"{name}={getattr(self, name)!r}" for name in shown)
    return f"{type(self).__qualname__}({', '.join(told)})"


def _never_set(_self: object, name: str, _value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _never_delete(_self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:  # noqa: ANN401  # any value
    return [getattr(self, name) for name in self.__frozen_fields__]


def _restore(self: Any, state: list[object]) -> None:  # noqa: ANN401  # any value
    for name, value in zip(self.__frozen_fields__, state, strict=True):
        object.__setattr__(self, name, value)


class _ForTheLibrary:
    """What `dataclasses` keeps of a class under this name, made when it asks."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __get__(self, _value: object, kind: type) -> Any:  # noqa: ANN401  # the library's
        owner = _owner(kind)
        setattr(owner, self._name, getattr(_twin(owner), self._name))
        return getattr(owner, self._name)


def _twin(kind: Any) -> type:  # noqa: ANN401  # a decorated class
    """Return a class of the library with the same fields."""
    import dataclasses as library

    def known(value: object) -> Any:  # noqa: ANN401  # any default
        return library.MISSING if value is MISSING else value

    every = []
    for one in kind.__frozen_fields__.values():
        told: Any = library.field(
            default=known(one.default),
            default_factory=known(one.default_factory),
            repr=one.repr,
            compare=one.compare,
            kw_only=one.kw_only,
        )
        every.append((one.name, one.type, told))
    return library.make_dataclass(kind.__name__, every, frozen=True, slots=True)


SHARED: Final[dict[str, Any]] = {
    "__init__": _init,
    "__repr__": _repr,
    "__eq__": _equal,
    "__hash__": _hash,
    "__setattr__": _never_set,
    "__delattr__": _never_delete,
    "__getstate__": _state,
    "__setstate__": _restore,
    "__dataclass_fields__": _ForTheLibrary("__dataclass_fields__"),
    "__dataclass_params__": _ForTheLibrary("__dataclass_params__"),
}
