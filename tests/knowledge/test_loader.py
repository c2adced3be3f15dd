"""The shipped templates load; a planted fault is named with its file and line; translations fall back to English."""

from datetime import date
from pathlib import Path

import pytest

from bot.knowledge.articles import Autonomy, EvidenceKind
from bot.knowledge.knowledge_base import ENGLISH, KnowledgeBase
from bot.knowledge.loader import load
from bot.knowledge.source import KnowledgeError, Problem
from tests.knowledge.templates_copy import SHIPPED, TemplatesCopy

FIRST_TWELVE = {
    "rate-limit-upstream",
    "rate-limit-free-daily",
    "rate-limit-free-minute",
    "rate-limit-other",
    "credits-insufficient",
    "credits-max-tokens",
    "key-limit",
    "key-invalid",
    "data-policy",
    "model-not-found",
    "refund",
    "credits-missing",
}


@pytest.fixture(scope="module")
def shipped() -> KnowledgeBase:
    return load(SHIPPED)


@pytest.fixture
def templates(tmp_path: Path) -> TemplatesCopy:
    return TemplatesCopy.into(tmp_path)


def problems_of(templates: TemplatesCopy) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as raised:
        load(templates.path)
    return raised.value.problems


def test_the_shipped_templates_hold_the_articles_that_are_promised(shipped: KnowledgeBase) -> None:
    assert shipped.articles.keys() >= FIRST_TWELVE


def test_every_article_is_called_like_its_file(shipped: KnowledgeBase) -> None:
    assert {a.id: a.file for a in shipped.articles.values()} == {key: f"articles/{key}.md" for key in shipped.articles}


def test_every_article_may_be_told_beside_another_and_has_something_left_to_say(shipped: KnowledgeBase) -> None:
    bodies = [(a.id, language, body) for a in shipped.articles.values() for language, body in a.bodies.items()]
    assert [(key, language) for key, language, body in bodies if not (body.brief and body.more_steps)] == []


def test_every_article_has_examples_to_learn_from(shipped: KnowledgeBase) -> None:
    labels = {example.label for example in shipped.examples}
    assert shipped.articles.keys() | {"out-of-scope", "other"} <= labels


def test_every_message_exists_in_every_language_that_one_exists_in(shipped: KnowledgeBase) -> None:
    languages = {language for _, language in shipped.messages}
    names = {name for name, _ in shipped.messages}
    # What only moderators read is written in their language alone.
    on_cards = {
        f"button-{verb}"
        for verb in (
            "answer",
            "claim",
            "correct",
            "delete",
            "discard",
            "edit",
            "more",
            "reopen",
            "resolve",
            "send",
            "sweep",
            "take-back",
            "why",
        )
    }
    names = {name for name in names - on_cards if not name.startswith(("card-", "desk-", "order-", "staff-", "why-"))}
    assert [(n, lang) for n in names for lang in languages if (n, lang) not in shipped.messages] == []


def test_what_speaks_of_money_policy_or_accounts_is_a_draft_on_the_askers_words_alone(shipped: KnowledgeBase) -> None:
    fronts = [a.front for a in shipped.articles.values() if EvidenceKind.TEXT in a.front.speaks_on]
    owners = {front.owner for front in fronts if front.on_text is Autonomy.DRAFT}
    assert owners == {"billing", "policy", "accounts"}
    assert [f.id for f in fronts if f.owner in owners and f.on_text is not Autonomy.DRAFT] == []


def test_a_language_that_nobody_wrote_falls_back_to_english(shipped: KnowledgeBase) -> None:
    assert shipped.message("footer", "zh") is shipped.messages["footer", "zh"]
    assert shipped.message("footer", "fi") is shipped.messages["footer", ENGLISH]
    article = shipped.articles["refund"]
    assert shipped.body("refund", "zh") is article.bodies["zh"]
    assert shipped.body("refund", "fi") is article.bodies[ENGLISH]


def test_a_fact_counts_until_the_end_of_its_last_day(shipped: KnowledgeBase) -> None:
    fact = shipped.facts["free_daily_low"].model_copy(update={"expires": date(2027, 2, 24)})
    assert [fact.has_expired(date(2027, 2, day)) for day in (23, 24, 25)] == [False, False, True]
    assert not fact.model_copy(update={"expires": None}).has_expired(date(2099, 1, 1))


def test_an_id_that_is_not_the_files_name_is_refused(templates: TemplatesCopy) -> None:
    line = templates.replace("articles/refund.md", "id: refund", "id: refunds")
    (problem,) = problems_of(templates)
    assert (problem.file, problem.line, problem.key) == ("articles/refund.md", line, "id")
    assert "`id: refund`" in problem.cure


@pytest.mark.parametrize(
    ("file", "old", "new", "key"),
    [
        ("articles/refund.md", "owner: billing", "ownr: billing", "ownr"),
        ("articles/refund.md", "## Steps", "## Stepps", ""),
        ("articles/refund.zh.md", "## Steps", "## Stepps", ""),
        ("facts.yaml", "free_daily_low: {value: 50", "free_daily_low: {valeu: 50", "free_daily_low.valeu"),
        ("examples/refund.jsonl", '{"lang"', '{"langauge"', "langauge"),
        ("examples/refund.jsonl", '{"lang"', '"lang"', ""),
    ],
)
def test_a_planted_fault_is_named_with_its_file_and_line(
    templates: TemplatesCopy, file: str, old: str, new: str, key: str
) -> None:
    line = templates.replace(file, old, new)
    found = [p for p in problems_of(templates) if (p.file, p.line, p.key) == (file, line, key)]
    assert len(found) == 1
    assert found[0].cure


def test_the_faults_of_all_files_are_told_at_once(templates: TemplatesCopy) -> None:
    templates.replace("articles/refund.md", "owner: billing", "ownr: billing")
    templates.replace("articles/refund.md", "## Steps", "## Stepps")
    templates.replace("facts.yaml", "source:", "sauce:")
    templates.write("messages/answers/footer.md", "\n")
    assert {p.file for p in problems_of(templates)} == {
        "articles/refund.md",
        "facts.yaml",
        "messages/answers/footer.md",
    }
    assert {p.key for p in problems_of(templates)} >= {"ownr", "owner", ""}


@pytest.mark.parametrize("file", ["articles/lost.zh.md", "messages/lost.zh.md", "messages/answers/lost.zh.md"])
def test_a_translation_of_nothing_is_refused(templates: TemplatesCopy, file: str) -> None:
    templates.write(file, "一行字\n")
    (problem,) = problems_of(templates)
    assert (problem.file, problem.cure) == (file, f"add {file.replace('.zh', '')} in English")


def test_a_file_that_is_not_text_names_the_line(templates: TemplatesCopy) -> None:
    (templates.path / "messages" / "answers" / "footer.md").write_bytes(b"first line\nsecond \xff line\n")
    (problem,) = problems_of(templates)
    assert (problem.file, problem.line, problem.message) == ("messages/answers/footer.md", 2, "not UTF-8")


def test_a_missing_file_and_a_missing_folder_say_so(templates: TemplatesCopy, tmp_path: Path) -> None:
    (templates.path / "facts.yaml").unlink()
    assert [(p.file, p.message) for p in problems_of(templates)] == [("facts.yaml", "the file is missing")]
    with pytest.raises(KnowledgeError, match="no such folder"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize("file", ["messages/Foot_Note.md", "messages/answers/Foot_Note.md", "messages/My Own/note.md"])
def test_names_in_another_shape_are_refused(templates: TemplatesCopy, file: str) -> None:
    (templates.path / file).parent.mkdir(exist_ok=True)
    templates.write(file, "words\n")
    (problem,) = problems_of(templates)
    assert (problem.file, "kebab-case" in problem.message) == (file, True)


def test_messages_may_lie_in_a_folder_without_groups(templates: TemplatesCopy, shipped: KnowledgeBase) -> None:
    messages = templates.path / "messages"
    for message in sorted(messages.glob("*/*.md")):
        message.rename(messages / message.name)
    flat = load(templates.path).messages
    assert flat.keys() == shipped.messages.keys()
    assert all(flat[key].lines == shipped.messages[key].lines for key in flat)
    assert flat["footer", "zh"].file == "messages/footer.zh.md"


@pytest.mark.parametrize("other", ["messages/footer.md", "messages/questions/footer.md"])
def test_a_message_that_is_in_two_folders_names_both(templates: TemplatesCopy, other: str) -> None:
    templates.write(other, "words\n")
    (problem,) = problems_of(templates)
    assert {problem.file, problem.message.split()[0]} == {"messages/answers/footer.md", other}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("on_text: sometimes", "'answer', 'draft' or 'watch'"),
        ("on_text: draft\nspeaks_on: [exact]", "`speaks_on` has no `text`"),
    ],
)
def test_how_far_an_article_goes_on_words_alone_is_checked(templates: TemplatesCopy, line: str, why: str) -> None:
    templates.replace("articles/refund.md", "on_text: draft", line)
    (problem,) = problems_of(templates)
    assert problem.file == "articles/refund.md"
    assert why in problem.message


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(
    templates: TemplatesCopy, shipped: KnowledgeBase
) -> None:
    path = templates.path / "articles" / "refund.md"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load(templates.path).articles["refund"] == shipped.articles["refund"]


def test_calibration_is_read_when_it_is_there_and_stays_outside_the_hash(
    templates: TemplatesCopy, shipped: KnowledgeBase
) -> None:
    templates.write(
        "calibration.json",
        '{"exact_floor": 0.5, "text_floor": 0.7, "floors": {"refund": 0.9}, "out_of_scope_ceiling": 0.6,'
        ' "n": 120, "date": "2026-11-24", "knowledge_base": "0f"}',
    )
    base = load(templates.path)
    assert base.calibration is not None
    assert base.calibration.floors == {"refund": 0.9}
    assert base.hash == shipped.hash


def test_the_hash_changes_with_any_word(templates: TemplatesCopy, shipped: KnowledgeBase) -> None:
    templates.replace("messages/answers/footer.md", "thread", "post")
    assert load(templates.path).hash != shipped.hash
