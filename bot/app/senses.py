"""What Heron perceives beside Discord: live facts of the service, and what files say. Outlives every connection."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.app.background import keep_running
from bot.attachments.client import open_client
from bot.attachments.downloads import Caps, Downloads
from bot.attachments.texts import MAX_BYTES, TextFiles
from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.helpdesk.ports import Facts, Reader
from bot.openrouter.api import Api
from bot.openrouter.facts import Addresses, LiveFacts
from bot.posts import Attachment
from bot.screenshots.mend import mended
from bot.screenshots.process import ReadingProcess
from bot.screenshots.reader import Screenshots, can_read
from bot.settings import Settings

#: An answer does not wait that long; what comes later changes it.
TEXT_CAPS = Caps(max_bytes=MAX_BYTES, seconds=5.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Senses:
    """None where there is nothing to perceive with: answers are right without it."""

    pictures: Reader | None = None
    texts: Reader | None = None
    facts: Facts | None = None

    async def read(self, file: Attachment) -> str | None:
        """What the file says, by whoever can read its kind."""
        reader = self.texts if file.is_text else self.pictures
        return await reader.read(file) if reader is not None else None


@asynccontextmanager
async def open_senses(settings: Settings, mind: Mind, clock: Clock) -> AsyncIterator[Senses]:
    # Beside a Discord that is not the real one nobody asks the real service, unless it is named.
    has_facts = settings.discord_api_url is None or settings.service_api_url is not None
    async with open_client() as client:
        facts = LiveFacts(
            Api(client, random=random.random),
            Addresses.at(settings.service_api_url),
            packaged=mind.view.knowledge.base.catalogue,
            now=clock.now,
        )
        process = ReadingProcess()
        origins = [url for url in [settings.discord_api_url] if url]
        reader = Screenshots(
            fetch=Downloads(client, origins=origins).fetch,
            recogniser=process,
            mend=lambda lines: mended(lines, facts.catalogue, mind.view.knowledge.vocabulary),
        )
        refreshing = asyncio.create_task(keep_running("live facts", facts.run, clock=clock)) if has_facts else None
        try:
            yield Senses(
                pictures=reader if can_read() else None,
                texts=TextFiles(Downloads(client, origins=origins, caps=TEXT_CAPS).fetch),
                facts=facts if has_facts else None,
            )
        finally:
            if refreshing is not None:
                refreshing.cancel()
            await facts.stop()
            await reader.stop()
            await process.stop()
