"""Reminders: channels, the outbox and its log, daemons, the clock, tokens for one tap."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from medsched.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
IS_OPEN = sa.text("state IN ('pending', 'leased', 'unknown')")


def upgrade() -> None:
    _planned()
    _channels()
    _outbox()
    _log()
    _daemons()
    _tokens()


def downgrade() -> None:
    raise AssertionError("what was sent is a fact and is kept")


def _planned() -> None:
    """Remember with each prescription how far its reminders are planned."""
    until = sa.Column("reminders_until", sa.BigInteger, nullable=False, server_default="0")
    op.add_column("prescription", until)
    active = sa.text("status = 'active'")
    op.create_index(
        "ix_prescription_reminders_until",
        "prescription",
        ["reminders_until"],
        sqlite_where=active,
        postgresql_where=active,
    )


def _channels() -> None:
    op.create_table(
        "channel",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("caregiver", sa.Boolean, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("allow_hosts", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_channel"),
        sa.UniqueConstraint("person", "name", name="uq_channel_person_name"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_channel_person"),
        sqlite_autoincrement=True,
    )


def _outbox() -> None:
    key = ["prescription", "day", "slot", "step", "channel"]
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("prescription", sa.Integer, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("slot", sa.SmallInteger, nullable=False),
        sa.Column("step", sa.Text, nullable=False),
        sa.Column("channel", sa.Integer, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("send_after", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("ready_at", sa.BigInteger, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("stranded", sa.Integer, nullable=False),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("maybe_delivered", sa.Boolean, nullable=False),
        sa.Column("sent_at", sa.BigInteger, nullable=True),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint(*key, name="uq_outbox_prescription_day_slot_step_channel"),
    )
    for name, columns in (
        ("ix_outbox_ready_at", ["ready_at"]),
        ("ix_outbox_expires_at", ["expires_at"]),
        ("ix_outbox_channel", ["channel", "ready_at"]),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
    op.create_index("ix_outbox_due", "outbox", ["due"])


def _log() -> None:
    op.create_table(
        "send_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("reminder", NUMBER, nullable=False),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("person", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("shown", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_send_log"),
    )
    op.create_index("ix_send_log_person", "send_log", ["person", "at"])


def _daemons() -> None:
    op.create_table(
        "daemon",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("started_at", Instant, nullable=False),
        sa.Column("heartbeat_at", Instant, nullable=False),
        sa.Column("last_tick", Instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_daemon"),
    )
    op.create_table(
        "clock_mark",
        sa.Column("id", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("wall", Instant, nullable=False),
        sa.Column("boot", sa.Text, nullable=False),
        sa.Column("elapsed", sa.Float, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clock_mark"),
    )


def _tokens() -> None:
    op.create_table(
        "action_token",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("dose", sa.Text, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("used_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_action_token"),
    )
    op.create_index("ix_action_token_expires_at", "action_token", ["expires_at"])
