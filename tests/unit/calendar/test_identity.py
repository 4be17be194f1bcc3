"""Names are derived, and derived as the standard says."""

from __future__ import annotations

from uuid import uuid5

from hypothesis import given
from hypothesis import strategies as st

from medsched.calendar.identity import NAMESPACE, alarm_uid, derived, series_uid


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_a_derived_name_is_the_uuid5_of_python(name: str) -> None:
    assert derived(name.encode()).decode() == str(uuid5(NAMESPACE, name))


def test_each_alarm_of_an_entry_and_its_series_have_names_of_their_own() -> None:
    assert len({alarm_uid("a", 0), alarm_uid("a", 15), alarm_uid("b", 0), series_uid("a")}) == 4


def test_the_names_are_the_same_for_ever() -> None:
    assert alarm_uid("a", 0) == "69ead1ae-c103-555f-b6e1-265a901a0a02"
