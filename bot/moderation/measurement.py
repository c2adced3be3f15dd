"""Demotion by measurement: an article whose answers people find wrong too often only drafts in that server."""

import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.helpdesk.clock import Clock
from bot.helpdesk.mind import Mind
from bot.knowledge.articles import Autonomy
from bot.moderation.ports import Brakes, Records, Track
from bot.posts import GuildId
from bot.proportions import Proportion

log = logging.getLogger(__name__)

#: Judged answers before which nothing is concluded.
ENOUGH = 20
#: The least share of right answers; an article is lowered when even the upper bound of its share lies below. Looking
#: after each of 200 judged answers, that lowers one in 2,000 articles that are right 95 times in 100, and 98 in 100
#: of those that are right 75 times in 100, half of them after 33.
FLOOR = 0.85


def is_too_often_wrong(track: Track) -> bool:
    judged = Proportion(track.right, track.right + track.wrong)
    return judged.n >= ENOUGH and judged.high is not None and judged.high < FLOOR


class Measurement:
    """`lowered` says how far articles may go in a server, `look_again` makes a change of that hold at once."""

    def __init__(
        self,
        *,
        records: Records,
        brakes: Brakes,
        mind: Mind,
        clock: Clock,
        lowered: Callable[[GuildId], Mapping[str, Autonomy]],
        look_again: Callable[[GuildId], Awaitable[None]],
    ) -> None:
        self._records = records
        self._brakes = brakes
        self._mind = mind
        self._clock = clock
        self._lowered = lowered
        self._look_again = look_again

    async def measure(self, guild_id: GuildId) -> None:
        """Lowers what has to be; what moderators lowered further stays so."""
        too_wrong = [
            article_id
            for article_id, track in (await self._records.tracks(guild_id)).items()
            if is_too_often_wrong(track) and self._answers_by_itself(guild_id, article_id)
        ]
        for article_id in too_wrong:
            log.warning("article %s is lowered to drafts in server %s by measurement", article_id, guild_id)
            await self._brakes.demote(guild_id, article_id, Autonomy.DRAFT.value, now=self._clock.now())
        if too_wrong:
            await self._look_again(guild_id)

    def _answers_by_itself(self, guild_id: GuildId, article_id: str) -> bool:
        article = self._mind.templates.knowledge.articles.get(article_id)
        is_lowered = self._lowered(guild_id).get(article_id, Autonomy.ANSWER) is not Autonomy.ANSWER
        return article is not None and article.front.autonomy is Autonomy.ANSWER and not is_lowered
