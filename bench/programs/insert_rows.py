"""The peer: inserts rows that were made beforehand, by sqlite3 alone."""

import marshal
import sqlite3
import sys
from pathlib import Path

with Path(sys.argv[2]).open("rb") as file:
    rows = marshal.load(file)
connection = sqlite3.connect(sys.argv[1])
connection.execute(
    "CREATE TABLE dose (prescription INTEGER NOT NULL, day INTEGER NOT NULL,"
    " slot INTEGER NOT NULL, due INTEGER NOT NULL, amount TEXT NOT NULL, phase INTEGER NOT NULL,"
    " revision INTEGER NOT NULL, sequence INTEGER NOT NULL,"
    " PRIMARY KEY (prescription, day, slot)) WITHOUT ROWID"
)
with connection:
    connection.executemany("INSERT INTO dose VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.execute("CREATE INDEX ix_dose_due ON dose (due)")
connection.close()
print(len(rows))
