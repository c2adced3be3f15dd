"""The templates of a knowledge base, compiled line by line: sandboxed, strict about names, every value escaped."""

from collections.abc import Iterable, Iterator, Mapping

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.knowledge.articles import Line
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.knowledge.source import KnowledgeError, Problem
from bot.replies.escape import Reviewed, code, escape
from bot.replies.grammar import TOO_DEEP, check_grammar

_POST_VALUES = frozenset(
    {
        "provider", "model", "other_models", "paid_model", "status", "client", "error", "generation_id",
        "retry_after_s", "facts", "destination", "client_setting", "pictured", "filed",
    }
)  # fmt: skip
#: What it may print about the present, as somebody looked it up; unknown more often than not.
LIVE_VALUES = frozenset(
    {
        "unlisted_model", "nearest_model", "no_free_variant", "paid_price", "listed_at",
        "only_provider", "serving_providers", "failing_provider", "failing_uptime", "working_providers", "seen_at",
        "incident", "incident_since",
    }
)  # fmt: skip
#: What an article's body may print, beside the captures of its rules.
VALUES = _POST_VALUES | LIVE_VALUES
#: What the lines of a card may print.
CARD_VALUES = frozenset(
    {"article", "runner_up", "quote", "reason", "missing", "tried", "language", "made_at", "asker", "claimed_by"}
    | {"resolved_by", "resolved_at", "alike", "alike_count"}
    | {f"card_{name}" for name in ("status", "model", "provider", "generation", "request")}
)
#: What the lines of the desk may print beside these.
DESK_VALUES = frozenset({"waiting", "paused", "unconfirmed", "not_for_heron", "drafts", "expired"})
#: What staff is told when it asks why, or ordered something.
STAFF_VALUES = frozenset(
    {"chosen_by", "confidence", "rules", "floor", "runner_up_confidence", "owner", "checked", "autonomy", "solved"}
    | {"wrong", "version", "changed", "names", "posts", "answered", "file", "fault", "cure", "more"}
    | {"on_text", "standing", "other_words", "left_alone", "knowledge", "deed"}
)
#: What the figures print.
STATS_VALUES = frozenset(
    {"asked", "passed_on", "unheard", "judged", "share", "low", "high", "first_answer", "people", "median", "most"}
)
#: What somebody is told about what is kept about them.
PRIVACY_VALUES = frozenset({"threads", "messages", "with_words", "opted_out", "as_staff"})
#: What the other messages may print.
MESSAGE_VALUES = (
    VALUES
    | {"known", "need", "letter", "tell", "title", "late_by", "since", "key_prefix", "place"}
    | CARD_VALUES
    | DESK_VALUES
    | STAFF_VALUES
    | STATS_VALUES
    | PRIVACY_VALUES
)


class UnknownValue(Exception):
    """A line wanted to print something that is not known; the line disappears."""


def _finalize(value: object) -> object:
    if value is None or value == ():
        raise UnknownValue
    if isinstance(value, Reviewed):
        return value
    return escape(str(value))


def _code(value: object) -> Reviewed:
    if value is None:
        raise UnknownValue
    if isinstance(value, Reviewed):  # as it was written: people copy addresses out of it
        return value if value.startswith("`") else Reviewed(f"`{value}`")
    return code(str(value))


def _list(values: Iterable[object] | None) -> Reviewed:
    """At most four code spans, joined by commas."""
    spans = [_code(value) for value in values or ()]
    if not spans:
        raise UnknownValue
    return Reviewed(", ".join(spans[:4]) + (" …" if len(spans) > 4 else ""))


def _round_down(value: object) -> int:
    """The largest round number that is not above it: 4120 becomes 4000, 310 becomes 300."""
    digits = "".join(c for c in str(value) if c.isdigit())
    if not digits:
        raise UnknownValue
    number = int(digits[:9])
    step = 10 ** max(0, len(str(number)) - 1)
    return number // step * step if number >= 10 else number


class Facts:
    """`facts.<name>` in a template. Reviewed text: it comes from facts.yaml, not from a post."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self._facts = knowledge.facts

    def __getattr__(self, name: str) -> Reviewed:
        if name not in self._facts:
            raise AttributeError(name)
        value = self._facts[name].value
        return Reviewed(f"{value:,}" if isinstance(value, int) else str(value))


class Templates:
    """Compiles a line when it is first needed: one answer uses a dozen of the thousand that a knowledge base has."""

    def __init__(self, knowledge: KnowledgeBase) -> None:
        self.knowledge = knowledge
        self.facts = Facts(knowledge)
        self._compiled: dict[str, Template] = {}
        self._environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, finalize=_finalize, autoescape=False, keep_trailing_newline=False
        )
        self._environment.filters = {"code": _code, "list": _list, "round_down": _round_down}
        self._environment.globals = {}

    def render(self, line: Line, values: Mapping[str, object]) -> str | None:
        """The line in words; None when a value that it prints is unknown or nothing is left of it."""
        template = self._compiled.get(line.text)
        if template is None:
            template = self._compiled[line.text] = self._environment.from_string(self._parsed(line.text))
        try:
            return template.render(values).strip() or None
        except UnknownValue:
            return None

    def say(self, name: str, values: Mapping[str, object], *, language: str = "en") -> str:
        """The message of that name; what `values` does not name is unknown."""
        known = {**dict.fromkeys(MESSAGE_VALUES), "facts": self.facts, **values}
        lines = self.knowledge.message(name, language).lines
        return "\n".join(rendered for line in lines if (rendered := self.render(line, known)))

    def destination(self, destination_id: str) -> Mapping[str, Reviewed | None]:
        """Who can act: name, address, link and what to bring."""
        found = self.knowledge.community.destination(destination_id)
        texts = {name: getattr(found, name, None) for name in ("name", "address", "link", "bring")}
        return {name: Reviewed(text) if text else None for name, text in texts.items()}

    def client_setting(self, client: str, name: str) -> Reviewed | None:
        """What the community file states about a client: where it shows the whole error (`error`), or a setting."""
        known = self.knowledge.community.client(client)
        text = None if known is None else known.shows_error_at if name == "error" else known.settings.get(name)
        return Reviewed(text) if text else None

    def _parsed(self, text: str) -> nodes.Template:
        try:
            tree = self._environment.parse(text)
        except RecursionError:
            raise TemplateSyntaxError(TOO_DEEP, 1) from None
        check_grammar(tree)
        return tree

    def check(self) -> None:
        """Parses everything; raises one `KnowledgeError` with every broken line of every file."""
        problems = [problem for file, line, names in self._lines() for problem in self._problems(file, line, names)]
        if problems:
            raise KnowledgeError(*sorted(set(problems)))

    def _lines(self) -> Iterator[tuple[str, Line, frozenset[str]]]:
        for article in self.knowledge.articles.values():
            captures = {name for rule in article.front.when for name in rule.captures}
            for language, body in article.bodies.items():
                file = article.file if language == "en" else article.file.replace(".md", f".{language}.md")
                yield from ((file, line, VALUES | captures) for line in body.lines)
        for message in self.knowledge.messages.values():
            yield from ((message.file, line, MESSAGE_VALUES) for line in message.lines)

    def _problems(self, file: str, line: Line, names: frozenset[str]) -> Iterator[Problem]:
        if "{" not in line.text:
            return
        try:
            tree = self._parsed(line.text)
        except TemplateError as error:
            yield Problem(file, line.number, "", f"broken template: {error.message}", "mend the braces or the name")
            return
        # The grammar has nothing that gives a name a value, so whatever is named has to be handed in.
        for name in sorted({node.name for node in tree.find_all(nodes.Name)} - names):
            known = ", ".join(sorted(names))
            yield Problem(file, line.number, name, "no such value here", f"use one of {known}")
        for fact in tree.find_all(nodes.Getattr):
            if isinstance(fact.node, nodes.Name) and fact.node.name == "facts" and fact.attr not in self.facts_known:
                yield Problem(file, line.number, f"facts.{fact.attr}", "no such fact", "add it to facts.yaml")

    @property
    def facts_known(self) -> frozenset[str]:
        return frozenset(self.knowledge.facts)
