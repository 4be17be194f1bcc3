"""Makes the environment that the scripts run in, step by step, and says so.

Started by venv.sh, with the standard library only, when the stamp of the
environment is missing or names other locks than today's. The stamp is removed
first and written last: whatever was killed in between leaves an environment
without one, and that is emptied and made anew. The lock is the kernel's, and
the programs started here inherit it: it is held until the last of them has
ended, even if this one was killed, and it is never left behind.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCKS: Final = {
    "runtime": ("runtime.txt", "build.txt"),
    "dev": ("dev.txt",),
    "bench": ("bench.txt", "build.txt"),
}
STAMPS: Final = {  # dev holds runtime, too
    "runtime": ("runtime",),
    "dev": ("dev", "runtime"),
    "bench": ("bench",),
}
MARK: Final = "made-by-scripts"
INSTALL: Final = ("install", "--progress-bar", "off")
PIN: Final = re.compile(r"([A-Za-z0-9._-]+)(?:\[[a-z,]+\])?==")
NOT_LOCKED: Final = {"pip", "medsched"}
LAST_LINES: Final = 15


class CannotMake(Exception):
    """The environment cannot be made: one line that says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be made.

    Args:
        root: The checkout.
        venv: Where the environment goes.
        kind: "runtime", "dev" or "bench".
        wanted: What the stamp holds when the environment is what the locks say.
    """

    root: Path
    venv: Path
    kind: str
    wanted: str

    @property
    def stamp(self) -> Path:
        """Return the file whose text says what the environment was made from."""
        return self.venv / f"{self.kind}.stamp"

    def is_ready(self) -> bool:
        """Say whether somebody has made it already."""
        return self.stamp.is_file() and self.stamp.read_text() == self.wanted

    def is_whole(self) -> bool:
        """Say whether an earlier run was finished here; its programs name this very place."""
        python, here = self.venv / "bin" / "python", f"\n{self.venv}"
        stamps = self.venv.glob("*.stamp")
        return python.exists() and any(file.read_text().endswith(here) for file in stamps)


def say(line: str) -> None:
    """Tell the person at the terminal; standard output belongs to medsched."""
    print(line, file=sys.stderr, flush=True)


@contextmanager
def alone(target: Target) -> Iterator[int]:
    """Hold the lock beside the environment; wait for another run, and say so."""
    path = target.venv.with_name(target.venv.name + ".lock")
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"medsched: another run is making {target.venv}; waiting for it")
            fcntl.flock(fd, fcntl.LOCK_EX)
        yield fd
    finally:
        os.close(fd)


def run(command: list[str], *, lock: int) -> Iterator[str]:
    """Yield the lines that a program prints; raise with the last of them if it fails."""
    last: deque[str] = deque(maxlen=LAST_LINES)
    own = ("PYTHONHOME", "PYTHONPATH", "PIP_USER", "PIP_TARGET", "PIP_PREFIX")
    with subprocess.Popen(  # noqa: S603  # a list made here: no shell, nothing from outside
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        pass_fds=(lock,),
        env={name: value for name, value in os.environ.items() if name not in own},
    ) as program:
        for line in program.stdout or ():
            last.append(line.rstrip())
            yield line
    if program.returncode:
        said = "".join(f"    {line}\n" for line in last)
        raise CannotMake(f"{command[2]} ended with an error; run this again\n{said}".rstrip())


def empty(venv: Path) -> None:
    """Leave an empty folder with a mark in it; refuse one that is not ours to empty."""
    venv.mkdir(parents=True, exist_ok=True)
    ours = (venv / MARK).exists() or (venv / "pyvenv.cfg").exists()
    if not ours and any(venv.iterdir()):
        raise CannotMake(f"{venv} is there and is no virtual environment; name another place")
    (venv / MARK).touch()
    for child in venv.iterdir():
        if child.name == MARK:
            continue
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()


def make_empty_environment(target: Target, *, lock: int) -> None:
    """Make a virtual environment with pip in it and nothing else."""
    if importlib.util.find_spec("ensurepip") is None:
        raise CannotMake(
            f"{sys.executable} cannot make virtual environments; "
            "install its venv package (Debian, Ubuntu: apt install python3-venv)"
        )
    empty(target.venv)
    for _ in run([sys.executable, "-m", "venv", str(target.venv)], lock=lock):
        pass
    # A venv of Python 3.11 brings it, and it runs at every start of that Python.
    for _ in run(pip(target, "uninstall", "--yes", "setuptools"), lock=lock):
        pass


def holds_more(target: Target, *, lock: int) -> bool:
    """Say whether a package is here that no lock names: an earlier one may have.

    Such a package can still run at every start of Python (a `.pth` file), and what it has
    written into others stays when it is removed.
    """
    files = [target.root / "requirements" / name for names in LOCKS.values() for name in names]
    locked = [line for file in files for line in file.read_text().splitlines()]
    here = list(run(pip(target, "list", "--format=freeze"), lock=lock))
    return bool(packages_in(here) - packages_in(locked) - NOT_LOCKED)


def packages_in(lines: list[str]) -> set[str]:
    """Return the packages that lines such as `name==1.0` pin; other lines say nothing."""
    pins = (PIN.match(line) for line in lines)
    return {re.sub(r"[-_.]+", "-", pin[1]).lower() for pin in pins if pin}


def install_locked(target: Target, *, lock: int) -> None:
    """Install what the locks name, each file checked against its hash."""
    files = [target.root / "requirements" / name for name in LOCKS[target.kind]]
    lines = [line for file in files for line in file.read_text().splitlines()]
    total = sum(line[:1].isalnum() for line in lines)
    command = pip(target, *INSTALL, "--require-hashes", "--only-binary=:all:", "--no-deps")
    for file in files:
        command += ["-r", str(file)]
    say(f"  step 2 of 3: {total} packages, each checked against its hash")
    shown = Counter(total=total)
    for line in run(command, lock=lock):
        if line.startswith(("Collecting ", "Processing ", "Requirement already", "Ignoring ")):
            shown.step()
        elif line.startswith("Installing "):
            shown.close("installing them")
    shown.close("")


def install_medsched(target: Target, *, lock: int) -> None:
    """Install this checkout itself, editable: what is edited is what runs."""
    say("  step 3 of 3: medsched itself")
    command = pip(target, *INSTALL, "--no-deps", "--no-build-isolation", "--no-index")
    for _ in run([*command, "--editable", str(target.root)], lock=lock):
        pass


def compile_source(target: Target, *, lock: int) -> None:
    """Compile the checkout, as pip did the packages.

    Where PYTHONDONTWRITEBYTECODE is set nobody else does it, and every start would pay
    for it. A checkout that cannot be written to stays as it is.
    """
    source = str(target.root / "src")
    with suppress(CannotMake):
        for _ in run([python_of(target), "-m", "compileall", "-q", source], lock=lock):
            pass


def python_of(target: Target) -> str:
    """Return the environment's own Python."""
    return str(target.venv / "bin" / "python")


def pip(target: Target, *options: str) -> list[str]:
    """Return the command line of the environment's own pip."""
    return [python_of(target), "-m", "pip", "--disable-pip-version-check", "--no-input", *options]


class Counter:
    """Progress: one line that counts up on a terminal, a line for every ten elsewhere."""

    def __init__(self, *, total: int) -> None:
        self.total, self.seen, self.open = total, 0, True
        self.live = sys.stderr.isatty()

    def step(self) -> None:
        """Count one more."""
        self.seen += 1
        if self.live:
            print(f"\r    {self.seen} of {self.total}", end="", file=sys.stderr, flush=True)
        elif self.seen % 10 == 0:
            say(f"    {self.seen} of {self.total}")

    def close(self, line: str) -> None:
        """End the line that counts; once."""
        if self.open and self.live:
            say("")
        if self.open and line:
            say(f"    {line}")
        self.open = False


def make(target: Target) -> None:
    """Make the environment, or bring it up to date with the locks."""
    began = time.monotonic()
    with alone(target) as lock:
        if target.is_ready():
            return
        whole = target.is_whole()
        for name in LOCKS:
            (target.venv / f"{name}.stamp").unlink(missing_ok=True)
        whole = whole and not holds_more(target, lock=lock)
        say(f"medsched: {'updating' if whole else 'first run: making'} {target.venv}")
        if not whole:
            say(f"  step 1 of 3: a virtual environment of Python {sys.version.split()[0]}")
            make_empty_environment(target, lock=lock)
        install_locked(target, lock=lock)
        install_medsched(target, lock=lock)
        compile_source(target, lock=lock)
        for name in STAMPS[target.kind]:
            (target.venv / f"{name}.stamp").write_text(target.wanted)
    say(f"medsched: ready after {time.monotonic() - began:.0f} s")


def main(root: str, venv: str, kind: str, wanted: str) -> int:
    """Make it, and say in one line why it could not be made."""
    try:
        make(Target(root=Path(root), venv=Path(venv), kind=kind, wanted=wanted))
    except CannotMake as why:
        say(f"medsched: {why}")
    except OSError as error:
        say(
            f"medsched: {venv} cannot be made: {error.strerror} ({error.filename}); "
            "name a place that can be written to: MEDSCHED_VENV=DIR"
        )
    except KeyboardInterrupt:
        say("medsched: interrupted; the next run makes it anew")
        return 130
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
