"""What people did in the forum, and what must stand under it: one answer to each post that deserves one."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from bot.playground import Event, Message, Playground, Thread
from bot.playground.world import EventOrder
from chaos.questions import Question, Questions

MOST_POSTS_OF_A_THREAD = 6
_ORDERS: tuple[EventOrder, ...] = ("thread_first", "message_first")
EDITED, DELETED, CHATTED = 0.12, 0.07, 0.1  # of all that people do


@dataclass(slots=True, kw_only=True, eq=False)
class Post:
    message: Message
    question: Question
    is_deleted: bool = False

    @property
    def deserves(self) -> bool:
        return self.question.problem is not None and not self.is_deleted


class Forum:
    """The asker of each thread writes the next post when the last one has its answer, as people do.

    Two problems in one breath are answered in one message; which of them came in one breath is not known from outside.
    """

    def __init__(
        self, playground: Playground, questions: Questions, chance: Random, *, most_threads: int, most_posts: int
    ) -> None:
        self.done: Counter[str] = Counter()
        self.duplicates: dict[str, None] = {}
        self._playground = playground
        self._control = playground.control
        self._questions = questions
        self._chance = chance
        self._most_threads = most_threads
        self._most_posts = most_posts
        self._threads: dict[Thread, list[Post]] = {}
        self._problems: dict[Thread, set[int]] = {}
        playground.world.listen(self._look_for_duplicates)

    @property
    def is_full(self) -> bool:
        return self.done["posts"] >= self._most_posts

    @property
    def posts(self) -> list[Post]:
        return [post for posts in self._threads.values() for post in posts]

    # Acting

    def can_write(self) -> bool:
        return not self.is_full and (len(self._threads) < self._most_threads or any(self._open()))

    def act(self) -> None:
        """Somebody writes; now and then somebody changes or takes back what they wrote."""
        dice = self._chance.random()
        posts = [post for post in self.posts if post.deserves]
        if posts and dice < EDITED:
            self._edit(self._chance.choice(posts))
        elif posts and dice < EDITED + DELETED:
            self._delete(self._chance.choice(posts))
        elif self.can_write():
            self._write(is_chatter=dice > 1 - CHATTED)

    def _write(self, *, is_chatter: bool) -> None:
        open_threads = list(self._open())
        opens = len(self._threads) < self._most_threads and (not open_threads or self._chance.random() < 0.4)
        thread = None if opens else self._chance.choice(open_threads)
        question = self._questions.chatter(opens=opens) if is_chatter else self._error(thread)
        if question is None:
            return
        if thread is None:
            guild = self._chance.choice(list(self._playground.world.guilds.values()))
            order: EventOrder = self._chance.choice(_ORDERS)
            thread = self._control.create_post("An error", question.text, forum=guild.forum, order=order)
            self._threads[thread], self._problems[thread] = [], set()
            message = thread.messages[thread.id]
        else:
            message = self._control.reply(thread, question.text)
        self._remember(thread, question)
        self._threads[thread].append(Post(message=message, question=question))
        self.done["posts"] += 1

    def _edit(self, post: Post) -> None:
        thread = self._thread_of(post)
        question = self._error(thread)
        if question is None:
            return
        post.question = question
        self._remember(thread, question)
        self._control.edit(post.message, post.question.text)
        self.done["edits"] += 1

    def _delete(self, post: Post) -> None:
        post.is_deleted = True
        self._control.delete(post.message)
        self.done["deletes"] += 1

    def _error(self, thread: Thread | None) -> Question | None:
        return self._questions.error(but=self._problems[thread] if thread is not None else ())

    def _remember(self, thread: Thread, question: Question) -> None:
        if question.problem is not None:
            self._problems[thread].add(question.problem)

    def _open(self) -> Iterator[Thread]:
        """Threads whose first post asked for help and is still there, in which all is answered."""
        for thread, posts in self._threads.items():
            if posts[0].deserves and len(posts) < MOST_POSTS_OF_A_THREAD and not any(self._wrong(thread)):
                yield thread

    def _thread_of(self, post: Post) -> Thread:
        return next(thread for thread, posts in self._threads.items() if post in posts)

    # Looking

    def is_right(self) -> bool:
        return not any(any(self._wrong(thread)) for thread in self._threads)

    def wrong(self) -> list[str]:
        return [line for thread in self._threads for line in self._wrong(thread)]

    @property
    def deserved(self) -> int:
        return sum(post.deserves for post in self.posts)

    @property
    def answers(self) -> int:
        return sum(len(self._control.answers(thread)) for thread in self._threads)

    def _wrong(self, thread: Thread) -> Iterator[str]:
        answers = self._control.answers(thread)
        place = f"guild {thread.guild_id}, thread {thread.id}"
        rightful: set[int] = set()
        for number, post in enumerate(self._threads[thread], 1):
            if not post.deserves:
                continue
            mine = [answer.id for answer in answers if post.question.is_answered_in(answer.content)]
            rightful.update(mine)
            if len(mine) != 1:
                yield f"{place}: post {number} ({post.message.id}) deserves one answer and has {len(mine)}"
        for answer in answers:
            if answer.id not in rightful:
                yield f"{place}: message {answer.id} of Heron stands there, and no post deserves it"

    def _look_for_duplicates(self, event: Event) -> None:
        message = event.message
        if message is None or message.author_id != self._playground.world.cast.bot.id:
            return
        place = self._playground.world.places[message.channel_id]
        live = self._control.answers(place)
        for what, found in (
            ("key", Counter(answer.nonce for answer in live)),
            ("question", Counter(answer.reply_to_id for answer in live)),
        ):
            for value, times in found.items():
                if value is not None and times > 1:
                    self.duplicates[f"channel {place.id}: {times} messages at once with {what} {value}"] = None
