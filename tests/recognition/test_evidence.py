"""How sure Heron is of what, and what it makes of posts that quote, hint, cry or hold two problems."""

import pytest

from bot.extraction.report import Span
from bot.knowledge.calibration import Calibration
from bot.recognition import certainty
from bot.recognition.certainty import Basis, Certainty
from bot.recognition.quotes import clause_around
from bot.triage.view import Policy
from tests.shipped_knowledge import Ready

UPSTREAM = "acme/lamp-1:free is temporarily rate-limited upstream. Please retry shortly"


def believed(basis: Basis, signs: certainty.Signs) -> float:
    return Certainty().of(basis, signs)


def exact(*, share: float, out_of_scope: float, is_structured: bool) -> float:
    signs = certainty.exact(share=share, out_of_scope=out_of_scope, is_structured=is_structured)
    return believed(Basis.EXACT, signs)


def second(*, parts: int, is_announced: bool) -> float:
    signs = certainty.second(whole=0.1, part=0.8, side=0.2, parts=parts, is_beside=False, is_announced=is_announced)
    return believed(Basis.SECOND, signs)


def test_who_merely_quotes_an_error_is_believed_less() -> None:
    asks = exact(share=0.9, out_of_scope=0.05, is_structured=False)
    quotes = exact(share=0.9, out_of_scope=0.7, is_structured=False)
    assert quotes < 0.5 < asks


def test_a_whole_body_is_believed_more_than_its_words() -> None:
    words = exact(share=0.5, out_of_scope=0.2, is_structured=False)
    assert exact(share=0.5, out_of_scope=0.2, is_structured=True) > words


def test_the_more_parts_a_post_has_the_less_one_of_them_proves() -> None:
    assert second(parts=8, is_announced=False) < second(parts=2, is_announced=False)


def test_a_second_problem_that_was_announced_is_believed_more() -> None:
    assert second(parts=4, is_announced=True) > second(parts=4, is_announced=False)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_certainty_stays_between_nothing_and_everything(share: float) -> None:
    assert 0 < believed(Basis.WHOLE, certainty.whole(whole=share, side=share, parts=1)) < 1
    assert 0 < exact(share=share, out_of_scope=share, is_structured=True) < 1


def test_fitted_beliefs_take_the_place_of_those_that_heron_comes_with() -> None:
    beliefs = {"exact": [0, 0, 0, 9], "whole": [0, 0, 0, 0], "second": [0, 0, 0, 0, 0, 0, 0]}
    numbers = {"exact_floor": 0.5, "text_floor": 0.7, "out_of_scope_ceiling": 0.6, "n": 9, "knowledge_base": "0f"}
    fitted = Calibration.model_validate({**numbers, "date": "2026-11-24", "beliefs": beliefs})
    signs = certainty.exact(share=0.0, out_of_scope=1.0, is_structured=True)
    assert Certainty.fitted(fitted).of(Basis.EXACT, signs) > 0.99
    assert Certainty.fitted(None).of(Basis.EXACT, signs) < 0.1
    assert Certainty.fitted(fitted.model_copy(update={"beliefs": None})) == Certainty()


def test_an_announced_error_is_one_problem(ours: Ready) -> None:
    found = ours.diagnosed("help", f"Upstream error from Chutes: {UPSTREAM}. what can I do?").findings
    assert [h.article_id for h in found if h.captures or (h.evidence and h.evidence[0].rule)] == ["rate-limit-upstream"]


def test_words_behind_a_proof_may_be_a_problem_of_their_own(ours: Ready) -> None:
    text = f"It says {UPSTREAM}, and also I paid by card yesterday and the credits never arrived on my account."
    named = [h.article_id for h in ours.diagnosed("two things", text).ranked[:2]]
    assert set(named) == {"rate-limit-upstream", "credits-missing"}


def test_the_numbers_behind_a_colon_belong_to_the_proof() -> None:
    text = "it says Prompt tokens limit exceeded: 12000 > 8000. what now"
    start = text.index("Prompt")
    span = clause_around(text, Span(start, start + len("Prompt tokens limit exceeded")))
    assert text[span.start : span.end].endswith("Prompt tokens limit exceeded: 12000 > 8000")


def test_the_sentence_that_names_the_numbers_proves_more_than_the_one_before_it(ours: Ready) -> None:
    text = (
        "This request requires more credits, or fewer max_tokens. You requested up to 4096 tokens, but can only "
        "afford 1204. To increase, visit https://example.com"
    )
    (found,) = ours.diagnosed("402", text).findings
    assert found.evidence[0].quote == "You requested up to 4096 tokens, but can only afford 1204"


def test_without_numbers_what_an_error_says_first_proves_most(ours: Ready) -> None:
    (found,) = ours.diagnosed("402", "This request requires more credits, or fewer max_tokens. why?").findings
    assert found.evidence[0].quote == "This request requires more credits, or fewer max_tokens"


@pytest.mark.parametrize(
    "cry", ["anyone?", "求助", "pls help", "help\n\nhelp me", "有人吗 怎么用不了", "助けてください"]
)
def test_a_cry_for_help_is_heard_in_any_language(ours: Ready, cry: str) -> None:
    assert ours.knowledge.moods.read(cry).cries


@pytest.mark.parametrize(
    "talk", ["happy to help", "anyone tried the new one?", "gm", "look https://example.com help", "works now thanks"]
)
def test_talk_is_no_cry_for_help(ours: Ready, talk: str) -> None:
    assert not ours.knowledge.moods.read(talk).cries


def test_a_calibration_sets_every_threshold() -> None:
    fitted = Calibration.model_validate(
        {
            "exact_floor": 0.4,
            "text_floor": 0.8,
            "floors": {"refund": 0.9},
            "out_of_scope_ceiling": 0.5,
            "n": 3,
            "date": "2026-11-24",
            "knowledge_base": "0f",
        }
    )
    policy = Policy.of(fitted)
    assert (policy.exact_floor, policy.text_floor, policy.out_of_scope_ceiling) == (0.4, 0.8, 0.5)
    assert policy.floors == {"refund": 0.9}


def test_a_calibration_names_shares_of_one() -> None:
    with pytest.raises(ValueError, match="text_floor"):
        Calibration.model_validate({"exact_floor": 0.4, "text_floor": 80, "out_of_scope_ceiling": 0.5})


def test_every_article_that_answers_in_a_language_is_named_in_it(ours: Ready) -> None:
    unnamed = [(a.id, language) for a in ours.base.articles.values() for language in a.bodies if language != "en"]
    assert [(name, lang) for name, lang in unnamed if lang not in ours.base.articles[name].front.names] == []


def test_near_misses_of_articles_are_learnt_as_talk(ours: Ready) -> None:
    learnt = [text for a in ours.base.articles.values() for text in a.front.near_misses]
    answered = [text for text in learnt if ours.diagnosed("", text).out_of_scope < 0.5]
    assert len(answered) < 0.1 * len(learnt)


@pytest.mark.parametrize(
    ("text", "is_proof"),
    [
        ("TypeError: 'NoneType' object is not subscriptable\nprint(r.choices[0].message.content)", True),
        ("    return r.choices[0].message.content\nTypeError: 'NoneType' object is not subscriptable", True),
        ("TypeError: 'NoneType' object is not subscriptable\nsoup.find('table')['class']", False),
    ],
)
def test_what_any_program_may_say_proves_nothing_without_a_name_of_the_service(
    ours: Ready, text: str, is_proof: bool
) -> None:
    found = ours.diagnosed("my script stops", text).findings
    assert any(h.article_id == "empty-response" and h.basis is Basis.EXACT for h in found) is is_proof
