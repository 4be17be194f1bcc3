"""Protocols by name, by brand, by path; nothing is kept between calls."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from tests.unit.protocols.files import OWN, REPO, VALID

from medsched.errors import Exit, FileProblems
from medsched.protocols import (
    ExcludedMedicine,
    UnknownProtocol,
    UnreadableFile,
    exclusions,
    load,
    read_kept,
    shipped_protocols,
)

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Return a folder of rules with one medicine and one that is excluded."""
    (tmp_path / "protocols").mkdir()
    (tmp_path / "protocols" / "examplamine.toml").write_text(VALID)
    (tmp_path / "protocols" / "banned.toml").write_text(
        '# why\n[excluded]\nid = "banned"\nnames = ["Banned"]\nreason = "it is special"\n'
    )
    policies = (REPO / "config" / "missed_policies.toml").read_text()
    (tmp_path / "missed_policies.toml").write_text(policies)
    return tmp_path


def test_what_is_excluded_is_not_on_the_list(shelf: Path) -> None:
    assert shipped_protocols(shelf) == ["examplamine"]
    assert [one.id for one in exclusions(shelf)] == ["banned"]


@pytest.mark.parametrize("name", ["examplamine", "Examplamine", " EXAMPLAMINE ", "examplex"])
def test_a_protocol_is_found_by_id_name_and_brand_in_any_case(shelf: Path, name: str) -> None:
    protocol, text = load(name, root=shelf)
    assert protocol.id == "examplamine"
    assert text == VALID


def test_an_unknown_name_is_refused_with_the_nearest(shelf: Path) -> None:
    with pytest.raises(UnknownProtocol, match=r"use examplamine$") as refused:
        load("examplamin", root=shelf)
    assert refused.value.nearest == ("examplamine",)
    assert refused.value.exit_code is Exit.REFUSED


def test_a_look_alike_is_never_offered_as_a_spelling(shelf: Path) -> None:
    with pytest.raises(UnknownProtocol, match="examplamine is another medicine") as refused:
        load("examplamide", root=shelf)
    assert refused.value.nearest == ()


def test_a_name_like_nothing_tells_where_the_names_are(shelf: Path) -> None:
    with pytest.raises(UnknownProtocol, match="medsched protocols list"):
        load("zzz", root=shelf)


@pytest.mark.parametrize("name", ["banned", "Banned", "banned 5 mg"])
def test_an_excluded_medicine_is_refused_by_any_of_its_names(shelf: Path, name: str) -> None:
    with pytest.raises(ExcludedMedicine, match="it is special"):
        load(name, root=shelf)


def test_an_own_regimen_of_an_excluded_medicine_is_refused(shelf: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(OWN.replace("my tablets", "Banned forte"))
    with pytest.raises(ExcludedMedicine, match="Banned forte"):
        load(str(file), root=shelf)


def test_a_file_is_read_by_its_path_and_its_text_comes_back(shelf: Path, tmp_path: Path) -> None:
    file = tmp_path / "my plan.toml"
    file.write_text(OWN)
    protocol, text = load(str(file), root=shelf)
    assert protocol.own
    assert protocol.id == "my plan"
    assert text == OWN
    assert read_kept(text, protocol=protocol.id, root=shelf) == protocol


def test_a_file_with_a_byte_order_mark_is_kept_without_it(shelf: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"\xef\xbb\xbf" + OWN.encode())
    protocol, text = load(str(file), root=shelf)
    assert read_kept(text, protocol="mine", root=shelf).digest == protocol.digest


@pytest.mark.parametrize("name", ["nothing.toml", "no/such", "folder.toml", "a\0b.toml"])
def test_a_file_that_cannot_be_read_is_told_in_one_line(
    shelf: Path, tmp_path: Path, name: str
) -> None:
    (tmp_path / "folder.toml").mkdir()
    with pytest.raises(UnreadableFile, match="cannot be read") as refused:
        load(str(tmp_path / name), root=shelf)
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code is Exit.BAD_FILE


def test_a_changed_file_is_read_anew(shelf: Path) -> None:
    before, _ = load("examplamine", root=shelf)
    file = shelf / "protocols" / "examplamine.toml"
    file.write_text(VALID.replace("1.0.0", "1.0.1"))
    after, _ = load("examplamine", root=shelf)
    assert (before.version, after.version) == ("1.0.0", "1.0.1")
    assert before.digest != after.digest


def test_mistakes_of_a_shipped_file_are_listed_with_its_name(shelf: Path) -> None:
    (shelf / "protocols" / "examplamine.toml").write_text(VALID.replace("12.5 mg", "12.5mm"))
    with pytest.raises(FileProblems, match=r"^examplamine\.toml: "):
        load("examplamine", root=shelf)


def test_the_flagship_is_read_within_the_time_of_a_keystroke() -> None:
    load("milnacipran")
    spent = []
    for _ in range(5):
        begin = time.perf_counter()
        load("milnacipran")
        spent.append(time.perf_counter() - begin)
    # 9 ms on an idle machine; a busy one gets ten times as much before it fails.
    assert min(spent) < 0.15
