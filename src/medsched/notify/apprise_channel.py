"""A channel by Apprise, believed only as far as it can be.

Apprise answers yes or no. Its yes is false after a redirect and for an `optional`
service; its no is false when the endpoint read the message and then answered late,
failed or hung up. So redirects are off, retries and options are forced off, and the
reason for a no is taken from the exception that Apprise caught, while it is being
handled (`witness`).

Each send makes its own Apprise object: one that is kept waits 5.5 s between messages.
It sends in the thread that calls it, which is one of ours (`deadline`): a thread of
Apprise's own pool keeps the program from ending for as long as a server drips.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from medsched.frozen import frozen
from medsched.notify import verdict
from medsched.notify.address import BadAddress, Kind
from medsched.notify.apprise_service import instantiate
from medsched.notify.deadline import CONNECT_SECONDS, within
from medsched.notify.gate import HostNotFound, HostRefused
from medsched.notify.text import body_of, clipped, one_line
from medsched.notify.witness import Witness
from medsched.services.message import Delivery, Message, MessageKind, Outcome, Urgency

if TYPE_CHECKING:
    from medsched.notify.address import Address
    from medsched.notify.deadline import Attempt
    from medsched.notify.gate import Gate

_CLEARED_TITLE: Final = "Nothing to do"
_CLEARED_BODY: Final = "This reminder is settled."
_GOTIFY_PRIORITY: Final = {Urgency.LOW: 2, Urgency.NORMAL: 5, Urgency.HIGH: 8}


@frozen
class AppriseChannel:
    """Sends by one of Apprise's services.

    Args:
        address: Where to; read and allowed.
        gate: Asked before each send.
    """

    address: Address
    gate: Gate

    def send(self, message: Message, *, deadline: float) -> Delivery:
        """Send, and say what became of it; at most `deadline` seconds, never raises."""
        if message.kind is MessageKind.CLEAR and not can_clear(self.address.kind):
            return verdict.CANNOT_CLEAR
        return within(deadline, lambda attempt: self._send(message, deadline, attempt))

    def check(self) -> None:
        """Return if the address can be sent to.

        Raises:
            BadAddress: Apprise cannot use it here.
            HostRefused, HostNotFound: What the gate says.
        """
        self._ask(self._service(CONNECT_SECONDS))

    def _send(self, message: Message, deadline: float, attempt: Attempt) -> Delivery:
        """Ask whether the host may be reached, then send."""
        try:
            service = self._service(deadline)
            self._ask(service)
        except HostNotFound:
            return verdict.HOST_NOT_FOUND
        except (HostRefused, BadAddress):
            return verdict.ADDRESS_REFUSED
        _dress(service, self.address, message)
        attempt.begin()
        return _deliver(service, message)

    def _ask(self, service: Any) -> None:  # noqa: ANN401 - Apprise's plugins share no typed surface
        """Ask the gate about the host that Apprise understood, which is the one it will use."""
        if self.address.kind is Kind.TELEGRAM:
            self.gate.ask(self.address.host)
        elif self.address.kind is not Kind.DESKTOP:
            self.gate.ask(str(service.host))

    def _service(self, deadline: float) -> Any:  # noqa: ANN401 - the same
        """Return a fresh service that neither retries, redirects, waits long nor pretends."""
        service = instantiate(self.address, deadline)
        if service is None:
            raise BadAddress(self.address.url, _unusable(self.address.kind))
        return service


def can_clear(kind: Kind) -> bool:
    """Say whether a channel of this kind can take a message down or overwrite it."""
    return kind in {Kind.WEBHOOK, Kind.HOME_ASSISTANT}


def _dress(service: Any, address: Address, message: Message) -> None:  # noqa: ANN401 - the same
    """Give the service what a message has and Apprise has no word for."""
    if address.kind is Kind.GOTIFY and "priority" not in address.parameters:
        service.priority = _GOTIFY_PRIORITY[message.urgency]
    if address.kind is Kind.HOME_ASSISTANT:
        service.nid = message.thread
    if address.kind is Kind.WEBHOOK:
        service.payload_extras |= {
            "thread": message.thread,
            "kind": str(message.kind),
            "urgency": str(message.urgency),
            "valid_until": message.valid_until.isoformat() if message.valid_until else None,
            "buttons": [{"label": each.label, "url": each.url} for each in message.buttons],
        }


def _deliver(service: Any, message: Message) -> Delivery:  # noqa: ANN401 - the same
    """Send, watched, and say what became of it."""
    from apprise import Apprise, AppriseResultStatus, NotifyFormat, NotifyType

    witness = Witness()
    service.logger = witness
    title, body = _worded(service, message)
    result = Apprise(service, asset=service.asset).notify(
        title=title,
        body=body,
        body_format=NotifyFormat.TEXT,
        notify_type=NotifyType.WARNING if message.urgency is Urgency.HIGH else NotifyType.INFO,
    )
    done = result.status is AppriseResultStatus.SUCCESS
    return _concluded(witness.seen, done=done, targets=len(service))


def _worded(service: Any, message: Message) -> tuple[str, str]:  # noqa: ANN401 - the same
    """Return title and body, cut to what the service takes."""
    title, body = one_line(message.title), body_of(message, links=True)
    if message.kind is MessageKind.CLEAR:
        title, body = title or _CLEARED_TITLE, body or _CLEARED_BODY
    room = max(80, int(service.body_maxlen) * 3 // 4 - len(title))  # escapes make text longer
    return title, clipped(body or title, room)


def _concluded(seen: list[Delivery], *, done: bool, targets: int) -> Delivery:
    """Return what is known after a yes or no, given what was seen on the way."""
    if done:
        return Delivery(outcome=Outcome.DELIVERED, detail="accepted")
    if not seen:
        return Delivery(outcome=Outcome.UNKNOWN, detail="failed without a reason")
    found = verdict.worst(seen)
    if targets > 1 and found.outcome is Outcome.NOT_DELIVERED:
        return Delivery(outcome=Outcome.UNKNOWN, detail=f"{found.detail}, for some")
    return found


def _unusable(kind: Kind) -> str:
    """Return what would be right, for an address that Apprise does not take."""
    if kind is Kind.DESKTOP:
        return "desktop messages of this kind need a desktop and a package that are not here"
    return f"see docs/channels.md for what a {kind} address looks like"
