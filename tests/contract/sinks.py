"""Real servers on loopback that behave as badly as those in the world.

Nothing here sleeps for a test: a server that hangs waits for an event that the end of
the test sets, and a server that drips does so until then.
"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator

LOOPBACK = "127.0.0.1"
DRIP_SECONDS = 0.05


class Manner(Enum):
    """How an HTTP server answers, after it has read the whole request."""

    ANSWER = "answer"
    HANG = "hang"  # reads, then says nothing: an answer that comes too late
    DRIP = "drip"  # sends its headers byte by byte, for ever
    DROP = "drop"  # reads, then closes the connection


@dataclass(kw_only=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class HttpSink:
    """An HTTP server that keeps what it was sent."""

    manner: Manner = Manner.ANSWER
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.server = _Server((LOOPBACK, 0), _handler(self))
        self.port = self.server.server_port
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def at(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def saw(self, text: str) -> bool:
        return any(text.encode() in each.body for each in self.requests)

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def respond(self, request: Request, to: BaseHTTPRequestHandler) -> None:
        """Answer in this sink's manner; a child class may answer by what was asked."""
        match self.manner:
            case Manner.HANG:
                self.over.wait(20)
                to.close_connection = True
            case Manner.DROP:
                to.close_connection = True
                to.connection.shutdown(socket.SHUT_RDWR)
            case Manner.DRIP:
                self._drip(to)
            case Manner.ANSWER:
                reply(to, self.status, self.body, self.headers)

    def _drip(self, to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        while not self.over.wait(DRIP_SECONDS):
            to.wfile.write(b".")
            to.wfile.flush()


def reply(
    to: BaseHTTPRequestHandler,
    status: int,
    body: bytes = b"{}",
    headers: dict[str, str] | None = None,
) -> None:
    to.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
        to.send_header(name, value)
    to.end_headers()
    to.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is what many of these tests are about."""


def _handler(sink: HttpSink) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            request = Request(
                method=self.command, path=self.path, headers=dict(self.headers), body=body
            )
            sink.requests.append(request)
            with suppress(OSError):
                sink.respond(request, self)

        do_GET = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the names http.server asks for

        def log_message(self, *args: object) -> None:
            """Stay silent."""

    return Handler


@contextmanager
def http_sink(**kwargs: Any) -> Iterator[HttpSink]:
    sink = HttpSink(**kwargs)
    try:
        yield sink
    finally:
        sink.close()


@contextmanager
def refusing() -> Iterator[str]:
    """Give the address of a port on which nobody listens, kept from everybody else."""
    with socket.socket() as keeper:
        keeper.bind((LOOPBACK, 0))
        yield f"{LOOPBACK}:{keeper.getsockname()[1]}"


@contextmanager
def black_hole() -> Iterator[str]:
    """Give the address of a port that never completes a connection: its queue is full."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen(0)
        address = listener.getsockname()
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(address)
        try:
            yield f"{LOOPBACK}:{address[1]}"
        finally:
            for each in waiting:
                each.close()


# --- ntfy ---------------------------------------------------------------------------


@dataclass(kw_only=True)
class FakeNtfy(HttpSink):
    """As much of ntfy's server as its documentation promises: an append-only topic.

    Args:
        old: Before 2.16: sequence ids are ignored and nothing can be deleted.
        token: The only one that may write, or None for everybody.
    """

    old: bool = False
    token: str | None = None
    events: list[dict[str, Any]] = field(default_factory=list)

    def respond(self, request: Request, to: BaseHTTPRequestHandler) -> None:
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            reply(to, 401)
        elif request.method == "POST" and request.path == "/":
            self._publish(request, to)
        elif request.method == "DELETE" and not self.old:
            topic, sequence = request.path.strip("/").split("/")
            self.events.append({"event": "message_delete", "topic": topic, "sequence_id": sequence})
            reply(to, 200, json.dumps(self.events[-1]).encode())
        else:
            reply(to, 404)

    def _publish(self, request: Request, to: BaseHTTPRequestHandler) -> None:
        given = request.json
        number = f"m{len(self.events)}"
        sequence = number if self.old else given.get("sequence_id", number)
        if not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", sequence) or len(request.body) > 16_384:
            return reply(to, 400)
        if len(given["message"].encode()) > 4096:
            given = given | {"attachment": given["message"], "message": "You received a file"}
        self.events.append({**given, "event": "message", "id": number, "sequence_id": sequence})
        answer = {"id": number, "event": "message", "topic": given["topic"]}
        if not self.old:
            answer["sequence_id"] = sequence
        return reply(to, 200, json.dumps(answer).encode())

    def phone(self, topic: str) -> dict[str, dict[str, Any]]:
        """Return what a phone shows that was off all the time and fetches now."""
        shown: dict[str, dict[str, Any]] = {}
        for event in self.events:
            if event["topic"] != topic:
                continue
            if event["event"] == "message":
                shown[event["sequence_id"]] = event
            else:
                shown.pop(event["sequence_id"], None)
        return shown


@contextmanager
def fake_ntfy(**kwargs: Any) -> Iterator[FakeNtfy]:
    sink = FakeNtfy(**kwargs)
    try:
        yield sink
    finally:
        sink.close()


# --- mail ---------------------------------------------------------------------------


class MailManner(Enum):
    """How a mail server behaves."""

    TAKE = "take"
    REFUSE_RECIPIENT = "550 at RCPT"
    REFUSE_FOR_NOW = "451 at RCPT"
    REFUSE_COPY = "550 for whoever is called copy"
    REFUSE_TEXT = "554 after the text"
    HANG_AFTER_TEXT = "silence after the last dot"


@dataclass(kw_only=True)
class MailSink:
    """A mail server that keeps what it was sent."""

    manner: MailManner = MailManner.TAKE
    mails: list[Any] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd asks for
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.manner is MailManner.REFUSE_RECIPIENT:
            return "550 no such mailbox"
        if self.manner is MailManner.REFUSE_FOR_NOW:
            return "451 try again later"
        if self.manner is MailManner.REFUSE_COPY and "copy" in address:
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - the same
        self.mails.append(envelope)
        if self.manner is MailManner.REFUSE_TEXT:
            return "554 refused by content"
        if self.manner is MailManner.HANG_AFTER_TEXT:
            await asyncio.to_thread(self.over.wait, 20)
        return "250 OK"


@contextmanager
def mail_sink(manner: MailManner = MailManner.TAKE) -> Iterator[MailSink]:
    sink = MailSink(manner=manner)
    with socket.socket() as free:
        free.bind((LOOPBACK, 0))
        sink.port = free.getsockname()[1]
    controller = Controller(sink, hostname=LOOPBACK, port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        sink.over.set()
        controller.stop()
