"""How programs print an error on one line, and how people quote one: the grammar of error lines.

What is done with a message is not decided here.
"""

import re
from collections.abc import Iterator

from bot.extraction.report import Span

#: What a message rarely lacks. Words in quotes without one of these are quoted for another reason.
_FAILURE = re.compile(
    r"error|fail|invalid|not (?:found|supported|allowed|valid|available|permitted|exist|a valid|configured"
    r"|accessible)|cannot|can't|could not|couldn't|"
    r"unable|unexpected|missing|exceed|denied|refused|unauthor|forbidden|time[d ]?out|too (?:many|long|large)"
    r"|limit reached|"
    r"no (?:\w+ ){0,3}(?:found|available|data|response|body|content|output|reply)|undefined|null"
    r"|unsupported|unknown|overloaded"
    r"|rejected|blocked|reachable|must |is required|requires|"
    r"did not|does not|doesn't|was not|expired|declined|exhausted|insufficient|unavailable|aborted"
    r"|lost connection|empty response|bad request|incorrect|"
    r"mismatch|violat|reached your|unsupport",
    re.IGNORECASE,
)
# "openai.APIError: text", "Error: text", "Failed to start: text": what is in front says that the rest is
# a message.
_RAISED = re.compile(
    r"(?:^[ \t]{0,8}|(?<=[\s(\[`\"'>:|•✖⎿-]))(?:[A-Za-z_][\w.\\]{0,80}(?:Error|Exception|Failure|Timeout)"
    r"|Error(?: code)?|ERROR|error|FATAL|Fatal|fatal|"
    r"(?:Request |Completion |Call )?[Ff]ailed(?: to [\w -]{2,40})?|Fehler|Erreur|Ошибка|错误|报错)"
    r"(?: \[?[\w.]{1,40}\]?)?(?:\]|\))?(?:\s{0,2}:\s{0,3}|(?<=Exception) - )(?=[^\s{])",
    re.MULTILINE,
)
_RAISED_LEAD = re.compile(_RAISED.pattern.removesuffix(r"(?=[^\s{])"), re.MULTILINE)
# "RateLimitError: AzureException": classes and nothing else.
_CLASSES = re.compile(
    r"(?<![\w.])(?:[\w.]{1,60}(?:Error|Exception): ){1,3}[A-Z]\w{1,40}(?:Error|Exception)\b(?!:| - \w)"
)
# Behind a code: "402 text", "HTTP 429: text", "Error code: 404 - text", "[404] text".
_CODED = re.compile(
    r"(?:^[ \t]{0,8}|(?<=[\s(\[:>|\"'`]))(?:(?:API )?Error(?: code)?:? |HTTP(?:/\d\.\d)?:? ?|status(?: code)?:? "
    r"|code:? ?)?[(\[]?(?P<code>[45]\d\d)[)\]]?"
    r"(?: ?[:·|-])? {1,3}(?!errors?\b)(?=[A-Za-z\[\"'`]|[45]\d\d [a-z])",
    re.IGNORECASE | re.MULTILINE,
)
#: Words that only repeat the code: with it they are a message, and worth less than any other.
_REASON = re.compile(
    r"(?:Not Found|Bad Request|Internal Server Error|Payment Required|Too Many Requests|Unauthorized|Forbidden"
    r"|Bad Gateway|Service Unavailable|"
    r"Gateway Time-?out|Conflict|Rate limited|Unprocessable Entity)(?=\s|\Z|[^\w\s])[.!]?",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:API )?Request failed|Upstream request failed|(?:Completion|Generation) failed", re.IGNORECASE
)
_WRAPPER = re.compile(r"(?:provider|upstream) (?:returned (?:an )?error|error)\W{0,3}\Z", re.IGNORECASE)
# What a gateway says about the host behind it, up to the end of the line.
_UPSTREAM = re.compile(r"[Uu]pstream error from [\w. -]{2,30}: (?=\S)")
# Whole lines that are an edge's answer.
_EDGE = re.compile(r"^[ \t]{0,8}error code: 5\d\d[ \t]{0,8}$", re.MULTILINE)
# A validator's path: "tools.3.name: Field required"
_PATH = re.compile(r"^[ \t]{0,8}(?=[\w.\[\]]{0,80}[.\[]\d)[a-z_]{2,40}(?:[.\[][\w\]]{1,40}){1,8}: (?=\S)", re.MULTILINE)
# A line that announces the message on the next one.
_ANNOUNCED = re.compile(r"(?:[Ee]rror|ERROR|[Ff]ailed|says?|[Ff]ehler|错误|报错):[ \t]{0,4}\n\s{0,8}(?=[^\s{])")
# How two Python libraries say it: "Client error '400 Bad Request' for url '…'", "404 Client Error: Not Found for url:
# …"
_FOR_URL = re.compile(
    r"(?:Client|Server) error '\d{3} [^'\n]{2,40}' for url '[^'\n]{4,200}'|\d{3} (?:Client"
    r"|Server) Error: [^\n]{2,60}? for url: \S{4,200}"
)
_QUOTED = re.compile(r"`([^`\n]{10,400})`|(?<!\w)\"([^\"\n]{12,400})\"(?!\w)|(?<![\w])'([^'\n]{12,400})'(?!\w)")
_NOT_A_MESSAGE = re.compile(
    r"(?:HTTP )?\d{3}\W*\Z|[^\n]{0,60} - \d{3}\W*\Z|\w{2,40}: ?[\w.-]{2,60}\Z|https?://\S+\Z|[\w./:@-]{1,80}\Z"
    r"|[{<]|\[[\"'{\d]|I "
)
_KEY_BEFORE = re.compile(r"\b\w{2,30}(?:_type|type|code|_source)[\"'`]?\s?[:=]\s?[\"'`]?\Z")
_BODY_LABEL = re.compile(r"\bbody\W{0,4}\Z", re.IGNORECASE)
_MESSAGE_END = re.compile(
    r"(?<=[.!?])\s+(?=[A-Za-z])|\s{2,}|(?<=\w)[;|]\s| - (?=\{|\w{1,40}Error|(?i:i|is|any|how|what|why|when|help"
    r"|can|does|on|in)\b)| at (?=[/\w(]{0,40}[/(])|\"|`(?!\w)|\s[(\[](?:attempt|http|unk\)|model=)|, (?:and|but"
    r"|so|is|how|what|any) |\s->|\s→|(?=\s?[{])"
)
_TRAILING = " \t,;:|·-–—(["


def start_of_lead(view: str, start: int, end: int) -> int:
    """Where begins what a program printed on the line of a body that starts at `end`.

    "404 Not Found {…}", "litellm.APIError: {…}", "Nothing came back. Response body: {…}".
    """
    if _BODY_LABEL.search(view, start, end):
        return start
    leads = (pattern.search(view, start, end) for pattern in (_CODED, _RAISED_LEAD, _CLASSES))
    return min((lead.start() for lead in leads if lead), default=end)


def quoted_messages(view: str) -> Iterator[Span]:
    """Words in quotes or in a code span that tell of a failure."""
    for match in _QUOTED.finditer(view):
        group = match.lastindex or 0
        text = match[group]
        if _FAILURE.search(text) and not _NOT_A_MESSAGE.match(text) and " " in text.strip():
            yield Span(*match.span(group))


def announced_messages(view: str) -> Iterator[Span]:
    """The line below one that ends in "error:"."""
    for match in _ANNOUNCED.finditer(view):
        line_end = view.find("\n", match.end())
        stop = _end_of_message(view, match.end(), line_end if line_end >= 0 else len(view))
        text = view[match.end() : stop]
        if " " in text and _FAILURE.search(text) and not _NOT_A_MESSAGE.match(text):
            yield Span(match.end(), stop)


def is_mere_reason(message: str) -> bool:
    """A code in words, or the heading of a box: worth less than any message that says why."""
    return bool(_HEADING.fullmatch(message)) or (message[:3].isdigit() and _REASON.fullmatch(message[4:]) is not None)


def is_wrapper(message: str) -> bool:
    """Says only that somebody else said something: worth nothing beside what that was."""
    return _WRAPPER.match(message) is not None


def is_field_value(view: str, span: Span) -> bool:
    """ "error_type: rate_limit_exceeded": the value of a key, told beside a message."""
    return _KEY_BEFORE.search(view, max(0, span.start - 40), span.start) is not None


def messages_on_line(view: str, start: int, end: int) -> Iterator[Span]:
    if for_url := _FOR_URL.search(view, start, end):
        yield Span(*for_url.span())
        return
    if upstream := _UPSTREAM.search(view, start, end):
        yield Span(upstream.start(), _end_of_message(view, upstream.end(), end))
        return
    if edge := _EDGE.search(view, start, end):
        yield Span(*edge.span())
    if classes := _CLASSES.search(view, start, end):
        yield Span(*classes.span())
    # The last one stands before the innermost message.
    raised = max(_RAISED.finditer(view, start, end), key=lambda match: match.start(), default=None)
    at = raised.end() if raised else start
    coded = _CODED.search(view, at, end)
    if coded and (not raised or coded.start() <= at + 4) and _is_said(view, coded, start):
        reason = _REASON.match(view, coded.end(), end)
        if reason:
            if view[max(0, coded.start("code") - 2) : coded.start("code")] != '" ':  # an access log
                yield Span(coded.start("code"), reason.end())
            return
        at = coded.end()
    elif path := _PATH.search(view, start, end):
        yield Span(path.start() + len(path[0]) - len(path[0].lstrip()), _end_of_message(view, path.end(), end))
        return
    elif not raised:
        return
    stop = _end_of_message(view, at, end)
    text = view[at:stop].strip()
    if ((raised and text.count(" ") >= 2) or _FAILURE.search(text)) and not _NOT_A_MESSAGE.match(text):
        yield Span(at, stop)


def _is_said(view: str, coded: re.Match[str], line_start: int) -> bool:
    """Behind a code in the middle of somebody's line, only a capital or a quote begins a message.

    "the 402 billing error is …" does not.
    """
    begins_line = not view[line_start : coded.start()].strip(" \t>*-#|⎿")
    return begins_line or not view[coded.end()].islower() or not coded[0].lstrip("([ ")[0].isdigit()


def _end_of_message(view: str, start: int, end: int) -> int:
    stop_at = min(end, start + 600)
    match = _MESSAGE_END.search(view, start + 1, stop_at)
    stop = match.start() if match else stop_at
    return start + len(view[start:stop].rstrip(_TRAILING))
