"""Asks the pages inside this process, as a browser would over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

if TYPE_CHECKING:
    from starlette.applications import Starlette


@dataclass(frozen=True, slots=True)
class Browser:
    """A client of one application; each request is a connection of its own."""

    app: Starlette
    base: str = "http://127.0.0.1:8765"

    def request(self, method: str, path: str, **how: Any) -> httpx.Response:
        """Send one request and return its answer; redirects are not followed."""
        return asyncio.run(self._ask(method, path, how))

    def get(self, path: str, **how: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", path, **how)

    def post(self, path: str, **how: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", path, **how)

    async def _ask(self, method: str, path: str, how: dict[str, Any]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.app)
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            return await client.request(method, path, **how)
