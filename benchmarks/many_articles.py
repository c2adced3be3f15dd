"""What a post costs with 400 articles instead of those that are shipped, in the same run."""

import random
import shutil
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks.diagnose import posts, spread, took_us
from bot.expertise import expertise
from bot.lines import PostLine
from bot.replay import diagnose
from bot.replies.compile import Templates
from bot.settings import Settings
from bot.triage.view import View

ARTICLES, EXAMPLES_OF_EACH = 400, 5
#: Of the shipped examples one in so many is judged, by each of the two, in turn.
EVERY = 8
SYLLABLES = ("bra", "do", "fen", "gri", "ka", "lom", "mu", "nes", "por", "qui", "ra", "sil", "tor", "va", "wex", "zo")
ARTICLE = """---
id: {id}
title: "the {subject} is {state}"
tell: "`{message}`"
owner: models
when:
  - {{status: {status}, message: "{message} for * seconds", captures: [wait_s]}}
  - {{message: "{message}"}}
examples:
{examples}
hand_over: {{when: if_stuck, to: moderators}}
sources: [{{title: Docs, url: https://openrouter.ai/docs}}]
checked: 2026-11-24
---
**The {subject} refused: it is {state}.**

## Why
Nobody looked after the {subject}.

## Steps
- Wait {{% if wait_s %}}{{{{ wait_s }}}} seconds{{% else %}}a minute{{% endif %}}.

## Brief
**The {subject}** is {state}: wait.
"""


def measure(settings: Settings) -> dict[str, object]:
    lines = [PostLine.model_validate(post) for post in posts(settings.templates_dir)[::EVERY]]
    with tempfile.TemporaryDirectory(prefix="heron-benchmark-") as folder:
        grown = grow(settings.templates_dir, Path(folder) / "templates", ARTICLES)
        few, few_ready_s = _ready(settings.templates_dir)
        many, many_ready_s = _ready(grown)
    times: tuple[list[int], list[int]] = ([], [])
    for line in lines:
        for known, taken in zip((few, many), times, strict=True):
            taken.append(took_us(partial(diagnose, line, *known)))
    of_few, of_many = map(spread, times)
    return {
        "posts": len(lines),
        "articles": [len(view.knowledge.base.articles) for view, _ in (few, many)],
        "a_post_us": [of_few, of_many],
        "median_ratio": round(of_many["median"] / of_few["median"], 2),
        "ready_without_cache_s": [few_ready_s, many_ready_s],
        "ready_ratio": round(many_ready_s / few_ready_s, 1),
    }


def grow(templates: Path, folder: Path, articles: int) -> Path:
    """A copy of these templates, with as many made up articles as they lack; words and errors of their own."""
    shutil.copytree(templates, folder)
    dice = random.Random(articles)
    present = {path.stem.partition(".")[0] for path in (folder / "articles").glob("*.md")}
    for number in range(articles - len(present)):
        subject, state, verb = (_word(dice) for _ in range(3))
        message = f"{subject} {verb} is {state}"
        examples = "\n".join(f'  - "{one}"' for one in _examples(message, subject, dice))
        text = ARTICLE.format(
            id=f"made-{number}",
            subject=subject,
            state=state,
            message=message,
            status=dice.choice((400, 404, 409, 422, 503)),
            examples=examples,
        )
        (folder / "articles" / f"made-{number}.md").write_text(text, "utf-8")
    return folder


def _examples(message: str, subject: str, dice: random.Random) -> Iterator[str]:
    for _ in range(EXAMPLES_OF_EACH):
        words = " ".join(_word(dice) for _ in range(6))
        yield f"my {subject} stopped, {words}. it says {message}, what now?"


def _word(dice: random.Random) -> str:
    return "".join(dice.choices(SYLLABLES, k=3))


def _ready(templates: Path) -> tuple[tuple[View, Templates], float]:
    start = time.perf_counter()
    knowledge, compiled = expertise(templates, cache=None)
    seconds = round(time.perf_counter() - start, 2)
    return (View(now=datetime.now(UTC), knowledge=knowledge), compiled), seconds
