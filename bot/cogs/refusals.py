"""Discord's ways to say no, in the helpdesk's words."""

from collections.abc import Iterator
from contextlib import contextmanager

import discord

from bot.helpdesk.threads import (
    Busy,
    MessageGone,
    NotAllowed,
    NotDone,
    QuestionGone,
    Refused,
    ThreadClosed,
    ThreadGone,
    Unclear,
    Uploading,
)

_BY_CODE: dict[int, type[NotDone]] = {
    10003: ThreadGone,
    10008: MessageGone,
    40058: Uploading,
    50001: NotAllowed,
    50013: NotAllowed,
    50083: ThreadClosed,
    160002: NotAllowed,  # replying needs Read Message History
    160005: ThreadClosed,  # locked
}
_INVALID_BODY = 50035


@contextmanager
def translated() -> Iterator[None]:
    try:
        yield
    except NotDone:
        raise
    except discord.RateLimited as limited:
        raise Busy("rate limited", after_s=limited.retry_after) from None
    except discord.HTTPException as error:
        raise _meaning(error) from error
    except Exception as error:
        # The connection broke somewhere on the way: the library lets its HTTP client's own errors through.
        raise Unclear(f"{type(error).__name__}: {error}") from error


def _meaning(error: discord.HTTPException) -> NotDone:
    reason = f"{error.status} {error.code} {_first_line(error.text)}".strip()
    if error.code in _BY_CODE:
        return _BY_CODE[error.code](reason)
    if error.code == _INVALID_BODY and "message_reference" in str(error):
        return QuestionGone(reason)
    if error.status == 429:
        return Busy(reason)
    if error.status >= 500:
        return Unclear(reason)
    return Refused(reason)


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:200]
