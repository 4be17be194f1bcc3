"""A way up fits the maintenance it leads to: stopped earlier, or followed by more."""

from __future__ import annotations

import pytest

from medsched.domain.amount import amount
from medsched.domain.dosage import daily_total
from medsched.domain.ladder import fit
from medsched.domain.protocol import PhaseKind
from medsched.domain.tablets import CannotBeMade
from medsched.domain.timing import ForDays, UntilTold
from medsched.protocols import load

PROTOCOL = load("milnacipran")[0]
REGIMEN, MEDICATION = PROTOCOL.regimens[0], PROTOCOL.medication


def totals(target: str | None = None, plateau: str | None = None) -> list[str]:
    phases = fit(
        REGIMEN,
        MEDICATION,
        target=amount(target) if target else None,
        plateau=amount(plateau) if plateau else None,
    )
    return [str(daily_total(one.dosage)).replace("\u00a0", " ") for one in phases]


def test_without_a_wish_it_is_the_regimens_own() -> None:
    assert fit(REGIMEN, MEDICATION) == REGIMEN.phases


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("50 mg", ["12.5 mg", "25 mg", "50 mg"]),
        ("25 mg", ["12.5 mg", "25 mg"]),
        ("12.5 mg", ["12.5 mg"]),
        ("150 mg", ["12.5 mg", "25 mg", "50 mg", "100 mg", "150 mg"]),
        ("200 mg", ["12.5 mg", "25 mg", "50 mg", "100 mg", "200 mg"]),
    ],
)
def test_the_ladder_ends_at_the_target(target: str, expected: list[str]) -> None:
    assert totals(target) == expected


def test_a_target_above_follows_after_the_days_that_its_rule_asks_for() -> None:
    phases = fit(REGIMEN, MEDICATION, target=amount("200 mg"))
    assert phases[-2].bounds == ForDays(7)
    assert (phases[-1].bounds, phases[-1].kind) == (UntilTold(), PhaseKind.MAINTENANCE)


def test_weak_kidneys_stop_the_ladder_earlier_unless_a_target_is_ordered() -> None:
    assert totals(plateau="50 mg")[-1] == "50 mg"
    assert totals("100 mg", plateau="50 mg")[-1] == "100 mg"


def test_a_target_that_no_tablets_make_is_refused() -> None:
    with pytest.raises(CannotBeMade):
        fit(REGIMEN, MEDICATION, target=amount("30 mg"))
