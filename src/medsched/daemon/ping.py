"""A dead man's switch: an address far away that notices when it is not fetched any more.

The address is a secret and is never logged. Redirects are not followed, and nobody
waits for the answer.
"""

from __future__ import annotations

import logging
import threading
import urllib.request
from contextlib import suppress
from http.client import HTTPException
from typing import TYPE_CHECKING, Final

from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from http.client import HTTPMessage
    from typing import IO

_LOG: Final = logging.getLogger("medsched.daemon")
_SECONDS: Final = 10.0


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(
        self,
        _req: urllib.request.Request,
        _fp: IO[bytes],
        _code: int,
        _msg: str,
        _headers: HTTPMessage,
        _newurl: str,
    ) -> None:
        return None


class Ping:
    """Fetches one address, in a thread of its own, one fetch at a time."""

    def __init__(self, address: str) -> None:
        """Keep the address; an empty one is never fetched.

        Raises:
            InvalidValue: it is neither http nor https.
        """
        if address and not address.startswith(("https://", "http://")):
            raise InvalidValue("ping address", address.partition(":")[0], "give https://host/path")
        self._address = address
        self._opener = urllib.request.build_opener(_NoRedirects)
        self._under_way = threading.Lock()

    def __call__(self) -> None:
        """Begin to fetch; return at once."""
        if self._address:
            threading.Thread(target=self.fetch, name="medsched-ping", daemon=True).start()

    def fetch(self) -> bool:
        """Fetch it and return whether it answered; never raises."""
        if not self._under_way.acquire(blocking=False):
            return False
        try:
            with suppress(OSError, HTTPException, ValueError):
                self._opener.open(self._address, timeout=_SECONDS).close()
                return True
            _LOG.warning("ping: the address did not answer")
            return False
        finally:
            self._under_way.release()
