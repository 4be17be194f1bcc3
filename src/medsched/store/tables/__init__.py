"""The tables, one module for each topic; importing this module fills `METADATA`."""

from medsched.store.tables import feeds, meta, outbox, people, plans, protocols, records
from medsched.store.tables.base import METADATA

__all__ = ["METADATA", "feeds", "meta", "outbox", "people", "plans", "protocols", "records"]
