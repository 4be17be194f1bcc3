"""`backup` and `restore`: copies that are safe while the program runs, and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from medsched.cli.session import NothingStored, Session, with_session
from medsched.domain.plain_words import counted_words
from medsched.errors import MedschedError

_UNKNOWN: Final = (
    "Doses due between then and now: whether they were taken is not known here. They are"
    " asked for, and nothing says to take one of them. Record what you know with"
    " `medsched take` and `medsched skip`."
)


class WouldReplace(MedschedError):
    """A restore over a database that is there, without `--yes`."""

    def __init__(self, place: str) -> None:
        """Keep where the database is."""
        self.place = place
        super().__init__(
            f"restore: would replace what is stored in {place}"
            " (it is kept beside it); say --yes to do so"
        )


def _counted(name: str, number: int) -> str:
    """Return what is counted, in the singular for one."""
    if number != 1:
        return name
    return "person" if name == "people" else name.removesuffix("s")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_session
def backup(session: Session, file: Path) -> None:
    """Write a copy of everything to FILE, for you alone (0600), and check it."""
    from medsched.store.backup import back_up

    if not session.app.has_store:
        raise NothingStored(session.app.home)
    made = back_up(session.app.database, file, clock=session.app.clock)
    told = {
        "people": made.people,
        "prescriptions": made.prescriptions,
        "doses": made.doses,
        "administrations": made.administrations,
    }
    counts = ", ".join(f"{number:,} {_counted(name, number)}" for name, number in told.items())
    page = f"Backup written and checked: {file}\nIn it: {counts}."
    session.print({"file": str(file), **told}, lambda: page)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@with_session
def restore(session: Session, file: Path) -> None:
    """Bring everything back to the backup in FILE.

    What was due between the backup and now is not known any more: it is asked for, and
    nothing in it is said to be taken.
    """
    from medsched.settings import make_home
    from medsched.store.backup import restore as bring_back
    from medsched.store.refusals import NotABackup

    app = session.app
    if not file.is_file():
        raise NotABackup(file, "there is no such file")
    if app.has_store and not session.yes:
        raise WouldReplace(app.database.removeprefix("sqlite:///"))
    if app.database.startswith("sqlite:"):
        make_home(app.home)
    done = bring_back(app.database, file, clock=app.clock)
    now = app.clock.now()
    kept = None if done.before is None else str(done.before)
    plans = counted_words(done.contents.prescriptions, "plan")
    lines = [f"Restored from {file}, made {done.made_at:%Y-%m-%d %H:%M} UTC: {plans}.", _UNKNOWN]
    if kept is not None:
        lines.append(f"What was here before is kept in {kept}.")
    lines.append("Start `medsched run` again if it was running.")
    document = {
        "file": str(file),
        "made_at": done.made_at.isoformat(),
        "unknown": {"from": done.made_at.isoformat(), "to": now.isoformat()},
        "before": kept,
    }
    session.print(document, lambda: "\n".join(lines))
