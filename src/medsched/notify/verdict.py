"""What an endpoint's answer says about the message.

One table for all channels that speak HTTP. The question is not whether the endpoint was
content but whether the message may have arrived: a server that fails after reading, or
answers too late, may have delivered it, and telling a person to take a dose again is
worse than telling nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.services.message import Delivery, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MENDED_BY_A_PERSON: Final = frozenset({401, 403, 404, 410})
_LONGEST_WAIT: Final = 24 * 3600.0
"""A day in seconds: no dose waits longer, whatever an endpoint asks for."""

_NEVER_SENT: Final = frozenset(
    {
        "ConnectTimeout",
        "ConnectTimeoutError",
        "ConnectionRefusedError",
        "NameResolutionError",
        "NewConnectionError",
        "ProxyError",
        "SSLCertVerificationError",
        "gaierror",
    }
)
"""Errors of requests, urllib3, ssl and socket that precede the first byte of a request."""

_UNUSABLE: Final = frozenset(
    {"InvalidHeader", "InvalidProxyURL", "InvalidSchema", "InvalidURL", "MissingSchema"}
)
_TIMEOUTS: Final = frozenset({"ReadTimeout", "ReadTimeoutError", "TimeoutError"})


HOST_NOT_FOUND: Final = Delivery(outcome=Outcome.NOT_DELIVERED, detail="host not found")
ADDRESS_REFUSED: Final = Delivery(outcome=Outcome.REJECTED, detail="address refused")
CANNOT_CLEAR: Final = Delivery(outcome=Outcome.DELIVERED, detail="cannot clear")
"""The answer of a channel that cannot take a message down: there is nothing to try again."""


def of_status(code: int, headers: Mapping[str, str] | None = None) -> Delivery:
    """Return what an HTTP status says.

    A redirect is no delivery: it is followed by nobody, and behind a captive portal it
    would look like one.

    Args:
        code: Status of the final answer.
        headers: Of the answer; `Retry-After` in seconds is read, a date is not.
    """
    return Delivery(
        outcome=_outcome(code), detail=f"http {code}", retry_after=_retry_after(headers or {})
    )


def of_error(error: BaseException) -> Delivery:
    """Return what an exception of the network says; unknown errors may have delivered."""
    names = {type(each).__name__ for each in _causes(error)}
    if names & _UNUSABLE:
        return Delivery(outcome=Outcome.REJECTED, detail="address unusable")
    if names & _NEVER_SENT:
        return Delivery(outcome=Outcome.NOT_DELIVERED, detail=_reason(names))
    if names & _TIMEOUTS:
        return Delivery(outcome=Outcome.UNKNOWN, detail="read timeout")
    dropped = isinstance(error, OSError)  # what requests raises is one, too
    detail = "connection dropped" if dropped else "answer not understood"
    return Delivery(outcome=Outcome.UNKNOWN, detail=detail)


def worst(deliveries: Iterable[Delivery]) -> Delivery:
    """Return the one that claims least, for a send of several requests.

    UNKNOWN wins: if one part may have arrived, the message may have.
    """
    order = (Outcome.UNKNOWN, Outcome.NOT_DELIVERED, Outcome.REJECTED, Outcome.DELIVERED)
    return min(deliveries, key=lambda each: order.index(each.outcome))


def _outcome(code: int) -> Outcome:
    """Return the outcome of an HTTP status."""
    if 200 <= code < 300:  # noqa: PLR2004 - the class of success, RFC 9110 section 15.3
        return Outcome.DELIVERED
    if code in _MENDED_BY_A_PERSON:
        return Outcome.REJECTED
    if 300 <= code < 500 and code != 408:  # noqa: PLR2004 - redirects and refusals; 408 came after reading
        return Outcome.NOT_DELIVERED
    return Outcome.UNKNOWN


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of a `Retry-After` header, at most a day."""
    given = next((v for k, v in headers.items() if k.casefold() == "retry-after"), "").strip()
    return min(float(given), _LONGEST_WAIT) if given.isascii() and given.isdigit() else None


def _causes(error: BaseException) -> list[BaseException]:
    """Return the error and what it wraps: requests keeps urllib3's error as an argument.

    Not its `__context__`: that is what was being handled by chance, perhaps the refusal of
    the first address of a host whose second one read the message.
    """
    found: list[BaseException] = []
    queue: list[object] = [error]
    while queue:
        each = queue.pop()
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            queue += [each.__cause__, getattr(each, "reason", None), *each.args]
    return found


def _reason(names: set[str]) -> str:
    """Return the class of an error before the first byte."""
    if names & {"NameResolutionError", "gaierror"}:
        return "host not found"
    if "SSLCertVerificationError" in names:
        return "certificate refused"
    if names & {"ConnectTimeout", "ConnectTimeoutError"}:
        return "connect timeout"
    return "connection refused"
