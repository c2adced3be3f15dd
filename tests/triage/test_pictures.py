"""What pictures show counts like what was typed; where nobody can read them, that is said once and nothing asked."""

from dataclasses import replace

import pytest

from bot.extraction.attached import Attached, Kind, attached_in
from bot.lines import PostLine
from bot.posts import Attachment, Edited, Post, Posted
from bot.replay import Played, diagnose
from bot.triage.case import FindingState
from bot.triage.decision import Decision
from bot.triage.plans import Question, Words
from bot.triage.view import View
from tests.shipped_knowledge import shipped
from tests.triage.thread import Thread, did, scripted_view

UPSTREAM = "Error 429\nqwen/qwen3-coder:free is temporarily rate-limited upstream. Please\nretry shortly"
KEY = "sk-or-v1-" + "0123456789abcdef" * 4  # FAKE: no key of anybody


def view(*, reads_pictures: bool = True) -> View:
    return replace(scripted_view(), reads_pictures=reads_pictures)


def picture(text: str | None, number: int = 0) -> Attachment:
    return Attachment(filename=f"{number}.png", location=f"https://cdn.example.com/{number}.png", text=text)


def shows(thread: Thread, typed: str, *texts: str | None) -> Decision:
    post = replace(thread.post(typed), attachments=tuple(picture(t, n) for n, t in enumerate(texts)))
    return thread.play(Posted(posts=(post,)))


def again(thread: Thread, typed: str, *texts: str | None) -> Decision:
    """The first message, as it comes again when its pictures were read, or as a preview."""
    first = thread.case.messages[0]
    post = Post(
        message_id=first.message_id,
        author_id=first.author_id,
        role=first.role,
        text=typed,
        at=first.at,
        attachments=tuple(picture(t, n) for n, t in enumerate(texts)),
    )
    return thread.play(Edited(post=post))


def posted(text: str, *pictures: str, title: str = "please help") -> Played:
    paths = tuple(f"{number}.png" for number in range(len(pictures)))
    line = PostLine(id=1, title=title, text=text, attachments=paths)
    shipped_view = replace(shipped().view, reads_pictures=True)
    return diagnose(line, shipped_view, shipped().templates, dict(zip(paths, pictures, strict=True)))


def parts(thread: Thread) -> list[str]:
    plan = thread.standing[-1]
    return [part.name if isinstance(part, Words) else type(part).__name__ for part in plan.parts]


def test_an_error_in_a_picture_is_answered_and_its_words_are_shown_as_read_there() -> None:
    played = posted("it stopped working, see the picture", UPSTREAM)
    assert did(played.decision) == ["answer"]
    assert played.message is not None
    assert "Your screenshot says:\n`qwen/qwen3-coder:free is temporarily rate-limited upstream" in played.message


def test_a_typed_error_is_not_called_a_screenshot() -> None:
    played = posted(UPSTREAM, "Credits\n$ 9.87")
    assert played.message is not None
    assert "Your error says:" in played.message


def test_the_names_of_buttons_in_a_picture_are_nobodys_problem() -> None:
    page = "Refund policy  Billing  Delete account\nBuy credits  Cancel subscription\nKeys  Privacy  Log out"
    asked = "Which of the two gets my request when I sort by throughput?"
    alone, pictured = posted(asked), posted(asked, page)
    assert pictured.decision.diagnosis == alone.decision.diagnosis


def test_a_question_beside_a_picture_says_what_was_read_in_it() -> None:
    played = posted("why is that?", "Chutes  qwen/qwen3-coder:free  Claude Code  429\nError 429")
    assert "ask" in did(played.decision)
    assert played.message is not None
    assert "In your screenshot I read `HTTP 429`, `qwen/qwen3-coder:free`" in played.message


def test_an_error_that_a_picture_shows_is_not_asked_for() -> None:
    played = posted(
        "what is this?", '{\n"error": {\n"message": "the wick is not sold in your street",\n"code": 403\n}\n}'
    )
    assert "ask" not in did(played.decision)
    assert "escalate" in did(played.decision)


def test_a_key_in_a_picture_counts_as_leaked() -> None:
    played = posted("look", f"Authorization: Bearer {KEY}")
    assert did(played.decision)[0] == "warn"
    assert len(played.decision.leaks) == 1
    assert played.message is not None
    assert KEY not in played.message


def test_the_words_of_a_picture_do_not_mute_or_solve() -> None:
    thread = Thread(view())
    shows(thread, "[exact upstream-dim]", None)
    decision = shows(thread, "and now?", "it works now, thanks, stop answering me")
    assert did(decision) != ["solved"]
    assert not thread.case.is_muted


def test_where_pictures_are_read_the_open_question_says_so() -> None:
    thread = Thread(view())
    assert did(thread.says("it does not work, help")) == ["ask"]
    assert parts(thread) == ["Question", "question-open-picture"]


def test_where_nobody_can_read_pictures_that_is_said_and_nothing_is_asked() -> None:
    thread = Thread(view(reads_pictures=False))
    shows(thread, "it does not work, help", None)
    assert parts(thread) == ["nothing-to-read"]
    (line,) = shipped().base.message("nothing-to-read", "en").lines
    assert "?" not in line.text


def test_where_nobody_can_read_pictures_sure_words_are_answered_all_the_same() -> None:
    thread = Thread(view(reads_pictures=False))
    assert did(shows(thread, "[exact upstream-dim]", None)) == ["answer"]


def test_a_picture_that_is_read_late_changes_the_answer_in_place() -> None:
    thread = Thread(view(), is_slow=True)
    assert did(shows(thread, "it does not work, help", None)) == ["ask"]
    assert did(again(thread, "it does not work, help", "[exact upstream-dim]")) == ["answer"]
    assert len(thread.case.replies) == 1
    assert not any(isinstance(part, Question) for part in thread.standing[-1].parts)


ERROR = '{"error": {"message": "the flux capacitor is out of phase today", "code": 599}}'


@pytest.mark.parametrize("is_late", [False, True])
@pytest.mark.parametrize(
    ("text", "done", "left"),
    [
        ("[exact upstream-dim]", "answer", FindingState.ANSWERED),
        ("[torn 503 upstream-dim wick-limit]", "ask", FindingState.ASKED),
        (ERROR, "escalate", FindingState.HANDED_OVER),
    ],
)
def test_a_picture_after_an_open_question_settles_it_or_makes_it_sharper(
    text: str, done: str, left: FindingState, *, is_late: bool
) -> None:
    thread = Thread(view())
    assert did(thread.says("it does not work, help")) == ["ask"]
    post = thread.post("")
    if is_late:
        assert did(thread.play(Posted(posts=(replace(post, attachments=(picture(None),)),)))) == ["silent"]
    post = replace(post, attachments=(picture(text),))
    assert did(thread.play(Edited(post=post) if is_late else Posted(posts=(post,)))) == [done]
    assert [finding.state for finding in thread.case.findings] == [left]
    assert len(thread.standing) == 2


@pytest.mark.parametrize("text", [None, ""])
def test_a_late_reading_of_nothing_changes_nothing(text: str | None) -> None:
    thread = Thread(view())
    shows(thread, "it does not work, help", None)
    decision = again(thread, "it does not work, help", text)
    assert (did(decision), decision.reason) == (["silent"], "the text is what it was")


def test_a_message_that_comes_again_unread_keeps_what_its_picture_said() -> None:
    thread = Thread(view())
    shows(thread, "help", "[exact upstream-dim]")
    assert did(again(thread, "help", None)) == ["silent"]
    again(thread, "help me", None)
    assert attached_in(thread.case.messages[0].text) == (Attached(Kind.PICTURE, "[exact upstream-dim]"),)


def test_a_picture_that_was_taken_away_is_forgotten() -> None:
    thread = Thread(view())
    shows(thread, "help", "[exact upstream-dim]")
    again(thread, "never mind")
    assert attached_in(thread.case.messages[0].text) == ()
