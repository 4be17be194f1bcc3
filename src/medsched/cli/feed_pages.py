"""What the commands about feeds print: addresses, a QR code, and what each program does."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from medsched.calendar.clients import CLIENTS, REMINDER_OF_RECORD
from medsched.cli.pages import wrapped
from medsched.domain.plain_words import count_words, date_words
from medsched.services.publish_how import NamesShown

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from medsched.services.feed_ports import Feed


def feed_json(feed: Feed) -> dict[str, Any]:
    """Return a feed without its secret, which is not stored."""
    return {
        "id": feed.number,
        "label": feed.label,
        "names": feed.names.value,
        "alarms": feed.alarms,
        "links": feed.links,
        "kinds": sorted(feed.kinds),
        "created_at": feed.created_at.isoformat(),
        "revoked_at": _iso(feed.revoked_at),
        "fetched_at": _iso(feed.fetched_at),
        "fetched_by": feed.fetched_by,
        "fetches": feed.fetches,
    }


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def added_page(feed: Feed, address: str, webcal: str) -> str:
    """Return what somebody needs to subscribe, and what to expect of each program."""
    shown = (
        'Shows "Reminder" and no names: safe on a lock screen.'
        if feed.names is NamesShown.HIDDEN
        else "Shows medicines and amounts, also on a lock screen."
    )
    parts = [
        wrapped(
            f"Feed {feed.number}. {shown} Whoever has this address can read it; it is shown once:"
        ),
        f"  {address}\n  {webcal}",
        qr_code(webcal),
    ]
    if not feed.address:
        parts.append(
            wrapped(
                "Only this machine reaches that address. Give the one that your phone reaches"
                " with --address https://host, and see docs/feeds.md for how to serve it."
            )
        )
    parts.append("Serve it with `medsched serve` or `medsched run`. Then, in your calendar:")
    parts += [
        _client_lines(
            one.name, (one.subscribe, one.rings, one.silent, f"Changes are seen: {one.refresh}")
        )
        for one in CLIENTS[:-1]
    ]
    parts.append(wrapped(REMINDER_OF_RECORD))
    return "\n\n".join(parts)


def _client_lines(name: str, sentences: tuple[str, ...]) -> str:
    return "\n".join([name, *(wrapped(one, "  ") for one in sentences)])


def qr_code(text: str) -> str:
    """Return a text as a QR code for the terminal."""
    import segno

    out = io.StringIO()
    segno.make(text, error="l", micro=False).terminal(out, border=2, compact=True)
    return out.getvalue().rstrip("\n")


def list_page(feeds: Sequence[Feed], zone: ZoneInfo) -> str:
    """Return the feeds with when and by what they were last fetched."""
    if not feeds:
        return "No feeds. Make one with: medsched feed add"
    return "\n".join(_line(one, zone) for one in feeds)


def _line(one: Feed, zone: ZoneInfo) -> str:
    what = f"{', '.join(sorted(one.kinds))}; names {one.names.value}"
    label = f" ({one.label})" if one.label else ""
    if one.revoked_at is not None:
        return f"{one.number}{label}: {what}; revoked on {_when(one.revoked_at, zone)}"
    if one.fetched_at is None:
        return f"{one.number}{label}: {what}; never fetched"
    when = _when(one.fetched_at, zone)
    fetched = f"fetched {count_words(one.fetches)}, last on {when} by {one.fetched_by}"
    return f"{one.number}{label}: {what}; {fetched}"


def _when(at: datetime, zone: ZoneInfo) -> str:
    local = at.astimezone(zone)
    return f"{date_words(local.date())} at {local:%H:%M}"
