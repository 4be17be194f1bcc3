"""Nothing that is typed can hide on a screen or stop a command half way."""

from __future__ import annotations

import pytest

from medsched.cli.arguments import UnreadableArgument, check_arguments


@pytest.mark.parametrize("sign", ["\x1b", "\x00", "\x07", "\x9b", "\u202e", "\u2066", "\udcff"])
def test_what_is_no_text_is_refused_and_shown_in_plain_letters(sign: str) -> None:
    with pytest.raises(UnreadableArgument) as refused:
        check_arguments(["today", "--person", f"a{sign}b"])

    assert str(refused.value).isascii()
    assert str(refused.value).isprintable()
    assert refused.value.exit_code == 2


def test_names_of_all_the_world_are_text() -> None:
    check_arguments(["Béla", "李雷", "עדי", "🐈‍⬛", 'O\'Hara "Jo"', "two\nlines", "a\tb"])
