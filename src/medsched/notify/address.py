"""What a channel's address may be.

Apprise knows 170 kinds of address and dozens of parameters; some make a failed send
look like a success (`optional`), send the same dose four times (`retry`), or write it
into the system log (`syslog`). So an address is read strictly, by a list of what is
allowed, before anything else sees it. A refusal names the rule and never the address:
the topic, the token and the password in it are secrets.
"""

from __future__ import annotations

import re
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from medsched.errors import InvalidValue
from medsched.frozen import frozen
from medsched.notify.gate import canonical

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """The families of channels, by what it takes to send to them."""

    DESKTOP = "desktop"
    MAIL = "mail"
    NTFY = "ntfy"
    GOTIFY = "gotify"
    TELEGRAM = "telegram"
    MATRIX = "matrix"
    WEBHOOK = "webhook"
    HOME_ASSISTANT = "home-assistant"
    FILE = "file"
    TERMINAL = "terminal"


_DESKTOP: Final = ("dbus", "gnome", "gio", "glib", "kde", "macosx", "qt", "windows")
KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    dict.fromkeys(_DESKTOP, Kind.DESKTOP)
    | dict.fromkeys(("mailto", "mailtos"), Kind.MAIL)
    | dict.fromkeys(("ntfy", "ntfys"), Kind.NTFY)
    | dict.fromkeys(("gotify", "gotifys"), Kind.GOTIFY)
    | dict.fromkeys(("tgram",), Kind.TELEGRAM)
    | dict.fromkeys(("matrix", "matrixs"), Kind.MATRIX)
    | dict.fromkeys(("json", "jsons"), Kind.WEBHOOK)
    | dict.fromkeys(("hassio", "hassios"), Kind.HOME_ASSISTANT)
    | {"file": Kind.FILE, "terminal": Kind.TERMINAL}
)
"""Each schema that an address may begin with."""

TELEGRAM_HOST: Final = "api.telegram.org"
NTFY_HOST: Final = "ntfy.sh"

_PARAMETERS: Final[Mapping[Kind, frozenset[str]]] = MappingProxyType(
    {
        Kind.MAIL: frozenset(
            "to cc bcc from name smtp mode reply user pass password".split()  # noqa: SIM905 - a list of words
        ),
        Kind.GOTIFY: frozenset({"priority"}),
        Kind.TELEGRAM: frozenset({"to", "topic", "thread", "silent"}),
        Kind.MATRIX: frozenset({"to", "token", "version", "v", "msgtype", "hsreq", "e2ee"}),
        Kind.WEBHOOK: frozenset({"method"}),
        Kind.HOME_ASSISTANT: frozenset({"to", "token", "accesstoken", "prefix"}),
        Kind.NTFY: frozenset({"buttons"}),
    }
)
_REFUSED: Final = frozenset(
    "attach cto include optional overflow redirect retry rto tz verify wait".split()  # noqa: SIM905 - a list of words
)
_CLEAR_TEXT: Final = frozenset({"ntfy", "gotify", "matrix", "json", "hassio"})
_METHODS: Final = frozenset({"post", "put"})
_CONTROL: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
_HOST: Final = re.compile(
    r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9_]([a-z0-9._-]*[a-z0-9])?\.?)(:(?P<port>\d{1,5}))?",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"(0x[0-9a-f]*|\d+)(\.(0x[0-9a-f]*|\d+)){0,3}", re.IGNORECASE)
_DOTTED_QUAD: Final = re.compile(r"(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}")


class BadAddress(InvalidValue):
    """An address that no channel can have; the sentence holds none of its secrets."""

    def __init__(self, url: str, wanted: str) -> None:
        """Keep the schema and host, never the rest."""
        super().__init__("channel address", masked(url), wanted)


@frozen
class Address:
    """A channel's address, read but not yet asked whether its host may be reached.

    Args:
        url: As given; a secret.
        schema: In lower case.
        user: What stands before the host, percent-decoded; a secret.
        host: In lower case, or empty where the kind has none in its address.
        port: None for the schema's own.
        path: After the host, still percent-encoded, with its leading slash.
        parameters: Percent-decoded, keys in lower case.
    """

    url: str
    schema: str
    kind: Kind
    user: str = ""
    host: str = ""
    port: int | None = None
    path: str = ""
    parameters: Mapping[str, str]

    @property
    def is_clear_text(self) -> bool:
        """Say whether everybody on the way could read what is sent."""
        return self.schema in _CLEAR_TEXT and self.host != NTFY_HOST


def read_address(url: str) -> Address:
    """Return the parts of a channel's address.

    Raises:
        BadAddress: It has another schema, a parameter that changes what a result means,
            or characters that two readers may understand in two ways.
    """
    schema, kind, rest = _schema(url)
    before, _, query = rest.partition("?")
    authority, slash, path = before.partition("/")
    if kind is Kind.NTFY and not path:  # the short form: ntfy://topic, at ntfy.sh
        user, at, path = authority.rpartition("@")
        authority, slash = f"{user}{at}{NTFY_HOST}", "/"
    user, host, port = _authority(url, kind, authority)
    address = Address(
        url=url,
        schema=schema,
        kind=kind,
        user=user,
        host=host,
        port=port,
        path=slash + path,
        parameters=MappingProxyType(_parameters(url, kind, query)),
    )
    if kind is Kind.MATRIX:
        _check_matrix(address)
    return address


def masked(url: str) -> str:
    """Return what may be shown of an address: schema and host; never raises.

    >>> masked("ntfys://tk_secret@push.example.org/my-topic")
    'ntfys://push.example.org'
    >>> masked("tgram://123456:secret/42")
    'tgram://'
    """
    schema, separator, rest = url.partition("://")
    schema = schema.strip().casefold()
    if not separator or schema not in KINDS:
        return "an address"
    authority, _, path = rest.partition("?")[0].partition("/")
    match = _HOST.fullmatch(authority.rpartition("@")[2])
    return f"{schema}://{_shown_host(KINDS[schema], match, has_path=bool(path))}"


def _shown_host(kind: Kind, match: re.Match[str] | None, *, has_path: bool) -> str:
    """Return the host, unless what stands in its place is a token or a topic."""
    if match is None or kind in {Kind.TELEGRAM, Kind.FILE, Kind.TERMINAL, Kind.DESKTOP}:
        return ""
    if kind is Kind.NTFY and not has_path:
        return NTFY_HOST
    if kind is Kind.MATRIX and not has_path:
        return ""
    return match["host"]


def _schema(url: str) -> tuple[str, Kind, str]:
    """Return the schema, its kind and what follows `://`."""
    if _CONTROL.search(url) or _CONTROL.search(unquote(url).replace(" ", "")):
        raise BadAddress(url, "write it without spaces, control characters and backslashes")
    schema, separator, rest = url.partition("://")
    kind = KINDS.get(schema.casefold())
    if not separator or kind is None:
        raise BadAddress(url, f"begin with one of {', '.join(f'{each}://' for each in KINDS)}")
    return schema.casefold(), kind, rest


def _authority(url: str, kind: Kind, authority: str) -> tuple[str, str, int | None]:
    """Return user, host and port; the host is empty where there is none to name."""
    if kind is Kind.TELEGRAM:
        return "", TELEGRAM_HOST, None
    if kind in {Kind.DESKTOP, Kind.FILE, Kind.TERMINAL}:
        if authority not in {"", "localhost"} and kind is Kind.FILE:
            raise BadAddress(url, "give a file as file:///full/path")
        return "", "", None
    user, _, server = authority.rpartition("@")
    if "@" in user:
        raise BadAddress(url, "write an @ inside a name or password as %40")
    return (unquote(user), *_host(url, server))


def _host(url: str, server: str) -> tuple[str, int | None]:
    """Return host and port, in the one spelling that every reader agrees on."""
    match = _HOST.fullmatch(server)
    if match is None:
        raise BadAddress(url, "name one host after ://, with or without :port")
    host, port = canonical(match["host"]), match["port"]
    if _NUMBER.fullmatch(host) and not _DOTTED_QUAD.fullmatch(host):
        raise BadAddress(url, "write a numeric host as four decimal numbers, such as 192.168.1.10")
    if port is not None and not 1 <= int(port) <= 65535:  # noqa: PLR2004 - RFC 9293: 16 bits
        raise BadAddress(url, "use a port from 1 to 65535")
    return host, int(port) if port else None


def _parameters(url: str, kind: Kind, query: str) -> dict[str, str]:
    """Return the parameters, each of them known and harmless for this kind."""
    if ";" in query or "?" in query:
        raise BadAddress(
            url, "separate parameters with & and write ; and ? inside them as %3B and %3F"
        )
    found = {}
    for pair in filter(None, query.split("&")):
        key, _, value = pair.partition("=")
        key = unquote(key).strip()
        if kind is Kind.WEBHOOK and key[:1] in {"+", "-", ":"}:
            found[key] = unquote(value)
            continue
        _check_parameter(url, kind, key.casefold())
        found[key.casefold()] = unquote(value)
    if found.get("method", "post").casefold() not in _METHODS:
        raise BadAddress(url, "send a webhook by method=POST or method=PUT")
    return found


def _check_matrix(address: Address) -> None:
    """Refuse passwords and missing rooms.

    A password makes Apprise log in anew for each message, and register an account when
    that fails; without a room it posts to a public bridge.
    """
    token = address.parameters.get("token") or address.user
    room = address.parameters.get("to") or address.path.strip("/")
    if not token or ":" in token or not room:
        raise BadAddress(address.url, "write it as matrixs://ACCESS_TOKEN@host/%23room")


def _check_parameter(url: str, kind: Kind, key: str) -> None:
    """Refuse a parameter; its name is repeated only when it is a known one."""
    if key in _REFUSED:
        raise BadAddress(url, f"leave out {key}=: it would change what a result means")
    known = _PARAMETERS.get(kind, frozenset())
    if key not in known:
        names = ", ".join(sorted(known)) or "none"
        raise BadAddress(url, f"leave out parameters that are not known here; known: {names}")
