"""Switches that somebody set for a person, such as which monitoring is shown; small JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import select

from medsched.store.tables.people import SETTING
from medsched.store.upsert import insert_for

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from medsched.services.ports import Json


class SqlSettings:
    """`ports.Settings` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, person: str, name: str) -> Json:
        """Return what was set, None when nothing was."""
        query = select(SETTING.c.value).where(
            SETTING.c.person == int(person), SETTING.c.name == name
        )
        text = self._connection.execute(query).scalar_one_or_none()
        return None if text is None else json.loads(text)

    def put(self, person: str, name: str, value: Json, at: datetime) -> None:
        """Set it, or set it anew."""
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        row = {"person": int(person), "name": name, "value": text, "updated_at": at}
        new = {"value": text, "updated_at": at}
        keys = [SETTING.c.person, SETTING.c.name]
        insert = insert_for(self._connection, SETTING).values(**row)
        self._connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=new))
