"""A time zone whose law was changed: a compiled zone file (RFC 8536) with a rule of our own."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_zone(folder: Path, name: str, rule: str, seconds: int) -> None:
    """Write a zone that keeps one offset for ever.

    Args:
        rule: As POSIX writes it: `EET-2` is two hours ahead of UTC. seconds: the same.
    """
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    letters = rule.partition("-")[0].encode() + b"\0"
    head = struct.pack(">4sc15s6I", b"TZif", b"2", b"", 0, 0, 0, 0, 1, len(letters))
    kind = struct.pack(">iBB", seconds, 0, 0) + letters
    path.write_bytes(head + kind + head + kind + f"\n{rule}\n".encode())
