"""Slash commands and the entries in a message's menu: acknowledged at once, read, and handed to moderation.

Discord hides from others what is for moderators; that they may is checked again on this side.
"""

import asyncio
import json
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Literal, TypeAlias

import discord
from discord import app_commands

from bot.cogs.buttons import Interaction, acknowledge, pressable, wish_of
from bot.cogs.client import Client
from bot.cogs.refusals import translated
from bot.helpdesk.opt_outs import LeftAlone
from bot.helpdesk.privacy import CUSTOM_ID as PRIVACY_ID
from bot.helpdesk.privacy import Privacy
from bot.helpdesk.servers import Servers
from bot.helpdesk.threads import NotDone
from bot.moderation.office import Office
from bot.moderation.ports import Memory
from bot.moderation.staff import Refused, Wish
from bot.moderation.sweep import CUSTOM_ID as SWEEP_ID
from bot.posts import ChannelId, Order
from bot.replies.message import Message

log = logging.getLogger(__name__)

Work: TypeAlias = Callable[[Wish], Awaitable[Message | None]]
Offer: TypeAlias = Callable[[Interaction, str], Coroutine[object, object, list[app_commands.Choice[str]]]]
_Command: TypeAlias = app_commands.Command[Any, ..., None] | app_commands.Group | app_commands.ContextMenu
#: Discord's limits for what is offered while somebody types.
MOST_CHOICES, LONGEST_CHOICE = 25, 100
#: Whom Discord offers the commands of moderators; who may use them is checked here.
FOR_MODERATORS = discord.Permissions(manage_threads=True)
#: Where somebody wants no answers.
HERE, EVERYWHERE = "here", "everywhere"
SCOPES = [
    app_commands.Choice(name="here, in this thread", value=HERE),
    app_commands.Choice(name="everywhere on this server, for me", value=EVERYWHERE),
]
_SCOPE = "Where; without it, in this thread"
_THREAD = "The thread; without it, the one you are in"
_ID = re.compile(r"(?:<#)?(\d{15,20})>?", re.ASCII)


class Commands:
    """`on_told` is called behind every command that Discord told of."""

    def __init__(
        self,
        client: Client,
        *,
        servers: Servers,
        office: Office,
        memory: Memory,
        left_alone: LeftAlone,
        privacy: Privacy,
        on_told: Callable[[], None] = lambda: None,
    ) -> None:
        self._servers = servers
        self._office = office
        self._memory = memory
        self._left_alone = left_alone
        self._privacy = privacy
        self._on_told = on_told
        self._client = client
        self.told = asyncio.Event()  # Discord has been told, or would not listen
        self._tree = app_commands.CommandTree(client)
        self.all: Sequence[_Command] = (self._escalate(), self._post(), self._desk(), self._heron(), *self._menus())
        for command in self.all:
            self._tree.add_command(command)
        client.buttons += (pressable(SWEEP_ID, self._on_sweep), pressable(PRIVACY_ID, self._on_privacy))

    async def register(self) -> None:
        """Tells Discord of them when they are others than it was told of last."""
        described = json.dumps([command.to_dict(self._tree) for command in self.all], sort_keys=True, default=str)
        await self._client.is_known.wait()
        name, version = f"commands:{self._client.application_id}", blake2b(described.encode(), digest_size=16)
        try:
            if await self._memory.get(name) != version.hexdigest():
                with translated():
                    await self._tree.sync()
                await self._memory.put(name, version.hexdigest())
        except Exception:
            # Without them Heron still answers; the next start tries again.
            log.exception("the commands could not be registered")
        self.told.set()

    async def _through(self, interaction: Interaction, work: Work, *, is_command: bool = True) -> None:
        try:
            if not self._client.takes(interaction):
                return
            await acknowledge(interaction, is_command=is_command)
            wish = await wish_of(interaction, self._servers)
            if wish is None:
                return
            try:
                said = await work(wish)
            except Refused as no:
                said = self._office.word(no.word)
            if said is not None:
                await wish.privately.tell(said)
        except NotDone as no:
            log.info("a private answer was not possible: %s: %s", type(no).__name__, no)
        finally:
            self._on_told()

    def _ordered(
        self,
        interaction: Interaction,
        order: Order,
        thread: str | None,
        *,
        article: str | None = None,
        reason: str = "",
    ) -> Work:
        """Something that the case itself does, and tells of."""

        async def work(wish: Wish) -> None:
            self._office.staff.order(wish, case_of(interaction, thread), order, article_id=article, reason=reason)

        return work

    def _quieted(self, interaction: Interaction, order: Order, scope: str) -> Work:
        """In one thread the case says what became of it; everywhere is a person's own affair, moderator or not."""
        if scope != EVERYWHERE:
            return self._ordered(interaction, order, None)
        change = self._left_alone.mute if order is Order.MUTE else self._left_alone.unmute
        return lambda wish: change(wish.person.guild_id, wish.person.user_id, language_of(interaction))

    def _escalate(self) -> app_commands.Command[app_commands.Group, [str | None], None]:
        @app_commands.command(name="escalate", description="Bring this thread before the moderators")
        @app_commands.describe(reason="What they should look at")
        @app_commands.guild_only()
        async def escalate(interaction: Interaction, reason: str | None = None) -> None:
            await self._through(interaction, self._ordered(interaction, Order.ESCALATE, None, reason=reason or ""))

        return escalate

    def _post(self) -> app_commands.Group:
        post = app_commands.Group(
            name="post", description="About one help thread", default_permissions=FOR_MODERATORS, guild_only=True
        )
        read = self._office
        self._add(post, "show", "What is known about it", read.show)
        self._add(post, "claim", "Take it on", read.claim)
        self._add(post, "why", "Why something was said, or not", read.why)
        self._add_order(post, Order.RESOLVE, "Nothing waits for people there any more")
        self._add_order(post, Order.REOPEN, "It waits for people again")
        self._add_answer(post)
        self._add_correct(post)
        return post

    def _add(
        self,
        group: app_commands.Group,
        name: str,
        description: str,
        do: Callable[[Wish, ChannelId], Awaitable[Message]],
    ) -> None:
        @group.command(name=name, description=description)
        @app_commands.describe(thread=_THREAD)
        @app_commands.autocomplete(thread=self._open_cases())
        async def about(interaction: Interaction, thread: str | None = None) -> None:
            await self._through(interaction, lambda wish: do(wish, case_of(interaction, thread)))

    def _add_order(self, group: app_commands.Group, order: Order, description: str) -> None:
        @group.command(name=order.value, description=description)
        @app_commands.describe(thread=_THREAD)
        @app_commands.autocomplete(thread=self._open_cases())
        async def wanted(interaction: Interaction, thread: str | None = None) -> None:
            await self._through(interaction, self._ordered(interaction, order, thread))

    def _add_answer(self, group: app_commands.Group) -> None:
        @group.command(name="answer", description="Post an article there, with your name under it")
        @app_commands.describe(article="Which one", thread=_THREAD)
        @app_commands.autocomplete(article=self._articles(), thread=self._open_cases())
        async def answer(interaction: Interaction, article: str, thread: str | None = None) -> None:
            await self._through(interaction, self._ordered(interaction, Order.ANSWER, thread, article=article))

    def _add_correct(self, group: app_commands.Group) -> None:
        @group.command(
            name="correct", description="My answer there was wrong: take it back, or put the right one there"
        )
        @app_commands.describe(article="What is right; without it the answer is taken back", thread=_THREAD)
        @app_commands.autocomplete(article=self._articles(), thread=self._open_cases())
        async def correct(interaction: Interaction, article: str | None = None, thread: str | None = None) -> None:
            await self._through(interaction, self._ordered(interaction, Order.CORRECT, thread, article=article))

    def _desk(self) -> app_commands.Group:
        desk = app_commands.Group(
            name="desk", description="What waits for people", default_permissions=FOR_MODERATORS, guild_only=True
        )
        office = self._office

        @desk.command(name="queue", description="What waits for people, by age")
        async def queue(interaction: Interaction) -> None:
            await self._through(interaction, office.queue)

        @desk.command(name="stats", description="What came of the last week's posts")
        async def stats(interaction: Interaction) -> None:
            await self._through(interaction, office.stats)

        @desk.command(name="pause", description="Answer nothing in this server")
        @app_commands.describe(hours="For how long; without it, until somebody resumes")
        async def pause(interaction: Interaction, hours: app_commands.Range[float, 0.1, 720.0] | None = None) -> None:
            await self._through(interaction, lambda wish: office.staff.pause(wish.person, hours))

        @desk.command(name="resume", description="Answer again")
        async def resume(interaction: Interaction) -> None:
            await self._through(interaction, lambda wish: office.staff.resume(wish.person))

        @desk.command(name="log", description="Who did what lately")
        async def log_(interaction: Interaction) -> None:
            await self._through(interaction, office.log)

        self._add_sweep(desk)
        desk.add_command(self._desk_articles())
        return desk

    def _add_sweep(self, group: app_commands.Group) -> None:
        @group.command(name="sweep", description="Show which standing answers read otherwise today, and edit them")
        @app_commands.describe(article="Which one", since="A date such as 2026-11-20, or how long ago: 3d, 12h")
        @app_commands.autocomplete(article=self._articles())
        async def sweep(interaction: Interaction, article: str, since: str) -> None:
            await self._through(interaction, lambda wish: self._office.sweep(wish, article, since))

    async def _on_sweep(self, interaction: Interaction, custom_id: re.Match[str]) -> None:
        article, since = custom_id["article"], datetime.fromtimestamp(int(custom_id["since"]), UTC)
        do = self._office.sweep_now
        await self._through(interaction, lambda wish: do(wish, article, since), is_command=False)

    def _desk_articles(self) -> app_commands.Group:
        articles = app_commands.Group(name="articles", description="How far articles may go by themselves here")

        @articles.command(name="list", description="Those that may not answer by themselves")
        async def show(interaction: Interaction) -> None:
            await self._through(interaction, self._office.articles)

        @articles.command(name="set", description="Lower one, or lift it to what its file allows")
        @app_commands.describe(article="Which one", level="How far it may go")
        @app_commands.autocomplete(article=self._articles())
        async def lower(interaction: Interaction, article: str, level: Literal["answer", "draft", "watch"]) -> None:
            await self._through(interaction, lambda wish: self._office.staff.lower(wish.person, article, level))

        return articles

    def _heron(self) -> app_commands.Group:
        heron = app_commands.Group(name="heron", description="About me, for everybody", guild_only=True)

        @heron.command(name="mute", description="Keep me out of your thread, or of all your posts here")
        @app_commands.describe(scope=_SCOPE)
        @app_commands.choices(scope=SCOPES)
        async def mute(interaction: Interaction, scope: str = HERE) -> None:
            await self._through(interaction, self._quieted(interaction, Order.MUTE, scope))

        @heron.command(name="unmute", description="Let me answer you again")
        @app_commands.describe(scope=_SCOPE)
        @app_commands.choices(scope=SCOPES)
        async def unmute(interaction: Interaction, scope: str = HERE) -> None:
            await self._through(interaction, self._quieted(interaction, Order.UNMUTE, scope))

        @heron.command(name="about", description="What I am")
        async def about(interaction: Interaction) -> None:
            await self._through(interaction, lambda _: self._office.tell("about", language_of(interaction)))

        @heron.command(name="privacy", description="What I keep about you, and how to delete it")
        async def privacy(interaction: Interaction) -> None:
            show, language = self._privacy.show, language_of(interaction)
            await self._through(interaction, lambda wish: show(wish.person.guild_id, wish.person.user_id, language))

        return heron

    async def _on_privacy(self, interaction: Interaction, custom_id: re.Match[str]) -> None:
        """Whoever presses means themselves, whatever message the button came from."""
        do, verb, language = self._privacy.pressed, custom_id["verb"], language_of(interaction)
        await self._through(
            interaction,
            lambda wish: do(wish.person.guild_id, wish.person.user_id, verb, language),
            is_command=False,
        )

    def _menus(self) -> Sequence[app_commands.ContextMenu]:
        @app_commands.context_menu(name="Escalate")
        @app_commands.guild_only()
        async def escalate(interaction: Interaction, message: discord.Message) -> None:
            await self._through(interaction, self._ordered(interaction, Order.ESCALATE, str(message.channel.id)))

        @app_commands.context_menu(name="Why this answer?")
        @app_commands.guild_only()
        @app_commands.default_permissions(FOR_MODERATORS)
        async def why(interaction: Interaction, message: discord.Message) -> None:
            await self._through(interaction, lambda wish: self._office.why(wish, ChannelId(message.channel.id)))

        return escalate, why

    def _open_cases(self) -> Offer:
        async def offer(interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
            try:
                wish = await wish_of(interaction, self._servers)
                if wish is None:
                    return []
                found = await self._office.staff.open_cases(wish.person, current, limit=MOST_CHOICES)
                return _choices({str(case_id): title for case_id, title in found})
            finally:
                self._on_told()

        return offer

    def _articles(self) -> Offer:
        async def offer(_: Interaction, current: str) -> list[app_commands.Choice[str]]:
            try:
                return _choices(dict(self._office.staff.known_articles(current, limit=MOST_CHOICES)))
            finally:
                self._on_told()

        return offer


def _choices(names: Mapping[str, str]) -> list[app_commands.Choice[str]]:
    """What is sent, by what is shown for it."""
    return [
        app_commands.Choice(name=(name or value)[:LONGEST_CHOICE], value=value[:LONGEST_CHOICE])
        for value, name in names.items()
    ]


def case_of(interaction: Interaction, thread: str | None) -> ChannelId:
    """The thread that was named, or the place of the command itself; whether that is a case, the helpdesk knows."""
    if thread is None:
        return ChannelId(interaction.channel_id or 0)
    found = _ID.fullmatch(thread.strip())
    return ChannelId(int(found[1]) if found else 0)


def language_of(interaction: Interaction) -> str:
    return interaction.locale.value.partition("-")[0]
