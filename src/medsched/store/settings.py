"""Switches that somebody set for a person, such as which monitoring is shown; small JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from medsched.services.ports import Json
    from medsched.store.driver import Driver

_GET: Final = "SELECT value FROM setting WHERE person = ? AND name = ?"
_PUT: Final = (
    "INSERT INTO setting (person, name, value, updated_at) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (person, name) DO UPDATE"
    " SET value = excluded.value, updated_at = excluded.updated_at"
)


class SqlSettings:
    """`ports.Settings` over SQL."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def get(self, person: str, name: str) -> Json:
        """Return what was set, None when nothing was."""
        found = self._driver.rows(_GET, (int(person), name))
        return json.loads(found[0][0]) if found else None

    def put(self, person: str, name: str, value: Json, at: datetime) -> None:
        """Set it, or set it anew."""
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        self._driver.each(_PUT, [(int(person), name, text, self._driver.instant(at))])
