"""A page of plain HTML: no script, no picture, nothing from elsewhere, kept by nobody."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_STYLE: Final = (
    "body{font:1.25rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem;"
    "color:#111;background:#fff}button{font:inherit;padding:1rem 2rem;width:100%;border:2px solid"
    " #111;border-radius:.5rem;background:#fff;color:#111}"
)
_STYLE_HASH: Final = b64encode(sha256(_STYLE.encode()).digest()).decode()

HEADERS: Final = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self';"
        " frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""For every page: nothing is loaded, framed, cached or told to other sites."""


def page(title: str, lines: Sequence[str], button: str = "") -> str:
    """Return a page: a heading, paragraphs, and at most one button that posts to itself."""
    paragraphs = "\n".join(f"<p>{escape(line)}</p>" for line in lines)
    form = ""
    if button:
        form = f'\n<form method="post"><button type="submit">{escape(button)}</button></form>'
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>{escape(title)}</h1>
{paragraphs}{form}
</body>
</html>
"""
