"""What the machine knows of time does not go back."""

from __future__ import annotations

from medsched.daemon.machine import ThisMachine


def test_the_boot_is_the_same_for_everybody_on_this_machine() -> None:
    assert ThisMachine().boot == ThisMachine().boot
    assert len(ThisMachine().boot) == 36


def test_both_clocks_go_forward_only() -> None:
    machine = ThisMachine()
    for clock in (machine.elapsed, machine.monotonic):
        times = [clock() for _ in range(100)]
        assert times == sorted(times)
        assert times[0] > 0
