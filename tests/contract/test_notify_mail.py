"""E-mail against a real server: what was refused, what was taken, what may have been."""

from __future__ import annotations

import email
import email.policy
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from tests.contract.sinks import (
    LOOPBACK,
    MailManner,
    MailSink,
    Manner,
    black_hole,
    http_sink,
    mail_sink,
    refusing,
)

from medsched.errors import MedschedError
from medsched.notify.registry import sender_for
from medsched.services.message import Button, Message, MessageKind, Outcome

if TYPE_CHECKING:
    from email.message import EmailMessage

    from medsched.services.message import Delivery, Sender

DEADLINE = 1.0
"""For what would never end by itself."""

PATIENCE = 10.0
"""For what ends by itself, on however busy a machine."""

MESSAGE = Message(
    thread="dose-1",
    title="Dose due at 08:00",
    body="25\u00a0mg: 1 tablet of 25\u00a0mg\nValid until 11:00.",
    valid_until=datetime(2026, 3, 2, 10, tzinfo=UTC),
    buttons=(Button(label="Taken", url="https://me.example.org/t/abc"),),
)


def sender(at: str, *, more: str = "", to: str = "me@example.org") -> Sender:
    url = f"mailto://{at}?from=medsched@example.org&to={to}&mode=insecure&smtp={LOOPBACK}{more}"
    return sender_for(url, allow_hosts=[LOOPBACK])


def sent(
    sink: MailSink, message: Message = MESSAGE, more: str = "", deadline: float = PATIENCE
) -> Delivery:
    return sender(f"{LOOPBACK}:{sink.port}", more=more).send(message, deadline=deadline)


def read(sink: MailSink) -> EmailMessage:
    return email.message_from_bytes(sink.mails[0].content, policy=email.policy.default)


@pytest.fixture(scope="module", autouse=True)
def _loaded() -> None:
    """Loading a library is not part of what is timed here."""
    sender(f"{LOOPBACK}:25")


def test_a_mail_arrives_as_plain_text_with_its_links() -> None:
    with mail_sink() as sink:
        assert sent(sink).outcome is Outcome.DELIVERED
        mail = read(sink)
        assert mail["Subject"] == "Dose due at 08:00"
        assert mail.get_content_type() == "text/plain"
        assert mail.get_content().splitlines()[:2] == MESSAGE.body.split("\n")
        assert "Taken: https://me.example.org/t/abc" in mail.get_content()


def test_mails_of_one_dose_lie_together_and_wake_no_holiday_notice() -> None:
    with mail_sink() as sink:
        sent(sink)
        mail = read(sink)
        assert mail["References"] == "<dose-1@example.org>"
        assert mail["Auto-Submitted"] == "auto-generated"
        assert mail["Expires"] == "Mon, 02 Mar 2026 10:00:00 +0000"


def test_every_recipient_has_a_mail_of_their_own() -> None:
    with mail_sink() as sink:
        both = sender(f"{LOOPBACK}:{sink.port}", to="a@example.org,b@example.org")
        assert both.send(MESSAGE, deadline=PATIENCE).outcome is Outcome.DELIVERED
        assert [each.rcpt_tos for each in sink.mails] == [["a@example.org"], ["b@example.org"]]


@pytest.mark.parametrize(
    ("manner", "outcome", "detail"),
    [
        (MailManner.REFUSE_RECIPIENT, Outcome.REJECTED, "smtp 550"),
        (MailManner.REFUSE_FOR_NOW, Outcome.NOT_DELIVERED, "smtp 451"),
        (MailManner.REFUSE_TEXT, Outcome.NOT_DELIVERED, "smtp 554"),
        (MailManner.HANG_AFTER_TEXT, Outcome.UNKNOWN, "mail: no answer after the text"),
    ],
)
def test_how_far_the_conversation_got_says_whether_it_may_have_arrived(
    manner: MailManner, outcome: Outcome, detail: str
) -> None:
    with mail_sink(manner) as sink:
        hangs = manner is MailManner.HANG_AFTER_TEXT
        found = sent(sink, deadline=DEADLINE if hangs else PATIENCE)
        assert (found.outcome, found.detail) == (outcome, detail)


def test_a_refused_copy_does_not_keep_the_mail_from_the_person() -> None:
    with mail_sink(MailManner.REFUSE_COPY) as sink:
        found = sent(sink, more="&cc=copy@example.org")
        assert (found.outcome, found.detail) == (
            Outcome.DELIVERED,
            "accepted, but not for 1 recipients",
        )


def test_25_a_server_that_is_away_has_surely_not_delivered() -> None:
    with refusing() as at:
        found = sender(at).send(MESSAGE, deadline=PATIENCE)
        assert (found.outcome, found.detail) == (Outcome.NOT_DELIVERED, "mail: connection refused")


def test_26_a_server_that_never_says_hello_has_surely_not_delivered() -> None:
    with black_hole() as at:
        began = time.monotonic()
        assert sender(at).send(MESSAGE, deadline=DEADLINE).outcome is Outcome.NOT_DELIVERED
        assert time.monotonic() - began < DEADLINE + 5


def test_a_server_that_speaks_another_language_has_surely_not_delivered() -> None:
    with http_sink(manner=Manner.ANSWER) as sink:
        found = sender(sink.at).send(MESSAGE, deadline=DEADLINE)
        assert found.outcome is Outcome.NOT_DELIVERED


def test_a_password_is_not_said_to_a_server_that_takes_none() -> None:
    with mail_sink() as sink:
        more = "&user=me&password=hunter2"
        found = sent(sink, more=more)
        assert (found.outcome, found.detail) == (
            Outcome.REJECTED,
            "mail: server lacks encryption or login",
        )
        assert not sink.mails


def test_a_mail_cannot_be_taken_back_and_none_is_sent_to_say_so() -> None:
    with mail_sink() as sink:
        found = sent(sink, replace(MESSAGE, kind=MessageKind.CLEAR))
        assert (found.outcome, found.detail) == (Outcome.DELIVERED, "cannot clear")
        assert not sink.mails


def test_a_title_cannot_add_headers_or_recipients() -> None:
    hostile = replace(
        MESSAGE,
        thread="x>\r\nBcc: all@example.org",
        title="Dose\r\nBcc: all@example.org\r\n\r\nTake ten",
    )
    with mail_sink() as sink:
        assert sent(sink, hostile).outcome is Outcome.DELIVERED
        mail = read(sink)
        assert mail["Bcc"] is None
        assert mail["Subject"] == "Dose Bcc: all@example.org Take ten"
        assert sink.mails[0].rcpt_tos == ["me@example.org"]


def test_a_title_cannot_be_read_in_another_order_than_it_was_written() -> None:
    with mail_sink() as sink:
        sent(sink, replace(MESSAGE, title="take \u202e05\u202c mg\x07"))
        assert read(sink)["Subject"] == "take 05 mg"


def test_a_line_with_a_dot_alone_does_not_end_the_mail() -> None:
    with mail_sink() as sink:
        hostile = "one\n.\nQUIT\ntwo"
        assert sent(sink, replace(MESSAGE, body=hostile)).outcome is Outcome.DELIVERED
        assert read(sink).get_content().splitlines()[:4] == ["one", ".", "QUIT", "two"]


def test_emoji_hebrew_and_ten_thousand_characters_arrive() -> None:
    body = "💊 \u05e9\u05dc\u05d5\u05dd\n" + "x" * 10_000
    with mail_sink() as sink:
        assert sent(sink, replace(MESSAGE, title="💊 due", body=body)).outcome is Outcome.DELIVERED
        mail = read(sink)
        assert mail["Subject"] == "💊 due"
        assert "".join(mail.get_content().split()).startswith(
            "💊\u05e9\u05dc\u05d5\u05dd" + "x" * 10_000
        )


def test_a_mail_that_everybody_on_the_way_could_read_goes_to_own_servers_only() -> None:
    with pytest.raises(MedschedError, match="use mailtos://"):
        sender_for(
            "mailto://mail.example.org?from=a@example.org&mode=insecure",
            resolver=lambda _: ["9.9.9.9"],
        )


def test_the_server_that_is_asked_is_the_one_that_is_checked() -> None:
    """The host of the address is public, but `smtp=` names another."""
    with pytest.raises(MedschedError, match="name a public host"):
        sender_for(
            "mailtos://me:pw@example.org?smtp=intern.example.org",
            resolver=lambda host: [LOOPBACK if host == "intern.example.org" else "9.9.9.9"],
        )
