"""The end of a lease in a column of its own, so that a claim writes no index.

Rows that are over are found among those that are ready, without an index of their own.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    lease_ends = sa.Column("lease_ends", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    op.add_column("outbox", lease_ends)
    op.execute("UPDATE outbox SET lease_ends = ready_at WHERE state = 'leased'")
    op.drop_index("ix_outbox_expires_at", table_name="outbox")


def downgrade() -> None:
    raise RuntimeError("what was sent is a fact and is kept")
