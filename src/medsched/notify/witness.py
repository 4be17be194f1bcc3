"""Why Apprise says no.

Apprise catches every exception and answers yes or no. But it reports a failed request
in its log while it handles the exception, and a refused one as `error=<status>`. So the
plugin is given a logger of ours, which looks at what is being handled, keeps the class
of it, and writes nothing anywhere.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TYPE_CHECKING, Final

from medsched.notify import verdict

if TYPE_CHECKING:
    from medsched.services.message import Delivery

_STATUS: Final = re.compile(r"\berror=(\d{3})\b")
_THROTTLED: Final = re.compile(r"throttle back (\d+)(?:\.\d+)?ms")


class Witness(logging.Logger):
    """A plugin's logger that keeps what each failure says about the message."""

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
            seconds = int(wait[1]) // 1000
            self.seen.append(verdict.of_status(429, {"Retry-After": str(seconds)}))
        elif error is not None:
            self.seen.append(verdict.of_error(error))
