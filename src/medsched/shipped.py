"""The folder of rules and defaults that comes with the program, wherever it is installed."""

from __future__ import annotations

from pathlib import Path

from medsched.errors import MedschedError

PACKAGE = Path(__file__).resolve().parent


class IncompleteInstall(MedschedError):
    """The files that come with the program are not where they should be."""

    def __init__(self, looked_in: tuple[Path, ...]) -> None:
        """Keep the folders that were looked into."""
        self.looked_in = looked_in
        places = " nor in ".join(str(folder) for folder in looked_in)
        super().__init__(f"drug rules: found neither in {places}; install medsched again")


def config_root(package: Path = PACKAGE) -> Path:
    """Return the folder `config`, which holds `protocols/*.toml` and the settings' defaults.

    A wheel carries it inside the package; an editable install finds the one at the
    root of its checkout. The package's own place is asked, not `importlib.resources`,
    whose import alone takes longer than the answer.

    Raises:
        IncompleteInstall: It is in neither place.
    """
    places = (package / "config", package.parent.parent / "config")
    for folder in places:
        if (folder / "protocols").is_dir():
            return folder
    raise IncompleteInstall(places)
