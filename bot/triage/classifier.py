"""From a report to a diagnosis: exact evidence first, the text model where the asker's own words have to do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.extraction.report import Report, Span
from bot.knowledge.articles import Article, EvidenceKind, Need
from bot.triage.diagnosis import OTHER, Diagnosis, Evidence, Hypothesis
from bot.triage.quotes import clause_around
from bot.triage.rules import RuleHit, RuleIndex
from bot.triage.segments import segments
from bot.triage.textmodel import Reading, TextModel
from bot.triage.tokens import Tokens, words

#: Confidence of exact evidence, before the chance that nobody asks for help.
EXACT_CONFIDENCE = 0.98
#: What the text model must say of a part of the post before that part counts as a problem of its own.
SECOND_PROBLEM = 0.6
#: What the whole post must say of it as well: a sentence alone sounds like much that it is not.
ECHO = 0.03
#: The same beside an error that is explained: its story is often told in words that sound like another problem.
BESIDE_EXACT = 0.8
#: A bare number is a question between its causes unless the words of the post favour one of them this much.
SETTLES_A_NUMBER = 0.85
#: Words that an error's message must have before it counts as the text that somebody asked for.
TELLING_WORDS = 4
#: Words from which on the text model is asked about the whole post.
MIN_WORDS = 3
#: Words up to which a post with an error in it is nothing but that error.
BARE_ERROR = 6
#: Hypotheses that are kept beside the findings.
RUNNERS_UP = 5


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

    def __init__(self, articles: Iterable[Article], rules: RuleIndex, model: TextModel) -> None:
        self._articles = {
            a.id: _Article(a.id, Need.ERROR_TEXT in a.front.needs, EvidenceKind.TEXT in a.front.speaks_on)
            for a in articles
        }
        self._rules = rules
        self._model = model

    def classify(self, report: Report) -> Diagnosis:
        tokens = Tokens.of(report.text)
        literals = frozenset(self._rules.literal_hits(tokens.words))
        reading = self._read(report, tokens, literals)
        exact = self._exact(report, self._rules.hits(report, tokens), reading)
        by_text = self._by_text(reading)
        findings = [*exact, *self._problems_in_parts(report, exact, by_text)]
        torn, status = self._torn(report, exact, reading)
        named = {h.article_id for h in findings}
        return Diagnosis(
            findings=tuple(sorted(findings, key=lambda h: -h.confidence)),
            runners_up=tuple(h for h in by_text if h.article_id not in named)[:RUNNERS_UP],
            torn=torn,
            torn_status=status,
            out_of_scope=reading.out_of_scope,
            other=reading.labels.get(OTHER, 0.0),
        )

    def _read(self, report: Report, tokens: Tokens, literals: frozenset[str]) -> Reading:
        reading = self._model.read(report.text, literals)
        if len(tokens.words) <= BARE_ERROR and (report.errors or report.status_codes):
            # Somebody who posts an error and next to nothing else wants to know what it means.
            return Reading(labels=reading.labels, out_of_scope=min(reading.out_of_scope, 0.1))
        return reading

    def _exact(self, report: Report, hits: Sequence[RuleHit], reading: Reading) -> list[Hypothesis]:
        """One hypothesis an error: its most specific hit. An article that explains two errors is one problem."""
        found: dict[str, Hypothesis] = {}
        explained: set[int | None] = set()
        for hit in hits:
            if hit.error_index in explained or not self._is_enough(hit, report):
                continue
            explained.add(hit.error_index)
            if hit.article_id not in found:
                found[hit.article_id] = self._hypothesis(hit, _first_words(hit, hits), report, reading)
        return list(found.values())

    def _is_enough(self, hit: RuleHit, report: Report) -> bool:
        """An article that needs the error's text wants more than a number and the words that always follow it."""
        if not self._articles[hit.article_id].needs_error_text:
            return True
        told = report.errors[hit.error_index].message if hit.error_index is not None else ""
        return bool(hit.captures) and len(told.split()) >= TELLING_WORDS

    def _hypothesis(self, hit: RuleHit, proof: Span, report: Report, reading: Reading) -> Hypothesis:
        span = clause_around(report.text, proof)
        return Hypothesis(
            article_id=hit.article_id,
            confidence=EXACT_CONFIDENCE * (1 - reading.out_of_scope),
            kind=EvidenceKind.EXACT,
            evidence=(Evidence(quote=report.text[span.start : span.end], span=span, rule=_as_written(hit)),),
            captures=hit.captures,
            error_index=hit.error_index,
        )

    def _by_text(self, reading: Reading) -> list[Hypothesis]:
        ranked = sorted(reading.labels.items(), key=lambda item: -item[1])
        return [
            Hypothesis(article_id=name, confidence=share * (1 - reading.out_of_scope), kind=EvidenceKind.TEXT)
            for name, share in ranked
            if name in self._articles and share >= 0.01
        ]

    def _problems_in_parts(
        self, report: Report, exact: Sequence[Hypothesis], by_text: Sequence[Hypothesis]
    ) -> list[Hypothesis]:
        """Problems told in words: the whole post's, and what single sentences ask beside it."""
        named = {h.article_id for h in exact}
        whole = {h.article_id: h.confidence for h in by_text}
        found: dict[str, Hypothesis] = {}
        if not exact and by_text and _says_enough(report) and self._articles[by_text[0].article_id].may_speak_on_text:
            found[by_text[0].article_id] = by_text[0]
        proved = [e.span for h in exact for e in h.evidence]
        for span in segments(report):
            if any(p.start < span.end and span.start < p.end for p in proved):
                continue
            part = self._model.read(report.text[span.start : span.end], frozenset())
            name = max(part.labels, key=lambda label: part.labels[label])
            share = part.labels[name] * (1 - part.out_of_scope)
            known = self._articles.get(name)
            needed = SECOND_PROBLEM if not exact else BESIDE_EXACT
            if share < needed or name in named or known is None or not known.may_speak_on_text:
                continue
            evidence = (Evidence(quote=report.text[span.start : span.end], span=span, rule=""),)
            if name in found:
                found[name] = replace(found[name], evidence=evidence)
            elif whole.get(name, 0.0) >= ECHO:
                found[name] = Hypothesis(article_id=name, confidence=share, kind=EvidenceKind.TEXT, evidence=evidence)
        return list(found.values())

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


def _first_words(hit: RuleHit, hits: Sequence[RuleHit]) -> Span:
    """Where the article's literals begin in this error: what an error says first says most."""
    key = (hit.article_id, hit.error_index, hit.is_innermost)
    return min(
        (h.span for h in hits if (h.article_id, h.error_index, h.is_innermost) == key and h.rule.pieces),
        default=hit.span,
    )


def _says_enough(report: Report) -> bool:
    """One or two words are a greeting or a sigh, whatever they resemble."""
    return len(words(report.text)) >= MIN_WORDS or sum(not c.isascii() for c in report.text) >= 2 * MIN_WORDS


def _as_written(hit: RuleHit) -> str:
    """The rule in the words of the article, for people who ask why."""
    rule = hit.rule
    parts = [f"status {'/'.join(map(str, rule.statuses))}"] if rule.statuses else []
    parts += [f"message “{rule.message}”"] if rule.message else []
    parts += [f"{name} {value}" for name, value in rule.fields.items()]
    return ", ".join(parts)
