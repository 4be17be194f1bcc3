"""A link in each open dose of a feed: it opens the page on which the dose is confirmed.

The same dose has the same link for as long as the feed lives, so the calendar does not
change by it. It is made from the feed's own secret, which is stored nowhere, so nobody
makes one from a stolen database; used once, it is used up.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from medsched.services.book import dose_id, instant
from medsched.services.outbox_ports import Token
from medsched.services.tokens import Action, digest_of

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.services.feed_ports import Feed
    from medsched.services.ports import DoseRow, Unit

PAGES: Final = "/act/"
"""Under which the pages of one tap lie."""

_OPEN_AFTER: Final = timedelta(days=1)
"""How long after it was due a dose's link works; what may still be done, the page says."""


def link_text(secret: str, dose: str) -> str:
    """Return the token of a dose's link: 256 bits from the feed's secret."""
    mark = hmac.digest(secret.encode(), dose.encode(), "sha256")
    return urlsafe_b64encode(mark).decode().rstrip("=")


class Links:
    """The links of one feed; each is stored, as a digest, when it is first published."""

    def __init__(self, unit: Unit, feed: Feed, secret: str, now: datetime) -> None:
        """Keep where links are stored; needs a writing unit."""
        self._unit, self._feed, self._secret, self._now = unit, feed, secret, now

    def __call__(self, row: DoseRow) -> str | None:
        """Return the link of a dose, None when its time is over."""
        ends = instant(row.due) + _OPEN_AFTER
        if ends.date() < self._now.date():
            return None
        dose = dose_id(row)
        text = link_text(self._secret, dose)
        digest = digest_of(text)
        if self._unit.tokens.get(digest) is None:
            self._unit.tokens.add(
                [
                    Token(
                        digest=digest,
                        dose=dose,
                        person=self._feed.person,
                        action=Action.TAKEN.value,
                        expires_at=ends,
                    )
                ]
            )
        return f"{self._feed.address}{PAGES}{text}"
