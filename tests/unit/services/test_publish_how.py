"""How doses are published: kinds and alarms as somebody chose them."""

from __future__ import annotations

import pytest

from medsched.services.ports import DoseRow
from medsched.services.publish_how import OPEN_FORM, Publication, alarms_of

ROW = DoseRow(1, 739_000, 1, 0, "25", 1, 1, 0)


@pytest.mark.parametrize(
    ("before", "on", "rings"), [(0, True, (0,)), (10, True, (10, 0)), (10, False, ())]
)
def test_an_entry_rings_at_its_start_and_once_before(
    before: int, on: bool, rings: tuple[int, ...]
) -> None:
    assert alarms_of(before, on=on) == rings


def test_nothing_links_anywhere_unless_an_address_is_known() -> None:
    assert OPEN_FORM.link_to(ROW) is None
    assert Publication(link=lambda row: f"/{row.slot}").link_to(ROW) == "/1"
