"""What a post says, as values: every field with the place in the text where it stands. Nothing here reads text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from bot.posts import MaskedText

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of characters in `Report.text`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Generic[T]):
    """A value and where it stands. `span` covers the words that prove it, as the asker typed them."""

    value: T
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A credential that was in the post.

    The value itself is gone; `fingerprint` tells two keys apart across messages.
    """

    kind: str  # name of the shape, as in community.yaml or the built-in table: "service-key", "github-token", "jwt" …
    fingerprint: str  # salted BLAKE2, 16 hex digits
    span: Span  # where its placeholder stands in the masked text
    is_personal: bool = False  # e-mail, card number, account id: masked, but no key to revoke


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorBody:
    """One error as a program printed it: JSON, a Python repr, an SDK's line, or the plain line of a client."""

    message: str  # innermost human-readable text, unescaped, whitespace folded
    span: Span
    status: int | None = None
    provider: str | None = None
    #: machine-readable fields, flattened: limit_source, error_type, reason, provider_error_code, failed_routing_step,
    #: availability_code, finish_reason, is_byok ("true"/"false"), raw … Names as in the facts, values as text.
    fields: Mapping[str, str] = field(default_factory=dict)
    outer_messages: tuple[str, ...] = ()  # what wraps the innermost message, outermost first
    is_structured: bool = False  # parsed out of a body, not read off a line of prose


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that one post (title and text) says."""

    text: MaskedText  # title, a blank line, text; masked and capped; all spans point into it
    title_length: int
    was_cut: bool  # longer than the cap: head and tail kept
    secrets: tuple[Secret, ...] = ()
    errors: tuple[ErrorBody, ...] = ()
    status_codes: tuple[Found[int], ...] = ()
    model_ids: tuple[Found[str], ...] = ()  # as the asker typed them, without a client's prefix
    spoken_models: tuple[
        Found[str], ...
    ] = ()  # names without author ("kimi k2.5"); the value is the one catalogue id they can mean
    providers: tuple[Found[str], ...] = ()
    generation_ids: tuple[Found[str], ...] = ()
    request_ids: tuple[Found[str], ...] = ()
    retry_after_s: Found[float] | None = None
    client: Found[str] | None = None
    refused_by: Found[str] | None = None  # a layer named in community.yaml: provider, service, client, edge …
    quoted: tuple[Span, ...] = ()  # Discord quotes (`> `) and forwards: perhaps somebody else's words
    pictured: tuple[Span, ...] = ()  # read out of pictures
    filed: tuple[Span, ...] = ()  # out of files

    @property
    def attached(self) -> Sequence[Span]:
        return sorted((*self.pictured, *self.filed))

    @property
    def typed(self) -> str:
        """What somebody wrote: the text without what was read out of attachments."""
        return "".join(self._without(self.attached)) if self.attached else self.text

    @property
    def told(self) -> str:
        """What was typed, and the errors out of attachments as if they had been: the rest of a picture names buttons,
        that of a log everything."""
        if not self.attached:
            return self.text
        errors = (e for e in self.errors if any(p.start <= e.span.start and e.span.end <= p.end for p in self.attached))
        return "\n".join((self.typed, *(self.text[e.span.start : e.span.end] for e in errors)))

    @property
    def prose(self) -> str:
        """The text without the bodies of errors and without attachments: what the person wrote in their own words."""
        bodies = (error.span for error in self.errors if error.is_structured)
        return self.without((*bodies, *self.attached))

    @property
    def ids(self) -> Sequence[Span]:
        return [found.span for found in (*self.generation_ids, *self.request_ids)]

    def without(self, spans: Iterable[Span]) -> str:
        """The text with a space in the place of each of these."""
        return " ".join(self._without(sorted(spans)))

    def _without(self, spans: Sequence[Span]) -> Iterator[str]:
        at = 0
        for span in spans:
            if span.start >= at:
                yield self.text[at : span.start]
                at = span.end
        yield self.text[at:]


# Catalogue and Vocabulary compare by identity: what is compiled from one of them is kept for it, not made again for
# every post.
@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Catalogue:
    """The model ids that are known, now and from the past; handed in, since they change every hour."""

    current: frozenset[str]
    past: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientName:
    """A program that people use the service through."""

    name: str
    aliases: tuple[str, ...]
    model_prefixes: tuple[str, ...] = ()  # what it puts before a model id
    signs: tuple[str, ...] = ()  # literal pieces that only its output has


@dataclass(frozen=True, slots=True, kw_only=True)
class IdShape:
    """A kind of identifier and the regular expression that it obeys; linear-time by construction, checked at load.

    A group named `value` narrows what is masked or reported; without one it is the whole match.
    """

    kind: str  # "generation", "request", "personal:<name>", "secret:<name>"
    pattern: str
    not_pattern: str | None = None  # looks like it and is harmless: masked examples, placeholders
    full_length: int | None = None  # characters after the prefix; a shorter one may go on behind a line break


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """Names and shapes of one community, from its community.yaml; extraction knows none by itself."""

    provider_names: tuple[str, ...]  # display names
    provider_slugs: tuple[str, ...]
    clients: tuple[ClientName, ...]
    id_shapes: tuple[IdShape, ...]
    own_hosts: tuple[str, ...]  # the service's own: links to it are no evidence of another product
    refusal_layers: Mapping[str, tuple[str, ...]]  # layer -> literal words that prove that this layer refused
    #: Names that people also use for something else (a word, a model's author, a product): they need proof beside them.
    ambiguous_names: frozenset[str] = frozenset()
    #: Sentences that programs print, `*` for what varies, `(…)` for words that may be missing; typing errors are
    #: forgiven.
    error_sentences: tuple[str, ...] = ()
    #: What stands before a provider's name when a program names it: "Upstream error from ".
    provider_signs: tuple[str, ...] = ()
