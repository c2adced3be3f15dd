"""Files from few hosts: allowed ones only, streamed, and cut off when they are too large or too slow."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import httpx

#: Where Discord keeps what people attach.
HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})

#: Characters of a redirect's target that are told.
MAX_TARGET = 200


class NotFetched(Exception):
    """Its text says why, without the address: links of attachments are signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    max_bytes: int = 8 * 1024 * 1024
    seconds: float = 8.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port of an address."""

    scheme: str
    host: str
    port: int | None

    @classmethod
    def of(cls, url: httpx.URL) -> "Origin":
        return cls(url.scheme, url.host, url.port)


class Downloads:
    """`hosts` are allowed by https, `origins` as they are: a Discord on this machine has neither name nor TLS. With
    `names_targets` the reason tells where a redirect leads; not for links that are signed."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        *,
        hosts: Collection[str] = HOSTS,
        origins: Iterable[str] = (),
        caps: Caps = Caps(),
        names_targets: bool = False,
    ) -> None:
        self._client = client
        self._hosts = frozenset(hosts)
        self._origins = frozenset(Origin.of(httpx.URL(origin)) for origin in origins)
        self._caps = caps
        self._names_targets = names_targets

    async def fetch(self, address: str) -> bytes:
        """The whole file; raises `NotFetched`."""
        try:
            async with asyncio.timeout(self._caps.seconds):
                return await self._fetch(httpx.URL(address))
        except TimeoutError:
            raise NotFetched("it takes too long") from None
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise NotFetched(f"{type(error).__name__}") from None

    async def _fetch(self, url: httpx.URL) -> bytes:
        if not self._is_allowed(url):
            raise NotFetched("the host is not on the list")
        async with self._client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as response:
            # A redirect is such a status, too: Discord keeps its files where their links say.
            if response.status_code != httpx.codes.OK:
                raise NotFetched(self._refusal(response))
            if response.headers.get("content-encoding", "identity") != "identity":
                raise NotFetched("it is packed, and nobody asked for that")
            return await self._body(response)

    def _refusal(self, response: httpx.Response) -> str:
        told = f"status {response.status_code}"
        target = response.headers.get("location") if self._names_targets and response.has_redirect_location else None
        return f"{told}, it moved to {target[:MAX_TARGET]!r}" if target else told

    def _is_allowed(self, url: httpx.URL) -> bool:
        if url.userinfo:
            return False
        return Origin.of(url) in self._origins or (
            url.scheme == "https" and url.host in self._hosts and url.port is None
        )

    async def _body(self, response: httpx.Response) -> bytes:
        told = response.headers.get("content-length", "")
        if told.isdecimal() and int(told) > self._caps.max_bytes:
            raise NotFetched("it is too large")
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._caps.max_bytes:
                raise NotFetched("it is too large")
        return bytes(body)
