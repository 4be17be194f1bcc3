"""ntfy by a small sender of our own, for its buttons and its sequence ids.

Messages of one thread carry one sequence id: a later one replaces the earlier on the
phone, and CLEAR deletes it there, also on a phone that was off and fetches both hours
later. Without that it would still show "dose due" in the evening. A server older than
2.16 ignores the id; that is why the text says until when it holds.

Buttons open the confirm page, where a late tap is answered by the advice of that moment;
with `?buttons=post` they act at once.

Source:
    ntfy documentation, "Publish as JSON", "Action buttons" and "Updating + deleting
    notifications" (server 2.16 and later; `^[-_A-Za-z0-9]{1,64}$` for topics and ids).
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from typing import TYPE_CHECKING, Final

from medsched.frozen import frozen
from medsched.notify import quiet, verdict
from medsched.notify.address import NTFY_HOST, BadAddress
from medsched.notify.deadline import to_connect, to_read, within
from medsched.notify.gate import HostNotFound, HostRefused
from medsched.notify.text import body_of, clipped, one_line, utf8_size
from medsched.services.message import Button, Delivery, Message, MessageKind, Outcome, Urgency

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

    from medsched.notify.address import Address
    from medsched.notify.deadline import Attempt
    from medsched.notify.gate import Gate

MESSAGE_BYTES: Final = 4000
"""A little below the server's limit of 4,096: what is longer arrives as an attached file."""

BUTTONS: Final = 3
"""The most that ntfy shows."""

_ANSWER_BYTES: Final = 65_536
_NAME: Final = re.compile(r"[-_A-Za-z0-9]{1,64}")
_PRIORITY: Final = {Urgency.LOW: 2, Urgency.NORMAL: 3, Urgency.HIGH: 5}
_NO_SUCH_METHOD: Final = frozenset({404, 405, 501})


@frozen
class NtfyChannel:
    """Sends to one topic of one ntfy server.

    Args:
        address: `ntfys://[token@|user:password@]host[:port]/topic`; read and allowed.
        gate: Asked before each send.
    """

    address: Address
    gate: Gate

    def send(self, message: Message, *, deadline: float) -> Delivery:
        """Publish or delete, and say what became of it; never raises."""
        return within(deadline, lambda attempt: self._send(message, deadline, attempt))

    def check(self) -> None:
        """Return if the address can be sent to.

        Raises:
            BadAddress: Its topic is none.
            HostRefused, HostNotFound: What the gate says.
        """
        if not _NAME.fullmatch(self._topic):
            raise BadAddress(
                self.address.url, "end it with a topic of 1 to 64 letters, digits, - and _"
            )
        if self.address.parameters.get("buttons", "page") not in {"page", "post"}:
            raise BadAddress(self.address.url, "use buttons=page or buttons=post")
        self.gate.ask(self.address.host)

    @property
    def _topic(self) -> str:
        return self.address.path.strip("/")

    @property
    def _base(self) -> str:
        """Return the server's address; ntfy.sh is never spoken to in the clear."""
        secure = self.address.schema == "ntfys" or self.address.host == NTFY_HOST
        host = f"[{self.address.host}]" if ":" in self.address.host else self.address.host
        port = f":{self.address.port}" if self.address.port else ""
        return f"{'https' if secure else 'http'}://{host}{port}"

    def _send(self, message: Message, deadline: float, attempt: Attempt) -> Delivery:
        """Ask whether the host may be reached, then send."""
        try:
            self.gate.ask(self.address.host)
        except HostNotFound:
            return verdict.HOST_NOT_FOUND
        except HostRefused:
            return verdict.ADDRESS_REFUSED
        attempt.begin()
        if message.kind is MessageKind.CLEAR:
            return self._clear(message, deadline)
        return self._ask("POST", self._base, deadline, self._published(message))

    def _clear(self, message: Message, deadline: float) -> Delivery:
        """Delete what the thread showed; an old server has no way to, and that is final."""
        url = f"{self._base}/{self._topic}/{sequence_id(message.thread)}"
        answer = self._ask("DELETE", url, deadline, None)
        if answer.detail in {f"http {code}" for code in _NO_SUCH_METHOD}:
            return verdict.CANNOT_CLEAR
        return answer

    def _ask(self, method: str, url: str, deadline: float, body: bytes | None) -> Delivery:
        """Make one request without redirects and read what the answer says."""
        import requests

        quiet.silence()
        try:
            with requests.request(
                method,
                url,
                data=body,
                headers={"User-Agent": "medsched", "Content-Type": "application/json"},
                auth=self._sign,
                timeout=(to_connect(deadline), to_read(deadline)),
                allow_redirects=False,
                stream=True,
            ) as response:
                return _read(response, body)
        except (requests.RequestException, OSError, ValueError) as error:
            return verdict.of_error(error)

    def _sign(self, request: PreparedRequest) -> PreparedRequest:
        """Add who we are; as `auth`, so that a .netrc file on this machine has no say."""
        user, separator, password = self.address.user.partition(":")
        if separator and user:
            request.headers["Authorization"] = f"Basic {_base64(f'{user}:{password}')}"
            return request
        if token := user or password:
            request.headers["Authorization"] = f"Bearer {token}"
        return request

    def _published(self, message: Message) -> bytes:
        """Return the JSON that publishes a message."""
        post = self.address.parameters.get("buttons") == "post"
        too_many = len(message.buttons) > BUTTONS
        text = clipped(body_of(message, links=too_many), MESSAGE_BYTES, size=utf8_size)
        return json.dumps(
            {
                "topic": self._topic,
                "title": one_line(message.title),
                "message": text or one_line(message.title),
                "priority": _PRIORITY[message.urgency],
                "tags": ["alarm_clock"],  # a pill would tell what hidden names hide
                "sequence_id": sequence_id(message.thread),
                "actions": [_action(each, post=post) for each in message.buttons[:BUTTONS]],
            }
        ).encode()


def sequence_id(thread: str) -> str:
    """Return the id of a thread on the phone: itself where ntfy takes it, else its hash."""
    if _NAME.fullmatch(thread):
        return thread
    return hashlib.sha256(thread.encode(errors="replace")).hexdigest()[:32]


def _action(button: Button, *, post: bool) -> dict[str, object]:
    """Return one button; a GET never acts, so it opens the confirm page or posts.

    A page that was opened settles nothing yet, so only a post takes the message down.
    """
    shown = {"label": one_line(button.label, 40), "url": button.url, "clear": post}
    return {"action": "http", "method": "POST", **shown} if post else {"action": "view", **shown}


def _base64(text: str) -> str:
    """Return a text's UTF-8 in base64."""
    return base64.b64encode(text.encode()).decode()


def _read(response: Response, sent: bytes | None) -> Delivery:
    """Return what the answer says, whether it is a portal's, and whether ids are known.

    The page of a captive portal says 200 as well, but it is a page.
    """
    found = verdict.of_status(response.status_code, response.headers)
    if found.outcome is not Outcome.DELIVERED or sent is None:
        return found
    try:
        text = response.raw.read(_ANSWER_BYTES, decode_content=True).strip()
    except Exception:  # noqa: BLE001 - what raw streams raise belongs to urllib3; the status was the answer
        text = b""
    if text.startswith(b"<"):
        return Delivery(outcome=Outcome.UNKNOWN, detail=f"{found.detail}, but a web page")
    if b'"sequence_id"' not in text:
        return Delivery(outcome=Outcome.DELIVERED, detail=f"{found.detail}, cannot replace")
    return found
