"""From every dose that people reach there is a way down by the protocol's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.protocols.files import POLICIES, changed

from medsched.domain.amount import total
from medsched.errors import FileProblems
from medsched.protocols import load, shipped_protocols
from medsched.protocols.read import read_protocol
from medsched.protocols.tapers import check_tapers, reachable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", shipped_protocols())
def test_a_shipped_protocol_leads_down_from_every_dose(name: str) -> None:
    protocol, _ = load(name)
    assert list(check_tapers(protocol)) == []


def test_the_way_up_the_plateaus_and_the_ceiling_are_reached() -> None:
    protocol, _ = load("milnacipran")
    amounts = {
        total([one for one in slots if one is not None], protocol.medication.unit).digits
        for slots in reachable(protocol)
    }
    assert amounts == {"25", "50", "100", "200"}


def test_a_dose_without_a_way_down_is_a_mistake_of_the_file(tmp_path: Path) -> None:
    text = changed(
        ('strengths = ["12.5 mg", "25 mg", "50 mg", "100 mg"]', 'strengths = ["100 mg"]'),
        (
            'days = "1"\ntimes_a_day = 1\ndose = "12.5 mg"\ndaily_total = "12.5 mg"',
            'days = "1"\ntimes_a_day = 1\ndose = "100 mg"\ndaily_total = "100 mg"',
        ),
        (
            'times_a_day = 2\ndose = "25 mg"\ndaily_total = "50 mg"',
            'times_a_day = 1\ndose = "100 mg"\ndaily_total = "100 mg"',
        ),
        ('dose = "50 mg"\ndaily_total = "100 mg"', 'dose = "100 mg"\ndaily_total = "200 mg"'),
        ('most = "12.5 mg"', 'most = "100 mg"'),
        ('plateau_per_day = "50 mg"\ncap_per_day = "100 mg"\n', ""),
        ('max_drop = "50 %"', 'max_drop = "10 %"'),
    )
    file = tmp_path / "examplamine.toml"
    file.write_text(text)
    assert read_protocol(text, file=file.name, policies=POLICIES).stopping is not None
    with pytest.raises(FileProblems, match="no taper leads down from 200") as refused:
        load(str(file))
    assert refused.value.problems[0].where == "stopping"


def test_a_medicine_that_is_never_tapered_needs_no_way_down() -> None:
    text = changed(('taper_after = "21 days"\n', ""), ('max_drop = "50 %"', 'max_drop = "1 %"'))
    protocol = read_protocol(text, file="examplamine.toml", policies=POLICIES)
    assert list(check_tapers(protocol)) == []
