"""`sig`: read what a prescription says, and say it in one plain sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from medsched.cli.pages import wrapped
from medsched.cli.session import Session, with_session
from medsched.domain.sig.read import read_sig
from medsched.domain.sig.write import sig_words
from medsched.domain.words import date_words

if TYPE_CHECKING:
    from medsched.domain.medication import Medication
    from medsched.domain.sig.read import Sig


@click.command()
@click.argument("directions")
@click.option("--medicine", help="Whose tablets are counted: a protocol's name or your FILE.toml.")
@with_session
def sig(session: Session, directions: str, medicine: str | None) -> None:
    """Read DIRECTIONS, such as "10 mg PO QHS"; what is not understood is refused, never guessed."""
    medication = session.app.protocol(medicine).medication if medicine else None
    found = read_sig(directions, medication)
    words = _words(found, medication)
    session.print(_document(found, words), lambda: _page(found, words))


def _words(found: Sig, medication: Medication | None) -> str:
    return sig_words(found.dosage, medication, bounds=found.bounds, first_day=found.first_day)


def _document(found: Sig, words: str) -> dict[str, Any]:
    return {
        "sentence": words,
        "first_day": None if found.first_day is None else found.first_day.isoformat(),
        "advice": list(found.advice),
        "assumptions": list(found.assumptions),
    }


def _page(found: Sig, words: str) -> str:
    lines = [wrapped(words)]
    if found.first_day is not None:
        lines.append(f"From {date_words(found.first_day)}.")
    lines += [wrapped(f"- {one}", "  ") for one in found.advice]
    lines += [wrapped(f"- Assumed: {one}", "  ") for one in found.assumptions]
    return "\n".join(lines)
