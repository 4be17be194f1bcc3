"""Claims about the whole repository; each failure lists every offender."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from grimp import build_graph

from medsched.cli.main import COMMANDS

REPO = Path(__file__).resolve().parents[2]
SRC = REPO / "src" / "medsched"
MODULES = sorted(SRC.rglob("*.py"))
LOCKS = sorted((REPO / "requirements").glob("*.txt"))

LONGEST_MODULE = 300
LONGEST_FUNCTION = 50
LONGEST_WITHOUT_DOCSTRING = 15
INDEX_ADDRESS = re.compile(r"https?://\S*(?:pythonhosted|pypi\b|/simple\b)", re.IGNORECASE)
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|NotImplementedError)\b")


def shown(path: Path) -> str:
    return str(path.relative_to(REPO))


def assert_none(offenders: list[str]) -> None:
    """Fail with the whole list, which pytest would cut short."""
    if offenders:
        pytest.fail(f"{len(offenders)} offenders:\n" + "\n".join(offenders), pytrace=False)


def tracked_files() -> list[Path]:
    """Return the files that git knows; where there is no git, nothing can be said."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPO, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("no git repository here")
    paths = [REPO / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def lines_matching(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{shown(path)}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def names_in(value: object) -> set[str]:
    """Return every string in a TOML value."""
    match value:
        case str():
            return {value}
        case list():
            return {name for each in value for name in names_in(each)}
        case _:
            return set()


def drug_names() -> set[str]:
    """Return what the shipped protocols call their drugs: ids, names, brands, look-alikes."""
    names: set[str] = set()
    for path in (REPO / "config" / "protocols").glob("*.toml"):
        tables = tomllib.loads(path.read_text())
        protocol, medication = tables.get("protocol", {}), tables.get("medication", {})
        names |= {path.stem} | names_in([medication.get("name"), medication.get("ingredient")])
        names |= names_in([protocol.get(key) for key in ("id", "also_called", "look_alikes")])
    return names


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function from its `def` on, without its docstring."""
    whole = (function.end_lineno or 0) - function.lineno + 1
    if ast.get_docstring(function) is None:
        return whole
    first = function.body[0]
    return whole - ((first.end_lineno or 0) - first.lineno + 1)


def test_no_drug_is_named_in_the_source() -> None:
    names = drug_names()
    if not names:
        pytest.skip("no protocol is shipped yet")
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b", re.IGNORECASE)
    assert_none(lines_matching(pattern, MODULES))


def test_every_module_opens_with_its_idea() -> None:
    offenders = [
        shown(path)
        for path in MODULES
        if len((text := path.read_text()).splitlines()) > LONGEST_WITHOUT_DOCSTRING
        and ast.get_docstring(ast.parse(text)) is None
    ]
    assert_none(offenders)


def test_every_module_is_short() -> None:
    lengths = {shown(path): len(path.read_text().splitlines()) for path in MODULES}
    assert_none([f"{path}: {n} lines" for path, n in lengths.items() if n > LONGEST_MODULE])


def test_every_function_is_short() -> None:
    lengths = {
        f"{shown(path)}:{node.lineno} {node.name}": body_lines(node)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert_none([f"{name}: {n} lines" for name, n in lengths.items() if n > LONGEST_FUNCTION])


def test_nothing_in_the_source_is_unfinished() -> None:
    assert_none(lines_matching(UNFINISHED, MODULES))


def imported_by_tests() -> set[str]:
    """Return what the test files name in their imports: modules, and names within them."""
    named: set[str] = set()
    for path in (REPO / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.ImportFrom(module=str(module), names=names):
                    named |= {module} | {f"{module}.{each.name}" for each in names}
                case ast.Import(names=names):
                    named |= {each.name for each in names}
                case _:
                    pass
    return named


def test_every_module_is_reached_by_the_tests() -> None:
    graph = build_graph("medsched", cache_dir=None)
    commands = {f"medsched.cli.{place.partition(':')[0]}" for place, _ in COMMANDS.values()}
    reached: set[str] = set()
    waiting = (imported_by_tests() | commands) & graph.modules
    while waiting:
        reached |= waiting
        waiting = {
            module for each in waiting for module in graph.find_modules_directly_imported_by(each)
        } - reached
    not_imported = ("__init__", "__main__")
    modules = {
        ".".join(path.relative_to(REPO / "src").with_suffix("").parts)
        for path in MODULES
        if path.stem not in not_imported and "migrations" not in path.parts
    }
    assert_none(sorted(modules - reached))


def test_no_tracked_file_holds_the_address_of_a_package_index() -> None:
    assert_none(lines_matching(INDEX_ADDRESS, tracked_files()))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_every_version_with_a_hash_and_names_no_place(lock: Path) -> None:
    text = lock.read_text()
    entries = re.sub(r"\\\n\s*", "", re.sub(r"(?m)^#.*\n", "", text)).splitlines()
    pinned = re.compile(r"^[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+ .*--hash=sha256:[0-9a-f]{64}")
    assert entries
    assert_none([entry[:60] for entry in entries if not pinned.match(entry)])
    assert_none(re.findall(r"https?:|-index|find-links|file:|@ ", text))


def test_what_is_left_out_is_in_no_lock_nor_what_only_it_brings() -> None:
    told = (REPO / "scripts" / "lib" / "left-out.txt").read_text().splitlines()
    left_out = [line for line in told if line and not line.startswith("#")]
    assert left_out == ["niquests"]
    for name in (*left_out, "urllib3-future"):
        assert_none([lock.name for lock in LOCKS if f"\n{name}==" in lock.read_text()])


def test_the_locks_agree_with_one_another() -> None:
    pins = re.compile(r"(?m)^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;]+)")
    whole = set(pins.findall((REPO / "requirements" / "dev.txt").read_text()))
    for lock in LOCKS:
        assert set(pins.findall(lock.read_text())) - whole == set(), lock.name
