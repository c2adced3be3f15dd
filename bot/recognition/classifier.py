"""From a report to a diagnosis: exact evidence first, the text model where the asker's own words have to do."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.extraction.report import Report, Span
from bot.knowledge.articles import Article, EvidenceKind, Need
from bot.knowledge.phrases import Phrases
from bot.recognition import certainty
from bot.recognition.certainty import Basis, Certainty
from bot.recognition.diagnosis import OTHER, Diagnosis, Evidence, Hypothesis
from bot.recognition.gist import gist
from bot.recognition.parts import PartsReading, read_parts
from bot.recognition.quotes import clause_around
from bot.recognition.rules import RuleHit, RuleIndex
from bot.recognition.segments import Segmenter
from bot.recognition.textmodel import Reading, TextModel
from bot.recognition.tokens import Tokens, words

#: Belief from which on a further article counts as a problem of its own.
SECOND_PROBLEM = 0.5
#: The same beside a number with several causes, of which each would explain the words as well.
BESIDE_A_NUMBER = 0.7
#: Belief below which an article is not even named.
NAMED = 0.01
#: A bare number is a question between its causes unless the words of the post favour one of them this much.
SETTLES_A_NUMBER = 0.85
#: Words that an error's message must have before it counts as the text that somebody asked for.
TELLING_WORDS = 4
#: Words from which on the text model is asked about the whole post.
MIN_WORDS = 4
#: Words beside an error up to which a post is nothing but that error.
BARE_ERROR = 3
#: Hypotheses that are kept beside the findings.
RUNNERS_UP = 5

#: How a server's own log leads to the status of an answer, and the characters before an error in which that stands.
_ACCESS_LOG = re.compile(r"HTTP/[\d.]+[\"'] +(?:\d{3} +)?\Z")
_LEAD = 20


@dataclass(frozen=True, slots=True)
class _Article:
    """The little that classification needs to know of an article."""

    id: str
    needs_error_text: bool
    speaks_on_text: bool

    @property
    def may_speak_on_text(self) -> bool:
        return self.speaks_on_text and not self.needs_error_text


class Classifier:
    """The seam behind which recognition may change: a report in, a diagnosis out."""

    def __init__(
        self,
        articles: Iterable[Article],
        rules: RuleIndex,
        model: TextModel,
        certainty: Certainty | None = None,
        phrases: Phrases | None = None,
    ) -> None:
        self._articles = {
            a.id: _Article(a.id, Need.ERROR_TEXT in a.front.needs, EvidenceKind.TEXT in a.front.speaks_on)
            for a in articles
        }
        self._rules = rules
        self._model = model
        self._certainty = certainty or Certainty()
        self._segmenter = Segmenter(phrases)

    def classify(self, report: Report) -> Diagnosis:
        tokens = Tokens.of(report.text)
        reading = self._read(report, tokens)
        exact = self._exact(report, self._rules.hits(report, tokens), reading)
        torn, status = self._torn(report, exact, reading)
        is_beside = bool(exact or torn)
        by_text = self._by_text(report, exact, reading, is_beside=is_beside)
        least = BESIDE_A_NUMBER if torn else SECOND_PROBLEM
        findings = [*exact, *self._told(report, by_text, is_beside=is_beside, least=least)]
        named = {h.article_id for h in findings}
        # Whatever the words resemble, a number says that it is one of its causes.
        causes = self._rules.claimants(status) if status is not None else ()
        others = sorted((h for h in by_text if h.article_id not in named), key=lambda h: h.article_id not in causes)
        return Diagnosis(
            findings=tuple(sorted(findings, key=lambda h: -h.confidence)),
            runners_up=tuple(others[:RUNNERS_UP]),
            torn=torn,
            torn_status=status,
            out_of_scope=reading.out_of_scope,
            other=reading.labels.get(OTHER, 0.0),
        )

    def _read(self, report: Report, tokens: Tokens) -> Reading:
        told = report.told
        if not told.strip():  # attachments alone, and no error in them
            return Reading(labels={}, out_of_scope=0.0)
        known = words(told) if report.attached else tokens.words
        errors = [report.text[e.span.start : e.span.end] for e in report.errors]
        reading = self._model.read(gist(told, errors), frozenset(self._rules.literal_hits(known)))
        if _is_bare(report):
            # Somebody who posts an error and next to nothing else wants to know what it means.
            return Reading(labels=reading.labels, out_of_scope=min(reading.out_of_scope, 0.1))
        return reading

    def _exact(self, report: Report, hits: Sequence[RuleHit], reading: Reading) -> list[Hypothesis]:
        """One hypothesis an error: its most specific hit. An article that explains two errors is one problem."""
        found: dict[str, Hypothesis] = {}
        explained: set[int | Span] = set()
        for hit in hits:
            # Words outside of any error that was recognised stand for one in their own clause.
            error = hit.error_index if hit.error_index is not None else clause_around(report.text, hit.span)
            if error in explained or not self._is_enough(hit, report):
                continue
            explained.add(error)
            if hit.article_id not in found:
                found[hit.article_id] = self._hypothesis(hit, _first_words(hit, hits), report, reading)
        return list(found.values())

    def _is_enough(self, hit: RuleHit, report: Report) -> bool:
        """An article that needs the error's text wants more than a number and the words that always follow it."""
        if _is_of_own_server(hit, report):
            return False
        if not self._articles[hit.article_id].needs_error_text:
            return True
        told = report.errors[hit.error_index].message if hit.error_index is not None else ""
        return bool(hit.captures) and len(told.split()) >= TELLING_WORDS

    def _hypothesis(self, hit: RuleHit, proof: Span, report: Report, reading: Reading) -> Hypothesis:
        span = clause_around(report.text, proof)
        signs = certainty.exact(
            share=reading.labels.get(hit.article_id, 0.0),
            out_of_scope=reading.out_of_scope,
            is_structured=hit.error_index is not None and report.errors[hit.error_index].is_structured,
        )
        return Hypothesis(
            article_id=hit.article_id,
            confidence=self._certainty.of(Basis.EXACT, signs),
            basis=Basis.EXACT,
            signs=signs,
            kind=EvidenceKind.EXACT,
            evidence=(Evidence(quote=report.text[span.start : span.end], span=span, rule=_as_written(hit)),),
            captures=hit.captures,
            error_index=hit.error_index,
        )

    def _by_text(
        self, report: Report, exact: Sequence[Hypothesis], reading: Reading, *, is_beside: bool
    ) -> list[Hypothesis]:
        """What else the asker's words speak for, most certain first."""
        proved = [_proof(h, report) for h in exact]
        parts = read_parts(report, proved, self._model, self._marks, self._segmenter)
        named = {h.article_id for h in exact}
        whole = {name: share * (1 - reading.out_of_scope) for name, share in reading.labels.items()}
        told = [
            name
            for name, share in whole.items()
            if name in self._articles and name not in named and max(share, parts.single.get(name, 0.0)) >= NAMED
        ]
        first = max(told, key=lambda name: whole[name], default=None) if not is_beside else None
        found = [self._told_article(name, name == first, whole[name], parts, is_beside, report) for name in told]
        return sorted(found, key=lambda h: (-h.confidence, -whole[h.article_id]))

    def _marks(self, text: str) -> frozenset[str]:
        return frozenset(self._rules.literal_hits(words(text)))

    def _told_article(
        self, name: str, is_first: bool, whole: float, parts: PartsReading, is_beside: bool, report: Report
    ) -> Hypothesis:
        part, side = parts.single.get(name, 0.0), parts.side.get(name, 0.0)
        if is_first:
            basis, signs = Basis.WHOLE, certainty.whole(whole=whole, side=side, parts=parts.count)
        else:
            basis = Basis.SECOND
            signs = certainty.second(
                whole=whole,
                part=part,
                side=side,
                parts=parts.count,
                is_beside=is_beside,
                is_announced=parts.announces_more,
            )
        span = parts.places.get(name)
        evidence = (Evidence(quote=report.text[span.start : span.end], span=span, rule=""),) if span else ()
        belief = self._certainty.of(basis, signs)
        return Hypothesis(
            article_id=name, confidence=belief, kind=EvidenceKind.TEXT, evidence=evidence, basis=basis, signs=signs
        )

    def _told(
        self, report: Report, by_text: Sequence[Hypothesis], *, is_beside: bool, least: float
    ) -> list[Hypothesis]:
        """Problems told in words: where nothing else is known the likeliest, and whatever else is believed."""
        if not _says_enough(report):
            return []
        speak = [h for h in by_text if self._articles[h.article_id].may_speak_on_text]
        first = [h for h in by_text[:1] if h in speak and not is_beside]
        return [*first, *(h for h in speak if h not in first and h.confidence >= least)]

    def _torn(
        self, report: Report, exact: Sequence[Hypothesis], reading: Reading
    ) -> tuple[tuple[str, ...], int | None]:
        """The causes of a number that no error text explains, likeliest first."""
        explained = {report.errors[h.error_index].status for h in exact if h.error_index is not None}
        for found in report.status_codes:
            causes = self._rules.claimants(found.value)
            if exact or found.value in explained or len(causes) < 2:
                continue
            ranked = sorted(causes, key=lambda name: -reading.labels.get(name, 0.0))
            telling = [name for name in ranked if not self._articles[name].needs_error_text]
            if ranked[0] in telling and reading.labels.get(ranked[0], 0.0) >= SETTLES_A_NUMBER:
                continue
            return tuple(telling), found.value
        return (), None


def _is_of_own_server(hit: RuleHit, report: Report) -> bool:
    """What a server notes of its own answers names no cause: `"POST /v1/chat HTTP/1.1" 500 Internal Server Error`."""
    error = report.errors[hit.error_index].span if hit.error_index is not None else hit.span
    return _ACCESS_LOG.search(report.text, max(0, error.start - _LEAD), error.start) is not None


def _proof(hypothesis: Hypothesis, report: Report) -> Span:
    """The error alone: what its asker says around it may be another problem."""
    if hypothesis.error_index is not None:
        return report.errors[hypothesis.error_index].span
    return hypothesis.evidence[0].span


def _first_words(hit: RuleHit, hits: Sequence[RuleHit]) -> Span:
    """Where the article's literals begin in this error: what an error says first says most, unless only a later
    sentence names the numbers of this very request."""
    key = (hit.article_id, hit.error_index, hit.is_innermost)
    told = [h for h in hits if (h.article_id, h.error_index, h.is_innermost) == key and h.rule.pieces]
    numbered = [h for h in told if any(value.isdecimal() for value in h.captures.values())]
    return min((h.span for h in numbered or told), default=hit.span)


def _is_bare(report: Report) -> bool:
    """An error and next to nothing beside it."""
    errors = [e.span for e in report.errors] + [code.span for code in report.status_codes]
    return bool(errors) and not _has_words(report.without((*errors, *report.ids, *report.attached)), BARE_ERROR + 1)


def _says_enough(report: Report) -> bool:
    """A few words are a greeting or a sigh, whatever they resemble, and an id beside them says no more."""
    return _has_words(report.without(report.ids), MIN_WORDS)


def _has_words(text: str, least: int) -> bool:
    """A number is no word. Where words are not parted by spaces, two characters count as one."""
    return sum(not word.isdecimal() for word in words(text)) >= least or sum(not c.isascii() for c in text) >= 2 * least


def _as_written(hit: RuleHit) -> str:
    """The rule in the words of the article, for people who ask why."""
    rule = hit.rule
    parts = [f"status {'/'.join(map(str, rule.statuses))}"] if rule.statuses else []
    parts += [f"message “{rule.message}”"] if rule.message else []
    parts += [f"{name} {value}" for name, value in rule.fields.items()]
    return ", ".join(parts)
