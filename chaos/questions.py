"""What people ask in the storm: errors that are recognised for sure, each with the words that its answer must quote."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from bot.lines import PostLine
from bot.replay import diagnose
from bot.replies.compile import Templates
from bot.triage.plans import Action
from bot.triage.view import View

#: One problem each. The number makes the quoted line the post's own wherever the sentence has room for one.
_ERRORS: Sequence[tuple[int, str]] = (
    (429, "acme/model-{n}:free is temporarily rate-limited upstream. Please retry shortly"),
    (429, "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day"),
    (429, "Rate limit exceeded: free-models-per-min. "),
    (402, "Insufficient credits. Add more using https://openrouter.ai/credits"),
    (403, "Key limit exceeded (total limit). Manage it using https://openrouter.ai/settings/keys"),
    (400, "acme/model-{n} is not a valid model ID"),
    (400, "This endpoint's maximum context length is 13{n} tokens. However, you requested about 15{n} tokens"),
    (404, "No endpoints found that support tool use. To learn more about provider routing, visit: …"),
    (404, "No endpoints found matching your data policy (Free model publication). Configure: …"),
    (404, "No allowed providers are available for the selected model."),
    (401, "No auth credentials found"),
)  # fmt: skip

#: Nobody asks for help with these, so nothing may be said to them.
_OPENING_CHATTER = (
    "Built a small plugin this weekend and it works great, sharing it in case somebody likes it",
    "Just wanted to say hello, great forum",
)
_CHATTER = ("ok, thanks", "thank you!")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an answer to it shows: the line that it quotes, or, beside another answer, the words of the short one.

    `problem` is what it is about, by number; None when it deserves no answer.
    """

    text: str
    problem: int | None = None
    quoted: str = ""
    briefly: str = ""

    def is_answered_in(self, content: str) -> bool:
        return self.quoted in content or self.briefly in content


class Questions:
    def __init__(self, view: View, templates: Templates, chance: Random) -> None:
        self._view = view
        self._templates = templates
        self._chance = chance
        self._number = 1_000

    def error(self, *, but: Collection[int]) -> Question | None:
        """About none of these problems: a thread is told each answer only once. None when there is no other."""
        left = [problem for problem in range(len(_ERRORS)) if problem not in but]
        if not left:
            return None
        self._number += 1
        problem = self._chance.choice(left)
        status, sentence = _ERRORS[problem]
        text = json.dumps({"error": {"message": sentence.format(n=self._number), "code": status}}, ensure_ascii=False)
        return self._asked(problem, text)

    def chatter(self, *, opens: bool) -> Question:
        return Question(text=self._chance.choice(_OPENING_CHATTER if opens else _CHATTER))

    def _asked(self, problem: int, text: str) -> Question:
        played = diagnose(PostLine(id=0, title="An error", text=text), self._view, self._templates)
        if played.decision.action is not Action.ANSWER or played.message is None:
            raise ValueError(f"no sure answer to {text}")
        article_id = played.decision.diagnosis.findings[0].article_id
        brief = self._view.knowledge.base.body(article_id, "en").brief[0].text
        # The proof stands by itself on the second line. A short answer names its subject before anything is filled in.
        return Question(
            text=text, problem=problem, quoted=played.message.splitlines()[1], briefly=brief.partition("{")[0]
        )
