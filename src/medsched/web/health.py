"""`/healthz` and `/metrics`: numbers for machines that watch; no name, no path, no host."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from medsched.bootstrap import App
    from medsched.services.status import Status

FRESH_SECONDS: Final = 5.0
"""A status is used again for so long: asking costs a write."""

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_GAUGES: Final = {
    "medsched_well": "1 when nothing is wrong.",
    "medsched_daemons_working": "Daemons that completed a cycle in the last minute.",
    "medsched_last_tick_timestamp_seconds": "When the last cycle was completed; 0 for never.",
    "medsched_reminders_unsent": "Reminders that could be sent now.",
    "medsched_reminders_oldest_unsent_seconds": "Age of the oldest of them; 0 for none.",
    "medsched_reminders_failed": "Reminders given up in the last day.",
    "medsched_channels": "Channels that are stored.",
    "medsched_database_writable": "1 when something can be stored.",
    "medsched_disk_free_bytes": "Free where the home lies; -1 when not known.",
    "medsched_last_backup_timestamp_seconds": "When the last backup was made; 0 for never.",
    "medsched_clock_right": "1 when the clock is believed.",
}


def health_routes(app: App) -> list[Route]:
    """Return the routes for machines that watch."""
    look = _Looking(app)

    def healthz(_request: Request) -> Response:
        found = look()
        code = 200 if found.is_well else 503
        return JSONResponse(health_json(found), status_code=code, headers=_HEADERS)

    def metrics(_request: Request) -> Response:
        text = generate_latest(_registry(look()))
        return Response(text, media_type=CONTENT_TYPE_PLAIN_0_0_4, headers=_HEADERS)

    return [Route("/healthz", healthz), Route("/metrics", metrics)]


class _Looking:
    """Looks at most once in five seconds."""

    def __init__(self, app: App, steady: Callable[[], float] = time.monotonic) -> None:
        self._app, self._steady = app, steady
        self._lock = threading.Lock()
        self._found: Status | None = None
        self._looked_at = 0.0

    def __call__(self) -> Status:
        with self._lock:
            now = self._steady()
            if self._found is None or now - self._looked_at > FRESH_SECONDS:
                self._found = self._app.status(_disk_free(self._app))
                self._looked_at = now
            return self._found


def _disk_free(app: App) -> int | None:
    try:
        return shutil.disk_usage(app.home).free
    except OSError:
        return None


def health_json(found: Status) -> dict[str, Any]:
    """Return what `/healthz` says: of each problem only what it is about."""
    return {
        "well": found.is_well,
        "as_of": found.as_of.isoformat(),
        "last_tick": None if found.last_tick is None else found.last_tick.isoformat(),
        "daemons_working": sum(one.is_working for one in found.daemons),
        "unsent": found.unsent,
        "oldest_unsent": None if found.oldest_unsent is None else found.oldest_unsent.isoformat(),
        "failed": found.failed,
        "writable": found.writable,
        "disk_free": found.disk_free,
        "clock": found.clock,
        "last_backup": _last_backup(found),
        "problems": sorted({one.partition(":")[0].partition(" ")[0] for one in found.problems}),
    }


def _last_backup(found: Status) -> str | None:
    if found.backups is None or found.backups.latest is None:
        return None
    return found.backups.latest.isoformat()


def _registry(found: Status) -> CollectorRegistry:
    registry = CollectorRegistry()
    for name, value in measured(found).items():
        Gauge(name, _GAUGES[name], registry=registry).set(value)
    return registry


def _backup_timestamp(found: Status) -> float:
    if found.backups is None or found.backups.latest is None:
        return 0.0
    return found.backups.latest.timestamp()


def measured(found: Status) -> dict[str, float]:
    """Return each measurement by its name."""
    waits = 0.0
    if found.oldest_unsent is not None:
        waits = (found.as_of - found.oldest_unsent).total_seconds()
    tick = 0.0 if found.last_tick is None else found.last_tick.timestamp()
    values = (
        float(found.is_well),
        sum(one.is_working for one in found.daemons),
        tick,
        found.unsent,
        waits,
        found.failed,
        found.channels,
        float(found.writable),
        -1 if found.disk_free is None else found.disk_free,
        _backup_timestamp(found),
        float(found.clock == "right"),
    )
    return dict(zip(_GAUGES, values, strict=True))
