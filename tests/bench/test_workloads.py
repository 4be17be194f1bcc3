"""Every workload at a tiny size: ours and the peer's give the same answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from bench.__main__ import WORKLOADS, main, measure
from bench.measure import TINY, Sample

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_gives_the_answer_of_its_peer(name: str, tmp_path: Path) -> None:
    results = measure(name, tmp_path, 1, TINY, lambda: None)
    assert results[0].row.id == name
    assert all(one.ratios[0] > 0 for one in results)


def test_another_answer_than_the_peers_is_found() -> None:
    from bench.measure import equal

    with pytest.raises(AssertionError, match="differ"):
        equal(Sample(1, 1, 0, "one"), Sample(1, 1, 0, "other"))


def test_the_result_can_be_read_by_machines(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--only", "G1", "--rounds", "2", "--size", "tiny", "--json"])
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert row["id"] == "G1"
    assert row["goal"] == 0.6
    assert row["lowest"] <= row["ratio"] <= row["highest"]


def test_a_workload_that_is_not_there_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--only", "G99"])
    assert ended.value.code == 2
    assert "G99" in capsys.readouterr().err
