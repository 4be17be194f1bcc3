"""Where facts are kept, in SQLite or PostgreSQL; `opening.open_store` is the door."""
