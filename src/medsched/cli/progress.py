"""A bar for what takes long, on a terminal only: how many, how fast, how long still."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[int, int], None]]:
    """Yield what is told of progress: how many more were done, and how far of `total` that is.

    Nothing is shown where standard error is no terminal.
    """
    if not sys.stderr.isatty():
        yield lambda _more, _reached: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    shown = Progress(
        TextColumn(f"{{task.fields[count]:,}} {what}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%  {task.fields[rate]:,.0f} a second, left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with shown as bar:
        task = bar.add_task(what, total=total or None, count=0, rate=0.0)

        def tell(more: int, reached: int) -> None:
            now = bar.tasks[0]
            count = now.fields["count"] + more
            rate = count / now.elapsed if now.elapsed else 0.0
            bar.update(task, completed=reached, count=count, rate=rate)

        yield tell
