"""The bar stays away where nobody sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.cli.progress import counting

if TYPE_CHECKING:
    import pytest


def test_nothing_is_shown_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with counting("patients", 10) as tell:
        tell(5, 10)
    assert capsys.readouterr() == ("", "")


def test_on_a_terminal_the_count_and_the_rate_are_shown(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with counting("patients", 10) as tell:
        tell(1500, 10)
    shown = capsys.readouterr().err
    assert "1,500 patients" in shown
    assert "100%" in shown
