"""Whose answer changes between two knowledge bases: the same posts, judged with both."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.markup import escape

from bot.lines import PostLine
from bot.replay import Played


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    actions: tuple[str, ...]
    articles: tuple[str, ...]  # those that were found, not what else it could be
    message: str | None

    @classmethod
    def of(cls, played: Played) -> "Said":
        return cls(
            actions=tuple(action.value for action in played.decision.actions),
            articles=tuple(h.article_id for h in played.decision.diagnosis.findings),
            message=played.message,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    post: PostLine
    before: Said
    after: Said

    @property
    def what(self) -> tuple[str, ...]:
        """`actions`, `articles`, `message`: those that differ."""
        return tuple(name for name in ("actions", "articles", "message") if self._differs(name))

    def _differs(self, name: str) -> bool:
        return bool(getattr(self.before, name) != getattr(self.after, name))


def changes(posts: Sequence[PostLine], before: Sequence[Played], after: Sequence[Played]) -> tuple[Change, ...]:
    compared = (
        Change(post=post, before=Said.of(old), after=Said.of(new))
        for post, old, new in zip(posts, before, after, strict=True)
    )
    return tuple(change for change in compared if change.what)


def changes_json(found: Sequence[Change], posts: int) -> dict[str, Any]:
    counts = Counter(name for change in found for name in change.what)
    return {
        "posts": posts,
        "changed": len(found),
        **{name: counts[name] for name in ("actions", "articles", "message")},
        "changes": [
            {
                "id": change.post.id,
                "what": list(change.what),
                "before": _side(change.before),
                "after": _side(change.after),
            }
            for change in found
        ],
    }


def show_changes(found: Sequence[Change], posts: int, console: Console) -> None:
    for change in found:
        console.print(f"[bold]{escape(str(change.post.id))}[/]  {', '.join(change.what)}", soft_wrap=True)
        for line in _lines(change):
            console.print(f"  {line}", soft_wrap=True)
    counts = Counter(name for change in found for name in change.what)
    told = ", ".join(f"{counts[name]} {name}" for name in ("actions", "articles", "message"))
    console.print(f"{len(found)} of {posts} posts change: {told}")


def _side(said: Said) -> dict[str, Any]:
    return {"actions": list(said.actions), "articles": list(said.articles), "message": said.message}


def _lines(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    if "actions" in change.what or "articles" in change.what:
        yield f"[red]-[/] {_short(before)}"
        yield f"[green]+[/] {_short(after)}"
    if "message" in change.what:
        old, new = (before.message or "").split("\n"), (after.message or "").split("\n")
        yield from (f"[red]- {escape(line)}[/]" for line in old if line not in new and line)
        yield from (f"[green]+ {escape(line)}[/]" for line in new if line not in old and line)


def _short(said: Said) -> str:
    return escape(f"{'+'.join(said.actions)}  {', '.join(said.articles) or 'no article'}")
