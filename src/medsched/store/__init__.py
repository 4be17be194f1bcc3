"""Where facts are kept, in SQLite or PostgreSQL; `open.open_store` is the door."""
