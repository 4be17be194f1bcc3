"""A dose's id says prescription, day and place, and nothing that an amendment changes."""

from __future__ import annotations

from datetime import date

import pytest

from medsched.domain.dose import DoseKey, UnknownDose, dose_key


def test_an_id_is_read_back_as_it_was_written() -> None:
    key = DoseKey("12", date(2026, 3, 2), 101)
    assert str(key) == "12-20260302-101"
    assert dose_key(str(key)) == key


@pytest.mark.parametrize(
    "text",
    ["", "1", "1-20260302", "1-20260230-1", "1-2026032-1", "1-20260302-1 ", "a_b-20260302-1"],
)
def test_what_is_no_id_is_refused_with_where_to_find_one(text: str) -> None:
    with pytest.raises(UnknownDose, match="`medsched today` lists the ids"):
        dose_key(text)
