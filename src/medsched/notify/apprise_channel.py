"""A channel by Apprise, believed only as far as it can be.

Apprise answers yes or no. Its yes is false after a redirect and for an `optional`
service; its no is false when the endpoint read the message and then answered late,
failed or hung up. So redirects are off, retries and options are forced off, and the
reason for a no is taken from the exception that Apprise caught, while it is being
handled: the plugin's logger is ours and looks at it (`_Witness`).

Each send makes its own Apprise object: one that is kept waits 5.5 s between messages.
It sends in the thread that calls it, which is one of ours (`deadline`): a thread of
Apprise's own pool keeps the program from ending for as long as a server drips.
"""

from __future__ import annotations

import importlib
import logging
import re
import sys
import warnings
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from medsched.notify import quiet, verdict
from medsched.notify.address import BadAddress, Kind
from medsched.notify.deadline import within
from medsched.notify.gate import HostNotFound, HostRefused, pass_host
from medsched.notify.text import body_of, clipped, one_line
from medsched.services.message import Delivery, Message, MessageKind, Outcome, Urgency

if TYPE_CHECKING:
    from medsched.notify.address import Address
    from medsched.notify.gate import Resolver

CONNECT_SECONDS: Final = 4.0
CONNECT_SHARE: Final = 0.3
"""Of the deadline, at most: a send of three requests to a black hole still ends by itself."""

NOTHING_TO_CLEAR: Final = Delivery(outcome=Outcome.DELIVERED, detail="cannot clear")
"""The answer of a channel that cannot take a message down: there is nothing to try again."""

_CLEARED_TITLE: Final = "Nothing to do"
_CLEARED_BODY: Final = "This reminder is settled."
_STATUS: Final = re.compile(r"\berror=(\d{3})\b")
_THROTTLED: Final = re.compile(r"throttle back (\d+(?:\.\d+)?)ms")
_PLUGINS: Final = MappingProxyType(
    {
        "dbus": ("dbus", "NotifyDBus"),
        "gio": ("glib", "NotifyGLib"),
        "glib": ("glib", "NotifyGLib"),
        "gnome": ("gnome", "NotifyGnome"),
        "gotify": ("gotify", "NotifyGotify"),
        "gotifys": ("gotify", "NotifyGotify"),
        "hassio": ("home_assistant", "NotifyHomeAssistant"),
        "hassios": ("home_assistant", "NotifyHomeAssistant"),
        "json": ("custom_json", "NotifyJSON"),
        "jsons": ("custom_json", "NotifyJSON"),
        "kde": ("dbus", "NotifyDBus"),
        "macosx": ("macosx", "NotifyMacOSX"),
        "mailto": ("email", "NotifyEmail"),
        "mailtos": ("email", "NotifyEmail"),
        "matrix": ("matrix", "NotifyMatrix"),
        "matrixs": ("matrix", "NotifyMatrix"),
        "qt": ("dbus", "NotifyDBus"),
        "tgram": ("telegram", "NotifyTelegram"),
        "windows": ("windows", "NotifyWindows"),
    }
)
"""Where Apprise keeps what sends to each schema."""

_GOTIFY_PRIORITY: Final = {Urgency.LOW: 2, Urgency.NORMAL: 5, Urgency.HIGH: 8}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppriseChannel:
    """Sends by one of Apprise's services.

    Args:
        address: Where to; read and allowed.
        allow_hosts: Hosts the owner named, in lower case.
        resolver: Asked before each send.
    """

    address: Address
    allow_hosts: frozenset[str]
    resolver: Resolver

    def send(self, message: Message, *, deadline: float) -> Delivery:
        """Send, and say what became of it; at most `deadline` seconds, never raises."""
        if message.kind is MessageKind.CLEAR and not can_clear(self.address.kind):
            return NOTHING_TO_CLEAR
        return within(deadline, lambda: self._send(message, deadline))

    def check(self) -> None:
        """Return if the address can be sent to.

        Raises:
            BadAddress: Apprise cannot use it here, or its host is not public.
        """
        try:
            self._pass_host(self._service(CONNECT_SECONDS))
        except HostRefused:
            raise BadAddress(
                self.address.url, "name a public host, or add this one to notify.allow_hosts"
            ) from None
        except HostNotFound:
            return  # offline now; asked again before each send

    def _send(self, message: Message, deadline: float) -> Delivery:
        """Ask whether the host may be reached, then send."""
        try:
            service = self._service(deadline)
            self._pass_host(service)
        except HostNotFound:
            return Delivery(outcome=Outcome.NOT_DELIVERED, detail="host not found")
        except (HostRefused, BadAddress):
            return Delivery(outcome=Outcome.REJECTED, detail="address refused")
        _dress(service, self.address, message)
        return _deliver(service, message)

    def _pass_host(self, service: Any) -> None:  # noqa: ANN401 - Apprise's plugins share no typed surface
        """Ask the gate about the host that Apprise understood, which is the one it will use."""
        if self.address.kind is Kind.DESKTOP:
            return
        host = self.address.host if self.address.kind is Kind.TELEGRAM else str(service.host)
        pass_host(host, allow_hosts=self.allow_hosts, resolver=self.resolver)

    def _service(self, deadline: float) -> Any:  # noqa: ANN401 - the same
        """Return a fresh service that neither retries, redirects, waits long nor pretends."""
        service = instantiate(self.address, deadline)
        if service is None:
            raise BadAddress(self.address.url, _unusable(self.address.kind))
        return service


def can_clear(kind: Kind) -> bool:
    """Say whether a channel of this kind can take a message down or overwrite it."""
    return kind in {Kind.WEBHOOK, Kind.HOME_ASSISTANT}


def instantiate(address: Address, deadline: float) -> Any:  # noqa: ANN401 - Apprise's plugins share no typed surface
    """Return Apprise's object for an address, with every convenience off; None if it has none.

    The one plugin is loaded by name: Apprise's own way loads all 140 of them.
    """
    quiet.silence()
    plugin = _plugin(*_PLUGINS[address.schema])
    parsed = plugin.parse_url(address.url) if plugin.enabled else None
    if parsed is None:
        return None
    try:
        service = plugin(**parsed, asset=_asset())
    except (TypeError, ValueError):  # what Apprise raises for an address lacking a part
        return None
    service.retry = service.service_retry = 0
    service.optional = service.redirects = service.discovery = False
    service.verify_certificate = True
    service.request_rate_per_sec = 0  # one message a time: what throttles is the ladder
    service.socket_connect_timeout = min(CONNECT_SECONDS, deadline * CONNECT_SHARE)
    service.socket_read_timeout = deadline * 0.9
    return service if service.enabled else None


def _plugin(module: str, name: str) -> Any:  # noqa: ANN401 - the same
    """Return one of Apprise's plugin classes."""
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", DeprecationWarning
        )  # Apprise tries a module that Python drops
        return getattr(importlib.import_module(f"apprise.plugins.{module}"), name)


def _asset() -> Any:  # noqa: ANN401 - the same
    """Return Apprise's settings: no redirect, no retry, no key made, no secret logged."""
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="medsched",
        app_desc="medsched",
        app_url="",
        http_redirects=False,
        secure_logging=True,
        async_mode=False,
        service_timeout=0,  # with a limit of its own Apprise would use its pool
        pgp_autogen=False,
        pem_autogen=False,
    )


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

    witness = _Witness()
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


class _Witness(logging.Logger):
    """A plugin's logger that keeps the class of each failure and writes nothing.

    Apprise reports a failed request while it handles the exception, so the exception
    itself can be asked, and a refused one as `error=<status>`.
    """

    def __init__(self) -> None:
        super().__init__("apprise.witness", logging.WARNING)
        self.seen: list[Delivery] = []

    def handle(self, record: logging.LogRecord) -> None:
        """Take the class of what happened; the record ends here."""
        error = sys.exc_info()[1]
        text = record.getMessage()
        if status := _STATUS.search(text):
            self.seen.append(verdict.of_status(int(status[1])))
        elif wait := _THROTTLED.search(text):
            self.seen.append(
                verdict.of_status(429, {"Retry-After": str(int(float(wait[1]) / 1000))})
            )
        elif error is not None:
            self.seen.append(verdict.of_error(error))


def _unusable(kind: Kind) -> str:
    """Return what would be right, for an address that Apprise does not take."""
    if kind is Kind.DESKTOP:
        return "desktop messages of this kind need a desktop and a package that are not here"
    return f"see docs/channels.md for what a {kind} address looks like"
