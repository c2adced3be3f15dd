"""A plan in words: parts become paragraphs, choices become buttons. Pure; every sentence comes from the templates."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.knowledge.articles import Line
from bot.knowledge.knowledge_base import ENGLISH
from bot.posts import Verb
from bot.replies.compile import MESSAGE_VALUES, Templates
from bot.replies.escape import Reviewed, code
from bot.replies.message import MAX_CONTENT, MAX_CUSTOM_ID, MAX_LABEL, Button, Message
from bot.replies.paragraphs import Paragraph, join
from bot.triage.plans import Answer, Buttons, Form, Part, Question, Quote, ReplyPlan, Words

LETTERS = "ABC"
#: Behind these no blank is written.
FULL_WIDTH = ("。", "）", "；")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_CODE = re.compile(r"`[^`]+`")
#: Steps of an answer that are told however much else there is to say.
LEAST_STEPS = 3
#: How readily each kind of paragraph is left out of a message that grew too long.
NOTE, OTHERS, WHY, SECOND = 4, 3, 2, 1

Lookup = Callable[[Quote], str | None]


def render(plan: ReplyPlan, *, key: str, words: Lookup, templates: Templates) -> Message:
    """The message. `words` finds the asker's own words by place; a proof whose words are gone is left out."""
    return _Renderer(plan, key, words, templates).message()


class _Renderer:
    def __init__(self, plan: ReplyPlan, key: str, words: Lookup, templates: Templates) -> None:
        self.plan = plan
        self.key = key
        self.words = words
        self.templates = templates
        self.language = _language(plan, templates)

    def message(self) -> Message:
        paragraphs = [p for number, part in enumerate(self.plan.parts) for p in self._part(part, number)]
        if self.plan.has_footer:
            paragraphs.append(Paragraph(text=self._say("footer")))
        is_written = any(isinstance(part, Answer) and part.form is Form.WRITTEN for part in self.plan.parts)
        links = {"most_links": MAX_CONTENT} if is_written else {}  # a person's words are left as they are
        return Message(content=join(paragraphs, limit=MAX_CONTENT, **links), rows=self._rows())

    def _part(self, part: Part, number: int) -> Iterator[Paragraph]:
        match part:
            case Answer(form=Form.BRIEF):
                yield self._brief(part, number)
            case Answer(form=Form.WRITTEN):
                yield Paragraph(text=str(part.values.get("written") or ""), is_apart=number > 0)
            case Answer(form=Form.MORE):
                yield from self._more(part, number)
            case Answer():
                yield from self._answer(part, number)
            case Question():
                yield from self._question(part, number)
            case Words():
                yield Paragraph(text=self._say(part.name, self._words(part)), is_apart=number > 0)

    def _answer(self, part: Answer, number: int) -> Iterator[Paragraph]:
        body = self.templates.knowledge.body(part.article_id, self.language)
        values = self._values(part)
        lead = self._lines([body.lead], values)
        bare, proof = lead, code(quoted) if part.proof and (quoted := self.words(part.proof)) else ""
        if proof:
            gap = "" if lead.endswith(FULL_WIDTH) else " "
            where = {name: part.values.get(name) for name in ("pictured", "filed")}
            lead = f"{lead}{gap}{self._say('proof', where)}\n{proof}"
        yield Paragraph(text=lead, is_apart=number > 0, shorter=bare)
        yield Paragraph(text=self._lines(body.why, values), spare=WHY)
        yield self._likely_steps(body.steps, values)
        if part.values.get("model") and (others := part.values.get("other_models")):
            yield Paragraph(text=self._say("other-models", {"other_models": others}), spare=OTHERS, is_apart=True)
        yield Paragraph(text=self._lines(body.note, values), spare=NOTE, is_apart=True)

    def _more(self, part: Answer, number: int) -> Iterator[Paragraph]:
        body = self.templates.knowledge.body(part.article_id, self.language)
        yield Paragraph(text=self._say("more-steps"), is_apart=number > 0)
        yield Paragraph(text=self._steps(body.more_steps, self._values(part)))

    def _brief(self, part: Answer, number: int) -> Paragraph:
        body = self.templates.knowledge.body(part.article_id, self.language)
        lines = body.brief or (body.lead,)
        return Paragraph(
            text=self._lines(lines, self._values(part)), is_apart=number > 0, spare=SECOND if number > 1 else 0
        )

    def _question(self, part: Question, number: int) -> Iterator[Paragraph]:
        if not part.candidates:
            values = {"key_prefix": Reviewed(self.templates.knowledge.community.service.key_prefix)}
            yield Paragraph(text=self._say("question-open", values), is_apart=number > 0)
            return
        name = "question-status" if part.status else "question-torn"
        yield Paragraph(text=self._say(name, {"status": part.status}), is_apart=number > 0)
        for letter, article_id in zip(LETTERS, part.candidates, strict=False):
            tell, title = self._choice(article_id)
            choice = {"letter": letter, "tell": Reviewed(tell) or None, "title": Reviewed(title)}
            yield Paragraph(text=self._say("question-choice", choice))
        yield Paragraph(text=self._say("question-outro"))

    def _choice(self, article_id: str) -> tuple[str, str]:
        """How an asker recognises it, and what it is. Where nobody translated the two, stand what the error itself
        prints, and what the translated answer begins with."""
        article = self.templates.knowledge.articles[article_id]
        named = article.front if self.language == ENGLISH else article.front.names.get(self.language)
        if named is not None:
            return named.tell, named.title
        lead = self._lines([article.bodies[self.language].lead], self._values(Answer(article_id=article_id)))
        said = _BOLD.match(lead)
        return " / ".join(_CODE.findall(article.front.tell)), said[1] if said else lead

    def _label(self, article_id: str) -> str:
        """What errors print is English: elsewhere it stands in the line above, and the button says what it means."""
        tell, title = self._choice(article_id)
        is_printed = self.language != ENGLISH and _CODE.search(tell) is not None
        return title if is_printed or not tell else tell

    def _values(self, part: Answer) -> dict[str, object]:
        article = self.templates.knowledge.articles[part.article_id]
        captures = {name for rule in article.front.when for name in rule.captures}
        client = part.values.get("client")
        return {
            **dict.fromkeys(captures),
            **self._common(),
            **part.values,
            "destination": self.templates.destination(article.front.hand_over.to),
            "client_setting": lambda name: self.templates.client_setting(str(client), name) if client else None,
        }

    def _words(self, part: Words) -> Mapping[str, object]:
        """The values of a message; a destination and a fact that is missing are handed in by their ids."""
        values: dict[str, object] = dict(part.values)
        if destination := part.values.get("destination"):
            values["destination"] = self.templates.destination(str(destination))
        if need := part.values.get("need"):
            values["need"] = Reviewed(self._say(f"need-{need}"))
        if since := part.values.get("since"):  # Discord shows it in each reader's own time
            values["since"] = Reviewed(f"<t:{since}:f>")
        if chosen_by := part.values.get("chosen_by"):
            values["chosen_by"] = Reviewed(f"<@{chosen_by}>")
        return values

    def _common(self) -> dict[str, object]:
        return {**dict.fromkeys(MESSAGE_VALUES), "facts": self.templates.facts}

    def _say(self, name: str, values: Mapping[str, object] | None = None) -> str:
        message = self.templates.knowledge.message(name, self.language)
        return self._lines(message.lines, {**self._common(), **(values or {})})

    def _lines(self, lines: Sequence[Line], values: Mapping[str, object]) -> str:
        rendered = (self.templates.render(line, values) for line in lines)
        return "\n".join(line for line in rendered if line)

    def _steps(self, lines: Sequence[Line], values: Mapping[str, object]) -> str:
        rendered = [line for item in lines if (line := self.templates.render(item, values))]
        return "\n".join(f"{number}. {line}" for number, line in enumerate(rendered, start=1))

    def _likely_steps(self, lines: Sequence[Line], values: Mapping[str, object]) -> Paragraph:
        """They stand in the order of how likely they help: where there is no room, the last one goes."""
        steps = self._steps(lines, values)
        fewer = steps.split("\n")[:LEAST_STEPS]
        return Paragraph(text=steps, shorter="\n".join(fewer))

    def _rows(self) -> tuple[tuple[Button, ...], ...]:
        match self.plan.buttons:
            case Buttons.NONE:
                return ()
            case Buttons.ANSWER:
                return (
                    (
                        self._button(Verb.SOLVED, "button-solved", style="success"),
                        self._button(Verb.STUCK, "button-stuck"),
                        self._button(Verb.MODERATOR, "button-moderator"),
                    ),
                )
            case Buttons.QUESTION:
                return (self._choices(),)

    def _choices(self) -> tuple[Button, ...]:
        question = next((p for p in self.plan.parts if isinstance(p, Question)), Question())
        last = self._button(Verb.SOMETHING_ELSE, "button-something-else")
        if not question.candidates:
            openings = self.templates.knowledge.community.openings
            return (*(self._button(Verb.CHOOSE, f"choice-{o.id}", choice=o.id) for o in openings), last)
        labels = (_plain(self._label(article_id)) for article_id in question.candidates)
        return (
            *(
                Button(custom_id=self._custom_id(Verb.CHOOSE, article_id), label=f"{letter} {label}"[:MAX_LABEL])
                for letter, article_id, label in zip(LETTERS, question.candidates, labels, strict=False)
            ),
            last,
        )

    def _button(self, verb: Verb, name: str, *, style: str = "secondary", choice: str | None = None) -> Button:
        return Button(custom_id=self._custom_id(verb, choice), label=self._say(name)[:MAX_LABEL], style=style)

    def _custom_id(self, verb: Verb, article_id: str | None = None) -> str:
        return ":".join(filter(None, ("h1", self.key, verb.value, article_id)))[:MAX_CUSTOM_ID]


def _plain(markdown: str) -> str:
    """A button shows no Markdown."""
    return markdown.replace("`", "")


def _language(plan: ReplyPlan, templates: Templates) -> str:
    """The asker's, if every article of the message has it: no message mixes two. A choice needs no more than names."""
    articles = templates.knowledge.articles
    answers = [articles[part.article_id] for part in plan.parts if isinstance(part, Answer)]
    choices = [articles[a] for part in plan.parts if isinstance(part, Question) for a in part.candidates]
    unnamed = [article for article in choices if plan.language not in article.front.names]
    if all(plan.language in article.bodies for article in (*answers, *unnamed)):
        return plan.language
    return ENGLISH
