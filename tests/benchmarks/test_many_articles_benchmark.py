"""The made up articles are articles: they load, they differ, and their errors are recognised."""

from pathlib import Path

from benchmarks.many_articles import grow
from bot.expertise import expertise
from bot.extraction import read
from tests.tiny_knowledge import write_tiny_templates

ARTICLES = 30


def test_a_knowledge_base_grows_to_the_number_that_is_asked_for(tmp_path: Path) -> None:
    grown = grow(write_tiny_templates(tmp_path / "tiny"), tmp_path / "grown", ARTICLES)
    knowledge, templates = expertise(grown, cache=None)
    templates.check()
    made = [article for article in knowledge.base.articles.values() if article.id.startswith("made-")]
    assert len(knowledge.base.articles) == ARTICLES
    assert len({article.front.title for article in made}) == len(made)
    message = made[-1].front.tell.strip("`")
    report = read("help", f"what is this: {message}", knowledge.vocabulary, knowledge.base.catalogue)
    assert knowledge.classifier.classify(report).findings[0].article_id == made[-1].id
