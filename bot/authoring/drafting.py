"""A draft of an article from a post that none explains: what can be read off the post, and places for the rest."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.extraction import read
from bot.extraction.language import language_of
from bot.extraction.masking import mask
from bot.extraction.report import ErrorBody, Report
from bot.knowledge.articles import RULE_FIELDS
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.knowledge.loader import NAME
from bot.posts import MaskedText
from bot.recognition.diagnosis import Diagnosis
from bot.triage.view import Knowledge

#: Words of the error that make the id, and words of a rule's message at most.
ID_WORDS, RULE_WORDS = 4, 16
#: Characters of the first line that count as a title when a blank line follows, and of a `tell`.
TITLE, TELL = 100, 60
#: Confidence from which on an article counts as like the post, so that its owner is proposed.
NEAR = 0.5
#: A rule as its keys and values stand in the front matter.
Rule = dict[str, int | str]
#: Fields of an error that say why it happened; the others say where.
_CAUSES = frozenset(RULE_FIELDS) - {"provider", "client", "refused_by", "is_byok"}
_VARIES = re.compile(r"https?://\S+|‹[^›]*›|(?<!\S)\S*\d\S*")
_STARS = re.compile(r"\*[\s*.,;:!?'\"()]*\*")
_WORD = re.compile(r"[a-z]{2,}")
_IDLE = frozenset(
    "the and for are was were you your this that with from have has had not but can could would will please help "
    "hello hey since when why how what all any its it is in on of to my me no be so or an as at by if do does did "
    "get got error request failed".split()
)

_BODY = """**‹one line: who refused and why; it reads well with nothing known›**

## Why
‹one line: the cause, and what does not help›

## Steps
- ‹the likeliest cure, in one line›
- ‹the next one, or delete the line›

## More steps
- ‹what is left when the first did not help›

## Brief
**‹topic›:** ‹the whole answer in one or two short sentences›
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    article_id: str
    article: str  # the text of its file
    example: str  # the post as a line of its examples
    diagnosis: Diagnosis  # what Heron takes the post for today


class Refused(Exception):
    """Nothing was written; the text says why and what to do."""


def draft(post: str, knowledge: Knowledge, today: date, article_id: str | None = None) -> Draft:
    """Keys and personal ids are gone before anything else looks at the post."""
    title, text = _title_and_text(mask(post.strip(), knowledge.vocabulary).text)
    report = read(title, text, knowledge.vocabulary, knowledge.base.catalogue)
    diagnosis = knowledge.classifier.classify(report)
    rules = list(_rules(report))
    name = article_id or _propose_id(report, rules)
    if not NAME.fullmatch(name) or "." in name:
        raise Refused(f"--id {name}: write it in kebab-case, such as seedlings-too-wet")
    row = {"lang": language_of(report.prose), "title": title, "text": text, "also": []}
    return Draft(
        article_id=name,
        article=_front_matter(name, rules, diagnosis, knowledge.base, today) + _BODY,
        example=json.dumps(row, ensure_ascii=False) + "\n",
        diagnosis=diagnosis,
    )


def write(found: Draft, templates: Path) -> tuple[Path, Path]:
    """The article's file and the one with its example. An article that exists is refused, examples go behind others."""
    article = templates / "articles" / f"{found.article_id}.md"
    examples = templates / "examples" / f"{found.article_id}.jsonl"
    for path in (article, examples):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        file = article.open("x", encoding="utf-8")
    except FileExistsError:
        raise Refused(f"{article}: exists already; name yours otherwise with --id") from None
    try:
        with file:
            file.write(found.article)
        _append(examples, found.example)
    except OSError:
        article.unlink()  # half a draft helps nobody
        raise
    return article, examples


def _append(path: Path, line: str) -> None:
    text = path.read_text("utf-8") if path.exists() else ""
    gap = "\n" if text and not text.endswith("\n") else ""
    with path.open("a", encoding="utf-8") as file:
        file.write(gap + line)


def resembling(found: Draft) -> Iterator[str]:
    """Articles that the post could belong to already, the likeliest first."""
    for hypothesis in found.diagnosis.ranked[:3]:
        yield f"{hypothesis.article_id} ({hypothesis.confidence:.2f} on {hypothesis.kind} evidence)"


def _title_and_text(post: str) -> tuple[MaskedText, MaskedText]:
    first, _, rest = post.partition("\n")
    is_title = len(first) <= TITLE and rest.startswith("\n") and rest.strip()
    return (MaskedText(first.strip()), MaskedText(rest.strip())) if is_title else (MaskedText(""), MaskedText(post))


def _rules(report: Report) -> Iterator[Rule]:
    """One proposal an error: its number, its words with stars for what varies, and the fields that say why."""
    told = [error for error in report.errors if error.message]
    for error in told:
        rule: Rule = {}
        if error.status is not None:
            rule["status"] = error.status
        if message := _literal(error, report):
            rule["message"] = message
        rule |= {name: value for name, value in error.fields.items() if name in _CAUSES and len(value) <= TELL}
        if len(rule) > ("status" in rule):
            yield rule
    if not told:
        for status in dict.fromkeys(found.value for found in report.status_codes):
            yield {"status": status}


def _literal(error: ErrorBody, report: Report) -> str:
    """The words of an error that its next occurrence will repeat."""
    text = error.message
    for name in sorted(_names(report), key=len, reverse=True):
        text = re.sub(re.escape(name), "*", text, flags=re.IGNORECASE)
    words = _STARS.sub("*", _VARIES.sub("*", text)).split()[:RULE_WORDS]
    while words and not _WORD.search(words[0].lower()):
        del words[0]
    while words and not _WORD.search(words[-1].lower()):
        del words[-1]
    return " ".join(words).strip(" .,;:*")


def _names(report: Report) -> set[str]:
    found = (*report.model_ids, *report.providers, *report.generation_ids, *report.request_ids)
    return {one.value for one in found if len(one.value) > 2}


def _propose_id(report: Report, rules: Sequence[Rule]) -> str:
    messages = [str(rule["message"]) for rule in rules if "message" in rule]
    for text in (*messages, report.text[: report.title_length], report.prose):
        words = [w for w in _WORD.findall(text.lower()) if w not in _IDLE]
        if len(words) >= 2:
            return "-".join(dict.fromkeys(words[:ID_WORDS]))
    return "new-article"


def _front_matter(name: str, rules: Sequence[Rule], diagnosis: Diagnosis, base: KnowledgeBase, today: date) -> str:
    owners = sorted({article.front.owner for article in base.articles.values()})
    near = next((base.articles[h.article_id].front.owner for h in diagnosis.ranked if h.confidence >= NEAR), None)
    message = next((str(rule["message"]) for rule in rules if "message" in rule), None)
    said = _first_words(message.split(" *")[0]) if message else "‹the words by which an asker recognises it›"
    lines = [
        f"id: {name}",
        f"title: {_quoted('‹what it is; read it aloud after the tell›')}",
        f"tell: {_quoted(f'`{said}`' if message else said)}",
        f"owner: {near or _quoted('‹who answers for it: ' + ', '.join(owners) + '›')}",
    ]
    lines += ["when:", *(f"  - {_flow(rule)}" for rule in rules)] if rules else []
    lines += [
        "# unless: rules that rule it out; near_misses: posts with the same words that want no answer",
        f"hand_over: {{when: if_stuck, to: {base.community.destinations[0].id}}}",
        "autonomy: draft",
        f"sources: [{{title: {_quoted('‹the page that says so›')}, url: {_quoted('‹its address›')}}}]",
        f"checked: {today.isoformat()}",
    ]
    return "---\n" + "\n".join(lines) + "\n---\n"


def _first_words(text: str) -> str:
    """As many whole words as a button shows."""
    kept = ""
    for word in text.replace("`", "'").split():
        if len(kept) + len(word) + 1 > TELL - 2:
            break
        kept = f"{kept} {word}".strip()
    return kept


def _flow(rule: Rule) -> str:
    written = (f"{key}: {value if isinstance(value, int) else _quoted(value)}" for key, value in rule.items())
    return "{" + ", ".join(written) + "}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
