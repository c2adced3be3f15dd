"""What an article or a message must not say: things that Heron cannot know, promises, and the tone of a call centre."""

import re
from collections.abc import Iterable, Iterator

from bot.knowledge.source import Problem

_UNSEEN = "Heron cannot see it: say what the error says, or who can look it up"
_PROMISE = "promise nothing: say who decides and what to bring"
_TONE = "cause first: leave it out"

#: Words and the cure for them. Literals of English and Chinese; matched as whole words, blind to case.
FORBIDDEN: tuple[tuple[str, str], ...] = (
    (r"(?:you )?(?:were|was|are|have been|will)(?: not|n't) (?:be )?(?:charged|billed)", _UNSEEN),
    (r"no credits were charged", _UNSEEN),
    (r"your (?:card|bank|account) (?:was|is) (?:declined|banned|suspended)", _UNSEEN),
    (r"(?:we|they|the team) (?:have |has )?fixed", _UNSEEN),
    (r"(?:has|have) been fixed", _UNSEEN),
    (r"(?:will|going to) (?:be refunded|refund|get (?:a|your) (?:refund|money))", _PROMISE),
    (r"(?:will|going to) (?:be back|be fixed|be solved|answer you|reply|respond|get back)", _PROMISE),
    (r"as soon as possible", _PROMISE),
    (r"within (?:the next )?(?:a few|some) (?:minutes|hours|days)", _PROMISE),
    (r"very soon", _PROMISE),
    (r"(?:contact|ping|ask|message|tell|dm) (?:the |a )?(?:mods?|moderators?)", "bring them in instead: `hand_over`"),
    (r"please provide", "ask for one thing, plainly"),
    (r"as an ai", _TONE),
    (r"the user", "say you"),
    (r"(?:hello|hi there|hey|dear|welcome)", _TONE),
    (r"(?:sorry|apologies|apologi[sz]e|unfortunately|we regret)", _TONE),
    ("您好|你好|抱歉|对不起|很遗憾", _TONE),
    ("没有扣费|不会扣费|已经修复|我们修复了", _UNSEEN),
    ("会退款给你|一定会退|很快就会|尽快", _PROMISE),
    ("联系管理员|联系版主", "bring them in instead: `hand_over`"),
)

#: Owners whose articles speak of somebody's money, account or rules: they must not state how things stand with the
#: asker, which only the service can look up.
CAREFUL_OWNERS = frozenset({"billing", "accounts", "policy"})
_THINGS = "payment|purchase|card|credits?|balance|money|refund|account|invoice|subscription|top-up|keys?"
_WORDS = "data|prompts?|messages?|chats?"
_IS = r"(?:has|have|had|is|are|was|were|stays?)(?: not|n't)?"
_STATES = (
    "received|arrived|approved|processed|rejected|refused|cancelled|credited|missing|lost|gone|safe|blocked|frozen"
    "|locked|limited|flagged|deleted|restored|empty|negative|enough|fine|active|in order|on its way|pending|too low"
)
FORBIDDEN_TO_CAREFUL: tuple[tuple[str, str], ...] = (
    (rf"your (?:{_THINGS}) {_IS} (?:been |already |now |still )?(?:{_STATES})", _UNSEEN),
    (r"you(?:'ve| have| had| still have)? (?:enough|no|plenty of|too few) (?:credits?|balance|money)", _UNSEEN),
    (r"you (?:did|have|broke|violated) (?:not )?(?:nothing wrong|anything wrong|the rules)", _UNSEEN),
    (r"(?:nobody|no one) (?:saw|has seen|can see|reads?|used|has used) (?:your|it)", _UNSEEN),
    (rf"your (?:{_WORDS}) {_IS} (?:been )?(?:safe|private|deleted|stored|logged|kept|shared|used)", _UNSEEN),
    (r"你的?(?:余额|账户|帐户|付款|信用卡|密钥)(?:已经?|没有|不足|被)", _UNSEEN),
)


def _compiled(table: Iterable[tuple[str, str]]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(rf"(?<!\w)(?:{words})(?!\w)" if words.isascii() else words, re.IGNORECASE), cure)
        for words, cure in table
    )


_PATTERNS, _CAREFUL_PATTERNS = _compiled(FORBIDDEN), _compiled(FORBIDDEN_TO_CAREFUL)

#: An exclamation mark, but not the one that opens a command (`!mute`).
_SHOUT = re.compile(r"!(?![a-z])|！")


def forbidden_in(text: str, *, file: str, line: int, key: str, owner: str = "") -> Iterator[Problem]:
    """`text` is one line as it is read: without template tags and quoted code."""
    patterns = (*_PATTERNS, *_CAREFUL_PATTERNS) if owner in CAREFUL_OWNERS else _PATTERNS
    for pattern, cure in patterns:
        if match := pattern.search(text):
            yield Problem(file, line, key, f"it says `{match.group()}`", cure)
    if _SHOUT.search(text):
        yield Problem(file, line, key, "an exclamation mark", "end the sentence with a full stop")
