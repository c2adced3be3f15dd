"""The community file as a checked value.

Who can act, what refuses, how ids and secrets look, which names people say.
"""

import re
from collections.abc import Mapping
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from bot.extraction.report import ClientName, IdShape, Vocabulary


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def _is_pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    if re.search(r"[+*}]\)[+*{]", text):
        raise ValueError(
            "a repetition inside a repetition can take for ever: bound the outer one or use one class of characters"
        )
    return text


Pattern = Annotated[str, AfterValidator(_is_pattern)]


class Service(_Part):
    name: str
    hosts: tuple[str, ...] = ()
    key_prefix: str


class Destination(_Part):
    """Somebody who can act. `address` or `link` is missing where the asker knows the way."""

    id: str
    name: str
    address: str | None = None
    link: str | None = None
    bring: str


class Shape(_Part):
    kind: Annotated[str, Field(pattern=r"^(generation|request|(secret|personal):[a-z0-9-]+)$")]
    pattern: Pattern
    not_pattern: Pattern | None = None
    full_length: int | None = None


class Providers(_Part):
    names: tuple[str, ...]
    slugs: tuple[str, ...]
    spoken: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()


class Client(_Part):
    name: str
    aliases: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    model_prefixes: tuple[str, ...] = ()
    shows_error_at: str | None = None
    settings: Mapping[str, str] = Field(default_factory=dict)


class Opening(_Part):
    """A rough first choice for somebody who told nothing yet. Its button is the message `choice-<id>`."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    articles: tuple[str, ...] = ()  # what it may then be, likeliest first
    asks: str = "question-open"  # without articles: the message that asks on


class Community(_Part):
    service: Service
    destinations: tuple[Destination, ...]
    id_shapes: tuple[Shape, ...]
    providers: Providers
    clients: tuple[Client, ...]
    layers: Mapping[str, tuple[str, ...]]
    error_sentences: tuple[str, ...] = ()
    openings: tuple[Opening, ...] = ()

    def opening(self, opening_id: str) -> Opening | None:
        return next((one for one in self.openings if one.id == opening_id), None)

    def destination(self, destination_id: str) -> Destination | None:
        return next((one for one in self.destinations if one.id == destination_id), None)

    def client(self, name: str) -> Client | None:
        return next((one for one in self.clients if one.name == name), None)

    def vocabulary(self) -> Vocabulary:
        return Vocabulary(
            provider_names=(*self.providers.names, *self.providers.spoken),
            provider_slugs=self.providers.slugs,
            clients=tuple(
                ClientName(name=one.name, aliases=one.aliases, model_prefixes=one.model_prefixes, signs=one.signs)
                for one in self.clients
            ),
            id_shapes=tuple(
                IdShape(kind=one.kind, pattern=one.pattern, not_pattern=one.not_pattern, full_length=one.full_length)
                for one in self.id_shapes
            ),
            own_hosts=self.service.hosts,
            refusal_layers=self.layers,
            ambiguous_names=frozenset(self.providers.ambiguous),
            error_sentences=self.error_sentences,
            provider_signs=self.providers.signs,
        )
