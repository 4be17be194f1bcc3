"""Digests over stored texts, made at writing and compared at reading.

A database says "ok" after a bit flip turned 50 into 90 in a text column; a digest
does not.
"""

from __future__ import annotations

from hashlib import sha256

from medsched.store.refusals import Damaged


def digest_of(*parts: str) -> str:
    """Return the SHA-256 of the parts, told apart, as hexadecimal digits."""
    text = parts[0] if len(parts) == 1 else "".join(f"{len(part)}:{part}" for part in parts)
    return sha256(text.encode()).hexdigest()


def verify(what: str, digest: str, *parts: str) -> None:
    """Compare the parts with the digest that was stored with them.

    Raises:
        Damaged: they are not what was written; `what` names the place.
    """
    if digest_of(*parts) != digest:
        raise Damaged(what)
