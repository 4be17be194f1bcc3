"""The feeds over HTTP: a secret address each; what did not change is not made again.

Unknown, revoked and malformed addresses get one and the same 404, never an empty
calendar, which would wipe the reminders from a phone.
"""

from __future__ import annotations

import gzip
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from medsched.errors import MedschedError
from medsched.frozen import frozen
from medsched.services.feeds import feed_entries, form_of, open_feed, window_of
from medsched.web.limits import Buckets
from medsched.web.logging import product_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.requests import Request

    from medsched.bootstrap import App
    from medsched.services.feed_entry import CalendarForm, FeedEntry
    from medsched.services.feed_ports import Feed
    from medsched.services.ports import Unit

MOST_BYTES: Final = 1_000_000
"""Google reads no more of a feed."""

_PREFIX: Final = 16
PRIVATE: Final = {
    "Cache-Control": "private, max-age=0, must-revalidate",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
"""On every answer."""


@frozen
class Made:
    """A feed as it was last made: what it was made from, its bytes, since when it is so."""

    key: tuple[object, ...]
    plain: bytes
    packed: bytes
    etag: str
    modified: datetime

    def tag(self, *, packed: bool) -> str:
        """Return the strong ETag of one of its two representations."""
        return f'"{self.etag}-gz"' if packed else f'"{self.etag}"'


def not_found() -> Response:
    """Return the one answer for everything that is not there."""
    return PlainTextResponse("Not found.\n", status_code=404, headers=PRIVATE)


class FeedPages:
    """The feeds of one database."""

    def __init__(self, app: App, buckets: Buckets | None = None) -> None:
        """Remember where everything is; nothing is opened yet."""
        self._app = app
        self._buckets = buckets or Buckets()
        self._made: dict[int, Made] = {}
        self.rendered = 0

    def answer(self, request: Request) -> Response:
        """Answer a GET or HEAD of one feed."""
        name = request.path_params["name"]
        now = self._app.clock.now()
        settings = self._app.feed_settings
        token = name.removesuffix(".ics")
        with self._app.store.reading() as unit:
            feed = open_feed(unit, token)
            if feed is None or not name.endswith(".ics"):
                return not_found()
            key = (unit.feeds.stamp(feed.person), *_shape(feed), settings, now.date())
        wait = self._buckets.wait(feed.digest)
        if wait:
            return _slow_down(wait)
        made = self._made.get(feed.number)
        if made is None or made.key != key:
            made = self._make(feed, token, key, now)
        self._count(feed, now, request.headers.get("user-agent", ""))
        return _conditional(request.headers, made)

    def _make(self, feed: Feed, token: str, key: tuple[object, ...], now: datetime) -> Made:
        """Make the feed anew, and keep it while nothing changes."""
        settings = self._app.feed_settings
        with self._app.store.writing() as unit:
            person = unit.people.by_id(feed.person)
            assert person is not None  # noqa: S101  # a feed's person is never deleted
            entries = feed_entries(self._app.book(unit, person), feed, settings, now, token)
            plain = within_limit(entries, form_of(feed), window_of(now, settings)[1])
            etag = sha256(plain).hexdigest()[: 2 * _PREFIX]
            modified = _since_when(unit, feed, etag, now)
        self.rendered += 1
        made = Made(
            key=key,
            plain=plain,
            packed=gzip.compress(plain, 6, mtime=0),
            etag=etag,
            modified=modified,
        )
        self._made[feed.number] = made
        return made

    def _count(self, feed: Feed, now: datetime, user_agent: str) -> None:
        """Note who fetched; a database that is busy does not keep the calendar back."""
        with suppress(MedschedError), self._app.store.writing() as unit:
            unit.feeds.fetched(feed.number, now, product_of(user_agent))


def _shape(feed: Feed) -> tuple[object, ...]:
    return (feed.names, feed.alarms, feed.links, feed.kinds)


def _since_when(unit: Unit, feed: Feed, etag: str, now: datetime) -> datetime:
    """Return since when the calendar is as it is; never earlier than before, in whole seconds."""
    known = unit.feeds.get(feed.number)
    before = known.changed_at if known is not None else None
    if known is not None and before is not None and known.etag == etag:
        return before
    at = now.astimezone(UTC).replace(microsecond=0)
    if before is not None:
        at = max(at, before + timedelta(seconds=1))
    unit.feeds.changed(feed.number, etag, at)
    return at


def within_limit(entries: Sequence[FeedEntry], form: CalendarForm, until: datetime) -> bytes:
    """Return the calendar; when it is too large, its last days are left out."""
    from medsched.calendar.render import render

    kept = list(entries)
    while True:
        body: bytes = render(kept, form)
        if len(body) <= MOST_BYTES or not kept:
            return body
        first = min(one.starts for one in kept)
        until = first + (until - first) * (MOST_BYTES / len(body) * 0.98)
        until = until.replace(hour=0, minute=0, second=0, microsecond=0)
        kept = [one for one in kept if one.starts < until]


def _slow_down(wait: int) -> Response:
    headers = {**PRIVATE, "Retry-After": str(wait)}
    return PlainTextResponse("Too many requests.\n", status_code=429, headers=headers)


def _conditional(asked: Mapping[str, str], made: Made) -> Response:
    """Return the calendar, or that it is as the asker has it (RFC 9110, section 13)."""
    packed = accepts_gzip(asked.get("accept-encoding", ""))
    headers = {
        **PRIVATE,
        "ETag": made.tag(packed=packed),
        "Last-Modified": format_datetime(made.modified, usegmt=True),
        "Vary": "Accept-Encoding",
    }
    if unchanged(asked, made):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = made.packed if packed else made.plain
    return Response(body, headers=headers, media_type="text/calendar; charset=utf-8")


def unchanged(asked: Mapping[str, str], made: Made) -> bool:
    """Return whether the asker has the calendar as it is; an ETag counts before a date."""
    tags = asked.get("if-none-match")
    if tags is not None:
        given = {one.strip().removeprefix("W/") for one in tags.split(",")}
        return bool(given & {"*", made.tag(packed=False), made.tag(packed=True)})
    since = asked.get("if-modified-since")
    if since is None:
        return False
    try:
        at = parsedate_to_datetime(since)
    except ValueError:
        return False
    return at.tzinfo is not None and made.modified <= at


def accepts_gzip(header: str) -> bool:
    """Return whether an Accept-Encoding allows gzip.

    >>> accepts_gzip("br, gzip;q=0.5"), accepts_gzip("gzip;q=0"), accepts_gzip("")
    (True, False, False)
    """
    for part in header.lower().split(","):
        name, _, rest = part.partition(";")
        if name.strip() in {"gzip", "x-gzip"}:
            return rest.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def feed_routes(app: App, buckets: Buckets | None = None) -> list[Route]:
    """Return the routes of the feeds."""
    pages = FeedPages(app, buckets)

    def feed(request: Request) -> Response:
        return pages.answer(request)

    return [Route("/feeds/{name}", feed, methods=["GET"])]
