"""The one HTTP client of the process: downloads and live facts share its connections."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

_TIMEOUT = httpx.Timeout(10.0, connect=3.0)
_LIMITS = httpx.Limits(max_connections=20, max_keepalive_connections=10, keepalive_expiry=30.0)


@asynccontextmanager
async def open_client() -> AsyncIterator[httpx.AsyncClient]:
    """Follows no redirect by itself; whoever asks sets a deadline over the whole."""
    headers = {"User-Agent": "Heron (help forum assistant)", "Accept-Encoding": "gzip, deflate"}
    async with httpx.AsyncClient(timeout=_TIMEOUT, limits=_LIMITS, headers=headers, follow_redirects=False) as client:
        yield client
