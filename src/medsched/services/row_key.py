"""The key of a stored dose: where it has its place in the plan, for ever."""

from __future__ import annotations

from typing import NamedTuple


class RowKey(NamedTuple):
    """What names a dose row: prescription, ordinal of the local day, place in the day."""

    prescription: int
    day: int
    slot: int
