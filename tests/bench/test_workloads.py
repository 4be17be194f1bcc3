"""Every workload at a tiny size: ours and the peer's give the same answer."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from bench.__main__ import main
from bench.measure import TINY, Pair, Row, Sample, Skipped
from bench.results import NotMeasured, Result
from bench.running import WORKLOADS, alone, measure

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.measure import Size, Workload


@pytest.mark.parametrize("name", WORKLOADS)
def test_a_workload_gives_the_answer_of_its_peer(name: str, tmp_path: Path) -> None:
    results = measure(name, tmp_path, 1, TINY, lambda: None)
    if isinstance(results[0], NotMeasured):
        pytest.skip(results[0].reason)
    assert results[0].id == name
    assert all(isinstance(one, Result) and one.ratios[0] > 0 for one in results)


def one_row(pair: Pair) -> Workload:
    @contextmanager
    def workload(_size: Size, _folder: Path) -> Iterator[Pair]:
        yield pair

    return workload


def test_a_peer_that_is_not_installed_is_skipped_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    @contextmanager
    def missing(_size: Size, _folder: Path) -> Iterator[Pair]:
        raise Skipped("remind is not installed")
        yield

    monkeypatch.setitem(WORKLOADS, "G1", missing)
    (line,) = measure("G1", tmp_path, 1, TINY, lambda: None)
    assert line.document() == {"id": "G1", "skipped": "remind is not installed"}
    assert not line.failed


def test_who_is_first_changes_with_each_round(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told: list[str] = []

    def said(who: str) -> Sample:
        told.append(who)
        return Sample(1, 1, 0, "")

    rows = (Row("G1", "", "", 0.5),)
    pair = Pair(rows, lambda: said("ours"), lambda: said("theirs"), lambda _one, _other: None)
    monkeypatch.setitem(WORKLOADS, "G1", one_row(pair))
    (line,) = measure("G1", tmp_path, 3, TINY, lambda: None)
    assert told == ["ours", "theirs", "theirs", "ours", "ours", "theirs"]
    assert line.failed


def test_a_workload_that_fails_is_a_line_and_the_others_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each runs in a process of its own; this one finds no place for its files."""
    (tmp_path / "file").touch()
    (line,) = alone("G2", tmp_path / "file", 1, TINY, lambda: None)
    assert line.failed
    assert line.document() == {"id": "G2", "failed": line.cells()[1]}
    monkeypatch.setattr(
        "bench.__main__.alone", lambda name, *_more: [NotMeasured(name, "no", failed=name == "G1")]
    )
    assert main(["--only", "G1,G7"]) == 1
    assert "FAILED" in (shown := capsys.readouterr().out)
    assert "skipped" in shown
    assert main(["--only", "G7"]) == 0


def test_a_process_that_dies_is_a_line(tmp_path: Path) -> None:
    (line,) = alone("no such workload", tmp_path, 1, TINY, lambda: None)
    assert line.failed


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
