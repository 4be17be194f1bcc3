"""Alembic's entry: runs the migrations inside the transaction that the program opened."""  # noqa: INP001  # Alembic loads it by path

from __future__ import annotations

from alembic import context

from medsched.store.tables.everything import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transactional_ddl=True,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
