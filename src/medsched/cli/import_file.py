"""`import ics`: a dosing calendar of ours read back, and what was taken brought over."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from medsched.cli.pages import wrapped
from medsched.cli.session import Session, with_session
from medsched.domain.plain_words import counted_words
from medsched.errors import InvalidValue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from medsched.calendar.read import Foreign
    from medsched.services.importing import Imported

_MOST_SHOWN = 50
_SAID = {
    "same": "are doses of your plan, at the same time",
    "moved": "are doses of your plan, which is now at another time",
    "alike": "say the same as doses of your plan, which was begun anew here",
    "cancelled": "were taken back in the file",
    "unknown": "are no doses of a plan that is stored here",
}


@click.command("ics")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--records", is_flag=True, help="Record here what the file says was taken.")
@with_session
def ics(session: Session, path: Path, *, records: bool) -> None:
    """Read a calendar FILE of ours back: compare it with the plan, list what is not ours."""
    from medsched.calendar.read import read
    from medsched.services.importing import UID_FORM, bring_over, compare

    opened = session.writing() if records else session.reading()
    with opened as (_unit, person, book):
        now = session.now(person.itinerary.home)
        zone = person.itinerary.home.key
        reading = read(_content(path), uid_form=UID_FORM, zone=zone)
        found = compare(book, reading.entries)
        if records:
            found = bring_over(book, found, now)
    session.print(
        imported_json(found, reading.foreign), lambda: imported_page(found, reading.foreign)
    )


def _content(path: Path) -> bytes:
    """Return the file, as far as it is read: one byte more than the most tells that it is more."""
    from medsched.calendar.read import MOST_BYTES

    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as wrong:
        reason = (wrong.strerror or "it cannot be read").lower()
        raise InvalidValue("file", path, f"give one that can be read ({reason})") from None


def imported_json(found: Sequence[Imported], foreign: Sequence[Foreign]) -> dict[str, Any]:
    """Return what every entry is, and what is not ours."""
    return {
        "entries": [
            {
                "uid": one.uid,
                "starts": one.starts.isoformat(),
                "match": one.match.value,
                "dose": one.dose or None,
                "done": one.done or None,
                "at": None if one.at is None else one.at.isoformat(),
                "recorded": one.recorded,
                "trouble": one.trouble,
            }
            for one in found
        ],
        "foreign": [{"line": one.line, "uid": one.uid, "reason": one.reason} for one in foreign],
    }


def imported_page(found: Sequence[Imported], foreign: Sequence[Foreign]) -> str:
    """Return counts of what the entries are, what was recorded, and what is not ours."""
    counts = Counter(one.match.value for one in found)
    lines = [f"Entries of medsched: {len(found):,}."]
    lines += [f"  {counts[key]:,} {said}" for key, said in _SAID.items() if counts[key]]
    done = sum(1 for one in found if one.done)
    recorded = sum(one.recorded for one in found)
    if recorded:
        lines.append(f"Recorded here: {counted_words(recorded, 'dose')}.")
    elif done:
        lines.append(
            wrapped(
                f"The file tells what became of {counted_words(done, 'dose')}; what is not"
                " recorded here yet is brought over by --records."
            )
        )
    lines += [f"  Not recorded: {one.trouble}" for one in found if one.trouble]
    lines += _foreign_lines(foreign)
    lines.append(wrapped("No plan is made of a calendar: move plans by medsched backup."))
    return "\n".join(lines)


def _foreign_lines(foreign: Sequence[Foreign]) -> list[str]:
    if not foreign:
        return []
    lines = [f"Not taken over: {len(foreign):,}."]
    lines += [f"  line {one.line:,}: {one.reason}" for one in foreign[:_MOST_SHOWN]]
    if len(foreign) > _MOST_SHOWN:
        lines.append(f"  and {len(foreign) - _MOST_SHOWN:,} more; --json lists all of them")
    return lines
