"""A refusal about a name never says the name: it may go into a log."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from medsched.services.clinic_refusals import NamedTwice, SomebodyElse, StoredOtherwise

if TYPE_CHECKING:
    from medsched.errors import MedschedError


@pytest.mark.parametrize("refusal", [NamedTwice(), SomebodyElse(), StoredOtherwise()])
def test_each_says_what_is_wrong_and_what_would_be_right(refusal: MedschedError) -> None:
    assert str(refusal).startswith("name: ")
    assert "another name" in str(refusal)
