"""The gateway: HELLO, IDENTIFY, RESUME, heartbeats, and the codes with which it closes. REST lives elsewhere."""

import hashlib
from collections.abc import Callable

from aiohttp import WSMsgType, web

from bot.playground import intents, wire
from bot.playground.compression import UnknownCompressionError, compressor
from bot.playground.connection import CloseError, Connection
from bot.playground.ids import shard_of
from bot.playground.model import Payload
from bot.playground.sessions import Session
from bot.playground.world import Event, World

HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE, RESUME = 1, 2, 3, 4, 6
RECONNECT, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 7, 9, 10, 11
API_VERSION = "10"
# Discord forgives a late heartbeat; two missed ones mean that nobody is there.
_PATIENCE_IN_HEARTBEATS = 2.5
_CLIENT_SAID_GOODBYE = (1000, 1001)


class Gateway:
    def __init__(self, world: World, *, token: str, watch: Callable[[str, Payload], None]) -> None:
        self.base_url = "ws://127.0.0.1:0"
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.identifies = 0
        self.resumes = 0
        self.unplayed: list[str] = []
        self._expired: set[str] = set()
        self._world = world
        self._token = token
        self._watch = watch
        world.listen(self._tell)

    @property
    def url(self) -> str:
        return f"{self.base_url}/gateway"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        try:
            compress = compressor(request.query.get("compress"))
        except UnknownCompressionError as unknown:
            return web.Response(status=400, text=f"unknown compression {unknown}")
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        connection = Connection(socket, request.transport, compress)
        self.connections.add(connection)
        try:
            await self._converse(connection, version=request.query.get("v"))
        finally:
            self.connections.discard(connection)
            self._detach(connection)
            await connection.stop()
            self._world.touch()
        return socket

    def invalidate(self, session: Session) -> None:
        """Forget it; whoever holds it must identify again."""
        self.sessions.pop(session.id, None)

    def expire(self, session: Session) -> None:
        """Its connection lives on, but it can no longer be resumed."""
        self._expired.add(session.id)

    # One connection

    async def _converse(self, connection: Connection, *, version: str | None) -> None:
        interval_ms = self._world.config.heartbeat_interval_ms
        connection.start()
        if version != API_VERSION:
            connection.close(4012, "Invalid API version.")
        connection.send_op(HELLO, {"heartbeat_interval": interval_ms, "_trace": []})
        patience_s = interval_ms / 1000 * _PATIENCE_IN_HEARTBEATS
        while True:
            try:
                message = await connection.receive(patience_s)
            except TimeoutError:
                self._time_out(connection)
                return
            if message.type in (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR):
                if message.type is WSMsgType.CLOSE and message.data in _CLIENT_SAID_GOODBYE and connection.session:
                    self.invalidate(connection.session)
                return
            try:
                self._obey(connection, connection.read(message))
            except CloseError as close:
                connection.close(close.code, close.reason)

    def _obey(self, connection: Connection, payload: Payload) -> None:
        op, data = payload["op"], payload.get("d")
        if op == HEARTBEAT:
            connection.send_op(HEARTBEAT_ACK, None)
        elif op in (IDENTIFY, RESUME):
            if connection.session is not None:
                raise CloseError(4005, "Already authenticated.")
            if not isinstance(data, dict):
                raise CloseError(4002, "Error while decoding payload.")
            if data.get("token", "").removeprefix("Bot ") != self._token:
                raise CloseError(4004, "Authentication failed.")
            self._identify(connection, data) if op == IDENTIFY else self._resume(connection, data)
        elif connection.session is None:
            raise CloseError(4003, "Not authenticated.")
        elif op == 8:
            self.unplayed.append("gateway op 8 (request guild members)")
        elif op not in (PRESENCE, VOICE_STATE):
            raise CloseError(4001, "Unknown opcode.")
        self._world.touch()

    def _identify(self, connection: Connection, data: Payload) -> None:
        if "intents" not in data or not isinstance(data.get("properties"), dict):
            raise CloseError(4002, "Error while decoding payload.")
        shard = self._checked_shard(data.get("shard"))
        if not intents.is_valid(data["intents"]):
            raise CloseError(4013, "Invalid intent(s).")
        if not intents.are_allowed(data["intents"], self._world.config):
            raise CloseError(4014, "Disallowed intent(s).")
        self.identifies += 1
        bot = self._world.cast.bot
        session = Session(
            id=hashlib.md5(f"{self._world.ids.next()}".encode(), usedforsecurity=False).hexdigest(),
            intents=data["intents"],
            shard=shard,
            bot_id=bot.id,
            kept=self._world.config.replayed_events,
            watch=self._watch,
            outlet=connection,
        )
        self.sessions[session.id] = session
        connection.session = session
        guilds = [guild for guild in self._world.guilds.values() if session.holds(guild.id)]
        ready: Payload = {
            "v": int(API_VERSION),
            "user": wire.user_payload(bot) | {"verified": True, "mfa_enabled": False, "email": None},
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": f"{self.base_url}/gateway/resume",
            "application": {"id": str(bot.id), "flags": intents.application_flags(self._world.config)},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "user_settings": {},
            "_trace": [],
        }
        session.dispatch("READY", ready | ({"shard": list(shard)} if "shard" in data else {}))
        for guild in guilds:
            session.tell(Event(name="GUILD_CREATE", guild_id=guild.id, data=wire.guild_event(self._world, guild)))

    def _checked_shard(self, shard: object) -> tuple[int, int]:
        match shard if shard is not None else [0, 1]:
            case [int(shard_id), int(shard_count)] if 0 <= shard_id < shard_count:
                pass
            case _:
                raise CloseError(4010, "Invalid shard.")
        crowd = sum(shard_of(guild_id, shard_count) == shard_id for guild_id in self._world.guilds)
        if crowd > self._world.config.max_guilds_per_shard:
            raise CloseError(4011, "Sharding required.")
        return shard_id, shard_count

    def _resume(self, connection: Connection, data: Payload) -> None:
        session = self.sessions.get(str(data.get("session_id")))
        sequence = data.get("seq")
        if (
            session is None
            or session.id in self._expired
            or not isinstance(sequence, int)
            or not session.can_replay_after(sequence)
        ):
            if session is not None:
                self.invalidate(session)
            connection.send_op(INVALID_SESSION, False)
            return
        if sequence > session.sequence:
            self.invalidate(session)
            raise CloseError(4007, "Invalid seq.")
        if isinstance(session.outlet, Connection):
            session.outlet.session = None
            session.outlet.close(4000, "Resumed elsewhere.")
        self.resumes += 1
        connection.session = session
        for frame in session.missed_after(sequence):
            connection.send(frame)
        session.outlet = connection
        session.dispatch("RESUMED", {"_trace": []})

    def _time_out(self, connection: Connection) -> None:
        if connection.session is not None:
            self.invalidate(connection.session)
        connection.close(4009, "Session timed out.")

    def _detach(self, connection: Connection) -> None:
        if connection.session is not None and connection.session.outlet is connection:
            connection.session.outlet = None

    # Telling

    def _tell(self, event: Event) -> None:
        if event.channel is not None and not self._world.bot_sees(event.channel):
            return
        for session in tuple(self.sessions.values()):
            session.tell(event)

    def stop(self) -> None:
        for connection in tuple(self.connections):
            connection.abort()
