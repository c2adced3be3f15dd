"""What the text model of a knowledge base learns from: its examples, and its near misses as posts that want nothing."""

from collections.abc import Sequence

from bot.knowledge.examples import Example
from bot.knowledge.knowledge_base import KnowledgeBase
from bot.recognition.diagnosis import OUT_OF_SCOPE
from bot.recognition.fitting import LabelledText, fit_text_model
from bot.recognition.gist import gist
from bot.recognition.rules import RuleIndex
from bot.recognition.textmodel import TextModel
from bot.recognition.tokens import unescaped, words


def examples_of(base: KnowledgeBase) -> tuple[Example, ...]:
    """Those of the articles' front matter, then those of the example files."""
    articles = base.articles.values()
    found = [Example(label=a.id, language="", title="", text=text) for a in articles for text in a.front.examples]
    found += [
        Example(label=OUT_OF_SCOPE, language="", title="", text=text) for a in articles for text in a.front.near_misses
    ]
    return (*found, *base.examples)


def learn(base: KnowledgeBase, examples: Sequence[Example] | None = None) -> TextModel:
    """From all examples of the knowledge base, or from some of them."""
    rules = RuleIndex(base.articles.values())

    def labelled(example: Example) -> LabelledText:
        text = f"{example.title}\n\n{example.text}" if example.title else example.text
        marks = frozenset(rules.literal_hits(words(unescaped(text.lower()))))
        return LabelledText(text=gist(text), label=example.label, marks=marks, also=frozenset(example.also))

    return fit_text_model(
        [labelled(one) for one in (examples_of(base) if examples is None else examples)], tuple(base.articles)
    )
