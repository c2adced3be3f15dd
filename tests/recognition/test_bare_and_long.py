"""Posts of next to no words, and posts in which a log drowns what their asker says."""

import pytest

from bot.recognition.rules import RuleIndex
from tests.shipped_knowledge import Ready

ERROR = "402 Insufficient credits. Add more using https://openrouter.ai/settings/credits"
LOG = "\n".join(
    f"2026-11-{day:02} 09:{day:02}:00 [worker] INFO job {day * 37} picked up by acme-{day}" for day in range(31)
)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("cline", ERROR),
        ("", ERROR),
        (ERROR, "?"),
        ("402 in my bot", ERROR),
        ("", f"{ERROR} gen-1700000001-FAKEaaaa1111BBBB"),
    ],
)
def test_who_posts_an_error_and_next_to_nothing_else_wants_to_know_what_it_means(
    ours: Ready, title: str, text: str
) -> None:
    found = ours.diagnosed(title, text)
    assert found.out_of_scope <= 0.1
    assert found.findings[0].article_id == "credits-insufficient"
    assert ours.view.policy.exact_floor < found.findings[0].confidence


@pytest.mark.parametrize(
    "beside",
    [
        "That one is solved, I had to wait for the card to go through, all is well again",
        "这个错误已经解决了，充值之后就好了，谢谢大家",
    ],
)
def test_an_error_with_words_around_it_is_judged_by_these(ours: Ready, beside: str) -> None:
    assert ours.diagnosed("solved", f"{beside}: {ERROR}").out_of_scope > 0.1


def test_an_id_says_nothing_by_itself(ours: Ready) -> None:
    assert (
        ours.diagnosed("", "one more: gen-1700000001-FAKEaaaa1111BBBB gen-1700000002-FAKEcccc2222DDDD").findings == ()
    )


@pytest.mark.parametrize("where", ["first", "in the middle", "last"])
def test_an_error_in_a_long_log_is_as_certain_as_one_without_a_log(ours: Ready, where: str) -> None:
    before, behind = {"first": ("", f"{LOG}\n{LOG}"), "in the middle": (LOG, LOG), "last": (f"{LOG}\n{LOG}", "")}[where]
    asked = "my agent stops after this and I do not see why. What do I have to do?"
    alone = ours.diagnosed("agent stops", f"{ERROR}\n{asked}").findings[0]
    (found,) = ours.diagnosed("agent stops", f"{before}\n{ERROR}\n{behind}\n{asked}").findings
    assert found.article_id == alone.article_id == "credits-insufficient"
    assert found.confidence == pytest.approx(alone.confidence, abs=0.05)


@pytest.mark.parametrize("number", [404, 429, 502])
def test_of_a_number_with_several_causes_one_of_these_is_the_likeliest(ours: Ready, number: int) -> None:
    text = f"Since I bought credits my agent stops in the middle of a long answer and all it says is {number}."
    found = ours.diagnosed("agent stops", text)
    assert found.torn_status == number
    assert found.ranked[0].article_id in RuleIndex(ours.base.articles.values()).claimants(number)
