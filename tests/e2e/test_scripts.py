from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

FAKE_PROGRAM = "#!/bin/sh\nprintf 'started:'; printf ' [%s]' \"$@\"; echo\n"
BACKEND_PROJECT = """
[build-system]
requires = []
build-backend = "stand_in_backend"
backend-path = ["."]
"""


@pytest.fixture
def checkout(repo: Path, tmp_path: Path) -> Path:
    """Return a checkout, in a folder with a space in its name, without an environment."""
    root = tmp_path / "a checkout"
    root.mkdir()
    shutil.copytree(repo / "scripts", root / "scripts")
    shutil.copytree(repo / "requirements", root / "requirements")
    shutil.copy(repo / "pyproject.toml", root)
    return root


def finish(checkout: Path, venv: Path, kind: str = "runtime") -> None:
    """Leave an environment as a finished run leaves it, with a stand-in for medsched."""
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    program = venv / "bin" / "medsched"
    program.write_text(FAKE_PROGRAM)
    program.chmod(0o755)
    read = [checkout / "pyproject.toml", *sorted((checkout / "requirements").glob("*.txt"))]
    sums = subprocess.run(["cksum", *read], capture_output=True, text=True, check=True).stdout
    (venv / f"{kind}.stamp").write_text(f"{sums}{venv}")


def run(
    script: Path, *args: str, cwd: Path = Path("/"), **env: str
) -> subprocess.CompletedProcess[str]:
    """Run a script as a person would, from anywhere."""
    inherited = {name: value for name, value in os.environ.items() if "MEDSCHED" not in name}
    return subprocess.run(
        [script, *args],
        cwd=cwd,
        env=inherited | env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_arguments_arrive_whole_from_any_directory(checkout: Path, tmp_path: Path) -> None:
    finish(checkout, checkout / ".venv")
    done = run(checkout / "scripts" / "medsched", "plan", "a b", "", cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("started: [plan] [a b] []\n", "")


def test_a_symlink_to_the_script_finds_the_checkout(checkout: Path, tmp_path: Path) -> None:
    finish(checkout, checkout / ".venv")
    first, second = tmp_path / "medsched", tmp_path / "again"
    first.symlink_to("a checkout/scripts/medsched")
    second.symlink_to(first)
    assert run(second, "today").stdout == "started: [today]\n"


def test_the_environment_may_lie_elsewhere(checkout: Path, tmp_path: Path) -> None:
    venv = tmp_path / "else where"
    finish(checkout, venv)
    done = run(checkout / "scripts" / "medsched", "today", MEDSCHED_VENV=str(venv))
    assert done.stdout == "started: [today]\n"
    assert not (checkout / ".venv").exists()


def test_without_a_new_enough_python_there_is_one_clear_line(
    checkout: Path, tmp_path: Path
) -> None:
    old = tmp_path / "bin"
    old.mkdir()
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        (old / name).write_text('#!/bin/sh\n[ "$1" = --version ] || exit 1\necho Python 3.9.2\n')
        (old / name).chmod(0o755)
    done = run(checkout / "scripts" / "medsched", PATH=f"{old}:/usr/bin:/bin")
    assert done.returncode == 1
    assert done.stderr.startswith("medsched: Python 3.11 or later is needed, and Python 3.9.2 was")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_named_python_that_is_too_old_is_told(checkout: Path) -> None:
    done = run(checkout / "scripts" / "medsched", MEDSCHED_PYTHON="/bin/false")
    assert done.returncode == 1
    assert done.stderr == "medsched: MEDSCHED_PYTHON: /bin/false is no Python 3.11 or later\n"


def test_a_place_that_cannot_be_written_to_is_told_in_one_line(
    checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    place = str(tmp_path / "file" / "venv")
    done = run(checkout / "scripts" / "medsched", MEDSCHED_VENV=place)
    assert done.returncode == 1
    assert done.stderr.startswith(f"medsched: {place} cannot be made: Not a directory")
    assert done.stderr.count("\n") == 1


def test_a_folder_that_is_no_environment_is_never_emptied(checkout: Path, tmp_path: Path) -> None:
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "to mother").write_text("dear")
    done = run(checkout / "scripts" / "medsched", MEDSCHED_VENV=str(letters))
    assert done.returncode == 1
    assert "is there and is no virtual environment" in done.stderr
    assert (letters / "to mother").read_text() == "dear"


def lock_nothing(repo: Path, checkout: Path) -> None:
    """Leave locks that name no package, so that an environment is made in a second."""
    shutil.copy(repo / "tests" / "e2e" / "stand_in_backend.py", checkout)
    (checkout / "pyproject.toml").write_text(BACKEND_PROJECT)
    for lock in (checkout / "requirements").glob("*.txt"):
        lock.write_text("# nothing to download\n")


def say_for_pip(checkout: Path, line: str) -> None:
    """Have the environment's Python print one line, whatever it is asked."""
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text(f"#!/bin/sh\necho '{line}'\n")
    python.chmod(0o755)


@pytest.mark.parametrize(
    ("installed", "said"),
    [
        ("urllib3_future==2.25", "first run: making"),
        ("pip==23.2", "updating"),
        ("WARNING: something that pip says", "updating"),
    ],
)
def test_an_environment_that_holds_more_than_the_locks_is_made_anew(
    repo: Path, checkout: Path, installed: str, said: str
) -> None:
    lock_nothing(repo, checkout)
    finish(checkout, checkout / ".venv")
    (checkout / ".venv" / "pyvenv.cfg").touch()
    (checkout / "requirements" / "runtime.txt").write_text("# changed\n")
    say_for_pip(checkout, installed)
    done = run(checkout / "scripts" / "medsched", MEDSCHED_PYTHON=sys.executable)
    assert done.stderr.startswith(f"medsched: {said} {checkout}/.venv\n"), done.stderr


def test_an_environment_that_was_left_half_made_is_made_anew(repo: Path, checkout: Path) -> None:
    lock_nothing(repo, checkout)
    finish(checkout, checkout / ".venv")
    (checkout / ".venv" / "runtime.stamp").unlink()  # written last: the run was killed before
    (checkout / ".venv" / "pyvenv.cfg").touch()
    (checkout / ".venv.lock").touch()  # the killed run leaves the file, the kernel drops the lock

    first = run(checkout / "scripts" / "medsched", MEDSCHED_PYTHON=sys.executable)
    assert first.stdout == "the real one\n", first.stderr
    assert "step 1 of 3" in first.stderr
    assert "medsched: ready after" in first.stderr
    second = run(checkout / "scripts" / "medsched")
    assert (second.stdout, second.stderr) == ("the real one\n", "")


def test_a_second_run_waits_for_the_first_and_says_so(checkout: Path) -> None:
    script = checkout / "scripts" / "medsched"
    with (checkout / ".venv.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with subprocess.Popen(
            [script, "today"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as second:
            assert second.stderr is not None
            waiting = second.stderr.readline()
            finish(checkout, checkout / ".venv")
            fcntl.flock(held, fcntl.LOCK_UN)
            out, err = second.communicate(timeout=30)
    assert waiting == f"medsched: another run is making {checkout}/.venv; waiting for it\n"
    assert (out, err) == ("started: [today]\n", "")


def test_a_changed_lock_is_noticed(checkout: Path) -> None:
    finish(checkout, checkout / ".venv")
    with (checkout / "requirements" / "runtime.txt").open("a") as lock:
        lock.write("# changed\n")
    done = run(checkout / "scripts" / "medsched", MEDSCHED_PYTHON="/bin/false")
    assert "MEDSCHED_PYTHON" in done.stderr  # it went to look for a Python to update with


def test_a_failed_update_is_told_and_leaves_no_stamp_to_trust(checkout: Path) -> None:
    finish(checkout, checkout / ".venv")
    (checkout / "requirements" / "runtime.txt").write_text("# changed\n")
    python = checkout / ".venv" / "bin" / "python"
    python.unlink()
    python.write_text("#!/bin/sh\necho no route to anywhere\nexit 1\n")
    python.chmod(0o755)
    done = run(checkout / "scripts" / "medsched", MEDSCHED_PYTHON=sys.executable)
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "medsched: pip ended with an error; run this again\n    no route to anywhere\n"
        in done.stderr
    )
    assert not (checkout / ".venv" / "runtime.stamp").exists()


def test_a_ready_environment_starts_no_python_and_costs_next_to_nothing(checkout: Path) -> None:
    finish(checkout, checkout / ".venv")
    times = []
    for _ in range(5):
        began = time.perf_counter()
        done = run(checkout / "scripts" / "medsched", MEDSCHED_PYTHON="/bin/false")
        times.append(time.perf_counter() - began)
        assert done.stdout == "started: []\n"
    assert min(times) < 0.1
