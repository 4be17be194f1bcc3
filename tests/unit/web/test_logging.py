"""What an access log may hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.web.logging import product_of, shown_path


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Google-Calendar-Importer", "Google-Calendar-Importer"),
        ("ICSx5/2.4 (2026; Android 16)", "ICSx5"),
        ("Microsoft Office/16.0 (Outlook)", "Microsoft"),
        ("", "unknown"),
        ("///", "unknown"),
        ("(only a comment)", "unknown"),
        ("Anna's iPhone", "Anna"),
    ],
)
def test_a_program_is_known_by_its_name_alone(agent: str, name: str) -> None:
    assert product_of(agent) == name


@given(st.text(max_size=300))
def test_a_program_s_name_is_short_and_plain_whatever_it_says(agent: str) -> None:
    name = product_of(agent)
    assert 0 < len(name) <= 40
    assert name.isascii()
    assert name.isprintable()


@given(st.text(min_size=12, max_size=80, alphabet=st.characters(exclude_characters="/")))
def test_no_path_shows_a_token(token: str) -> None:
    for path in (f"/feeds/{token}.ics", f"/act/{token}", f"/feeds/{token}/{token}"):
        assert token not in shown_path(path)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/", "/"),
        ("/metrics", "/metrics"),
        ("/A\n", "/..."),
        ("//x", "/"),
        ("/act/x/y", "/act/..."),
    ],
)
def test_only_the_first_part_of_a_path_is_shown(path: str, shown: str) -> None:
    assert shown_path(path) == shown
