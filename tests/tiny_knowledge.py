"""An invented community with four articles, written to a folder, for tests in which every word has to be exact.

Its messages and the facts that they state are the shipped ones, so that no name is missing; all else is its own.
"""

import shutil
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.expertise import expertise
from bot.shipped import shipped_folder
from tests.shipped_knowledge import Ready

COMMUNITY = """
service: {name: Lantern, hosts: [lantern.example.com], key_prefix: "lk-"}
destinations:
  - {id: moderators, name: the moderators, bring: the whole error}
  - {id: support, name: Lantern support, address: help@lantern.example.com, bring: date and amount}
id_shapes:
  - {kind: "secret:service-key", pattern: '(?<![A-Za-z0-9])lk-[0-9a-z]{20,40}'}
  - {kind: generation, pattern: '(?<![\\w-])gen-\\d{10}-[A-Za-z0-9]{4,20}'}
  - {kind: "personal:user", pattern: '(?<![A-Za-z0-9])user_[A-Za-z0-9]{20,40}'}
providers: {names: [Glow, Ember Hill], slugs: [glow, ember-hill], signs: ["Upstream error from "]}
clients:
  - name: Lampion
    aliases: [lampion]
    shows_error_at: "the *Trace* tab"
layers: {provider: [upstream is dim]}
"""

FACTS = """
oil_per_day: {value: 1000, source: https://lantern.example.com/docs, checked: 2026-11-24}
page_oil: {value: https://lantern.example.com/oil, source: https://lantern.example.com/docs, checked: 2026-11-24}
"""

#: Recognised by its error; has more steps than one answer tells.
UPSTREAM_DIM = """---
id: upstream-dim
title: the provider's lamp is dim
tell: "`upstream is dim`"
owner: models
when:
  - {status: 503, message: "upstream is dim, wait * seconds", captures: [wait_s]}
  - {status: 503, message: "upstream is dim"}
examples: ["the provider is dim all day", "why does it say upstream is dim"]
hand_over: {when: if_stuck, to: moderators}
sources: [{title: Docs, url: https://lantern.example.com/docs}]
checked: 2026-11-24
---
**{{ provider or "The provider" }} refused {% if model %}{{ model | code }}{% else %}the request{% endif %}.**

## Why
All lamps share one wick.

## Steps
- Wait {% if wait_s %}{{ wait_s }} seconds{% else %}a minute{% endif %}.
- In {{ client }}: {{ client_setting("error") }}
- Buy [oil]({{ facts.page_oil }}), at most {{ facts.oil_per_day }} a day; it costs money.

## More steps
- Take another lamp.

## Note
Written for tests.

## Brief
**The dim lamp:** wait a minute.
"""

UPSTREAM_DIM_ZH = """**{{ provider or "提供商" }} 拒绝了请求。**

## Steps
- 等一分钟。
"""

#: Shares its number with upstream-dim, so that the bare number is a question.
WICK_LIMIT = """---
id: wick-limit
title: your own wick is at its limit
tell: "`wick limit reached`"
owner: models
when:
  - {status: 503, message: "wick limit reached"}
  - {reason: wick}
unless: [{message: "for the whole house"}]
examples: ["my wick limit is reached", "it says wick limit reached since noon"]
sources: [{title: Docs, url: https://lantern.example.com/docs}]
checked: 2026-11-24
---
**Lantern refused: your wick is at its limit.**

## Steps
- Wait until midnight.
"""

MONEY_BACK = """---
id: money-back
title: money back
tell: I want my money back
owner: billing
examples: ["can I get my money back", "please refund the oil that I bought"]
hand_over: {when: always, to: support}
autonomy: draft
sources: [{title: Docs, url: https://lantern.example.com/docs}]
checked: 2026-11-24
---
**{{ destination.name }} decides on money.**

## Steps
- Write to {{ destination.address }}.

## Brief
**Your money:** {{ destination.address }} decides.
"""

#: No remaining steps, and always for the moderators.
LOST_LAMP = """---
id: lost-lamp
title: a lamp that is gone
tell: my lamp is gone
owner: models
when: [{status: 410}]
examples: ["my lamp is gone since the move", "where did my lamp go"]
hand_over: {when: always, to: moderators}
sources: [{title: Docs, url: https://lantern.example.com/docs}]
checked: 2026-11-24
---
**The lamp was taken out of the catalogue.**

## Steps
- Choose another lamp.
"""

OUT_OF_SCOPE = """{"lang": "en", "title": "", "text": "I built a lamp shelf this weekend, look at it"}
{"lang": "en", "title": "", "text": "who comes to the lamp fair on Sunday"}
"""

ARTICLES = {
    "upstream-dim.md": UPSTREAM_DIM,
    "upstream-dim.zh.md": UPSTREAM_DIM_ZH,
    "wick-limit.md": WICK_LIMIT,
    "money-back.md": MONEY_BACK,
    "lost-lamp.md": LOST_LAMP,
}


def write_tiny_templates(folder: Path) -> Path:
    """The folder `templates` inside `folder`; the same bytes every time."""
    templates = folder / "templates"
    for name, text in ARTICLES.items():
        _write(templates / "articles" / name, text)
    _write(templates / "examples" / "out-of-scope.jsonl", OUT_OF_SCOPE)
    _write(templates / "community.yaml", COMMUNITY)
    shipped = shipped_folder("templates")
    _write(templates / "facts.yaml", (shipped / "facts.yaml").read_text("utf-8") + FACTS)
    _write(templates / "vocabulary" / "model_ids.txt", "glow/lamp-1\nglow/lamp-1:free\nember/wick-2\n")
    shutil.copytree(shipped / "messages", templates / "messages")
    shutil.copy(shipped / "phrases.yaml", templates)
    return templates


@cache
def tiny() -> Ready:
    """Made ready once for all tests of a run."""
    with TemporaryDirectory() as folder:
        return made_ready(write_tiny_templates(Path(folder)))


def made_ready(templates: Path) -> Ready:
    knowledge, compiled = expertise(templates, cache=None)
    return Ready(knowledge=knowledge, templates=compiled)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
