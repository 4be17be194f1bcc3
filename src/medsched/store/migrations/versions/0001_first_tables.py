"""The first tables: people, plans, dose rows, administrations, protocol texts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from medsched.store.types import Digits, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("administration", "revision", "person_log")


def upgrade() -> None:
    _people()
    _plans()
    _doses()
    _records()
    _rest()
    _refuse_changes()
    _readable_view()


def downgrade() -> None:
    raise AssertionError("the first tables have nothing before them")


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("name", name="uq_person_name"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "person_log",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person_log"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_person_log_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_person_log_person", "person_log", ["person"])
    op.create_table(
        "setting",
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("person", "name", name="pk_setting"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_setting_person"),
    )


def _plans() -> None:
    op.create_table(
        "prescription",
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("protocol", sa.Text, nullable=False),
        sa.Column("medication", sa.Text, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("current", sa.Integer, nullable=False),
        sa.Column("draft", sa.Integer, nullable=False),
        sa.Column("tracked", sa.Boolean, nullable=True),
        sa.Column("stored_until", sa.Integer, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_prescription"),
        sa.UniqueConstraint("key", name="uq_prescription_key"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_prescription_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_prescription_person", "prescription", ["person"])
    op.create_table(
        "revision",
        sa.Column("prescription", NUMBER, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("effective_from", Instant, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("ordered_by", sa.Text, nullable=False),
        sa.Column("overrides", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("prescription", "number", name="pk_revision"),
        sa.ForeignKeyConstraint(
            ["prescription"], ["prescription.number"], name="fk_revision_prescription"
        ),
    )


def _dose_columns() -> list[sa.Column[int] | sa.Column[str]]:
    return [
        sa.Column("prescription", sa.Integer, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("slot", sa.SmallInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("amount", sa.Text, nullable=False),
        sa.Column("phase", sa.SmallInteger, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    ]


def _doses() -> None:
    op.create_table(
        "dose",
        *_dose_columns(),
        sa.PrimaryKeyConstraint("prescription", "day", "slot", name="pk_dose"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_dose_due", "dose", ["due"])
    op.create_table(
        "withdrawn_dose",
        *_dose_columns(),
        sa.Column("withdrawn_by", sa.Integer, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("prescription", "day", "slot", name="pk_withdrawn_dose"),
        sqlite_with_rowid=False,
    )


def _records() -> None:
    op.create_table(
        "administration",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("prescription", NUMBER, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("recorded_at", Instant, nullable=False),
        sa.Column("day", sa.Integer, nullable=True),
        sa.Column("slot", sa.Integer, nullable=True),
        sa.Column("recorded_by", sa.Text, nullable=False),
        sa.Column("amount", Digits, nullable=True),
        sa.Column("unit", sa.Text, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("corrects", NUMBER, nullable=True),
        sa.Column("token", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_administration"),
        sa.UniqueConstraint("token", name="uq_administration_token"),
        sa.ForeignKeyConstraint(
            ["prescription"], ["prescription.number"], name="fk_administration_prescription"
        ),
        sa.ForeignKeyConstraint(
            ["corrects"], ["administration.id"], name="fk_administration_corrects"
        ),
        sqlite_autoincrement=True,
    )
    columns = ["prescription", "recorded_at"]
    op.create_index("ix_administration_prescription_recorded_at", "administration", columns)
    op.create_table(
        "settlement",
        sa.Column("prescription", sa.Integer, nullable=False),
        sa.Column("day", sa.Integer, nullable=False),
        sa.Column("slot", sa.Integer, nullable=False),
        sa.Column("administration", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("prescription", "day", "slot", name="pk_settlement"),
        sa.UniqueConstraint("administration", name="uq_settlement_administration"),
        sa.ForeignKeyConstraint(
            ["administration"], ["administration.id"], name="fk_settlement_administration"
        ),
        sqlite_with_rowid=False,
    )


def _rest() -> None:
    op.create_table(
        "protocol_text",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("protocol", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("text_digest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_protocol_text"),
    )
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_meta"),
    )


def _refuse_changes() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in APPEND_ONLY:
            for verb in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                )
        return
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )


def _readable_view() -> None:
    """Show dose rows with names and dates, for people who look into the database."""
    if op.get_bind().dialect.name == "sqlite":
        day = "date((d.day - 719163) * 86400, 'unixepoch')"
        due = "strftime('%Y-%m-%dT%H:%M:%SZ', d.due, 'unixepoch')"
        code = "replace(" + day + ", '-', '')"
    else:
        day = "to_char(date '1970-01-01' + (d.day - 719163), 'YYYY-MM-DD')"
        due = """to_char(to_timestamp(d.due) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')"""
        code = "to_char(date '1970-01-01' + (d.day - 719163), 'YYYYMMDD')"
    op.execute(
        f"CREATE VIEW dose_readable AS SELECT "  # noqa: S608  # parts written above
        f"d.prescription || '-' || {code} || '-' || d.slot AS id, "
        f"person.name AS person, prescription.medication AS medication, {day} AS day, "
        f"d.slot AS slot, {due} AS due, d.amount AS amount, d.phase AS phase, "
        f"d.revision AS revision, d.sequence AS sequence "
        f"FROM dose AS d JOIN prescription ON prescription.number = d.prescription "
        f"JOIN person ON person.id = prescription.person"
    )
