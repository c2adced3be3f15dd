"""An article as askers would see it, without a post: rendered with values of the usual and of the worst kind."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.knowledge.articles import Article
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.posts import MessageId
from bot.replies.compile import Templates
from bot.replies.escape import MAX_VALUE
from bot.replies.render import render
from bot.triage.plans import Answer, Buttons, Form, Quote, ReplyPlan, Value

#: The place of a proof that no post holds; `render` asks for its words.
_PLACE = Quote(message_id=MessageId(1), start=0, end=1)
_KEY = "a-sample"
#: Characters of what a star of a rule stood for at worst: numbers with units; and of the longest ids.
LONG_CAPTURE, LONG_ID = 12, 36


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    article_id: str
    language: str
    form: Form
    content: str


def samples(article: Article, templates: Templates, values: Mapping[str, Value], proof: str | None) -> Iterator[Sample]:
    """Every form in every language that the article has."""
    for language, body in article.bodies.items():
        for form in (Form.FULL, Form.BRIEF, *([Form.MORE] if body.more_steps else [])):
            plan = ReplyPlan(
                parts=(Answer(article_id=article.id, form=form, proof=_PLACE if proof else None, values=values),),
                buttons=Buttons.ANSWER,
                language=language,
                has_footer=form is not Form.BRIEF,
            )
            message = render(plan, key=_KEY, words=lambda _: proof, templates=templates)
            yield Sample(article_id=article.id, language=language, form=form, content=message.content)


def usual_values(article: Article, base: KnowledgeBase) -> dict[str, Value]:
    """What a post of the kind that the article is written for would bring."""
    community = base.community
    model = next(iter(sorted(base.catalogue.current)), None)
    rules = article.front.when
    return {
        **{name: f"‹{name}›" for rule in rules for name in rule.captures if name != "_"},
        "provider": next(iter(community.providers.names), None),
        "model": model,
        "paid_model": model.removesuffix(":free") if model and model.endswith(":free") else None,
        "other_models": (),
        "status": next((status for rule in rules for status in rule.statuses), None),
        "client": next((client.name for client in community.clients if client.shows_error_at), None),
        "generation_id": None,
        "retry_after_s": None,
    }


def usual_proof(article: Article) -> str | None:
    """A line such as the asker's own would be."""
    rule = next((rule for rule in article.front.when if rule.message), None)
    return rule.message.replace("*", "…") if rule and rule.message else None


def worst_values(article: Article, base: KnowledgeBase) -> dict[str, Value]:
    """Everything known, and as long as what the community has."""
    community = base.community
    models = sorted({*base.catalogue.current, *base.catalogue.past}, key=len, reverse=True)
    model = models[0] if models else None
    told = [client.name for client in community.clients if client.shows_error_at or client.settings]
    return {
        **{name: "9" * LONG_CAPTURE for rule in article.front.when for name in rule.captures},
        "provider": max(community.providers.names, key=len, default=None),
        "model": model,
        "paid_model": model,
        "other_models": tuple(models[1:9]),
        "status": 429,
        "client": max(told, key=len, default=None),
        "generation_id": "g" * LONG_ID,
        "retry_after_s": 3600,
    }


WORST_PROOF = "w" * MAX_VALUE
