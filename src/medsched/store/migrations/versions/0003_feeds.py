"""Feeds, what they announced, and calendars on CalDAV servers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from medsched.store.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _feeds()
    _announced()
    _links()


def downgrade() -> None:
    raise RuntimeError("an address that was given away is a fact and is kept")


def _feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("alarms", sa.Boolean, nullable=False),
        sa.Column("links", sa.Boolean, nullable=False),
        sa.Column("kinds", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("revoked_at", Instant, nullable=True),
        sa.Column("fetched_at", Instant, nullable=True),
        sa.Column("fetched_by", sa.Text, nullable=False),
        sa.Column("fetches", sa.Integer, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("changed_at", Instant, nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_feed"),
        sa.UniqueConstraint("digest", name="uq_feed_digest"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_feed_person"),
        sqlite_autoincrement=True,
    )


def _announced() -> None:
    op.create_table(
        "announced",
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("uid", sa.Text, nullable=False),
        sa.Column("starts", sa.BigInteger, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("revised", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("scope", "uid", name="pk_announced"),
    )


def _links() -> None:
    op.create_table(
        "caldav_link",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("as_tasks", sa.Boolean, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("sync_token", sa.Text, nullable=False),
        sa.Column("known", sa.Text, nullable=False),
        sa.Column("synced_at", Instant, nullable=True),
        sa.Column("trouble", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_caldav_link"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_caldav_link_person"),
        sqlite_autoincrement=True,
    )
