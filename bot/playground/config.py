"""What can be chosen about a playground before it starts."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteLimit:
    limit: int
    per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Headers stand on every answer; `enforced` decides whether anybody is ever told to wait."""

    enforced: bool = False
    overall: RouteLimit = RouteLimit(limit=50, per_s=1.0)
    default: RouteLimit = RouteLimit(limit=50, per_s=1.0)
    routes: dict[str, RouteLimit] = field(
        default_factory=lambda: {
            "POST /channels/{channel_id}/messages": RouteLimit(limit=5, per_s=5.0),
            "PATCH /channels/{channel_id}/messages/{message_id}": RouteLimit(limit=5, per_s=5.0),
            "DELETE /channels/{channel_id}/messages/{message_id}": RouteLimit(limit=5, per_s=1.0),
            "PATCH /channels/{channel_id}": RouteLimit(limit=10, per_s=15.0),
        }
    )
    renames: RouteLimit = RouteLimit(limit=2, per_s=600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaygroundConfig:
    guilds: int = 1
    bot_name: str = "Playground Bot"
    shards: int = 1  # what GET /gateway/bot advises
    max_guilds_per_shard: int = 2_500
    heartbeat_interval_ms: int = 41_250
    replayed_events: int = 5_000  # how many missed events RESUME can bring
    message_content: bool = True  # the switch in the developer portal
    server_members: bool = False
    presences: bool = False
    nonce_window_s: float = 300.0
    attachment_link_s: float = 86_400.0
    max_upload_bytes: int = 10 * 1024 * 1024
    rate_limits: RateLimits = RateLimits()
