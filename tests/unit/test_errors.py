from __future__ import annotations

import pytest

from medsched.errors import Exit, FileProblems, InvalidValue, MedschedError, Problem


def test_a_mistake_is_one_line_with_its_place_and_its_remedy() -> None:
    mistake = Problem(where="phase[2].dose", code="total", message="50 mg is not 2 x 50 mg")
    assert str(mistake) == "phase[2].dose: 50 mg is not 2 x 50 mg"


def test_a_mistake_of_the_whole_file_names_no_place_and_a_hint_stands_in_brackets() -> None:
    mistake = Problem(where="", code="empty", message="the file is empty", hint="write a rule")
    assert str(mistake) == "the file is empty (write a rule)"


def test_all_the_mistakes_of_a_file_are_told_at_once_each_on_a_line() -> None:
    mistakes = [Problem(where=f"phase[{n}]", code="days", message="0 days") for n in (1, 2)]
    refusal = FileProblems("a.toml", mistakes)
    assert str(refusal) == "a.toml: phase[1]: 0 days\na.toml: phase[2]: 0 days"
    assert refusal.problems == tuple(mistakes)
    assert refusal.exit_code is Exit.BAD_FILE


def test_an_invalid_value_says_what_it_is_what_was_given_and_what_would_be_right() -> None:
    with pytest.raises(MedschedError, match="start: 31 February cannot be used; give a date"):
        raise InvalidValue("start", "31 February", "give a date that exists")


def test_the_exit_codes_are_what_scripts_rely_on() -> None:
    codes = {code.name: int(code) for code in Exit}
    assert codes == {"DONE": 0, "REFUSED": 1, "USAGE": 2, "BLOCKED": 3, "BAD_FILE": 65}
