"""A phase is one value under both names by which it is known."""

from __future__ import annotations

import subprocess
import sys

from medsched.domain import phase, protocol


def test_rules_and_orders_are_made_of_the_same_phases() -> None:
    assert protocol.Phase is phase.Phase
    assert protocol.PhaseKind is phase.PhaseKind


def test_an_order_is_read_without_loading_what_only_rules_hold() -> None:
    """Reading orders is what every command does first; the rules' shapes cost it a third."""
    code = (
        "import sys, medsched.services.document;"
        "print([one for one in sys.modules if one in"
        " {'medsched.domain.protocol', 'medsched.domain.safety_rules'}])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
