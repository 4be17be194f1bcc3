"""All tables in one collection: for migrations and checks, which must see every one."""

from sqlalchemy import Index, text

from medsched.store.tables import feeds, meta, outbox, people, plans, protocols, records
from medsched.store.tables.base import METADATA

__all__ = ["METADATA", "feeds", "meta", "outbox", "people", "plans", "protocols", "records"]

Index(
    "ix_prescription_reminders_until",
    plans.PRESCRIPTION.c.reminders_until,
    sqlite_where=text("status = 'active'"),
    postgresql_where=text("status = 'active'"),
)
