from __future__ import annotations

import copy
import dataclasses
import pickle
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, dataclass, is_dataclass
from inspect import signature
from typing import TYPE_CHECKING, Any

import pytest

from medsched.frozen import field, fields, frozen, is_frozen, replace, required

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@frozen
class Tablet:
    milligrams: int
    shape: str = "round"
    marks: list[str] = field(default_factory=list)


@frozen(kw_only=False)
class Blister:
    tablet: Tablet
    count: int = 10


@frozen
class Nothing:
    pass


@frozen
class Pin:
    digits: str = field(repr=False)
    tries: int = field(default=0, compare=False)


def test_a_field_is_set_when_the_value_is_made_and_never_again() -> None:
    made = Tablet(milligrams=50)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'milligrams'"):
        made.milligrams = 100  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'milligrams'"):
        del made.milligrams
    assert made.milligrams == 50


def test_nothing_else_can_be_put_on_a_value() -> None:
    with pytest.raises(AttributeError):
        Nothing().note = "?"  # type: ignore[attr-defined]
    assert not hasattr(Tablet(milligrams=50), "__dict__")


def test_a_value_equals_what_is_of_its_kind_and_holds_the_same() -> None:
    assert Tablet(milligrams=50) == Tablet(milligrams=50, shape="round")
    assert Tablet(milligrams=50) != Tablet(milligrams=50, shape="oval")
    assert Blister(Tablet(milligrams=50)) == Blister(Tablet(milligrams=50), 10)
    assert Nothing() == Nothing()
    assert Pin(digits="1", tries=1) == Pin(digits="1", tries=2)
    assert Pin(digits="1") != Pin(digits="2")


def test_a_value_of_another_kind_is_never_equal() -> None:
    @frozen
    class Capsule:
        milligrams: int
        shape: str = "round"
        marks: list[str] = field(default_factory=list)

    round_one: object = Tablet(milligrams=50)
    assert round_one != Capsule(milligrams=50)
    assert Tablet(milligrams=50).__eq__(50) is NotImplemented


def test_equal_values_are_one_key() -> None:
    first, second = Pin(digits="1", tries=1), Pin(digits="1", tries=2)
    assert hash(first) == hash(second)
    assert len({first, second, Nothing(), Nothing()}) == 2
    with pytest.raises(TypeError, match="unhashable type: 'list'"):
        hash(Tablet(milligrams=50))


def test_each_value_has_a_default_of_its_own() -> None:
    first = Tablet(milligrams=50)
    first.marks.append("M")
    assert Tablet(milligrams=50).marks == []


def test_fields_are_named_unless_the_class_says_otherwise() -> None:
    with pytest.raises(TypeError, match="positional"):
        Tablet(50)  # type: ignore[call-arg]
    assert Blister(Tablet(milligrams=1), 2).count == 2


def test_what_is_shown_leaves_out_what_must_not_be() -> None:
    shown = "Tablet(milligrams=50, shape='round', marks=[])"
    assert repr(Tablet(milligrams=50)) == shown
    assert repr(Blister(Tablet(milligrams=50), 2)) == f"Blister(tablet={shown}, count=2)"
    assert repr(Pin(digits="1234")) == "Pin(tries=0)"


def test_fields_are_told_and_replaced() -> None:
    made = Tablet(milligrams=50)
    assert [one.name for one in fields(made)] == ["milligrams", "shape", "marks"]
    assert required(Tablet) == ("milligrams",)
    assert replace(made, milligrams=25) == Tablet(milligrams=25)
    assert replace(Blister(made), count=3) == Blister(made, 3)
    with pytest.raises(TypeError, match="colour"):
        replace(made, colour="red")  # type: ignore[call-arg]
    assert is_frozen(made)
    assert is_frozen(Tablet)
    assert not is_frozen(50)
    match Blister(made, 3):
        case Blister(tablet, count):
            assert (tablet, count) == (made, 3)


def test_the_library_takes_a_value_for_one_of_its_own() -> None:
    made, pin = Blister(Tablet(milligrams=50), 3), Pin(digits="1")
    assert is_dataclass(made)
    assert is_dataclass(Pin)
    assert [one.name for one in dataclasses.fields(made)] == ["tablet", "count"]
    told = {one.name: (one.repr, one.compare) for one in dataclasses.fields(pin)}
    assert told == {"digits": (False, True), "tries": (True, False)}
    assert dataclasses.replace(made, count=4) == Blister(Tablet(milligrams=50), 4)
    assert dataclasses.asdict(made)["tablet"]["marks"] == []
    with pytest.raises(TypeError, match="cannot inherit non-frozen"):
        dataclass(type("Loose", (Tablet,), {}))


def test_a_value_that_was_derived_from_another_has_the_fields_of_both() -> None:
    @frozen
    class Scored(Tablet):
        lines: int = 1

    made = Scored(milligrams=50, lines=2)
    assert [one.name for one in fields(made)] == ["milligrams", "shape", "marks", "lines"]
    assert made != Scored(milligrams=50)
    assert made != Tablet(milligrams=50)
    assert "lines" not in repr(Tablet(milligrams=50))
    assert not hasattr(made, "__dict__")
    assert [one.name for one in dataclasses.fields(Scored)] == [one.name for one in fields(made)]


def test_a_default_that_all_values_would_share_is_refused() -> None:
    with pytest.raises(TypeError, match=r"Bottle.tablets: all values would share"):

        @frozen
        class Bottle:
            tablets: list[str] = []  # noqa: RUF012  # that is the mistake


def test_a_field_of_the_library_is_refused() -> None:
    """It would be taken for the default itself."""
    with pytest.raises(TypeError, match=r"Bottle.tablets: use medsched.frozen.field"):

        @frozen
        class Bottle:
            tablets: list[str] = dataclasses.field(default_factory=list)


def test_values_load_neither_the_library_nor_inspect() -> None:
    code = (
        "import sys\n"
        "from medsched.frozen import field, frozen, replace\n"
        "@frozen\n"
        "class A:\n"
        "    b: int\n"
        "    c: list[int] = field(default_factory=list)\n"
        "assert replace(A(b=1), b=2) == A(b=2) and hash(A) and repr(A(b=1))\n"
        "print({'dataclasses', 'inspect'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_a_value_survives_being_copied_and_pickled() -> None:
    made = Blister(Tablet(milligrams=50, marks=["M"]), 3)
    for again in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert again == made
        with pytest.raises(FrozenInstanceError):
            again.count = 4  # type: ignore[misc]


def test_a_method_of_the_class_itself_stays() -> None:
    @frozen
    class Secret:
        text: str

        def __repr__(self) -> str:
            return "Secret(...)"

    assert repr(Secret(text="x")) == "Secret(...)"


def test_a_kind_of_a_value_is_a_value_as_well() -> None:
    class Scored(Tablet):
        __slots__ = ()

    made = Scored(milligrams=50)
    assert made == Scored(milligrams=50)
    assert repr(made).endswith("Scored(milligrams=50, shape='round', marks=[])")


def test_what_a_value_refuses_is_refused_from_the_first_one_on() -> None:
    @frozen
    class Positive:
        number: int

        def __post_init__(self) -> None:
            if self.number <= 0:
                raise ValueError(self.number)

    for _ in range(2):
        with pytest.raises(ValueError, match="-1"):
            Positive(number=-1)
        with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'number'"):
            Positive()  # type: ignore[call-arg]
    assert Positive(number=1).number == 1


def test_a_value_is_what_the_library_would_have_made() -> None:
    def kind(made: Callable[[type], Any], field: Callable[..., Any]) -> Any:
        class Dose:
            amount: str
            slot: int = 1
            notes: tuple[str, ...] = field(default_factory=tuple)
            secret: str = field(default="x", repr=False)
            seen: int = field(default=0, compare=False)

        return made(Dose)

    ours = kind(frozen, field)
    theirs = kind(dataclass(frozen=True, slots=True, kw_only=True), dataclasses.field)
    given: list[dict[str, Any]] = [
        {"amount": "50 mg"},
        {"amount": "50 mg", "slot": 2, "notes": ("late",), "secret": "y", "seen": 3},
        {"amount": "50 mg", "seen": 7},
    ]
    for one in given:
        assert repr(ours(**one)) == repr(theirs(**one))
        assert hash(ours(**one)) == hash(theirs(**one))
        assert [ours(**one) == ours(**other) for other in given] == [
            theirs(**one) == theirs(**other) for other in given
        ]
    for wrong in ({}, {"amount": "50 mg", "colour": "red"}):
        with pytest.raises(TypeError) as told:
            theirs(**wrong)
        with pytest.raises(TypeError, match=re.escape(str(told.value))):
            ours(**wrong)
    assert signature(ours).parameters.keys() == signature(theirs).parameters.keys()


def test_every_value_of_the_program_is_made_this_way(repo: Path) -> None:
    files = [one for one in (repo / "src").rglob("*.py") if one.name != "frozen.py"]
    assert [one.name for one in files if "dataclass(frozen" in one.read_text()] == []
