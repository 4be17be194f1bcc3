"""The exact text of every protocol that a stored plan was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from medsched.store.digests import digest_of, verify
from medsched.store.tables.protocols import PROTOCOL_TEXT
from medsched.store.upsert import insert_for

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


class SqlProtocolTexts:
    """`ports.ProtocolTexts` over SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep(self, digest: str, protocol: str, text: str) -> None:
        """Store a text under its digest; storing it again does nothing."""
        row = {
            "digest": digest,
            "protocol": protocol,
            "text": text,
            "text_digest": digest_of(text),
        }
        insert = insert_for(self._connection, PROTOCOL_TEXT).values(**row)
        self._connection.execute(insert.on_conflict_do_nothing())

    def text(self, digest: str) -> str | None:
        """Return a stored text.

        Raises:
            Damaged: it is not what was stored.
        """
        query = select(
            PROTOCOL_TEXT.c.protocol, PROTOCOL_TEXT.c.text, PROTOCOL_TEXT.c.text_digest
        ).where(PROTOCOL_TEXT.c.digest == digest)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        verify(f"rules of {row.protocol}", row.text_digest, row.text)
        return str(row.text)
