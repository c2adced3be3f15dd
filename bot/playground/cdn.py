"""Attachment links that look signed, are signed, and stop working after a day."""

import hashlib
from urllib.parse import quote

from aiohttp import web

from bot.playground.ids import Clock
from bot.playground.model import Attachment


class Cdn:
    def __init__(self, *, clock: Clock, secret: str, link_s: float) -> None:
        self.base_url = "http://127.0.0.1:0"
        self._clock = clock
        self._secret = secret
        self._link_s = link_s
        self._files: dict[tuple[int, int], Attachment] = {}

    def keep(self, channel_id: int, attachment: Attachment) -> None:
        self._files[channel_id, attachment.id] = attachment

    def link(self, channel_id: int, attachment: Attachment) -> str:
        path = f"/attachments/{channel_id}/{attachment.id}/{quote(attachment.filename)}"
        issued = int(self._clock().timestamp())
        until = f"{issued + int(self._link_s):x}"
        return f"{self.base_url}{path}?ex={until}&is={issued:x}&hm={self._sign(channel_id, attachment.id, until)}&"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        channel_id, attachment_id = (int(request.match_info[name]) for name in ("channel_id", "attachment_id"))
        attachment = self._files.get((channel_id, attachment_id))
        until = request.query.get("ex", "0")
        genuine = request.query.get("hm") == self._sign(channel_id, attachment_id, until)
        if attachment is None or not genuine or int(until, 16) < self._clock().timestamp():
            return web.Response(status=404, text="This content is no longer available.")
        return web.Response(body=attachment.data, headers={"content-type": attachment.content_type})

    def _sign(self, channel_id: int, attachment_id: int, until: str) -> str:
        return hashlib.sha256(f"{self._secret}/{channel_id}/{attachment_id}/{until}".encode()).hexdigest()
