"""Who the bot is and where its gateway is: what a client asks before it connects."""

from collections.abc import Callable, Mapping

from bot.playground import intents, wire
from bot.playground.call import Answer, Call, Handler


async def _me(call: Call) -> Answer:
    user = wire.user_payload(call.world.cast.bot)
    return Answer(body=user | {"mfa_enabled": False, "locale": "en-US", "verified": True, "email": None})


async def _application(call: Call) -> Answer:
    cast = call.world.cast
    flags = intents.application_flags(call.world.config)
    return Answer(
        body={
            "id": str(cast.bot.id),
            "name": cast.bot.display_name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": wire.user_payload(cast.bot),
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": flags,
            "flags_new": str(flags),
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "owner": wire.user_payload(cast.owner),
            "approximate_guild_count": len(call.world.guilds),
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "explicit_content_filter": 0,
            "team": None,
            "eligible_oauth2_scopes": ["bot", "applications.commands"],
        }
    )


def routes(gateway_url: Callable[[], str]) -> Mapping[tuple[str, str], Handler]:
    async def gateway(_: Call) -> Answer:
        return Answer(body={"url": gateway_url()})

    async def gateway_for_bots(call: Call) -> Answer:
        limit = {"total": 1_000, "remaining": 1_000, "reset_after": 86_400_000, "max_concurrency": 1}
        shards = call.world.config.shards
        return Answer(body={"url": gateway_url(), "shards": shards, "session_start_limit": limit})

    return {
        ("GET", "/gateway"): gateway,
        ("GET", "/gateway/bot"): gateway_for_bots,
        ("GET", "/users/@me"): _me,
        ("GET", "/oauth2/applications/@me"): _application,
        ("GET", "/applications/@me"): _application,
    }
