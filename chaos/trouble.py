"""Everything that goes wrong around Heron without being its fault: the gateway and the calls."""

from collections import Counter
from random import Random
from typing import Any

from bot.playground import Playground
from bot.playground.faults import Fault

_WRITE = ("POST", "/channels/{channel_id}/messages")
_CALLS = (
    _WRITE,
    _WRITE,
    _WRITE,
    ("PATCH", "/channels/{channel_id}/messages/{message_id}"),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}"),
    ("GET", "/channels/{channel_id}/messages"),
    ("GET", "/channels/{channel_id}"),
    ("PATCH", "/channels/{channel_id}"),
    ("GET", "/guilds/{guild_id}/threads/active"),
)
_FAULTS: dict[str, dict[str, Any]] = {
    "429": {"retry_after_s": 0.3},
    "500": {"status": 500},
    "502": {"status": 502},
    "503": {"status": 503},
    "reset": {"reset": True},
    "slow": {"delay_s": 0.7},
    "503 after the work": {"status": 503, "when": "after"},
    "500 after the work": {"status": 500, "when": "after"},
    "reset after the work": {"reset": True, "when": "after"},
    "slow after the work": {"delay_s": 0.7, "when": "after"},
}
_GATEWAY = ("dropped", "resume refused", "session ended", "op 7", "session interrupted", "closed 4000")


class Trouble:
    def __init__(self, playground: Playground, chance: Random) -> None:
        self._control = playground.control
        self._chance = chance
        self._faults: list[tuple[str, Fault]] = []
        self._gateway: Counter[str] = Counter()

    @property
    def counts(self) -> dict[str, int]:
        """How often each kind struck."""
        struck = Counter[str]()
        for name, fault in self._faults:
            struck[name] += fault.struck
        return {**dict(sorted(struck.items())), **{f"gateway {name}": n for name, n in sorted(self._gateway.items())}}

    def prepare(self, faults: int) -> None:
        """The next matching calls fail; a kind strikes once or twice."""
        for _ in range(faults):
            name = self._chance.choice(list(_FAULTS))
            method, route = self._chance.choice(_CALLS)
            fault = self._control.fault(method, route, times=self._chance.choice((1, 1, 2)), **_FAULTS[name])
            self._faults.append((name, fault))

    def disturb(self) -> None:
        """Something happens to the connections that are up."""
        if not self._control.live_connections():
            return
        name = self._chance.choice(_GATEWAY)
        self._gateway[name] += 1
        match name:
            case "dropped":
                self._control.drop_connections()
            case "resume refused":
                self._control.expire_sessions()
                self._control.drop_connections()
            case "session ended":
                self._control.invalidate_session(resumable=False)
            case "op 7":
                self._control.ask_to_reconnect()
            case "session interrupted":
                self._control.invalidate_session(resumable=True)
            case _:
                self._control.close_connections(4000)

    def end(self) -> None:
        self._control.clear_faults()
