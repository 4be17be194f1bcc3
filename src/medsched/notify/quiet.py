"""What the libraries say about a send goes nowhere.

At DEBUG Apprise writes the text of a message and the headers with their keys; even at
WARNING it writes an address that it cannot read, in full. urllib3 writes the path of
every request, and the path of a topic is its password. Log levels can be changed by
anybody at any time, so a filter empties the records too.
"""

from __future__ import annotations

import logging
from typing import Final

SILENCED: Final = (
    "apprise",
    "charset_normalizer",
    "requests",
    "requests_oauthlib",
    "oauthlib",
    "urllib3",
    "urllib3.connection",
    "urllib3.connectionpool",
    "urllib3.poolmanager",
    "urllib3.response",
    "urllib3.util.retry",
)
"""The loggers that see addresses or texts. A filter holds for its own logger only, not below."""

WITHHELD: Final = "a channel's library reported something; the details are withheld"


class Withheld(logging.Filter):
    """Keeps records below WARNING out and takes everything out of the others."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Empty the record; say whether it may pass."""
        record.msg, record.args = WITHHELD, ()
        record.exc_info = record.exc_text = record.stack_info = None
        return record.levelno >= logging.WARNING


_FILTER: Final = Withheld()


def silence() -> None:
    """Pin the libraries' loggers; may be called any number of times."""
    for name in SILENCED:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.addFilter(_FILTER)
