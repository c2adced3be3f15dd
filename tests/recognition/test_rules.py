"""Exact evidence: what a rule proves about a post, and what it must not."""

from collections.abc import Sequence
from datetime import date

import pytest

from bot.extraction import read
from bot.knowledge.articles import Article, Body, FrontMatter, Line, Rule, Source
from bot.recognition.rules import RuleHit, RuleIndex
from bot.recognition.tokens import Tokens, words
from tests.tiny_knowledge import tiny


def article(name: str, *when: Rule, unless: Sequence[Rule] = ()) -> Article:
    front = FrontMatter(
        id=name,
        title="a title",
        tell="a sign",
        owner="models",
        when=when,
        unless=tuple(unless),
        sources=(Source(title="Docs", url="https://lantern.example.com/docs"),),
        checked=date(2026, 11, 24),
    )
    return Article(front=front, bodies={"en": Body(lead=Line(text="A lead.", number=1))}, file=f"articles/{name}.md")


def hits(text: str, *articles: Article) -> list[RuleHit]:
    base = tiny().base
    report = read("", text, base.community.vocabulary(), base.catalogue)
    return RuleIndex(articles).hits(report, Tokens.of(report.text))


def found(text: str, *articles: Article) -> list[str]:
    return [hit.article_id for hit in hits(text, *articles)]


DIM = article("dim", Rule(message="the lamp is dim"))
BY_NUMBER = article("by-number", Rule(status=418))


@pytest.mark.parametrize(
    "text",
    [
        "the lamp is dim",
        "It says: THE LAMP IS DIM!!!",
        "“the lamp — is dim”",
        "the\nlamp is\n  dim",
        "它说the lamp is dim怎么办",
        "пишет the lamp is dim, что делать",
        "يقول the lamp is dim لماذا",
        '{"error":{"message":"the lamp is dim","code":418}}',
        '{\\"error\\":{\\"message\\":\\"x\\\\nthe lamp is dim\\"}}',
    ],
)
def test_a_literal_is_found_whatever_stands_around_it(text: str) -> None:
    assert found(text, DIM) == ["dim"]


@pytest.mark.parametrize("text", ["the lamp was dim", "dim is the lamp", "the lamp is dimmed", "lamp is dim", ""])
def test_other_words_are_not_the_literal(text: str) -> None:
    assert found(text, DIM) == []


def test_the_span_is_the_words_that_prove_it() -> None:
    text = "hello, it says “The lamp is dim” and stops"
    (hit,) = hits(text, DIM)
    assert text[hit.span.start : hit.span.end] == "The lamp is dim"


def test_a_star_stands_for_what_varies_and_keeps_it_where_it_has_a_name() -> None:
    rule = Rule(message="limited to * requests on *, or * more", captures=("count", "model"))
    (hit,) = hits("limited to 8 requests on glow/lamp-1:free, or not more", article("limit", rule))
    assert hit.captures == {"count": "8", "model": "glow/lamp-1:free"}


def test_a_star_at_an_end_captures_the_word_beside_it() -> None:
    rule = Rule(message="* is gone from *", captures=("what", "where"))
    (hit,) = hits("so glow/lamp-1 is gone from shelf-2.", article("gone", rule))
    assert hit.captures == {"what": "glow/lamp-1", "where": "shelf-2"}


def test_a_star_does_not_reach_across_a_whole_post() -> None:
    rule = article("far", Rule(message="begins * ends"))
    assert found("begins and soon ends", rule) == ["far"]
    assert found(f"begins {'and ' * 100} ends", rule) == []


def test_a_star_may_stand_for_nothing() -> None:
    assert found("begins ends", article("near", Rule(message="begins * ends"))) == ["near"]


def test_what_a_star_captures_is_bounded() -> None:
    (hit,) = hits(f"begins {'x' * 5000} ends", article("long", Rule(message="begins * ends", captures=("what",))))
    assert len(hit.captures["what"]) <= 120


def test_unless_takes_the_article_back_for_that_error_alone() -> None:
    guarded = article("guarded", Rule(message="the lamp is dim"), unless=[Rule(message="for the whole house")])
    assert found("the lamp is dim for the whole house", guarded) == []
    assert found("the lamp is dim", guarded) == ["guarded"]
    house = '{"error":{"message":"off for the whole house","code":500}}'
    two = f'{{"error":{{"message":"the lamp is dim","code":418}}}}\n\n{house}'
    assert found(two, guarded) == ["guarded"]


def test_a_rule_with_a_field_needs_that_field_in_the_error() -> None:
    wick = article("wick", Rule(reason="wick"))
    assert found('{"error":{"message":"no","code":418,"metadata":{"reason":"wick"}}}', wick) == ["wick"]
    assert found('{"error":{"message":"no","code":418,"metadata":{"reason":"oil"}}}', wick) == []
    assert found("the reason is wick", wick) == []


def test_all_keys_of_a_rule_must_hold_for_the_same_error() -> None:
    both = article("both", Rule(status=418, message="the lamp is dim"))
    assert found('{"error":{"message":"the lamp is dim","code":418}}', both) == ["both"]
    assert found('{"error":{"message":"the lamp is dim","code":500}}', both) == []
    apart = '{"error":{"message":"the lamp is dim","code":500}}\n\n{"error":{"message":"something else","code":418}}'
    assert found(apart, both) == []


def test_a_number_that_the_post_does_not_tell_contradicts_nothing() -> None:
    both = article("both", Rule(status=418, message="the lamp is dim"))
    assert found("the lamp is dim", both) == ["both"]
    assert found("error 500 the lamp is dim", both) == []


def test_a_bare_number_proves_only_what_a_single_article_claims() -> None:
    assert found("HTTP 418", BY_NUMBER) == ["by-number"]
    assert found("HTTP 418", BY_NUMBER, article("rival", Rule(status=418, message="the pot"))) == []
    assert found("I have 418 lamps", BY_NUMBER) == []


def test_of_several_numbers_none_proves_anything_by_itself() -> None:
    assert found("HTTP 418, and before that HTTP 401", BY_NUMBER) == []


def test_words_that_announce_an_error_belong_to_it() -> None:
    announced = article("announced", Rule(message="Upstream error from"))
    inner = article("inner", Rule(message="temporarily rate-limited upstream"))
    text = "Upstream error from Chutes: the lamp is temporarily rate-limited upstream"
    assert {hit.error_index for hit in hits(text, announced, inner)} == {0}
    assert found(text, announced, inner)[0] == "inner"


def test_any_number_of_a_list_is_enough() -> None:
    several = article("several", Rule(status=(502, 503), message="the lamp is dim"))
    assert found("error 503: the lamp is dim", several) == ["several"]
    assert found("error 500: the lamp is dim", several) == []


def test_several_errors_of_one_post_are_each_explained() -> None:
    pot = article("pot", Rule(message="the pot is empty"))
    later = '{"error":{"message":"the pot is empty","code":500}}'
    text = f'{{"error":{{"message":"the lamp is dim","code":418}}}}\nand later\n{later}'
    assert {(hit.article_id, hit.error_index) for hit in hits(text, DIM, pot)} == {("dim", 0), ("pot", 1)}


def test_the_innermost_message_outweighs_what_wraps_it() -> None:
    wrapper = article("wrapper", Rule(message="Upstream said no, please ask them about it again later"))
    text = (
        '{"error":{"message":"Upstream said no, please ask them about it again later","code":418,'
        '"metadata":{"raw":"{\\"error\\":{\\"message\\":\\"the lamp is dim\\"}}"}}}'
    )
    assert found(text, wrapper, DIM)[0] == "dim"


def test_of_two_rules_the_more_specific_one_comes_first() -> None:
    exact = article("exact", Rule(message="the lamp is dim in room * tonight"))
    assert found("the lamp is dim in room 4 tonight", DIM, exact) == ["exact", "dim"]


def test_a_text_that_repeats_a_literal_a_thousand_times_is_one_hit() -> None:
    assert found("the lamp is dim " * 1000, DIM) == ["dim"]


def test_a_literal_without_a_star_is_matched_in_its_order_only() -> None:
    assert found("ends then begins", article("order", Rule(message="begins * ends"))) == []


def test_an_index_without_rules_finds_nothing() -> None:
    assert found("the lamp is dim, 418") == []
    assert RuleIndex(()).size == 0


def test_literals_are_features_even_where_the_number_contradicts() -> None:
    index = RuleIndex([article("both", Rule(status=418, message="the lamp is dim"))])
    assert index.literal_hits(words("error 500: the lamp is dim")) == {"both"}
    assert index.literal_hits(words("a lamp")) == set()


def test_a_match_begins_in_the_error_and_not_in_the_title_that_names_it_too() -> None:
    base = tiny().base
    report = read("The lamp", "my kettle: the lamp is dim since noon", base.community.vocabulary(), base.catalogue)
    gone = article("gone", Rule(message="the lamp * since"))
    (hit,) = RuleIndex((gone,)).hits(report, Tokens.of(report.text))
    assert report.text[hit.span.start : hit.span.end] == "the lamp is dim since"
