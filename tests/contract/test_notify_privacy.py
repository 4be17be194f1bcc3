"""What a message says and where it goes is in no log, at any level, by any channel."""

from __future__ import annotations

import io
import logging
import threading
from typing import TYPE_CHECKING

import pytest
from tests.contract.sinks import LOOPBACK, MailManner, Manner, http_sink, mail_sink, refusing

from medsched.errors import MedschedError
from medsched.notify import quiet
from medsched.notify.registry import sender_for
from medsched.services.message import Button, Message, MessageKind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DRUG, TOKEN, TOPIC = "ZZTOPSECRET", "hunter2hunter2x", "my-secret-topic"
MESSAGE = Message(
    thread=f"thread-{DRUG}",
    title=f"{DRUG} due",
    body=f"{DRUG} 50 mg",
    buttons=(Button(label="Taken", url=f"https://me.example.org/t/{TOKEN}"),),
)
CHANNELS = (
    f"json://user:{TOKEN}@{{at}}/{TOPIC}?+X-Api-Key={TOKEN}",
    f"gotify://{{at}}/{TOKEN}",
    f"hassio://{{at}}/{TOKEN}",
    f"matrix://{TOKEN}@{{at}}/%23{TOPIC}",
    f"ntfy://{TOKEN}@{{at}}/{TOPIC}",
)


class _Everything(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if threading.current_thread().name == "medsched-send" or not record.name.startswith("mail"):
            self.lines.append(self.format(record))


@pytest.fixture
def everything() -> Iterator[_Everything]:
    """All loggers at DEBUG, as somebody who looks for an error would set them."""
    quiet.silence()
    found = _Everything()
    loggers = [logging.getLogger(), *map(logging.getLogger, quiet.SILENCED)]
    levels = [each.level for each in loggers]
    for each in loggers:
        each.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(found)
    logging.getLogger("apprise").addHandler(found)
    yield found
    logging.getLogger().removeHandler(found)
    logging.getLogger("apprise").removeHandler(found)
    for each, level in zip(loggers, levels, strict=True):
        each.setLevel(level)


def secrets_in(text: str) -> set[str]:
    return {each for each in (DRUG, TOKEN, TOPIC) if each in text}


@pytest.mark.parametrize("url", CHANNELS)
@pytest.mark.parametrize(
    ("manner", "status"),
    [
        (Manner.ANSWER, 200),
        (Manner.ANSWER, 302),
        (Manner.ANSWER, 401),
        (Manner.ANSWER, 500),
        (Manner.DROP, 0),
    ],
)
def test_no_log_at_debug_holds_text_token_or_topic(
    url: str,
    manner: Manner,
    status: int,
    everything: _Everything,
    capfd: pytest.CaptureFixture[str],
) -> None:
    with http_sink(manner=manner, status=status) as sink:
        one = sender_for(url.format(at=sink.at), allow_hosts=[LOOPBACK])
        found = one.send(MESSAGE, deadline=10)
        one.send(Message(thread="t", title="", body="", kind=MessageKind.CLEAR), deadline=10)
    shown = capfd.readouterr()
    said = "\n".join([*everything.lines, shown.out, shown.err, found.detail])
    assert secrets_in(said) == set()


@pytest.mark.parametrize("manner", [MailManner.TAKE, MailManner.REFUSE_RECIPIENT])
def test_no_log_at_debug_holds_what_a_mail_says(
    manner: MailManner, everything: _Everything, capfd: pytest.CaptureFixture[str]
) -> None:
    with mail_sink(manner) as sink:
        one = sender_for(
            f"mailto://{LOOPBACK}:{sink.port}?from=a@example.org&to={TOPIC}@example.org"
            f"&mode=insecure&smtp={LOOPBACK}",
            allow_hosts=[LOOPBACK],
        )
        found = one.send(MESSAGE, deadline=10)
    shown = capfd.readouterr()
    assert secrets_in("\n".join([*everything.lines, shown.out, shown.err, found.detail])) == set()


def test_a_file_and_a_terminal_log_nothing(everything: _Everything, tmp_path: Path) -> None:
    sender_for(f"file://{tmp_path}/{TOPIC}.txt").send(MESSAGE, deadline=10)
    sender_for(f"file://{tmp_path}/{TOPIC}/missing.txt").send(MESSAGE, deadline=10)
    sender_for("terminal://", stream=io.StringIO()).send(MESSAGE, deadline=10)
    assert secrets_in("\n".join(everything.lines)) == set()


@pytest.mark.parametrize(
    "url",
    [
        f"bogus://{TOKEN}@example.org/{TOPIC}",
        f"{TOKEN}",
        f"json://{TOKEN}@a@example.org/",
        f"jsons://user:{TOKEN}@example.org/{TOPIC}?{DRUG}={TOKEN}",
        f"jsons://user:{TOKEN}@example.org/{TOPIC}?retry={TOKEN}",
        f"jsons://{TOKEN}@2130706433/{TOPIC}",
        f"ntfys://{TOKEN}@example.org/{TOPIC}.{DRUG}",
        f"tgram://{TOKEN}/{TOPIC}",
        f"gotifys://example.org/{TOKEN}/{TOPIC}/x?method={DRUG}",
        f"matrixs://user:{TOKEN}@example.org/{TOPIC}",
        f"mailtos://user:{TOKEN}@example.org?smtp={TOPIC}",
        f"file://{TOPIC}/{DRUG}",
        f"syslog://{TOKEN}",
    ],
)
def test_a_refusal_says_why_in_one_line_without_any_secret(
    url: str, everything: _Everything
) -> None:
    with pytest.raises(MedschedError) as refusal:
        sender_for(url, resolver=lambda _: [LOOPBACK])
    sentence = str(refusal.value)
    assert sentence.startswith("channel address: ")
    assert "\n" not in sentence
    assert secrets_in(sentence + "".join(everything.lines)) == set()


def test_a_sender_that_breaks_prints_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    """A traceback in a thread would show the text that was being sent."""

    def broken(host: str) -> list[str]:
        raise ZeroDivisionError(DRUG)

    with refusing():
        one = sender_for("jsons://example.org/", resolver=broken, look_up=False)
        assert one.send(MESSAGE, deadline=10).detail == "the sender failed"
    assert secrets_in("".join(capfd.readouterr())) == set()
