"""A file and a terminal, for those who have nothing else."""

from __future__ import annotations

import errno
import io
import os
import resource
import stat
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from medsched.notify.address import BadAddress
from medsched.notify.plain import TerminalChannel, block
from medsched.notify.registry import sender_for
from medsched.services.message import Button, Delivery, Message, MessageKind, Outcome

if TYPE_CHECKING:
    from pathlib import Path

MESSAGE = Message(
    thread="dose-1",
    title="Dose due at 08:00",
    body="25\u00a0mg: 1 tablet\nValid until 11:00.",
    buttons=(Button(label="Taken", url="https://me.example.org/t/abc"),),
)
BLOCK = (
    "* Dose due at 08:00\n"
    "  25\u00a0mg: 1 tablet\n"
    "  Valid until 11:00.\n"
    "  Taken: https://me.example.org/t/abc\n"
    "\n"
)


def append(path: Path, message: Message = MESSAGE) -> Delivery:
    url = f"file://{str(path).replace(' ', '%20')}"
    return sender_for(url).send(message, deadline=5)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_message_is_one_block_and_a_second_one_follows_it(tmp_path: Path) -> None:
    path = tmp_path / "my reminders.txt"
    assert append(path) == append(path) == Delivery(outcome=Outcome.DELIVERED, detail="written")
    assert path.read_text(encoding="utf-8") == BLOCK * 2


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_nobody_else_can_read_the_file_under_any_umask(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        append(tmp_path / "a")
    finally:
        os.umask(before)
    assert mode(tmp_path / "a") == 0o600


def test_the_file_is_closed_to_others_from_its_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "fchmod", lambda *_: None)
    append(tmp_path / "a")
    assert mode(tmp_path / "a") == 0o600


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.touch(mode=0o644)
    append(path)
    assert mode(path) == 0o600


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("")
    link.symlink_to(target)
    assert append(link).outcome is Outcome.REJECTED
    assert target.read_text() == ""


def test_a_file_with_a_second_name_elsewhere_is_not_written(tmp_path: Path) -> None:
    target, other = tmp_path / "target", tmp_path / "other"
    target.write_text("")
    other.hardlink_to(target)
    assert append(other).outcome is Outcome.REJECTED
    assert target.read_text() == ""


def test_a_pipe_without_a_reader_does_not_hang_the_send(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert append(tmp_path / "pipe").outcome is Outcome.REJECTED


@pytest.mark.parametrize("place", [".", "missing/a"])
def test_a_place_that_is_no_file_needs_a_person(tmp_path: Path, place: str) -> None:
    assert append(tmp_path / place).outcome is Outcome.REJECTED


def test_a_full_disk_has_not_delivered_and_is_tried_again(tmp_path: Path) -> None:
    """RLIMIT_FSIZE stands in for the disk: the kernel answers EFBIG instead of ENOSPC."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = tmp_path / "a"
    path.touch(mode=0o600)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        found = append(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "file: EFBIG")
    assert append(path).outcome is Outcome.DELIVERED


def test_a_disk_that_fills_up_within_a_message_may_have_delivered(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    path = tmp_path / "a"
    path.touch(mode=0o600)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, before[1]))
    try:
        found = append(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert found.outcome is Outcome.UNKNOWN


def test_a_failed_flush_may_have_delivered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(handle: int) -> None:
        raise OSError(errno.EIO, "secret")

    monkeypatch.setattr(os, "fsync", failing)
    found = append(tmp_path / "a")
    assert (found.outcome, found.detail) == (Outcome.UNKNOWN, "file: EIO")


def test_blocks_of_many_at_once_do_not_mix(tmp_path: Path) -> None:
    threads = [threading.Thread(target=append, args=(tmp_path / "a",)) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (tmp_path / "a").read_text(encoding="utf-8") == BLOCK * 8


@pytest.mark.parametrize("url", ["file://", "file:///", "file:///folder/", "file://localhost"])
def test_an_address_names_a_file(url: str) -> None:
    with pytest.raises(BadAddress, match="file:///full/path"):
        sender_for(url)


@given(st.text(), st.text())
def test_no_text_can_pretend_to_be_another_message(title: str, body: str) -> None:
    lines = block(replace(MESSAGE, title=title, body=body)).split("\n")
    assert lines[0].startswith("* ")
    assert all(line.startswith("  ") or not line for line in lines[1:])
    assert not any("\x1b" in line or "\r" in line for line in lines)


def test_a_settled_dose_is_said_to_be_settled_without_links() -> None:
    cleared = replace(MESSAGE, kind=MessageKind.CLEAR, title="", body="Taken at 08:12.")
    assert block(cleared) == "* Nothing to do\n  Taken at 08:12.\n\n"


def test_a_terminal_shows_what_a_file_keeps() -> None:
    stream = io.StringIO()
    one = sender_for("terminal://", stream=stream)
    assert one.send(MESSAGE, deadline=5).outcome is Outcome.DELIVERED
    assert stream.getvalue() == BLOCK


def test_a_terminal_shows_escape_sequences_as_nothing() -> None:
    stream = io.StringIO()
    hostile = replace(
        MESSAGE, title="\x1b]0;x\x07Dose\x1b[2J", body="\x1b[31m2\x1b[0m tablets\x9b2J"
    )
    sender_for("terminal://", stream=stream).send(hostile, deadline=5)
    assert stream.getvalue().startswith("* Dose\n  2 tablets\n")


def test_a_terminal_without_emoji_shows_a_question_mark() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    found = TerminalChannel(stream=stream).send(replace(MESSAGE, title="💊"), deadline=5)
    assert found.outcome is Outcome.DELIVERED
    assert raw.getvalue().startswith(b"* ?\n")


def test_a_closed_terminal_has_not_delivered() -> None:
    stream = io.StringIO()
    stream.close()
    found = TerminalChannel(stream=stream).send(MESSAGE, deadline=5)
    assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "terminal: closed")


def test_a_service_whose_output_is_the_system_log_writes_nothing_there(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JOURNAL_STREAM", "8:12345")
    found = sender_for("terminal://").send(MESSAGE, deadline=5)
    assert (found.outcome, found.detail) == (
        Outcome.REJECTED,
        "terminal: output is a system log",
    )
    assert capfd.readouterr() == ("", "")
