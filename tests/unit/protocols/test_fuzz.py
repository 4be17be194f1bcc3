"""Whatever a file holds: a protocol, or all of its mistakes; never a traceback, never a guess."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING, Any

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.unit.protocols.files import OWN, POLICIES, REPO, VALID

from medsched.errors import FileProblems
from medsched.protocols import ExcludedMedicine, read_policies
from medsched.protocols.read import read_protocol

if TYPE_CHECKING:
    from medsched.domain.protocol import Protocol

FLAGSHIP = (REPO / "config" / "protocols" / "milnacipran.toml").read_text()
POLICY_TEXT = (REPO / "config" / "missed_policies.toml").read_text()
NAMES = {VALID: "examplamine.toml", OWN: "mine.toml", FLAGSHIP: "milnacipran.toml"}


def read(source: bytes | str, file: str = "examplamine.toml") -> Protocol | None:
    """Return the protocol, or None after checking that its mistakes can be shown."""
    try:
        return read_protocol(source, file=file, policies=POLICIES)
    except FileProblems as refused:
        check_lines(refused)
    except ExcludedMedicine:
        pass
    return None


def check_lines(refused: FileProblems) -> None:
    assert refused.problems
    for problem in refused.problems:
        line = str(problem)
        assert line
        assert line.isprintable() or "\u00a0" in line, line
        assert "\n" not in line
        assert len(line) < 600, line


# --- anything at all ------------------------------------------------------------


@given(st.binary(max_size=400))
def test_any_bytes(source: bytes) -> None:
    assert read(source) is None


@given(st.text(max_size=400))
def test_any_text(source: str) -> None:
    assert read(source) is None


# --- valid files with slips of the pen ------------------------------------------

SLIPS = st.sampled_from(["delete", "insert", "replace", "drop line", "double line", "swap lines"])
SIGNS = st.sampled_from(list("0123456789.-\"'[]{}=,# \n\tabzmgMG%/µé€ â\u202e\x00\\"))


@given(
    text=st.sampled_from([VALID, OWN, FLAGSHIP]),
    slips=st.lists(st.tuples(SLIPS, st.floats(0, 0.999), SIGNS), min_size=1, max_size=4),
)
def test_a_file_with_slips_of_the_pen(text: str, slips: list[tuple[str, float, str]]) -> None:
    changed = text
    for slip, share, sign in slips:
        changed = slipped(changed, slip, share, sign)
    read(changed, NAMES[text])


def slipped(text: str, slip: str, share: float, sign: str) -> str:
    """Return a text with one slip at a share of its length."""
    place = int(share * len(text))
    lines = text.split("\n")
    line = int(share * len(lines))
    match slip:
        case "delete":
            return text[:place] + text[place + 1 :]
        case "insert":
            return text[:place] + sign + text[place:]
        case "replace":
            return text[:place] + sign + text[place + 1 :]
        case "drop line":
            return "\n".join(lines[:line] + lines[line + 1 :])
        case "double line":
            return "\n".join([*lines[: line + 1], *lines[line:]])
        case _:
            other = (line * 7 + 3) % max(1, len(lines))
            lines[line], lines[other] = lines[other], lines[line]
            return "\n".join(lines)


@given(data=st.data(), digit=st.sampled_from("0123456789"))
def test_a_wrong_digit_in_a_dose_or_its_total_is_never_accepted(data: Any, digit: str) -> None:
    places = [
        start + offset
        for start, line in starts(FLAGSHIP)
        if line.startswith(("dose = ", "daily_total = "))
        for offset, sign in enumerate(line)
        if sign.isdigit()
    ]
    place = data.draw(st.sampled_from(places))
    assume(FLAGSHIP[place] != digit)
    assert read(FLAGSHIP[:place] + digit + FLAGSHIP[place + 1 :], "milnacipran.toml") is None


def starts(text: str) -> list[tuple[int, str]]:
    """Return each line with its place in a text."""
    found, place = [], 0
    for line in text.split("\n"):
        found.append((place, line))
        place += len(line) + 1
    return found


@given(
    data=st.data(),
    unit=st.sampled_from(["mcg", "g", "mL", "units", "tablet", "", "MGS", "mg a day", "hours"]),
)
def test_a_wrong_unit_of_a_dose_is_never_accepted(data: Any, unit: str) -> None:
    lines = [one for _, one in starts(FLAGSHIP) if one.startswith(("dose = ", "strengths", "per_"))]
    line = data.draw(st.sampled_from(lines))
    wrong = line.replace(" mg", f" {unit}" if unit else "")
    assert read(FLAGSHIP.replace(line, wrong, 1), "milnacipran.toml") is None


# --- any structure of known and unknown keys ------------------------------------


def keys_of(value: object) -> set[str]:
    match value:
        case dict():
            return set(value).union(*(keys_of(one) for one in value.values()))
        case list():
            return set().union(*(keys_of(one) for one in value))
        case _:
            return set()


def texts_of(value: object) -> set[str]:
    match value:
        case dict():
            return set().union(*(texts_of(one) for one in value.values()))
        case list():
            return set().union(*(texts_of(one) for one in value))
        case str():
            return {value}
        case _:
            return set()


PARSED = [tomllib.loads(text) for text in (VALID, OWN, FLAGSHIP)]
KEYS = st.sampled_from(sorted(keys_of(PARSED) | keys_of(tomllib.loads(POLICY_TEXT))))
SCALARS = (
    st.sampled_from(sorted(texts_of(PARSED)))
    | st.text(max_size=8)
    | st.integers(-(10**20), 10**20)
    | st.integers(-3, 40)
    | st.floats()
    | st.booleans()
    | st.dates(min_value=date(1, 1, 1))
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def toml(value: object) -> str:
    """Return a value as TOML in one line."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return (
                '"'
                + "".join(f"\\U{ord(one):08X}" if not one.isalnum() else one for one in value)
                + '"'
            )
        case list():
            return "[" + ", ".join(toml(one) for one in value) + "]"
        case dict():
            return "{" + ", ".join(f"{toml(key)} = {toml(one)}" for key, one in value.items()) + "}"
        case date():
            return f"{value:%Y-%m-%d}".rjust(10, "0")
        case _:
            return str(value)


def document(values: dict[str, Any]) -> str:
    return "\n".join(f"{toml(key)} = {toml(value)}" for key, value in values.items())


@given(st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_structure_of_known_keys(values: dict[str, Any]) -> None:
    read(document(values))


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_structure_as_an_own_regimen(values: dict[str, Any]) -> None:
    read(document({"own": True} | values), "mine.toml")


@given(base=st.sampled_from(PARSED), data=st.data(), value=VALUES)
def test_a_valid_file_with_any_value_at_any_place(
    base: dict[str, Any], data: Any, value: Any
) -> None:
    read(document(replaced(base, data, value)))


@given(base=st.sampled_from(PARSED), data=st.data(), key=KEYS, value=VALUES)
def test_a_valid_file_with_any_key_more(
    base: dict[str, Any], data: Any, key: str, value: Any
) -> None:
    changed = dict(base)
    section = data.draw(
        st.sampled_from(sorted(name for name in base if isinstance(base[name], dict)))
    )
    changed[section] = {**base[section], key: value}
    read(document(changed))


def replaced(node: Any, data: Any, value: Any) -> Any:
    """Return a copy of a nested value with one drawn place replaced."""
    if isinstance(node, dict) and node:
        key = data.draw(st.sampled_from(sorted(node)))
        return {**node, key: replaced(node[key], data, value)}
    if isinstance(node, list) and node:
        place = data.draw(st.integers(0, len(node) - 1))
        return [*node[:place], replaced(node[place], data, value), *node[place + 1 :]]
    return value


@given(base=st.just(tomllib.loads(POLICY_TEXT)), data=st.data(), value=VALUES)
def test_a_policy_file_with_any_value_at_any_place(
    base: dict[str, Any], data: Any, value: Any
) -> None:
    try:
        found = read_policies(document(replaced(base, data, value)), file="p.toml")
    except FileProblems as refused:
        check_lines(refused)
    else:
        assert found
