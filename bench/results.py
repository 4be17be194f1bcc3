"""What a workload gave: its ratios, or why there are none."""

from __future__ import annotations

from statistics import median
from typing import Any, NamedTuple

from bench.measure import Row, Sample


class Result(NamedTuple):
    """One line of the table, measured."""

    row: Row
    ratios: list[float]
    cpu: list[float]
    ours: list[Sample]
    theirs: list[Sample]
    notes: dict[str, str]

    @property
    def id(self) -> str:
        return self.row.id

    @property
    def met(self) -> bool | None:
        """Whether the median meets the goal; None where there is none."""
        return None if self.row.goal is None else median(self.ratios) <= self.row.goal

    @property
    def failed(self) -> bool:
        return self.met is False

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "id": self.row.id,
            "workload": self.row.what,
            "peer": self.row.against,
            "goal": self.row.goal,
            "met": self.met,
            "ratio": round(median(self.ratios), 4),
            "lowest": round(min(self.ratios), 4),
            "highest": round(max(self.ratios), 4),
            "of": self.row.of,
            "processor_time_ratio": round(median(self.cpu), 4),
            "seconds": round(median(one.wall for one in self.ours), 5),
            "peer_seconds": round(median(one.wall for one in self.theirs), 5),
            "peak_memory_mib": round(max(one.rss for one in self.ours) / 1024, 1),
            "notes": self.notes,
        }

    def cells(self) -> tuple[str, ...]:
        """Return it for people: a line of the table."""
        return (
            self.row.id,
            self.row.what + "".join(f"; {name}: {text}" for name, text in self.notes.items()),
            self.row.against,
            f"{median(self.ratios):.3f}",
            f"{min(self.ratios):.3f} to {max(self.ratios):.3f}",
            f"{median(self.cpu):.3f}",
            "" if self.row.goal is None else f"{self.row.goal:g}",
            {True: "yes", False: "NO", None: ""}[self.met],
        )


class NotMeasured(NamedTuple):
    """A workload without a result: it was skipped, or it failed, such as by another answer."""

    id: str
    reason: str
    failed: bool

    def document(self) -> dict[str, Any]:
        """Return it for machines."""
        return {"id": self.id, "failed" if self.failed else "skipped": self.reason}

    def cells(self) -> tuple[str, ...]:
        """Return it for people: a line of the table."""
        return self.id, self.reason, "", "", "", "", "", "FAILED" if self.failed else "skipped"


Line = Result | NotMeasured
