"""Apprise's objects, with every convenience off.

A service must not retry, follow redirects, wait, or call a failure optional: whether and
when a dose is said again is decided elsewhere, by what is known about the first time.
"""

from __future__ import annotations

import functools
import importlib
import warnings
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from medsched.notify import quiet
from medsched.notify.deadline import to_connect, to_read

if TYPE_CHECKING:
    from medsched.notify.address import Address

PLUGINS: Final = MappingProxyType(
    {
        "dbus": ("dbus", "NotifyDBus"),
        "gio": ("glib", "NotifyGLib"),
        "glib": ("glib", "NotifyGLib"),
        "gnome": ("gnome", "NotifyGnome"),
        "gotify": ("gotify", "NotifyGotify"),
        "gotifys": ("gotify", "NotifyGotify"),
        "hassio": ("home_assistant", "NotifyHomeAssistant"),
        "hassios": ("home_assistant", "NotifyHomeAssistant"),
        "json": ("custom_json", "NotifyJSON"),
        "jsons": ("custom_json", "NotifyJSON"),
        "kde": ("dbus", "NotifyDBus"),
        "macosx": ("macosx", "NotifyMacOSX"),
        "mailto": ("email", "NotifyEmail"),
        "mailtos": ("email", "NotifyEmail"),
        "matrix": ("matrix", "NotifyMatrix"),
        "matrixs": ("matrix", "NotifyMatrix"),
        "qt": ("dbus", "NotifyDBus"),
        "tgram": ("telegram", "NotifyTelegram"),
        "windows": ("windows", "NotifyWindows"),
    }
)
"""Where Apprise keeps what sends to each schema."""


def instantiate(address: Address, deadline: float) -> Any:  # noqa: ANN401 - Apprise's plugins share no typed surface
    """Return Apprise's object for an address, or None if it has none for it here.

    The one plugin is loaded by name: Apprise's own way loads all 140 of them.
    """
    quiet.silence()
    plugin = _plugin(*PLUGINS[address.schema])
    parsed = plugin.parse_url(address.url) if plugin.enabled else None
    if parsed is None:
        return None
    try:
        service = plugin(**parsed, asset=_asset())
    except (TypeError, ValueError):  # what Apprise raises for an address lacking a part
        return None
    service.retry = service.service_retry = 0
    service.optional = service.redirects = service.discovery = False
    service.verify_certificate = True
    service.request_rate_per_sec = 0  # one message a time: what throttles is the ladder
    service.socket_connect_timeout = to_connect(deadline)
    service.socket_read_timeout = to_read(deadline)
    return service if service.enabled else None


@functools.cache
def _plugin(module: str, name: str) -> Any:  # noqa: ANN401 - the same
    """Return one of Apprise's plugin classes."""
    with warnings.catch_warnings():
        # Apprise's mail tries a module that Python has announced to drop.
        warnings.simplefilter("ignore", DeprecationWarning)
        return getattr(importlib.import_module(f"apprise.plugins.{module}"), name)


def _asset() -> Any:  # noqa: ANN401 - the same
    """Return Apprise's settings: no redirect, no retry, no key made, no secret logged."""
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="medsched",
        app_desc="medsched",
        app_url="",
        http_redirects=False,
        secure_logging=True,
        async_mode=False,
        service_timeout=0,  # with a limit of its own Apprise would use its pool
        pgp_autogen=False,
        pem_autogen=False,
    )
