"""What text files say counts; a log is not taken for the asker's own words, a long paste is."""

from dataclasses import replace

import pytest

from bot.extraction.attached import Attached, Kind, attached_in, find_attached, with_attached
from bot.extraction.masking import CAP_BYTES
from bot.lines import PostLine
from bot.posts import Attachment, Edited, Posted
from bot.replay import Played, diagnose
from bot.triage.decision import Decision
from bot.triage.plans import Topic, Words
from bot.triage.reading import FILE_BYTES
from tests.shipped_knowledge import shipped
from tests.triage.thread import Thread, did, scripted_view

UPSTREAM = '{"error": {"message": "qwen/qwen3-coder:free is temporarily rate-limited upstream", "code": 429}}'
LANTERN_KEY = "lk-" + "0123456789abcdef" * 2  # FAKE: no key of anybody
KEY = "sk-or-v1-" + "0123456789abcdef" * 4  # FAKE: no key of anybody
NOISE = "2026-01-01 10:00:00 INFO the lamp was dusted, nothing to see here\n"


def posted(text: str, said: str, *, name: str = "error.log", title: str = "please help") -> Played:
    line = PostLine(id=1, title=title, text=text, attachments=(name,))
    return diagnose(line, shipped().view, shipped().templates, {name: said})


def attaches(thread: Thread, typed: str, *texts: str | None, name: str = "error.log") -> Decision:
    return thread.play(Posted(posts=(replace(thread.post(typed), attachments=files(*texts, name=name)),)))


def again(thread: Thread, typed: str, *texts: str | None) -> Decision:
    post = replace(thread.post(typed), message_id=thread.case.messages[0].message_id, attachments=files(*texts))
    return thread.play(Edited(post=post))


def files(*texts: str | None, name: str = "error.log") -> tuple[Attachment, ...]:
    return tuple(
        Attachment(filename=name, location=f"https://cdn.example.com/{n}", text=t) for n, t in enumerate(texts)
    )


def parts(thread: Thread) -> list[str]:
    plan = thread.standing[-1]
    return [part.name if isinstance(part, Words) else type(part).__name__ for part in plan.parts]


def test_an_error_in_a_file_is_answered_and_its_words_are_shown_as_read_there() -> None:
    played = posted("it stopped working, log attached", NOISE * 3 + UPSTREAM)
    assert did(played.decision) == ["answer"]
    assert played.message is not None
    assert "Your file says:\n`" in played.message
    assert "rate-limited upstream" in played.message


@pytest.mark.parametrize("place", ["head", "tail"])
def test_of_a_long_log_head_and_tail_are_read(place: str) -> None:
    log = NOISE * 5_000
    log = UPSTREAM + "\n" + log if place == "head" else log + UPSTREAM
    assert did(posted("it stopped working, log attached", log).decision) == ["answer"]


def test_an_error_that_no_article_knows_is_not_asked_for_when_a_file_holds_it() -> None:
    body = '{"error": {"message": "the wick is not sold in your street", "code": 403}}'
    assert "ask" not in did(posted("what is this?", body).decision)


def test_the_words_of_a_log_are_nobodys_problem() -> None:
    asked = "Which of the two gets my request when I sort by throughput?"
    alone = posted(asked, "")
    logged = posted(asked, "please help me, I want my money back\nbilling page opened\ncannot log in\n" * 20)
    assert logged.decision.diagnosis.findings == alone.decision.diagnosis.findings


def test_a_long_paste_counts_as_typed() -> None:
    wish = "please stop answering me"
    pasted, logged = Thread(scripted_view()), Thread(scripted_view())
    for thread, name in ((pasted, "message.txt"), (logged, "error.log")):
        attaches(thread, "[exact upstream-dim]")
        attaches(thread, "", wish, name=name)
    assert pasted.case.is_muted
    assert not logged.case.is_muted


def test_the_words_of_a_log_do_not_solve() -> None:
    thread = Thread(scripted_view())
    attaches(thread, "[exact upstream-dim]")
    assert did(attaches(thread, "and now?", "it works now, thanks")) != ["solved"]


def test_a_key_in_a_file_counts_as_leaked_and_stands_nowhere() -> None:
    played = posted("look", f"{NOISE}Authorization: Bearer {KEY}\n{NOISE}")
    assert did(played.decision)[0] == "warn"
    assert len(played.decision.leaks) == 1
    assert played.message is not None
    assert KEY not in played.message


def test_the_card_about_a_key_in_a_file_names_the_message_of_the_file() -> None:
    thread = Thread(scripted_view())
    posts = [thread.post("it does not work"), replace(thread.post("see"), attachments=files(f"{NOISE}{LANTERN_KEY}"))]
    decision = thread.play(Posted(posts=tuple(posts)))
    assert [card.message_id for card in decision.cards if card.topic is Topic.LEAK] == [posts[1].message_id]


@pytest.mark.parametrize("before", [0, FILE_BYTES // 2 - 40, FILE_BYTES // 2 - 7, FILE_BYTES // 2])
def test_a_key_at_the_cut_of_a_long_file_is_not_kept_in_part(before: int) -> None:
    thread = Thread(scripted_view())
    attaches(thread, "help", "x" * max(0, before - 1) + " " + KEY + " " + NOISE * 2_000)
    (message,) = thread.case.messages
    assert KEY[:20] not in message.text
    assert KEY[-20:] not in message.text


def test_four_long_files_are_kept_apart_and_within_the_cap() -> None:
    thread = Thread(scripted_view())
    attaches(thread, "help " * 700, *[NOISE * 2_000] * 4)
    (message,) = thread.case.messages
    assert len(message.text.encode()) <= CAP_BYTES
    assert [one.kind for one in attached_in(message.text)] == [Kind.FILE] * 4


def test_beside_a_question_it_is_said_that_a_file_was_read_in_part_or_not_at_all() -> None:
    for said, told in ((NOISE * 2_000, "file-cut"), ("", "file-unread")):
        thread = Thread(scripted_view())
        attaches(thread, "it does not work, help", said)
        assert parts(thread) == ["Question", told]


def test_a_file_that_is_read_late_changes_the_answer_in_place() -> None:
    thread = Thread(scripted_view(), is_slow=True)
    assert did(attaches(thread, "it does not work, help", None)) == ["ask"]
    assert did(again(thread, "it does not work, help", "[exact upstream-dim]")) == ["answer"]
    assert len(thread.case.replies) == 1


def test_a_message_that_comes_again_unread_keeps_what_its_file_said() -> None:
    thread = Thread(scripted_view())
    attaches(thread, "help", "[exact upstream-dim]")
    again(thread, "help me", None)
    assert attached_in(thread.case.messages[0].text) == (Attached(Kind.FILE, "[exact upstream-dim]"),)
    again(thread, "never mind")
    assert attached_in(thread.case.messages[0].text) == ()


def test_every_kind_is_found_again_also_when_an_end_was_cut_off() -> None:
    told = [
        Attached(Kind.PICTURE, "a"),
        Attached(Kind.FILE, "b\n\nc"),
        Attached(Kind.PASTED, "d"),
        Attached(Kind.FILE, ""),
    ]
    text = with_attached("typed", told)
    assert attached_in(text) == tuple(told)
    assert [text[span.start : span.end].count("file") for span in find_attached(text, Kind.FILE)] == [2, 2]
    cut = text[: text.index("b") + 1]
    assert attached_in(cut) == (Attached(Kind.PICTURE, "a"), Attached(Kind.FILE, "b"))
