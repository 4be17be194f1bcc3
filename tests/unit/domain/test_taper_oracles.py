"""The worked tapers of the clinical notes, day by day, slot by slot, tablet by tablet."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from medsched.domain.amount import Amount, Unit
from medsched.domain.medication import Form, Medication, Route
from medsched.domain.tablets import pieces_for
from medsched.domain.taper import Linear, Taper, TaperLimits, TaperStart, best_taper, shaped

ORACLES = Path(__file__).resolve().parents[4] / "shared" / "clinical" / "oracles.json"


def mg(number: object) -> Amount:
    return Amount(Decimal(str(number)), Unit.MG)


def medicine(form: Form, *strengths: object) -> Medication:
    return Medication(
        name="medicine",
        ingredient="ingredient",
        form=form,
        route=Route.ORAL,
        strengths=tuple(mg(one) for one in strengths),
    )


SNRI = medicine(Form.FILM_COATED_TABLET, "12.5", 25, 50, 100)
CAPSULES = medicine(Form.EXTENDED_RELEASE_CAPSULE, 75)
HUNDRED = TaperStart(medication=SNRI, slots=(mg(50), mg(50)))
TWO_HUNDRED = TaperStart(medication=SNRI, slots=(mg(100), mg(100)))
LIMITS = TaperLimits(min_days=14, max_days=28)


@pytest.mark.parametrize(
    ("name", "start", "taper"),
    [
        ("milnacipran_taper_100_14d", HUNDRED, best_taper(HUNDRED, 14, LIMITS)),
        ("milnacipran_taper_100_21d_ladder", HUNDRED, best_taper(HUNDRED, 21, LIMITS)),
        ("milnacipran_taper_200_28d_ladder", TWO_HUNDRED, best_taper(TWO_HUNDRED, 28, LIMITS)),
        (
            "venlafaxine_xr_225_taper_14d",
            TaperStart(medication=CAPSULES, slots=(mg(225),)),
            shaped(TaperStart(medication=CAPSULES, slots=(mg(225),)), Linear(mg(75)), step_days=7),
        ),
    ],
)
def test_a_worked_taper_is_reproduced(name: str, start: TaperStart, taper: Taper) -> None:
    if not ORACLES.exists():
        pytest.skip("the clinical notes are not beside this checkout")
    oracle: dict[str, Any] = json.loads(ORACLES.read_text(), parse_float=Decimal)[name]
    days = [step for step in taper.steps for _ in range(step.days)]
    assert [day.per_day.value for day in days] == oracle["daily"]
    assert [_slots(day.slot_doses) for day in days] == oracle["slots"]
    assert sum(day.per_day.value for day in days) == oracle["total"]
    assert _tablets(taper, start.medication) == {
        mg(strength): count for strength, count in oracle["tablets"].items()
    }


def _slots(doses: tuple[Amount | None, ...]) -> dict[str, Decimal]:
    named = zip(("AM", "PM"), doses, strict=False)
    return {name: dose.value for name, dose in named if dose is not None}


def _tablets(taper: Taper, medication: Medication) -> dict[Amount, Decimal]:
    counted: dict[Amount, Decimal] = {}
    for step in taper.steps:
        for dose in step.slot_doses:
            for one in () if dose is None else pieces_for(dose, medication):
                before = counted.get(one.strength, Decimal(0))
                counted[one.strength] = before + one.count * step.days
    return counted
