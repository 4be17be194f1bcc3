"""Where things live and how the program behaves: the home, and the settings file in it.

The shipped `config/medsched.toml` holds every setting with its default and a sentence.
A file of the same name in the home replaces single settings.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from medsched.errors import FileProblems, InvalidValue, MedschedError, Problem
from medsched.frozen import fields, frozen
from medsched.shipped import config_root

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = "medsched.toml"


class HomeUnusable(MedschedError):
    """A home that cannot be made or written."""

    def __init__(self, home: Path, reason: str) -> None:
        """Keep the folder and the system's reason."""
        self.home = home
        super().__init__(f"home {home}: {reason}; name another with --home")


@frozen
class Settings:
    """Every setting, with the meaning that `config/medsched.toml` tells."""

    horizon_days: int
    entry_minutes: int
    alarm_before_minutes: int
    feed_past_days: int
    feed_future_days: int
    clock_24_hours: bool
    public_address: str
    ping_address: str
    caldav_minutes: int
    backup_hours: int
    backups_kept: int
    allow_hosts: tuple[str, ...]


def default_home(environment: Mapping[str, str]) -> Path:
    """Return the home: `MEDSCHED_HOME`, else the platform's folder for user data."""
    named = environment.get("MEDSCHED_HOME")
    if named:
        return Path(named).expanduser()
    from platformdirs import user_data_path

    return user_data_path("medsched", appauthor=False)


def make_home(home: Path) -> Path:
    """Make the home, for its owner only (0700), and return it.

    Raises:
        HomeUnusable: it cannot be made, or is no folder.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as wrong:
        raise HomeUnusable(home, (wrong.strerror or "cannot be made").lower()) from None
    if not os.access(home, os.W_OK | os.X_OK):
        raise HomeUnusable(home, "cannot be written to")
    return home


def database_url(home: Path, given: str | None, environment: Mapping[str, str]) -> str:
    """Return the database address: given, else `MEDSCHED_DATABASE`, else a file in the home."""
    named = given or environment.get("MEDSCHED_DATABASE")
    return named or f"sqlite:///{home / 'medsched.db'}"


def read_settings(home: Path) -> Settings:
    """Return the shipped settings with those of the home's own file in their place.

    Raises:
        FileProblems: unknown settings or wrong types, all of them at once.
    """
    values = _table(config_root() / FILE)
    own = home / FILE
    if own.is_file():
        changed = _table(own)
        problems = _mistakes(values, changed)
        if problems:
            raise FileProblems(str(own), problems)
        values |= changed
    names = {one.name for one in fields(Settings)}
    known = {name: value for name, value in values.items() if name in names}
    return Settings(**{**known, "allow_hosts": tuple(map(str, known["allow_hosts"]))})


def _table(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        problem = Problem(where="", code="syntax", message=f"not TOML: {wrong}")
        raise FileProblems(str(path), [problem]) from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise InvalidValue("settings", path, f"give a readable text file ({wrong})") from None


def _mistakes(shipped: Mapping[str, object], own: Mapping[str, object]) -> list[Problem]:
    found = []
    for name, value in own.items():
        if name not in shipped:
            known = ", ".join(sorted(shipped))
            found.append(
                Problem(where=name, code="unknown", message=f"unknown; use one of {known}")
            )
        elif type(value) is not type(shipped[name]):
            wanted = type(shipped[name]).__name__
            found.append(Problem(where=name, code="type", message=f"{value!r}: give {wanted}"))
    return found
