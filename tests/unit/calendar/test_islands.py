"""A file is cut into its components whatever state it is in."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from medsched.calendar.islands import MOST_CHARACTERS, Island, islands, logical_lines

LINES = ("BEGIN:VCALENDAR", "PRODID:p", "BEGIN:VEVENT", "UID:a", "END:VEVENT", "END:VCALENDAR")


def cut(*lines: str, end: str = "\r\n") -> list[Island]:
    return list(islands("".join(line + end for line in lines)))


def test_a_component_comes_with_its_line_its_writer_and_its_text() -> None:
    assert cut(*LINES) == [
        Island(kind="VEVENT", line=3, prodid="p", text="BEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n")
    ]


def test_any_line_end_and_any_case_will_do() -> None:
    for end in ("\n", "\r", "\r\n"):
        assert cut(*LINES, end=end) == cut(*LINES)
    assert cut(*(line.lower() for line in LINES))[0].kind == "VEVENT"


def test_folded_lines_are_joined_and_empty_ones_left_out() -> None:
    assert list(logical_lines("A:b\r\n c\r\n\td\r\n\r\nE:f")) == [(1, "A:bcd"), (5, "E:f")]


def test_parts_of_a_component_stay_in_it() -> None:
    (island,) = cut(*LINES[:4], "BEGIN:VALARM", "UID:b", "END:VALARM", *LINES[4:])
    assert island.text.count("BEGIN") == 2


def test_a_component_without_its_end_comes_with_its_fault_and_without_text() -> None:
    (first, second) = cut(*LINES[:3], "BEGIN:VALARM", *LINES[4:5], *LINES[2:])
    assert (first.fault, first.text) == ("it has no END before END:VEVENT", "")
    assert second.fault == ""
    assert cut(*LINES[:4])[0].fault == "it has no END"
    assert cut(*LINES[:4], LINES[5])[0].fault == "it has no END before END:VCALENDAR"


def test_a_component_that_is_too_long_comes_with_its_fault() -> None:
    (island,) = cut(*LINES[:4], "X:" + "x" * MOST_CHARACTERS, *LINES[4:])
    assert island.fault == "it is longer than 100,000 characters"


def test_each_calendar_of_a_file_has_a_writer_of_its_own() -> None:
    unsigned = [line for line in LINES if "PRODID" not in line]
    assert [island.prodid for island in cut(*LINES, *unsigned)] == ["p", ""]


def test_components_outside_a_calendar_are_no_components() -> None:
    assert cut("BEGIN:VEVENT", "UID:a", "END:VEVENT", "END:VCALENDAR", "END:X") == []


@given(st.lists(st.sampled_from([*LINES, "BEGIN:VALARM", "END:VALARM", "X", ""]), max_size=30))
def test_no_order_of_lines_makes_it_fall_and_every_text_is_balanced(lines: list[str]) -> None:
    for island in cut(*lines):
        assert bool(island.text) != bool(island.fault)
        if island.text:
            assert island.text.startswith("BEGIN:")
            assert island.text.rstrip().endswith(f"END:{island.kind}")
