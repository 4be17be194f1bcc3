"""Lines of a file of patients: what is read, and what is told about what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medsched.cli.clinic_lines import BadLine, Line, UnreadablePatients, read_lines

if TYPE_CHECKING:
    from pathlib import Path


def read(folder: Path, text: str, name: str = "people.csv") -> list[Line | BadLine]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return list(read_lines(path))


def test_a_line_is_its_filled_cells_by_column(tmp_path: Path) -> None:
    found = read(tmp_path, "name,zone,born\nAnna, UTC ,\nBen,UTC,1980-01-01\n")
    assert [(one.number, one.cells) for one in found if isinstance(one, Line)] == [
        (2, {"name": "Anna", "zone": "UTC"}),
        (3, {"name": "Ben", "zone": "UTC", "born": "1980-01-01"}),
    ]
    assert found[-1].read == len("name,zone,born\nAnna, UTC ,\nBen,UTC,1980-01-01\n")


def test_a_cell_may_hold_commas_quotes_and_line_breaks(tmp_path: Path) -> None:
    text = 'name,zone,at\n"A ""B""\nC",UTC,"08:00,20:00"\nD,UTC,\n'
    first, second = read(tmp_path, text)
    assert isinstance(first, Line)
    assert (first.number, first.cells["name"]) == (2, 'A "B"\nC')
    assert second.number == 4


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    """With a mark at its beginning, other line ends, and empty lines."""
    found = read(tmp_path, "\ufeffname,zone\r\n\r\nAnna,UTC\r\n")
    assert [one.number for one in found] == [3]


def test_the_lines_after_a_bad_one_are_read_all_the_same(tmp_path: Path) -> None:
    found = read(tmp_path, "name,zone\nAnna\nBen,UTC,more\nCleo,UTC\n")
    assert [str(one) for one in found if isinstance(one, BadLine)] == [
        "line 2: 1 cells; the first line names 2 columns",
        "line 3: 3 cells; the first line names 2 columns",
    ]
    assert isinstance(found[-1], Line)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON;"),
        ("[" * 100_000, "no JSON;"),
        ("[1]", "no JSON object"),
        ('{"colour": "red"}', "'colour' is not known"),
        ('{"name": {"first": "Anna"}}', "name holds no text"),
        ('{"name": ["Anna"]}', "name holds no text"),
        ('{"at": [true]}', "at holds no text"),
    ],
)
def test_a_bad_line_of_json_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (found,) = read(tmp_path, f"{text}\n", "people.jsonl")
    assert isinstance(found, BadLine)
    assert said in found.message


def test_json_holds_numbers_truth_and_lists_as_the_cells_would(tmp_path: Path) -> None:
    text = (
        '{"name": "Anna", "crcl": 45.50, "dialysis": false, "at": ["08:00", "20:00"], "sex": null}'
    )
    (found,) = read(tmp_path, f"\n{text}\n", "people.jsonl")
    assert isinstance(found, Line)
    assert (found.number, found.cells) == (
        2,
        {"name": "Anna", "crcl": "45.50", "dialysis": "no", "at": "08:00,20:00"},
    )


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePatients, match="'name' and 'zone'"):
        read(tmp_path, "name\nAnna\n")
