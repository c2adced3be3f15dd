"""Exact evidence: the articles' `when` and `unless` rules, found through an index and proved on one error."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from bot.extraction.report import ErrorBody, Report, Span
from bot.knowledge.articles import Article, Rule
from bot.recognition.tokens import Tokens, words

#: How many tokens a `*` may stand for.
MAX_GAP = 60
#: Occurrences of a literal that are looked at; a text that repeats it a thousand times proves nothing new.
MAX_OCCURRENCES = 20
#: Characters of what a star stood for that are kept.
MAX_CAPTURE = 120
#: Characters between an error and the words before it that announce it.
MAX_PREFIX = 40
_ENDS = re.compile(r"[.!?;]\s")
#: Agreement with the innermost message outweighs any agreement with what wraps it.
INNERMOST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleHit:
    """A rule that holds for the post."""

    article_id: str
    rule: Rule
    is_innermost: bool  # the words stand in the innermost message of the error, not in what wraps it
    specificity: int  # how much had to agree; the most specific hit on an error explains it
    span: Span  # the words that satisfied it, in the report's text
    error_index: int | None  # the error that it explains; None when the words stand outside any
    captures: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Compiled:
    article_id: str
    rule: Rule
    pieces: tuple[tuple[str, ...], ...]
    captures: tuple[str | None, ...]  # name of the gap before each piece, and after the last

    def specificity(self, *, status_is_known: bool) -> int:
        """How much agreed. A number that the rule names and nobody told counts against it."""
        status = 0 if not self.rule.statuses else 2 if status_is_known else -1
        return 2 * sum(map(len, self.pieces)) + 6 * len(self.rule.fields) + status


@dataclass(frozen=True, slots=True)
class _Match:
    span: Span
    captures: dict[str, str]


class RuleIndex:
    """All rules of a knowledge base. Matching costs what the post contains, not how many rules there are."""

    def __init__(self, articles: Iterable[Article]) -> None:
        self._by_word: dict[str, list[_Compiled]] = {}
        self._by_field: dict[tuple[str, str], list[_Compiled]] = {}
        self._by_status: dict[int, list[str]] = {}
        self._bare: dict[int, list[_Compiled]] = {}
        self._unless: dict[str, tuple[_Compiled, ...]] = {}
        compiled: list[_Compiled] = []
        for article in articles:
            compiled += [_compile(article.id, rule) for rule in article.front.when]
            self._unless[article.id] = tuple(_compile(article.id, rule) for rule in article.front.unless)
        self.size = len(compiled)
        self._index(compiled)

    def _index(self, compiled: Sequence[_Compiled]) -> None:
        frequency: dict[str, int] = {}
        for item in compiled:
            for word in {word for piece in item.pieces for word in piece}:
                frequency[word] = frequency.get(word, 0) + 1
        for item in compiled:
            for status in item.rule.statuses:
                articles = self._by_status.setdefault(status, [])
                if item.article_id not in articles:
                    articles.append(item.article_id)
            if item.pieces:
                rarest = min((w for piece in item.pieces for w in piece), key=lambda w: (frequency[w], -len(w)))
                self._by_word.setdefault(rarest, []).append(item)
            elif item.rule.fields:
                self._by_field.setdefault(next(iter(item.rule.fields.items())), []).append(item)
            else:
                for status in item.rule.statuses:
                    self._bare.setdefault(status, []).append(item)

    def claimants(self, status: int) -> Sequence[str]:
        """Articles with a rule for this number, in the order of the knowledge base."""
        return self._by_status.get(status, ())

    def literal_hits(self, said: Sequence[str]) -> set[str]:
        """Articles one of whose literals stands in these words, whoever said them: a feature, not yet evidence."""
        joined = f" {' '.join(said)} "
        return {
            item.article_id
            for word in self._by_word.keys() & set(said)
            for item in self._by_word[word]
            if all(f" {' '.join(piece)} " in joined for piece in item.pieces)
        }

    def hits(self, report: Report, tokens: Tokens) -> list[RuleHit]:
        """Every rule that holds, the most specific first; articles that an `unless` rules out are gone."""
        found = [hit for item in self._candidates(report, tokens) for hit in _hits(item, report, tokens)]
        found = [hit for hit in found if not self._ruled_out(hit, report, tokens)]
        return sorted(found, key=lambda hit: (-hit.specificity, hit.span))

    def _candidates(self, report: Report, tokens: Tokens) -> Iterator[_Compiled]:
        yield from (item for w in tokens.places.keys() & self._by_word.keys() for item in self._by_word[w])
        fields = {(name, value) for error in report.errors for name, value in _fields(error, report).items()}
        yield from (item for pair in fields & self._by_field.keys() for item in self._by_field[pair])
        told = {found.value for found in report.status_codes}
        if len(told) == 1:  # of several numbers none says by itself what is wrong
            (status,) = told
            # A number alone proves something only where a single article claims it.
            yield from (item for item in self._bare.get(status, ()) if len(self.claimants(status)) == 1)

    def _ruled_out(self, hit: RuleHit, report: Report, tokens: Tokens) -> bool:
        for item in self._unless.get(hit.article_id, ()):
            for other in _hits(item, report, tokens):
                if other.error_index == hit.error_index or not report.errors:
                    return True
        return False


def _compile(article_id: str, rule: Rule) -> _Compiled:
    """Splits the literal at its stars. The n-th capture names the n-th star; stars without a name capture nothing."""
    parts = (rule.message or "").split("*")
    pieces: list[tuple[str, ...]] = []
    captures: list[str | None] = []
    pending: str | None = None
    for number, part in enumerate(parts):
        piece = words(part)
        if piece:
            pieces.append(piece)
            captures.append(pending)
            pending = None
        if number < len(parts) - 1 and number < len(rule.captures):
            pending = rule.captures[number]
    return _Compiled(article_id, rule, tuple(pieces), (*captures, pending))


def _hits(item: _Compiled, report: Report, tokens: Tokens) -> Iterator[RuleHit]:
    if not item.pieces:
        for place, error in enumerate(report.errors):
            if _agrees(item.rule, error, report):
                yield _hit(item, _Match(error.span, {}), place, report)
        if not item.rule.fields and not any(e.status in item.rule.statuses for e in report.errors):
            bare = next((f for f in report.status_codes if f.value in item.rule.statuses), None)
            if bare:
                yield _hit(item, _Match(bare.span, {}), None, report)
        return
    seen: set[int | None] = set()
    for match in _matches(item, tokens, report.text):
        index = _error_at(report, match.span)
        if index in seen:
            continue
        if index is None:
            if not item.rule.fields and _status_may_hold(item.rule, None, report):
                seen.add(None)
                yield _hit(item, match, None, report)
        elif _agrees(item.rule, report.errors[index], report):
            seen.add(index)
            yield _hit(item, match, index, report)


def _hit(item: _Compiled, match: _Match, index: int | None, report: Report) -> RuleHit:
    status = report.errors[index].status if index is not None else None
    known = status is not None or bool(report.status_codes)
    innermost = index is not None and bool(item.pieces) and _says(report.errors[index].message, item.pieces)
    return RuleHit(
        article_id=item.article_id,
        rule=item.rule,
        is_innermost=innermost,
        specificity=item.specificity(status_is_known=known) + INNERMOST * innermost,
        span=match.span,
        error_index=index,
        captures=match.captures,
    )


def _says(message: str, pieces: Sequence[tuple[str, ...]]) -> bool:
    said = words(message)
    return all(piece[0] in said and piece[-1] in said for piece in pieces)


def _matches(item: _Compiled, tokens: Tokens, text: str) -> Iterator[_Match]:
    """Of two that end at the same place the shorter one is what was printed: the other begins in words before it, such
    as the title."""
    first, *rest = item.pieces
    found: _Match | None = None
    for at in islice(tokens.occurrences(first), MAX_OCCURRENCES):
        match = _follow(item, at, first, rest, tokens, text)
        if match and found and match.span.end != found.span.end:
            yield found
        found = match or found
    if found:
        yield found


def _follow(
    item: _Compiled, at: int, first: Sequence[str], rest: Sequence[Sequence[str]], tokens: Tokens, text: str
) -> _Match | None:
    """Continues a match of the first piece through the others; None when one of them does not come in reach."""
    captures: dict[str, str] = {}
    if (name := item.captures[0]) and at > 0:
        captures[name] = _captured(tokens, text, at - 1, at - 1, 0, tokens.starts[at])
    end = at + len(first)
    for number, piece in enumerate(rest, start=1):
        following = next((p for p in tokens.occurrences(piece) if end <= p <= end + MAX_GAP), None)
        if following is None:
            return None
        if (name := item.captures[number]) and following > end:
            captures[name] = _captured(tokens, text, end, following - 1, tokens.ends[end - 1], tokens.starts[following])
        end = following + len(piece)
    if (name := item.captures[-1]) and end < len(tokens.words):
        captures[name] = _captured(tokens, text, end, end, tokens.ends[end - 1], len(text))
    return _Match(tokens.span(at, end - 1), captures)


def _captured(tokens: Tokens, text: str, first: int, last: int, low: int, high: int) -> str:
    """What a star stood for: its tokens with the punctuation that touches them, as in `author/model-1.5:free`."""
    start, end = tokens.starts[first], tokens.ends[last]
    while start > low and not _ends_a_word(text[start - 1]):
        start -= 1
    while end < high and not _ends_a_word(text[end]):
        end += 1
    return " ".join(text[start:end].split()).strip(" .,;:")[:MAX_CAPTURE]


def _ends_a_word(character: str) -> bool:
    return character.isspace() or character in "\"'`()[]{}\\"


def _error_at(report: Report, span: Span) -> int | None:
    """The innermost error that these words belong to."""
    around = [
        (error.span.end - error.span.start, index)
        for index, error in enumerate(report.errors)
        if error.span.start <= span.start and span.end <= error.span.end
    ]
    return min(around)[1] if around else _introduced_by(report, span)


def _introduced_by(report: Report, span: Span) -> int | None:
    """The error on the same line that these words announce, as in `Upstream error from Acme: the lamp is dim`."""
    for index, error in enumerate(report.errors):
        between = report.text[span.end : error.span.start]
        if span.start < error.span.start <= span.end + MAX_PREFIX and "\n" not in between and not _ENDS.search(between):
            return index
    return None


def _fields(error: ErrorBody, report: Report) -> dict[str, str]:
    known = dict(error.fields)
    if error.provider:
        known["provider"] = error.provider
    if report.client:
        known["client"] = report.client.value
    if report.refused_by:
        known["refused_by"] = report.refused_by.value
    return known


def _agrees(rule: Rule, error: ErrorBody, report: Report) -> bool:
    fields = _fields(error, report)
    if any(fields.get(name, "").lower() != value.lower() for name, value in rule.fields.items()):
        return False
    return _status_may_hold(rule, error, report)


def _status_may_hold(rule: Rule, error: ErrorBody | None, report: Report) -> bool:
    """A number that the post does not tell contradicts nothing, as long as something else of the rule was seen."""
    if not rule.statuses:
        return True
    if error is not None and error.status is not None:
        return error.status in rule.statuses
    told = {found.value for found in report.status_codes}
    if told:
        return bool(told & set(rule.statuses))
    return bool(rule.pieces or rule.fields)
