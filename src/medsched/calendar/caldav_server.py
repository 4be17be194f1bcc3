"""A calendar on a CalDAV server, asked one thing at a time.

Around the `caldav` library: TLS everywhere but on this machine, no redirects, a time
limit, and no error or log that carries an address, a password or what a dose is.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast
from urllib.parse import quote, unquote, urlsplit

from medsched.errors import InvalidValue, MedschedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from caldav.davclient import DAVClient

TIMEOUT_SECONDS: Final = 30
GONE: Final = (404, 410)
_BATCH: Final = 100
_MOST_BYTES: Final = 1_000_000
# The second looks at its own level only, and then writes to the root logger.
_TALKATIVE: Final = ("caldav", "caldav.response")
# By name, because the library speaks HTTP through either of two others.
_REASONS: Final = {
    "TooManyRedirects": "it redirects to another address; give the address it redirects to",
    "SSLError": "its certificate cannot be trusted",
    "ProxyError": "the proxy on the way to it cannot be reached",
    "Timeout": "it did not answer in time",
    "ConnectionError": "it cannot be reached",
    "RateLimitError": "it asks to slow down; try again later",
    "NotFoundError": "there is no calendar at this address",
}


class CalDavRefused(MedschedError):
    """The calendar server did not do what was asked; the sentence names the server only."""

    def __init__(self, host: str, reason: str) -> None:
        """Keep the host and why."""
        self.host, self.reason = host, reason
        super().__init__(f"calendar server {host}: {reason}")


class Account(NamedTuple):
    """Who asks; never shown."""

    username: str
    password: str

    def __repr__(self) -> str:
        """Return a text without what it must not show."""
        return "Account(...)"


class Answer(NamedTuple):
    """What the server said about one resource: status, ETag (may be empty) and content."""

    status: int
    etag: str
    body: bytes


class CalDavServer:
    """One calendar of one account."""

    def __init__(
        self,
        url: str,
        account: Account,
        *,
        ca_file: str | None = None,
        timeout_seconds: int = TIMEOUT_SECONDS,
    ) -> None:
        """Remember the address; nothing is asked yet.

        Raises:
            InvalidValue: the address is not https, nor http on this machine, or it holds
                a name or a password, which would be shown wherever addresses are.
        """
        self.url = f"{checked(url).rstrip('/')}/"
        self.host = urlsplit(self.url).netloc
        self._account = account
        self._ca_file = ca_file
        self._timeout = timeout_seconds
        self._client: DAVClient | None = None

    def etags(self) -> dict[str, str]:
        """Return the name of each resource of the calendar, without `.ics`, and its ETag."""
        with self._asking() as client:
            answer: Any = client.propfind(self.url, props=["getetag"], depth=1)
            if answer.status in GONE:
                raise CalDavRefused(self.host, _REASONS["NotFoundError"])
            found = {each.href: each.properties.get("{DAV:}getetag") for each in answer.results}
            return {name_of(href): str(etag) for href, etag in found.items() if etag}

    def ask(self, method: str, name: str, body: bytes = b"", **headers: str) -> Answer:
        """Send one request about one resource and return the answer, whatever it is.

        Args:
            method: GET, PUT or DELETE.
            name: The resource's name, without `.ics`.
            body: What is sent, of a PUT.
            headers: With `_` for `-`.
        """
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        if body:
            named["Content-Type"] = "text/calendar; charset=utf-8"
        with self._asking() as client:
            address = f"{self.url}{quote(name, safe='')}.ics"
            answer: Any = client.request(address, method, body.decode(), named)
            content = _bytes(answer.raw)
            if len(content) > _MOST_BYTES:
                raise CalDavRefused(self.host, "a resource is larger than 1 MB")
            return Answer(answer.status, str(answer.headers.get("ETag", "")), content)

    def changed(self, sync_token: str | None) -> tuple[str, list[bytes]]:
        """Return the resources that changed since a token, and the token of now.

        Without a token, or with one that the server has forgotten, these are all.
        """
        with self._asking() as client:
            calendar: Any = cast("Any", client).calendar(url=self.url)
            found: Any = calendar.get_objects_by_sync_token(sync_token)
            gone = {str(url) for url in getattr(found, "deleted_urls", None) or ()}
            urls = [each.url for each in found if str(each.url.canonical()) not in gone]
            held: list[bytes] = []
            for start in range(0, len(urls), _BATCH):
                held += [_bytes(each.data) for each in calendar.multiget(urls[start:][:_BATCH])]
            return str(found.sync_token), held

    def close(self) -> None:
        """End the connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    @contextmanager
    def _asking(self) -> Iterator[DAVClient]:
        """Lend the client, and turn whatever it raises into a sentence without secrets."""
        try:
            yield self._connected()
        except MedschedError:
            raise
        except Exception as why:  # noqa: BLE001 -- the libraries' errors carry whole addresses
            raise CalDavRefused(self.host, _reason(why)) from None

    def _connected(self) -> DAVClient:
        if self._client is None:
            from caldav.davclient import DAVClient

            # They log every answer, and with it what the doses are.
            for name in _TALKATIVE:
                logging.getLogger(name).setLevel(logging.WARNING)
            self._client = DAVClient(
                url=self.url,
                username=self._account.username,
                password=self._account.password,
                timeout=self._timeout,
                ssl_verify_cert=self._ca_file or True,
                enable_rfc6764=False,
            )
            session: Any = self._client.session
            session.max_redirects = 0  # one could lead out of TLS, or to another's server
            session.trust_env = not _is_loopback(urlsplit(self.url).hostname or "")
        return self._client


def checked(url: str) -> str:
    """Return an address that may be asked.

    >>> checked("https://cal.example.org/me/doses/")
    'https://cal.example.org/me/doses/'
    """
    wanted = "use https://, or http:// on this machine, without name and password in it"
    try:
        parts = urlsplit(url)
        host, named = parts.hostname or "", parts.username or parts.password
        _ = parts.port
    except ValueError:
        raise InvalidValue("calendar address", "it", wanted) from None
    if named:
        raise InvalidValue("calendar address", f"the one of {host}", wanted)
    plain = parts.scheme == "http" and _is_loopback(host)
    if not host or not (parts.scheme == "https" or plain) or parts.query or parts.fragment:
        raise InvalidValue("calendar address", url, wanted)
    return url


def name_of(href: str) -> str:
    """Return the name of a resource, without `.ics`, however a server quotes it.

    >>> name_of("/me/doses/a%40b.ics")
    'a@b'
    """
    return unquote(href.rstrip("/").rpartition("/")[2]).removesuffix(".ics")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()


def _reason(why: Exception) -> str:
    """Return why, in words that hold no address and nothing of what was sent."""
    names = {kind.__name__ for kind in type(why).__mro__}
    if "AuthorizationError" in names:
        if getattr(why, "status", None) == 403:  # noqa: PLR2004 -- HTTP's Forbidden
            return "it does not let this account do that here"
        return "it refused the user name or the password"
    known = [reason for name, reason in _REASONS.items() if name in names]
    return known[0] if known else f"it cannot be understood ({type(why).__name__})"
