"""A house whose Heron perceives more than Discord: what pictures and files say, and what the service says of itself."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

from bot.app import World
from bot.app.senses import TEXT_CAPS, Senses
from bot.attachments.client import open_client
from bot.attachments.downloads import Downloads
from bot.attachments.texts import TextFiles
from bot.openrouter.api import Api
from bot.openrouter.facts import Addresses, LiveFacts
from bot.playground import Playground
from bot.screenshots.mend import mended
from bot.screenshots.reader import Recogniser, Screenshots
from tests.end_to_end.house import HandClock, House
from tests.shipped_knowledge import Ready


class SensingHouse(House):
    senses = Senses()
    gather_s = 5.0

    @property
    def world(self) -> World:
        return replace(super().world, senses=self.senses, gather_s=self.gather_s)


@asynccontextmanager
async def sensing_house(
    playground: Playground,
    ready: Ready,
    database_url: str,
    clock: HandClock,
    *,
    recogniser: Recogniser | None = None,
    service_url: str | None = None,
    wait_s: float = 0.1,
    gather_s: float = 5.0,
) -> AsyncIterator[SensingHouse]:
    """Put together, not yet started. Without a `service_url` there are no live facts."""
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(open_client())
        origins = [playground.base_url]
        facts = LiveFacts(
            Api(client, random=lambda: 1.0, now=lambda: clock.now().timestamp()),
            Addresses.at(service_url),
            packaged=ready.base.catalogue,
            now=clock.now,
            wait_s=wait_s,
        )
        stack.push_async_callback(facts.stop)
        house = SensingHouse(playground, ready, database_url, clock, quiet_s=0.0)
        house.gather_s = gather_s
        house.senses = Senses(
            pictures=Screenshots(
                fetch=Downloads(client, origins=origins).fetch,
                recogniser=recogniser,
                mend=lambda lines: mended(lines, facts.catalogue, ready.knowledge.vocabulary),
            )
            if recogniser is not None
            else None,
            texts=TextFiles(Downloads(client, origins=origins, caps=TEXT_CAPS).fetch),
            facts=facts if service_url is not None else None,
        )
        stack.push_async_callback(house.close)
        yield house
