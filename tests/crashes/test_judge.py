"""Whoever judges the storm sees what is wrong: an answer that is missing, wrong, left over, or there twice."""

from random import Random

import pytest

from bot.playground import Message, Playground, PlaygroundConfig
from chaos.forum import Forum, Post
from chaos.questions import Questions
from tests.shipped_knowledge import shipped


class Storm:
    """A forum in which the test itself speaks for Heron."""

    def __init__(self) -> None:
        self.playground = Playground(config=PlaygroundConfig(guilds=2))
        questions = Questions(shipped().view, shipped().templates, Random(1))
        self.forum = Forum(self.playground, questions, Random(1), most_threads=3, most_posts=5)

    def asks(self) -> Post:
        self.forum.act()
        return self.forum.posts[-1]

    def answers(self, post: Post, content: str | None = None, *, nonce: str) -> Message:
        world = self.playground.world
        words = post.question.quoted if content is None else content
        answer = Message(author_id=world.cast.bot.id, content=words, reply_to_id=post.message.id, nonce=nonce)
        return world.post(world.places[post.message.channel_id], answer)


@pytest.fixture
def storm() -> Storm:
    return Storm()


def test_one_answer_is_right(storm: Storm) -> None:
    post = storm.asks()
    assert not storm.forum.is_right()
    storm.answers(post, nonce="1-a")
    assert storm.forum.is_right()
    assert storm.forum.duplicates == {}


def test_an_answer_about_something_else_is_wrong(storm: Storm) -> None:
    storm.answers(storm.asks(), "Have you tried to switch it off and on?", nonce="1-a")
    missing, left_over = storm.forum.wrong()
    assert "deserves one answer and has 0" in missing
    assert "no post deserves it" in left_over


def test_an_answer_whose_question_is_gone_is_wrong(storm: Storm) -> None:
    post = storm.asks()
    storm.answers(post, nonce="1-a")
    post.is_deleted = True
    (left_over,) = storm.forum.wrong()
    assert "no post deserves it" in left_over


def test_the_answer_of_before_the_edit_is_wrong(storm: Storm) -> None:
    post = storm.asks()
    storm.answers(post, nonce="1-a")
    post.question = storm.asks().question
    assert any("deserves one answer and has 0" in line for line in storm.forum.wrong())


@pytest.mark.parametrize("nonce", ["1-a", "2-a"])
def test_a_second_answer_is_remembered_even_when_it_is_gone_again(storm: Storm, nonce: str) -> None:
    post = storm.asks()
    storm.answers(post, nonce="1-a")
    second = storm.answers(post, nonce=nonce)
    storm.playground.world.delete_message(second)
    assert storm.forum.is_right()
    assert any(f"question {post.message.id}" in line for line in storm.forum.duplicates)
