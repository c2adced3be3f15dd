"""One WebSocket of the gateway: frames out through a queue and a compressor, frames in as checked JSON."""

import asyncio
import json
from collections import deque
from contextlib import suppress

from aiohttp import WSMessage, WSMsgType, web

from bot.playground.compression import Compressor
from bot.playground.model import Payload
from bot.playground.sessions import Session

_SENDS_PER_MINUTE = 120
_LARGEST_PAYLOAD = 4_096


class CloseError(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{code} {reason}")
        self.code = code
        self.reason = reason


class Connection:
    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, compress: Compressor | None
    ) -> None:
        self.session: Session | None = None
        self.is_deaf = False  # open, but as silent as a connection whose other end is gone
        self._socket = socket
        self._transport = transport
        self._closing = False
        self._compress = compress
        self._outgoing: asyncio.Queue[str | CloseError] = asyncio.Queue()
        self._writer: asyncio.Task[None] | None = None
        self._received_at: deque[float] = deque(maxlen=_SENDS_PER_MINUTE)

    def start(self) -> None:
        self._writer = asyncio.create_task(self._write())

    async def stop(self) -> None:
        """Let a goodbye that is on its way arrive; drop everything else."""
        if self._writer is None:
            return
        if not self._closing:
            self._writer.cancel()
        with suppress(asyncio.CancelledError):
            await self._writer

    def send(self, frame: str) -> None:
        if not self.is_deaf:
            self._outgoing.put_nowait(frame)

    def send_op(self, op: int, data: object) -> None:
        self.send(json.dumps({"t": None, "s": None, "op": op, "d": data}))

    def close(self, code: int, reason: str) -> None:
        self._closing = True
        self._outgoing.put_nowait(CloseError(code, reason))

    def abort(self) -> None:
        """Gone without a close frame, as when a cable is pulled."""
        self._closing = False
        if self._transport is not None:
            self._transport.abort()

    async def receive(self, timeout_s: float) -> WSMessage:
        return await self._socket.receive(timeout_s)

    def read(self, message: WSMessage) -> Payload:
        now = asyncio.get_running_loop().time()
        if len(self._received_at) == _SENDS_PER_MINUTE and now - self._received_at[0] < 60:
            raise CloseError(4008, "You are being rate limited.")
        self._received_at.append(now)
        if message.type is not WSMsgType.TEXT or len(message.data) > _LARGEST_PAYLOAD:
            raise CloseError(4002, "Error while decoding payload.")
        try:
            payload = json.loads(message.data)
        except ValueError:
            raise CloseError(4002, "Error while decoding payload.") from None
        if not isinstance(payload, dict) or not isinstance(payload.get("op"), int):
            raise CloseError(4002, "Error while decoding payload.")
        return payload

    async def _write(self) -> None:
        with suppress(ConnectionError):
            while True:
                frame = await self._outgoing.get()
                if isinstance(frame, CloseError):
                    await self._socket.close(code=frame.code, message=frame.reason.encode())
                    return
                if self._compress is None:
                    await self._socket.send_str(frame)
                else:
                    await self._socket.send_bytes(self._compress(frame.encode()))
