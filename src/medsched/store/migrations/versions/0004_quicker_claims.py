"""Whether a reminder is open, in a column of its own, so that claims write one index only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("is_open")


def upgrade() -> None:
    open_unless_closed = sa.Column(
        "is_open", sa.Boolean, nullable=False, server_default=sa.text("true")
    )
    op.add_column("outbox", open_unless_closed)
    op.execute(
        "UPDATE outbox SET is_open = false WHERE state NOT IN ('pending', 'leased', 'unknown')"
    )
    for name in ("ready_at", "expires_at", "channel"):
        index = f"ix_outbox_{name}"
        op.drop_index(index, table_name="outbox")
        op.create_index(index, "outbox", [name], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)


def downgrade() -> None:
    raise RuntimeError("what was sent is a fact and is kept")
