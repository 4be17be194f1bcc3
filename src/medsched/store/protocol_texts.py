"""The exact text of every protocol that a stored plan was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from medsched.store.digests import digest_of, verify

if TYPE_CHECKING:
    from medsched.store.driver import Driver

_KEEP: Final = (
    "INSERT INTO protocol_text (digest, protocol, text, text_digest) VALUES (?, ?, ?, ?)"
    " ON CONFLICT DO NOTHING"
)
_TEXT: Final = "SELECT protocol, text, text_digest FROM protocol_text WHERE digest = ?"


class SqlProtocolTexts:
    """`ports.ProtocolTexts` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def keep(self, digest: str, protocol: str, text: str) -> None:
        """Store a text under its digest; storing it again does nothing."""
        self._driver.each(_KEEP, [(digest, protocol, text, digest_of(text))])

    def text(self, digest: str) -> str | None:
        """Return a stored text.

        Raises:
            Damaged: it is not what was stored.
        """
        found = self._driver.rows(_TEXT, (digest,))
        if not found:
            return None
        protocol, text, text_digest = found[0]
        verify(f"rules of {protocol}", text_digest, text)
        return str(text)
