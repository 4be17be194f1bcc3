"""A page of plain HTML: nothing in a text becomes markup, and its style is allowed by its hash."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

from medsched.web.plain_page import HEADERS, page


def test_texts_stay_texts() -> None:
    text = page("<b>title</b>", ["<script>alert(1)</script>", 'a "quote" & more'], "<i>press</i>")
    assert "<b>" not in text
    assert "<script>" not in text
    assert "<i>" not in text
    assert "&lt;script&gt;" in text


def test_without_a_button_there_is_no_form() -> None:
    assert "<form" not in page("Recorded", ["done"])


def test_the_only_style_is_the_one_that_the_policy_names() -> None:
    found = re.search(r"<style>(.*)</style>", page("t", []), re.DOTALL)
    assert found is not None
    digest = b64encode(sha256(found[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in HEADERS["Content-Security-Policy"]
