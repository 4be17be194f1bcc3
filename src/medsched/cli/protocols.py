"""`protocols`: list the rules of each medicine, show one, check a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.pages import wrapped
from medsched.cli.session import Session, with_session
from medsched.domain.words import date_words
from medsched.services.dose_words import dosage_words

if TYPE_CHECKING:
    from medsched.domain.protocol import Protocol, Regimen


@click.group()
def protocols() -> None:
    """Look at the drug rules that plans are made from."""


@protocols.command("list")
@with_session
def list_protocols(session: Session) -> None:
    """List every medicine that has rules here."""
    from medsched.protocols import load, shipped_protocols

    found = [load(name)[0] for name in shipped_protocols()]
    document = {"protocols": [_summary(one) for one in found]}
    session.print(document, lambda: "\n".join(_line(one) for one in found))


def _summary(one: Protocol) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "version": one.version,
        "dated": None if one.dated is None else one.dated.isoformat(),
        "regimens": [regimen.id for regimen in one.regimens],
    }


def _line(one: Protocol) -> str:
    return f"{one.id:<26} {one.title}"


@protocols.command("show")
@click.argument("name")
@with_session
def show(session: Session, name: str) -> None:
    """Show the rules of one medicine, each with its source."""
    found = session.app.protocol(name)
    document = _summary(found) | {
        "rules": [
            {
                "id": rule.id,
                "text": rule.text,
                "provenance": rule.provenance.value,
                "sources": list(rule.sources),
            }
            for rule in found.rules.values()
        ],
        "sources": {ref: source.title for ref, source in found.sources.items()},
    }
    session.print(document, lambda: _page(found))


def _page(found: Protocol) -> str:
    parts = [version_words(found)]
    parts += [_regimen(one) for one in found.regimens]
    rules = []
    for rule in found.rules.values():
        named = ", ".join(rule.sources) or "no source"
        text = rule.text.rstrip(".")
        rules.append(wrapped(f"{rule.id}: {text} ({rule.provenance.value}; {named})", "  "))
    if rules:
        parts.append("Rules\n" + "\n".join(rules))
    sources = [
        wrapped(f"{one.ref}: {one.title}{', ' + one.section if one.section else ''}", "  ")
        for one in found.sources.values()
    ]
    if sources:
        parts.append("Sources\n" + "\n".join(sources))
    return "\n\n".join(parts)


def version_words(one: Protocol) -> str:
    """Return which rules these are: title, version and date."""
    dated = f" of {date_words(one.dated)}" if one.dated is not None else ""
    return f"{one.title}, version {one.version}{dated}"


def _regimen(regimen: Regimen) -> str:
    lines = [f"Regimen {regimen.id}: {regimen.title}"]
    lines += [
        wrapped(f"{place}. {one.kind.value}: {dosage_words(one.dosage)}", "  ")
        for place, one in enumerate(regimen.phases, 1)
    ]
    return "\n".join(lines)


@protocols.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@with_session
def check(session: Session, file: Path) -> None:
    """Read a FILE of rules and list every mistake in it."""
    found = session.app.protocol(str(file))
    document = _summary(found) | {"problems": []}
    session.print(document, lambda: f"{file}: no mistakes found; {found.title}")
