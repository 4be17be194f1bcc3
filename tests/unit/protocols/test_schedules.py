"""The shipped protocols give the published schedules, day by day and tablet by tablet."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.unit.protocols.laid_out import by_day, doses_of, sum_of, tablets_of

from medsched.domain.ladder import fit
from medsched.protocols import load

REPO = Path(__file__).parents[3]
GOLDEN = REPO / "tests" / "golden" / "protocols" / "schedules.json"
SHARED = REPO.parent / "shared" / "clinical" / "oracles.json"

CASES: list[dict[str, Any]] = json.loads(GOLDEN.read_text())

SHARED_NAMES = {
    "milnacipran_titration_28d": "O1 milnacipran titration",
    "milnacipran_severe_renal_28d": "O2 milnacipran, severe renal impairment",
    "lamotrigine_bipolar_none_49d": "O3a lamotrigine alone",
    "prednisolone_bells_palsy_10d": "O5 prednisolone, Bell's palsy",
    "gabapentin_phn_start_3d": "O7 gabapentin, the first three days",
    "venlafaxine_xr_225_taper_14d": "O8 venlafaxine XR, down from 225 mg",
}
"""The worked schedules of the project's clinical folder that are written out here, too."""


def unrolled(runs: list[tuple[Any, int]]) -> list[Any]:
    return [what for what, days in runs for _ in range(days)]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_shipped_protocol_gives_the_published_schedule(case: dict[str, Any]) -> None:
    protocol, _ = load(case["protocol"])
    band = protocol.safety.band_of(Decimal(case["clearance"])) if "clearance" in case else None
    plateau = band.plateau_per_day if band else None
    phases = fit(protocol.regimen(case["regimen"]), protocol.medication, plateau=plateau)

    doses = doses_of(protocol, phases, case["days"])
    days = by_day(doses, case["days"])

    daily = [sum((Decimal(one) for one in day.values()), Decimal(0)) for day in days]
    assert daily == [Decimal(one) for one in unrolled(case["daily"])]
    assert len(doses) == case["doses"]
    assert sum_of(protocol, doses) == case["total"]
    if "slots" in case:
        assert days == unrolled(case["slots"])
    if "tablets" in case:
        assert tablets_of(protocol, doses, case["on_hand"]) == case["tablets"]


@pytest.mark.skipif(not SHARED.exists(), reason="the project's clinical folder is not here")
def test_the_golden_schedules_are_those_of_the_clinical_folder() -> None:
    oracles = json.loads(SHARED.read_text(), parse_float=Decimal, parse_int=Decimal)
    written = {case["name"]: case for case in CASES}
    for name, title in SHARED_NAMES.items():
        case, oracle = written[title], oracles[name]
        assert [Decimal(one) for one in unrolled(case["daily"])] == oracle["daily"], name
        assert Decimal(case["total"]) == oracle["total"], name


def test_every_other_shipped_protocol_can_be_laid_out_for_a_year() -> None:
    from medsched.protocols import shipped_protocols

    for name in shipped_protocols():
        protocol, _ = load(name)
        for regimen in protocol.regimens:
            doses = doses_of(protocol, regimen.phases, 365)
            assert len({one.id for one in doses}) == len(doses)
            assert doses or protocol.id == "paracetamol", (name, regimen.id)
            tablets_of(protocol, doses)
