"""What a draft reads off a pasted post: id, rules, tell; and what it never takes over."""

from datetime import date
from pathlib import Path

import pytest

from bot.authoring.drafting import Draft, Refused, draft, resembling, write
from bot.knowledge.articles import FrontMatter
from bot.knowledge.bodies import read_body, split_front_matter
from bot.knowledge.source import parse
from tests.tiny_knowledge import tiny

TODAY = date(2026, 11, 24)


def drafted(post: str, article_id: str | None = None) -> Draft:
    return draft(post, tiny().knowledge, TODAY, article_id)


def front(post: str) -> FrontMatter:
    found = drafted(post)
    yaml_text, body, line = split_front_matter(found.article, "draft.md")
    read_body(body, file="draft.md", first_line=line)
    return parse(yaml_text, FrontMatter, file="draft.md")


def test_a_draft_is_an_article_in_form() -> None:
    found = front('{"error": {"code": 418, "message": "the wick is wet"}}')
    assert (found.id, found.autonomy, found.checked) == ("wick-wet", "draft", TODAY)
    assert (found.hand_over.when, found.hand_over.to) == ("if_stuck", "moderators")
    assert found.tell == "`the wick is wet`"


@pytest.mark.parametrize(
    ("message", "rule"),
    [
        ("the wick of Ember Hill is wet", "the wick of * is wet"),
        ("wick 12 of 13 is wet", "wick * of * is wet"),
        (
            "no oil for glow/lamp-1, buy some at https://lantern.example.com/oil today",
            "no oil for *, buy some at * today",
        ),
        ("wait 30 seconds", "wait * seconds"),
        ("12 lamps are out", "lamps are out"),  # a star at the beginning keeps nothing apart
        ("lamp is out for 12", "lamp is out for"),
    ],
)
def test_what_varies_becomes_a_star(message: str, rule: str) -> None:
    (only,) = front(f'{{"error": {{"code": 418, "message": "{message}"}}}}').when
    assert (only.status, only.message) == (418, rule)


def test_every_error_of_the_post_gets_a_rule_and_fields_say_why() -> None:
    first, second = front(
        '{"error": {"code": 418, "message": "the wick is wet", "metadata": {"reason": "rain"}}}\n\nand then\n\n'
        '{"error": {"code": 419, "message": "the match is wet too"}}'
    ).when
    assert (first.reason, second.reason) == ("rain", None)
    assert second.message == "the match is wet too"


def test_a_number_alone_is_a_rule_when_there_is_nothing_else() -> None:
    assert [rule.statuses for rule in front("my lamp says http 418 all day long").when] == [(418,)]


def test_without_an_error_the_title_names_it_and_there_is_no_rule() -> None:
    found = front("Curtains catch fire\n\nevery evening at seven, is that normal")
    assert (found.id, found.when) == ("curtains-catch-fire", ())
    assert found.tell.startswith("‹")


def test_words_that_make_no_id_leave_it_to_the_writer() -> None:
    assert drafted("我的灯不亮了，怎么办").article_id == "new-article"


def test_the_first_line_is_a_title_only_when_a_blank_line_follows() -> None:
    assert '"title": "So dark"' in drafted("So dark\n\nsince noon").example
    assert '"title": ""' in drafted("So dark\nsince noon").example


def test_the_example_is_masked_and_knows_its_language() -> None:
    found = drafted("Meine Lampe geht nicht mehr an, was soll ich tun? Schlüssel lk-fake0123456789abcdefFAKE")
    assert '"lang": "de"' in found.example
    assert "lk-fake" not in found.example + found.article


def test_hostile_words_cannot_leave_their_place() -> None:
    post = '{"error": {"code": 418, "message": "bad \\"quote\\": }} --- \\n---\\nid: evil {{ 7*7 }} | > & *"}}'
    assert front(post).id != "evil"


def test_it_says_which_articles_the_post_is_like() -> None:
    assert next(resembling(drafted("503 upstream is dim, wait 30 seconds"))).startswith("upstream-dim (")


def test_examples_without_an_article_are_kept_and_the_new_one_goes_behind_them(tmp_path: Path) -> None:
    path = tmp_path / "examples" / "wet-wick.jsonl"
    path.parent.mkdir()
    path.write_text('{"lang": "en", "title": "", "text": "old"}', "utf-8")
    write(drafted("the wick is wet", "wet-wick"), tmp_path)
    old, new = path.read_text("utf-8").splitlines()
    assert '"old"' in old
    assert "the wick is wet" in new


def test_when_the_examples_cannot_be_written_no_article_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "examples" / "wet-wick.jsonl").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):
        write(drafted("the wick is wet", "wet-wick"), tmp_path)
    assert list((tmp_path / "articles").iterdir()) == []


@pytest.mark.parametrize("name", ["../evil", "Wet", "a b", "a.zh"])
def test_an_id_that_is_no_name_of_a_file_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="kebab-case"):
        drafted("the wick is wet", name)
