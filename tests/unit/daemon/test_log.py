"""The log holds no name, whoever writes to it, and it never stops the daemon."""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from medsched.daemon.log import IdsOnly, NeverBlocks, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET = "ZZTOPSECRET"


def written(record: logging.LogRecord) -> str:
    return IdsOnly().format(record)


def record(
    name: str, message: str, *args: object, error: BaseException | None = None
) -> logging.LogRecord:
    crash = None if error is None else (type(error), error, error.__traceback__)
    return logging.LogRecord(name, logging.WARNING, "/x/where.py", 7, message, args, crash)


def test_our_own_sentences_keep_their_numbers() -> None:
    line = written(record("medsched.daemon", "channel %d failed %d times", 3, 5))
    assert line.startswith("warning ")
    assert line.endswith("channel 3 failed 5 times")


@pytest.mark.parametrize("text", [SECRET, SECRET.lower()])
def test_a_text_among_the_arguments_is_withheld(text: str) -> None:
    line = written(record("medsched.daemon", "dose %s of %d", text, 3))
    assert line.endswith("dose (withheld) of 3")


@pytest.mark.parametrize("code", ["http 429", "DatabaseBusy", "file: ENOSPC"])
def test_a_text_that_was_declared_a_code_is_kept(code: str) -> None:
    told = record("medsched.daemon", "alarm %s", code)
    told.codes = (code,)
    assert written(told).endswith(f"alarm {code}")


@pytest.mark.parametrize("code", [SECRET + "\n", "a\nb", "two  lines\x1b[0m"])
def test_a_code_is_one_plain_line(code: str) -> None:
    told = record("medsched.daemon", "alarm %s", code)
    told.codes = (code,)
    assert written(told).endswith("alarm (withheld)")


def test_of_other_libraries_only_the_place_is_kept() -> None:
    line = written(record("uvicorn.error", f"request {SECRET} %s", SECRET))
    assert SECRET not in line
    assert line.endswith("uvicorn.error where:7")


def test_of_an_exception_the_words_are_withheld_and_the_lines_told() -> None:
    def fail() -> None:
        raise ValueError(SECRET)

    try:
        try:
            fail()
        except ValueError as first:
            raise KeyError(SECRET) from first
    except KeyError as error:
        line = written(record("medsched.daemon", "it failed", error=error))
    assert SECRET not in line
    assert "KeyError at test_log.py:" in line
    assert "ValueError at test_log.py:" in line


def test_a_message_that_does_not_fit_its_arguments_is_no_crash() -> None:
    assert written(record("medsched.daemon", "%d and %d", 1)).endswith("where:7")


@contextmanager
def only_handler(descriptor: int) -> Iterator[None]:
    root, own = logging.getLogger(), logging.getLogger("medsched")
    before, levels, raising = root.handlers[:], (root.level, own.level), logging.raiseExceptions
    handler = set_up(debug=True, descriptor=descriptor)
    try:
        yield
    finally:
        handler.close()
        root.handlers[:] = before
        root.setLevel(levels[0])
        own.setLevel(levels[1])
        logging.raiseExceptions = raising


def test_what_is_logged_arrives_at_the_descriptor() -> None:
    ours, theirs = os.pipe()
    with only_handler(theirs):
        logging.getLogger("medsched.daemon").info("cycle %d", 7)
    os.close(theirs)
    assert os.read(ours, 1000).endswith(b"cycle 7\n")
    os.close(ours)


def test_row_41_a_full_disk_or_a_closed_pipe_does_not_stop_the_daemon() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    full = os.open("/dev/full", os.O_WRONLY)
    for descriptor in (theirs, full):
        with only_handler(descriptor):
            for n in range(5000):
                logging.getLogger("medsched.daemon").info("cycle %d", n)
        os.close(descriptor)


def test_row_41_a_pipe_that_nobody_reads_blocks_nobody() -> None:
    """More than a pipe and the queue can hold: the rest is dropped."""
    ours, theirs = os.pipe()
    with only_handler(theirs):
        for n in range(20_000):
            logging.getLogger("medsched.daemon").info("cycle %d, a line of some length", n)
    os.close(ours)
    os.close(theirs)


def test_lines_for_people_are_written_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "out"
    file = os.open(path, os.O_WRONLY | os.O_CREAT)
    lines = NeverBlocks(file)
    lines.line("1 delivered")
    lines.close()
    os.close(file)
    assert path.read_text() == "1 delivered\n"
