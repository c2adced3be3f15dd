"""A message as it goes to Discord: content and rows of buttons, within Discord's limits."""

from dataclasses import dataclass

#: Discord's limits for what a bot posts.
MAX_CONTENT = 2000
MAX_ROWS = 5
MAX_ROW = 5
MAX_LABEL = 80
MAX_CUSTOM_ID = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    custom_id: str  # `h1:<key>:<verb>[:<article>]`
    label: str
    style: str = "secondary"  # primary, secondary, success, danger


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """At most 2,000 characters of content and five rows of five buttons."""

    content: str
    rows: tuple[tuple[Button, ...], ...] = ()
