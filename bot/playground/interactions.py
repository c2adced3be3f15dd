"""Interactions: people press buttons and send forms, and the application has three seconds to acknowledge each.

What they are, and how an answer changes the world; the calls that bring the answers are in `rest`.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.playground import wire
from bot.playground.model import Message, MessageFlag, Payload, Place
from bot.playground.people import User
from bot.playground.permissions import Permission
from bot.playground.world import Event, World

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
BUTTON, LINK_STYLE, TEXT_INPUT = 2, 5, 4
PATIENCE, TOKEN_LIFE = timedelta(seconds=3), timedelta(minutes=15)


@dataclass(slots=True, kw_only=True, eq=False)
class Interaction:
    id: int
    token: str
    type: int
    user: User
    place: Place
    message: Message | None  # the one with the button
    at: datetime
    acknowledged: int | None = None  # with which type of callback
    original: Message | None = None  # what `@original` means
    form: Payload | None = None  # the modal that was opened
    choices: list[Payload] = field(default_factory=list)  # what was offered while somebody typed

    @property
    def is_private(self) -> bool:
        """Only the one who pressed sees the answer."""
        return self.original is not None and self.original.seen_by is not None


class Interactions:
    def __init__(self, world: World) -> None:
        self._world = world
        self._by_token: dict[str, Interaction] = {}
        self.commands: list[Payload] = []  # as the application registered them

    def press(self, message: Message, button: str, user: User) -> Interaction:
        """Raises `ValueError` when that person sees no such button."""
        pressed = next((b for b in message.buttons if button in (b.get("custom_id"), b.get("label"))), None)
        place = self._world.places[message.channel_id]
        sees = Permission.VIEW_CHANNEL in self._world.permissions(user.id, place)
        if pressed is None or pressed.get("disabled") or not sees or message.seen_by not in (None, user.id):
            raise ValueError(f"{user.display_name} sees no button {button!r} that can be pressed there")
        data = {"custom_id": pressed["custom_id"], "component_type": BUTTON, "id": pressed["id"]}
        return self._begin(COMPONENT, user, place, message, data)

    def command(self, place: Place, data: Payload, user: User, *, kind: int = COMMAND) -> Interaction:
        """`data` is what is sent: name, options, type. Raises `ValueError` when it is not offered to that person."""
        name, type_ = data["name"], data.get("type", 1)
        known = next((c for c in self.commands if (c["name"], c["type"]) == (name, type_)), None)
        needed = Permission(int(known["default_member_permissions"] or 0)) if known else Permission(0)
        needed |= Permission.USE_APPLICATION_COMMANDS | Permission.VIEW_CHANNEL
        if known is None or needed not in self._world.permissions(user.id, place):
            raise ValueError(f"{user.display_name} is offered no command {name!r} there")
        return self._begin(kind, user, place, None, {"id": known["id"], "type": type_} | data)

    def submit(self, interaction: Interaction, values: Mapping[str, str]) -> Interaction:
        """The form that the interaction opened is sent; `values` by custom id."""
        form = interaction.form
        if form is None:
            raise ValueError("that interaction opened no form")
        data = {"custom_id": form["custom_id"], "components": [_filled(c, values) for c in form["components"]]}
        return self._begin(MODAL_SUBMIT, interaction.user, interaction.place, interaction.message, data)

    def find(self, token: str) -> Interaction | None:
        return self._by_token.get(token)

    def is_late(self, interaction: Interaction) -> bool:
        return interaction.acknowledged is None and self._age(interaction) > PATIENCE

    def has_expired(self, interaction: Interaction) -> bool:
        return self._age(interaction) > TOKEN_LIFE

    def say(self, interaction: Interaction, message: Message, *, is_private: bool) -> Message:
        place = interaction.place
        if not is_private:
            return self._world.post(place, message)
        message.id, message.channel_id, message.seen_by = self._world.ids.next(), place.id, interaction.user.id
        message.flags |= MessageFlag.EPHEMERAL
        place.whispers[message.id] = message
        self._whispered(message)
        return message

    def change(self, message: Message, changes: Payload) -> None:
        if message.seen_by is None:
            self._world.edit_message(message, **changes)
            return
        for name, value in changes.items():
            setattr(message, name, value)
        message.edited_at = self._world.clock()
        self._whispered(message)

    def remove(self, message: Message) -> None:
        if message.seen_by is None:
            self._world.delete_message(message)
        else:
            del self._world.places[message.channel_id].whispers[message.id]
            self._whispered(message)

    def _age(self, interaction: Interaction) -> timedelta:
        return self._world.clock() - interaction.at

    def _whispered(self, message: Message) -> None:
        """No session hears of it: Discord tells the one who pressed, and nobody else."""
        place = self._world.places[message.channel_id]
        for attachment in message.attachments:
            self._world.cdn.keep(place.id, attachment)
        self._world.emit(Event(name="WHISPER", guild_id=place.guild_id, data={}, message=message))

    def _begin(self, kind: int, user: User, place: Place, message: Message | None, data: Payload) -> Interaction:
        number = self._world.ids.next()
        token = hashlib.sha256(f"FAKE-{number}".encode()).hexdigest()
        began = self._world.clock()
        interaction = Interaction(id=number, token=token, type=kind, user=user, place=place, message=message, at=began)
        self._by_token[token] = interaction
        data = self._event(interaction, data)
        self._world.emit(Event(name="INTERACTION_CREATE", guild_id=place.guild_id, data=data))
        return interaction

    def _event(self, interaction: Interaction, data: Payload) -> Payload:
        world, user = self._world, interaction.user
        place = interaction.place
        guild, bot_id = world.guilds[place.guild_id], world.cast.bot.id
        permissions = {"permissions": str(int(world.permissions(user.id, place)) & (1 << 53) - 1)}
        pressed = {"message": wire.message_payload(world, interaction.message)} if interaction.message else {}
        return pressed | {
            "id": str(interaction.id),
            "application_id": str(bot_id),
            "type": interaction.type,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": ["COMMUNITY"]},
            "channel_id": str(place.id),
            "channel": wire.place_payload(world, place) | permissions,
            "member": wire.member_payload(world, guild, user.id) | permissions,
            "app_permissions": str(int(world.permissions(bot_id, place))),
            "locale": "en-US",
            "guild_locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(guild.id)},
            "context": 0,
            "attachment_size_limit": world.config.max_upload_bytes,
        }


def _filled(component: Payload, values: Mapping[str, str]) -> Payload:
    """A part of a form as it comes back: of the texts only what they are called and what was typed."""
    if component["type"] == TEXT_INPUT:
        typed = values.get(component["custom_id"], component.get("value") or "")
        return {"type": TEXT_INPUT, "id": 1, "custom_id": component["custom_id"], "value": typed}
    kept: Payload = {"type": component["type"], "id": 1}
    if "component" in component:
        return kept | {"component": _filled(component["component"], values)}
    return kept | {"components": [_filled(child, values) for child in component.get("components", [])]}
