"""What people say about a help thread besides their problem: it works, it did not help, I want a person, stop."""

from bot.knowledge.articles import Strict


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
