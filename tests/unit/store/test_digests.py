"""Digests: any change is noticed, and parts cannot slide into one another."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from medsched.store.digests import digest_of, verify
from medsched.store.refusals import Damaged


@given(st.text(), st.text())
def test_other_text_has_another_digest(one: str, other: str) -> None:
    assume(one != other)
    assert digest_of(one) != digest_of(other)


def test_parts_are_told_apart() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc")
    assert digest_of("a", "") != digest_of("a")


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_what_was_written_is_accepted(parts: list[str]) -> None:
    verify("prescription 1", digest_of(*parts), *parts)


def test_what_was_not_written_is_refused_by_its_place_alone() -> None:
    with pytest.raises(Damaged, match=r"^prescription 1, revision 2: ") as refused:
        verify("prescription 1, revision 2", digest_of("50 mg"), "90 mg")
    assert "90" not in str(refused.value)
