"""What people say about a help thread besides their problem: it works, it did not help, I want a person, stop."""

import re
from typing import Annotated

from pydantic import Field

from bot.knowledge.articles import Strict

# Thai, kana, Chinese, and Korean, whose words carry endings: there a phrase is searched as text.
_SPACELESS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

_Phrase = Annotated[str, Field(min_length=1)]


class Phrases(Strict):
    """Literal phrases, all languages together; matched word by word, blind to case and punctuation.

    A phrase in a script without spaces matches anywhere in the text; one that ends in `$` only at the end of a message.
    """

    solved: tuple[str, ...]
    not_helped: tuple[str, ...]  # also whatever turns a "works" into its opposite
    wants_person: tuple[str, ...]
    stop: tuple[str, ...]  # sends Heron away
    agrees: tuple[str, ...]  # nothing but agreement or thanks
    shares: tuple[str, ...]  # tells others what helped; asks for nothing
    cries: tuple[str, ...] = ()  # a cry for help that tells nothing; counts in very short messages
    #: In these two punctuation counts, and `*` is any word, or, beside letters, what a word begins or goes on with.
    goes_on: tuple[_Phrase, ...] = ()  # to a further thing in the middle of a sentence; case counts
    announces_more: tuple[_Phrase, ...] = ()  # than one thing


def is_spaceless(phrase: str) -> bool:
    """Whether it is in a script without spaces, where words have no borders that one could look for."""
    return _SPACELESS.search(phrase) is not None
