"""HTTP status codes that a post names, told apart from money, ports, line numbers, versions, amounts and other numbers
of three digits.
"""

import re
from itertools import islice

from bot.extraction.report import Found, Span
from bot.extraction.telling import TELLS

#: Numbers that hardly anybody writes for another reason, so that nothing has to stand beside them.
_TELLING = frozenset({401, 402, 403, 404, 408, 413, 422, 429, 502, 503, 504, 520, 522, 524, 529})
_RARE = frozenset({400, 405, 406, 407, 409, 410, 411, 412, 414, 415, 418, 421, 423, 424, 425, 426, 428, 431, 451, 499})
_CODES = _TELLING | _RARE | frozenset({500, 501, 505, 507, 508, 511, 521, 523, 525, 526, 527, 530})
#: Numbers looked at in one post: a table of thousands of them holds no error.
_MAX_CANDIDATES = 400

# Letters of ASCII only: "报错429了" glues the words to the number.
_CANDIDATE = re.compile(r"(?<![\w$€£¥₽￥#@~≈+%])(?:HTTP[ _-]?)?([45]\d\d)(?![\w%€$£¥₽￥])(?!-\w|[.,:]\d)", re.ASCII)
_UNIT = re.compile(
    r"[ -]?(?:(?:in|out(?:put)?|input|free|more|less|paid|daily|extra|api|million|thousand)\s){0,2}"
    r"(?:tokens|reqs|requests(?!\s+(?:fail|error))|rpm|tpm|calls|credits|messages(?!\.\d|\[)|msgs|ms|s|secs?|seconds?|mins?|minutes?|hrs?|hours?|h|days?|weeks?|"
    r"months?|usd|eur|dollars?|euros?|bucks|cents?|quid|kb|mb|gb|tb|kib|mib|gib|k|mio|px|pages|rows|lines|words|chars|characters|people|users|"
    r"files|images|pics|models|keys|entries|items|posts|chats|employees|customers|percent|times|x|per|requêtes|anfragen|nachrichten|tage|euro|"
    r"запросов|сообщений|рублей)(?![A-Za-z])"
    r"|[ ]?(?:次|个|個|条|條|元|块|刀|美|人|名|张|页|頁|期|层|楼|行|回|件|円|ドル|万|千|字|文字"
    r"|毫秒|秒|分|小时|時間|天|月|年|日|ページ|초|분|시간|개|원|번째|달러)",
    re.IGNORECASE,
)
#: The word before the number, when the number counts or places something.
_COUNTING = frozenset(
    "line ln row col column port page version ver v build pid issue pr room length count size seed height width "
    "zeile seite paid bought usd eur "
    "ligne línea linha chapter".split()
)
_AMOUNTS = frozenset(
    "limit max min total step user level took after for about around roughly over under than to buy pay cost "
    "costs add added spent up have had need "
    "needs only all every nearly almost another top_k p "
    "jan january feb february mar march apr april may jun june jul july aug august sep sept september oct october "
    "nov november dec december".split()
)
#: The word before the number, when the number is what went wrong.
_NAMING = frozenset(
    "error errors err erro errore fehler erreur erreurs código codigo code http status statuscode httpstatus "
    "response resp return returns returned "
    "returning answer answers answered got get gets getting give gives gave giving throw throws threw say says "
    "said saying see seeing show shows with "
    "an a the failed fails failure rejected provider request exception still now same again always random "
    "constant keep keeps these those this is are "
    "means or and bad what why fix api ошибка ошибку ошибки код foutcode hata lỗi".split()
)
_NAMING_ENDS = tuple("错误 報錯 报错 报 返回 状态码 エラー 오류 에러 出现 提示 是 错 了 用 都".split())
#: What stands right before the number when it counts, where no space parts words.
_COUNTING_ENDS = tuple("第 约 大约 共 花了 充了 充值 付了 买了 剩 剩下 余额 用了 房间 端口 ポート 部屋 약".split())
# The name of a field, and what tells its value: "status は 500", "code ist 500".
_TOLD = re.compile(rf"(?:code|status|error|http|response)[\"'`\\]{{0,3}}{TELLS}[\"'`\\]{{0,3}}\Z", re.IGNORECASE)
_KEY = re.compile(r"(?:code|status|error|http|response)[\"'\\ ]{0,8}[:=][\"'\\ ]{0,8}\Z", re.IGNORECASE)
_GLUED_TO_CODE = re.compile(r"(?<!\d)[45]\d\d[,/|&+-]\Z")
_GLUED_TO_NAME = re.compile(r"(?:^|[\s(])(?:error|http|code|status|err)[:=/-]\Z", re.IGNORECASE)
_LAST_WORD = re.compile(r"[^\W\d]+\Z")
_OPENS_A_SENTENCE = re.compile(r"(?:\A|[\n.!?:;,(\[{\"'`/|>→-])\s{0,3}[\"'`*(\[]{0,3}\Z")
#: What a reason looks like: "400 Bad Request", "500: …", "500 when I …", "500/503".
_REASON = re.compile(r"[\"'`*)\]]{0,4}\s{0,2}(?:\Z|[^\w\s]|[A-Za-z]{2,})")


def find_status_codes(view: str) -> tuple[Found[int], ...]:
    """Every code once, where it stands first."""
    found: dict[int, Found[int]] = {}
    for match in islice(_CANDIDATE.finditer(view), _MAX_CANDIDATES):
        code = int(match[1])
        if code in _CODES and code not in found and _is_status(code, view, *match.span()):
            found[code] = Found(value=code, span=Span(*match.span(1)))
    return tuple(found.values())


def _is_status(code: int, view: str, start: int, end: int) -> bool:
    before, after = view[max(0, start - 24) : start], view[end : end + 32]
    if _KEY.search(before):
        return True
    word = _word_before(before)
    if _is_part_of_something(before) or word in _COUNTING or word.endswith(_COUNTING_ENDS) or _UNIT.match(after):
        return False
    if word in _NAMING or before.rstrip(" :").endswith(_NAMING_ENDS) or code in _TELLING or _TOLD.search(before):
        return True
    return word not in _AMOUNTS and bool(_OPENS_A_SENTENCE.search(before)) and bool(_REASON.match(after))


def _word_before(before: str) -> str:
    word = _LAST_WORD.search(before.rstrip(" \"'`*([{:=>#-→.,"))
    return word[0].lower() if word else ""


def _is_part_of_something(before: str) -> bool:
    """`cli.js:404`, `1,500`, `chat:404`, `in=503`, `/404`.

    Glued to what stands before it, unless that is a code or names one.
    """
    if not before or before[-1] not in ".,:=/\\&-":
        return False
    return not _GLUED_TO_CODE.search(before) and not _GLUED_TO_NAME.search(before)
