"""A home whose feeds are served by the very server, on a port of this machine."""

from __future__ import annotations

import http.client
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.fakes.clocks import FakeClock
from tests.unit.services.stories import Story

from medsched.bootstrap import App
from medsched.services.feeds import FeedChoice, add_feed
from medsched.web.limits import Listen
from medsched.web.serving import Door, address_of, bind, make_server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from medsched.services.feed_ports import Feed

TOKEN = "Zz0_-" + "t" * 38


@dataclass(frozen=True)
class Reply:
    """What the server answered."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass
class FeedHome:
    """One person's plan in a database of its own, a clock that a test moves, a server."""

    app: App
    clock: FakeClock
    story: Story
    port: int = 0

    @classmethod
    def begin(cls, home: Path, protocol: str = "milnacipran") -> FeedHome:
        """Return the home of a plan that was ordered on the evening of 1 March 2026."""
        clock = FakeClock()
        home.mkdir(mode=0o700, exist_ok=True)
        app = App(home=home, clock=clock, environment={})
        story = Story.begin(protocol, store=app.store)
        clock.at = story.now
        return cls(app, clock, story)

    def add(self, choice: FeedChoice | None = None, token: str = TOKEN) -> Feed:
        """Make a feed behind a token."""
        with self.app.store.writing() as unit:
            return add_feed(self.story.book(unit), token, choice or FeedChoice(), self.clock.now())

    def path(self, token: str = TOKEN) -> str:
        """Return the path of a feed."""
        return f"/feeds/{token}.ics"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Reply:
        """Send one request and return the answer; `_` stands for `-` in names."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.putrequest(method, path, skip_host="Host" in named, skip_accept_encoding=True)
        for name, value in named.items():
            if value:
                connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return Reply(answer.status, {k.lower(): v for k, v in answer.getheaders()}, body)


@contextmanager
def served(home: FeedHome) -> Iterator[FeedHome]:
    """Serve a home while the block runs."""
    door = Door(listen=Listen(host="127.0.0.1", port=0))
    server = make_server(home.app, door)
    bound = bind(door.listen)
    home.port = urlsplit(address_of(bound, tls=False)).port or 0
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
    thread.start()
    try:
        yield home
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        bound.close()
        home.app.store.close()  # type: ignore[attr-defined]  # the SQL store has it
