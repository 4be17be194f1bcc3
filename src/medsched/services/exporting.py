"""A calendar file of a person's plans: what was in an earlier file is taken back in this one.

A program that imports a file only adds and updates, so a file says itself what is not
meant any more: CANCELLED, with a higher SEQUENCE. What was never in a file is not
mentioned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from medsched.services.agenda import followed
from medsched.services.announce import cancelled
from medsched.services.book import seconds
from medsched.services.feeds import entries_between, versioned
from medsched.services.publish import withdrawn_entries
from medsched.services.publish_how import NamesShown, Publication

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.services.book import Book
    from medsched.services.feed_entry import FeedEntry


def file_entries(
    book: Book, since: datetime, until: datetime, now: datetime, how: Publication
) -> list[FeedEntry]:
    """Return the entries of a file with `since` <= start < `until`, and remember them.

    Needs a writing unit.
    """
    scope = f"file:{book.person.id}"
    entries = entries_between(book, since, until, now, how)
    low, high = seconds(since), seconds(until)
    before = {
        uid: one
        for uid, one in book.unit.announcements.of(scope).items()
        if low <= one.starts < high
    }
    hidden = how.names is NamesShown.HIDDEN
    told = [] if hidden else withdrawn_entries(book, followed(book), since, until)
    return versioned(book.unit, scope, [*entries, *cancelled(entries, told, before)], now, since)


def lasting_entries(
    book: Book, since: datetime, until: datetime, now: datetime, how: Publication
) -> list[FeedEntry]:
    """Return the entries of a file of series, which updates nothing and is not remembered."""
    return entries_between(book, since, until, now, how)
