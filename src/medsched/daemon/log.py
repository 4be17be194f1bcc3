"""A log that holds ids and classes only, and that can neither block nor stop the daemon.

What other libraries write is not known in advance, so of their records only the logger's
name, the level and the line of code are kept. Our own messages are fixed sentences with
numbers in them; a text that is no plain code word is withheld. Of an exception its class
and its lines are told, never its words: they may hold a name.
"""

from __future__ import annotations

import logging
import os
import queue
import re
import sys
import threading
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Final

_OWN: Final = "medsched"
_CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._:-]{0,60}")
_WAITING: Final = 1000
_FLUSH_SECONDS: Final = 1.0

CODES: Final = "codes"
"""Attribute of a record: words that are no names, allowed beside numbers."""


class IdsOnly(logging.Formatter):
    """Writes one line a record: level, place, sentence; and the lines of an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without anything that could be a name."""
        head = f"{record.levelname.lower()} {self.formatTime(record, '%Y-%m-%dT%H:%M:%S')}"
        place = f"{record.name} {record.module}:{record.lineno}"
        own = record.name.partition(".")[0] == _OWN
        line = f"{head} {_sentence(record)}" if own else f"{head} {place}"
        return line + (_crash(record.exc_info[1]) if record.exc_info else "")


def _sentence(record: logging.LogRecord) -> str:
    """Return a sentence of ours; texts among its arguments are withheld unless plain codes."""
    codes = getattr(record, CODES, ())
    told = record.args if isinstance(record.args, tuple) else ()
    safe = tuple(one if _harmless(one, codes) else "(withheld)" for one in told)
    try:
        return str(record.msg) % safe if safe else str(record.msg)
    except (TypeError, ValueError):
        return f"{record.module}:{record.lineno}"


def _harmless(value: object, codes: tuple[str, ...]) -> bool:
    if isinstance(value, (int, float)):
        return True
    return isinstance(value, str) and value in codes and _CODE.fullmatch(value) is not None


def _crash(error: BaseException | None) -> str:
    lines = []
    while error is not None:
        frames = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
        lines.append(f"\n  {type(error).__name__} at {where or 'no line'}")
        error = error.__cause__ or error.__context__
    return "".join(lines[:4])


class NeverBlocks(logging.Handler):
    """Hands lines to a thread that writes them; when that is stuck, lines are dropped."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Write to a file descriptor; standard error unless given."""
        super().__init__()
        self._descriptor = sys.stderr.fileno() if descriptor is None else descriptor
        self._lines: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._write, name="medsched-log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Queue one record; never raises, never waits."""
        try:
            self.line(self.format(record))
        except Exception:  # noqa: BLE001  # a log that fails must not take the daemon along
            self.line("error log: a record could not be written")

    def line(self, text: str) -> None:
        """Queue one line as it is."""
        with suppress(queue.Full):
            self._lines.put_nowait(f"{text}\n".encode(errors="replace"))

    def close(self) -> None:
        """Write what is queued, for a second at most."""
        with suppress(queue.Full):
            self._lines.put_nowait(None)
        self._thread.join(_FLUSH_SECONDS)
        super().close()

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            with suppress(OSError):  # full, closed, gone: the line is lost, the daemon is not
                os.write(self._descriptor, line)


def set_up(*, debug: bool = False, descriptor: int | None = None) -> NeverBlocks:
    """Let this handler be the only one, and return it."""
    handler = NeverBlocks(descriptor)
    handler.setFormatter(IdsOnly())
    root = logging.getLogger()
    for one in tuple(root.handlers):
        root.removeHandler(one)
    root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.WARNING)
    logging.getLogger(_OWN).setLevel(logging.DEBUG if debug else logging.INFO)
    logging.raiseExceptions = False
    return handler
