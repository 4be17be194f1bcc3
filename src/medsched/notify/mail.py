"""E-mail: Apprise reads the address and writes the message; the conversation is ours.

Apprise answers no both when a mail server refused and when it took the whole message
and then fell silent. For a reminder these are opposites, so we speak SMTP ourselves and
know how far it got: before DATA nothing can have arrived, after the last dot it may have.

Source:
    RFC 5321, sections 4.2.1 (replies) and 4.5.3.2.6 (a server may be slow after the dot).
    RFC 3834, section 5 (Auto-Submitted). RFC 4021, section 2.1.50 (Expires).
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any, Final

from medsched.frozen import frozen
from medsched.notify import verdict
from medsched.notify.address import BadAddress
from medsched.notify.apprise_service import instantiate
from medsched.notify.deadline import CONNECT_SECONDS, to_connect, within
from medsched.notify.gate import HostNotFound, HostRefused, canonical
from medsched.notify.text import body_of, one_line
from medsched.services.message import Delivery, Message, MessageKind, Outcome, Urgency

if TYPE_CHECKING:
    from medsched.notify.address import Address
    from medsched.notify.deadline import Attempt
    from medsched.notify.gate import Gate

_PERMANENT: Final = range(500, 600)
_OURSELVES: Final = "[127.0.0.1]"
"""How we say hello: an address literal, because smtplib would look our own name up, untimed."""

_GOODBYE_SECONDS: Final = 0.5


@frozen
class MailChannel:
    """Sends e-mail, one conversation a message.

    Args:
        address: Where to; read and allowed.
        gate: Asked before each send.
    """

    address: Address
    gate: Gate

    def send(self, message: Message, *, deadline: float) -> Delivery:
        """Send, and say what became of it; a mail cannot be cleared."""
        if message.kind is MessageKind.CLEAR:
            return verdict.CANNOT_CLEAR
        return within(deadline, lambda attempt: self._send(message, deadline, attempt))

    def check(self) -> None:
        """Return if the address can be sent to.

        Raises:
            BadAddress: It is no mail address, or everybody on the way could read the mail.
            HostRefused, HostNotFound: What the gate says about its server.
        """
        self._service(CONNECT_SECONDS)

    def _service(self, deadline: float) -> Any:  # noqa: ANN401 - Apprise's plugins share no typed surface
        """Return Apprise's reading of the address, its server allowed."""
        service = instantiate(self.address, deadline)
        if service is None or not service.targets:
            raise BadAddress(
                self.address.url, "write it as mailtos://user:password@host?to=address"
            )
        server = canonical(str(service.smtp_host))
        if service.secure_mode == "insecure" and server not in self.gate.allow_hosts:
            raise BadAddress(self.address.url, "use mailtos://, so that nobody on the way reads it")
        self.gate.ask(server)
        return service

    def _send(self, message: Message, deadline: float, attempt: Attempt) -> Delivery:
        """Send to every recipient in one conversation."""
        try:
            service = self._service(deadline)
        except HostNotFound:
            return verdict.HOST_NOT_FOUND
        except (HostRefused, BadAddress):
            return verdict.ADDRESS_REFUSED
        try:
            server = _connected(service, deadline)
        except (OSError, smtplib.SMTPException) as error:
            return _before_data(error)
        try:
            mails = _mails(service, message)
            attempt.begin()
            return verdict.worst([_posted(server, service.from_addr[1], each) for each in mails])
        finally:
            _parted(server)


def _connected(service: Any, deadline: float) -> smtplib.SMTP:  # noqa: ANN401 - the same
    """Return a conversation, encrypted and logged in as the address says."""
    wait = to_connect(deadline)
    context = ssl.create_default_context()
    if service.secure_mode == "ssl":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            service.smtp_host, service.port, _OURSELVES, timeout=wait, context=context
        )
    else:
        server = smtplib.SMTP(service.smtp_host, service.port, _OURSELVES, timeout=wait)
    try:
        if service.secure_mode == "starttls":
            server.starttls(context=context)
        if service.user and service.password:
            server.login(service.user, service.password)
    except BaseException:
        server.close()
        raise
    if server.sock is not None:
        server.sock.settimeout(deadline * 0.6)  # the connection took up to 0.3 of it
    return server


def _mails(service: Any, message: Message) -> list[Any]:  # noqa: ANN401 - the same
    """Return the finished mails, plain text, one for each recipient."""
    from apprise import NotifyFormat

    return list(
        type(service).prepare_emails(
            subject=one_line(message.title),
            body=body_of(message, links=True),
            notify_format=NotifyFormat.TEXT,
            from_addr=service.from_addr,
            to=service.targets,
            cc=service.cc,
            bcc=service.bcc,
            reply_to=service.reply_to,
            smtp_host=service.smtp_host,
            headers=_headers(service, message),
            names=service.names,
        )
    )


def _headers(service: Any, message: Message) -> dict[str, str]:  # noqa: ANN401 - the same
    """Return headers that keep holiday notices away and the mails of one dose together."""
    domain = str(service.from_addr[1]).rpartition("@")[2]
    headers = {
        "Auto-Submitted": "auto-generated",
        "References": f"<{one_line(message.thread).replace(' ', '-')}@{domain}>",
    }
    if message.urgency is Urgency.HIGH:
        headers["Importance"] = "high"
    if message.valid_until is not None:
        headers["Expires"] = format_datetime(message.valid_until)
    return headers


def _posted(server: smtplib.SMTP, sender: str, mail: Any) -> Delivery:  # noqa: ANN401 - the same
    """Say the envelope, then the mail, to whoever of its recipients is accepted."""
    try:
        server.ehlo_or_helo_if_needed()
        codes = [server.mail(sender)[0]]
        if _is_fine(codes[0]):
            codes = [server.rcpt(each)[0] for each in mail.to_addrs]
        if not any(map(_is_fine, codes)):
            server.rset()
            return _refused(codes[0])
        return _given(server, mail.body, refused=sum(not _is_fine(each) for each in codes))
    except (OSError, smtplib.SMTPException) as error:
        return _before_data(error)


def _given(server: smtplib.SMTP, body: str, *, refused: int) -> Delivery:
    """Say the mail itself; from here on, silence means that it may have arrived."""
    try:
        code = server.data(body)[0]
    except smtplib.SMTPDataError as error:
        return _refused(error.smtp_code)  # refused the word DATA: nothing was sent
    except (OSError, smtplib.SMTPException):
        return Delivery(outcome=Outcome.UNKNOWN, detail="mail: no answer after the text")
    if not _is_fine(code):
        return Delivery(outcome=Outcome.NOT_DELIVERED, detail=f"smtp {code}")
    detail = f"accepted, but not for {refused} recipients" if refused else "accepted"
    return Delivery(outcome=Outcome.DELIVERED, detail=detail)


def _parted(server: smtplib.SMTP) -> None:
    """Say goodbye, briefly: what the server thinks of it changes nothing any more."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(_GOODBYE_SECONDS)
            server.quit()
    server.close()


def _is_fine(code: int) -> bool:
    """Say whether a reply is a positive completion (RFC 5321, section 4.2.1)."""
    return 200 <= code < 300  # noqa: PLR2004 - the class of such replies


def _before_data(error: Exception) -> Delivery:
    """Return what a failure before DATA says: nothing was sent."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _refused(error.smtp_code)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Delivery(outcome=Outcome.REJECTED, detail="mail: server lacks encryption or login")
    detail = f"mail: {verdict.of_error(error).detail}"
    return Delivery(outcome=Outcome.NOT_DELIVERED, detail=detail)


def _refused(code: int) -> Delivery:
    """Return what a refusal of sender, recipient or password says: 5xx is for good."""
    outcome = Outcome.REJECTED if code in _PERMANENT else Outcome.NOT_DELIVERED
    return Delivery(outcome=outcome, detail=f"smtp {code}")
