"""Posts that people labelled, one JSON object a line: what measurement compares Heron with. Nothing is learnt here."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from bot.knowledge.source import did_you_mean
from bot.lines import BadLine, PostLine, Text, read_lines

#: Labels for which silence is right: nobody asks for help, or no article fits.
SILENT = frozenset({"not-support", "other"})
#: A post that holds a key; Heron has to warn, whatever else it does.
SECRET = "secret"


class LabelledEntities(BaseModel):
    """What stands in the post word for word."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    status_codes: tuple[int | str, ...] = ()
    model_ids: tuple[Text, ...] = ()
    providers: tuple[Text, ...] = ()
    generation_ids: tuple[Text, ...] = ()
    error_messages: tuple[Text, ...] = ()
    secrets: tuple[Text, ...] = ()  # must stand nowhere in what Heron says

    def of(self, kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(str, getattr(self, kind))))


class LabelledPost(PostLine):
    label: str  # an article's id, `not-support` or `other`
    also: tuple[str, ...] = ()  # labels that are right as well
    labels_all: tuple[str, ...] = ()  # every problem of the post
    needs_info: bool = False  # too little is told: asking is right
    action_ok: tuple[str, ...] = ()  # each acceptable
    kind: str = ""
    entities: LabelledEntities = LabelledEntities()
    entities_unsure: LabelledEntities = LabelledEntities()  # neither right nor wrong

    @property
    def gold(self) -> frozenset[str]:
        return frozenset((self.label, *self.also))

    @property
    def problems(self) -> frozenset[str]:
        """Those of the post that an article is for."""
        return frozenset(self.labels_all) - SILENT

    @property
    def accepts_silence(self) -> bool:
        return bool(self.gold & SILENT)


def read_labelled(text: str, source: str, articles: Collection[str]) -> Sequence[LabelledPost]:
    """The posts of a file; `BadLine` when one cannot be used, or bears an unknown label or the id of another."""
    posts = list(read_lines(text, LabelledPost, source))
    numbers = [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    known = {*articles, *SILENT}
    seen: dict[str | int, int] = {}
    for number, post in zip(numbers, posts, strict=True):
        if post.id in seen:
            raise BadLine(
                f"{source}:{number}: id: {post.id} stands in line {seen[post.id]} already (give each its own)"
            )
        seen[post.id] = number
        for key, label in _labels(post):
            if label not in known:
                raise BadLine(f"{source}:{number}: {key}: `{label}` is no article ({did_you_mean(label, known)})")
    if not posts:
        raise BadLine(f"{source}:1: no post in it (write one JSON object a line)")
    return posts


def _labels(post: LabelledPost) -> Iterator[tuple[str, str]]:
    named: Mapping[str, Sequence[str]] = {
        "label": (post.label,),
        "also": post.also,
        "labels_all": post.labels_all,
    }
    return ((key, label) for key, labels in named.items() for label in labels)
