"""Model ids in a text: by grammar, confirmed by the catalogue or by what stands beside them.

Paths, MIME types and repositories look alike.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from bot.extraction.catalogue_index import VARIANTS, CatalogueIndex, index_of
from bot.extraction.report import Catalogue, Found, Span, Vocabulary
from bot.extraction.telling import TELLS

_MAX_CANDIDATES = 400
# Letters of ASCII only: "用author/model-1报错" glues words to the id.
_CANDIDATE = re.compile(
    r"(?<![\w@.~/\\-])~?[A-Za-z0-9][\w.-]{1,39}/[A-Za-z0-9][\w.-]{0,79}(?:/[A-Za-z0-9][\w.-]{1,79})?(?::[A-Za-z][A-Za-z0-9-]{1,15})?"
    r"(?:@preset/[a-z0-9-]{1,60})?(?![\w/\\])",
    re.ASCII,
)
_PRESET = re.compile(r"(?<![\w/])@preset/[a-z0-9-]{2,60}", re.ASCII)
_DOTTED = re.compile(r"(?<![\w@./\\-])[a-z][a-z0-9-]{1,30}\.[a-z0-9][\w.-]{2,70}(?::[a-z]{3,14})?(?![\w/\\])", re.ASCII)
_LINK = re.compile(
    r"(?:https?://|www\.)[^\s<>\"'`)\]]+|(?<![\w@])(?:[a-z0-9-]{1,40}\.){1,6}(?:ai|com|io|dev|org|net|app)/[^\s<>\"'`)\]]*",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(?:py|[cm]?[jt]sx?|json[lc]?|md|txt|ya?ml|toml|html?|css|rs|go|java|rb|php|sh|png|jpe?g|gif|webp|svg|pdf|log|lock|exe|zip|vue|cs|cpp|h)\Z",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:models/|api/v1/models/)?(~?[a-z0-9][\w.-]{1,39}/[A-Za-z0-9][\w.-]{1,79}(?::[a-z-]{2,16})?)(?=[/?#.,;!]|\Z)"
)
_MIME = frozenset("application text image video audio multipart font message chemical".split())
#: Endings of a provider's endpoint, not of an author's model: "deepinfra/fp8".
_TAGS = frozenset(
    "fp4 fp6 fp8 fp16 fp32 bf16 int4 int8 turbo flex priority fast base highspeed lite global eu us".split()
)
_MODEL_BEFORE = re.compile(
    r"(?:\bmodel|\bmodel[_ ]?(?:id|name|slug)|\bmodels[\"'`]?[:=]|\bslug|\bllm|MODEL|--model|-m"
    r"|endpoints found for|providers for|endpoints for|"
    rf"limit_rpm/|模型|モデル|모델|\b[a-zA-Z]{{3,20}}\()[\"'`\\]{{0,3}}{TELLS}[\[(]?\s{{0,2}}[\"'`\\*]{{0,3}}\Z",
    re.IGNORECASE,
)
_MODEL_AFTER = re.compile(
    r"[\"'`\\*]{0,3}\s{1,3}(?:is not a valid model|is temporarily rate|requires moderation|is only available on"
    r"|does not exist|model\b)",
    re.IGNORECASE,
)


@lru_cache(maxsize=4)
def _prefixes(vocabulary: Vocabulary) -> tuple[str, ...]:
    """What clients put before an id, if a slash ends it: other separators end a candidate by themselves."""
    return tuple({prefix for client in vocabulary.clients for prefix in client.model_prefixes if prefix.endswith("/")})


def find_model_ids(view: str, vocabulary: Vocabulary, catalogue: Catalogue) -> tuple[Found[str], ...]:
    """Every id once, as it was typed, where it stands first."""
    index = index_of(catalogue)
    found: dict[str, Found[str]] = {}
    if "/" in view:
        links = list(_LINK.finditer(view))
        for one in (
            *_written(view, [link.span() for link in links], vocabulary, index),
            *_linked(links, vocabulary, index),
        ):
            known = found.get(one.value.lower())
            if known is None or one.span < known.span:
                found[one.value.lower()] = one
        for match in _PRESET.finditer(view):
            found.setdefault(match[0], Found(value=match[0], span=Span(*match.span())))
    for match in _DOTTED.finditer(view):
        if match[0].partition(":")[0] in index.dotted:
            found.setdefault(match[0], Found(value=match[0], span=Span(*match.span())))
    cut = {
        typed
        for typed in found
        if not index.has(typed) and any(other != typed and other.startswith(typed) for other in found)
    }
    return tuple(sorted((one for typed, one in found.items() if typed not in cut), key=lambda one: one.span))


def _written(
    view: str, links: list[tuple[int, int]], vocabulary: Vocabulary, index: CatalogueIndex
) -> Iterator[Found[str]]:
    for match in islice(_CANDIDATE.finditer(view), _MAX_CANDIDATES):
        start, value = _without_prefix(match.start(), match[0].rstrip(".-_"), vocabulary, index)
        is_linked = any(first <= start < last for first, last in links)
        if value and not is_linked and _is_model(value, view, start, index):
            yield Found(value=value, span=Span(start, start + len(value)))


def _linked(links: list[re.Match[str]], vocabulary: Vocabulary, index: CatalogueIndex) -> Iterator[Found[str]]:
    """A link to the page of a model names it; other links only look alike."""
    for link in links[:_MAX_CANDIDATES]:
        host, _, path = link[0].partition("://")[2].partition("/") if "://" in link[0] else link[0].partition("/")
        page = _PAGE.match(path.rstrip(".,;:!")) if host.lower().removeprefix("www.") in vocabulary.own_hosts else None
        if page and index.has(page[1]):
            start = link.end() - len(path) + page.start(1)
            yield Found(value=page[1], span=Span(start, start + len(page[1])))


def _without_prefix(start: int, value: str, vocabulary: Vocabulary, index: CatalogueIndex) -> tuple[int, str]:
    if value.count("/") == 2 and "@preset/" not in value:
        for prefix in _prefixes(vocabulary):
            if value.lower().startswith(prefix):
                return start + len(prefix), value[len(prefix) :]
        return start, ""
    head, dot, rest = value.partition(".")
    # "service.author/model": the dot of a client that names the service first
    if dot and "/" in rest and index.has(rest) and not index.has(value) and f"{head}/".lower() in _prefixes(vocabulary):
        return start + len(head) + 1, rest
    return start, value


def _is_model(value: str, view: str, start: int, index: CatalogueIndex) -> bool:
    end = start + len(value)
    is_known = index.has(value)
    if is_known:
        return True
    author, _, slug = value.lower().removeprefix("~").partition("/")
    name, _, variant = slug.partition(":")
    if (
        author in _MIME
        or name in _TAGS
        or _FILE.search(value)
        or not re.search(r"[a-z]", author)
        or not re.search(r"[a-z]{2}", name)
    ):
        return False
    before, after = view[max(0, start - 40) : start], view[end : end + 40]
    if before.endswith(("/", "\\", "@", "./")):
        return False
    if _MODEL_AFTER.match(after) or variant in VARIANTS:
        return True
    has_number = bool(re.search(r"\d", name))
    if not has_number and value.partition("/")[0] != author:
        return False  # "OpenAI/Azure": names, no id
    if author in index.authors:
        return (
            has_number
            or bool(variant)
            or _is_of_family(name, index.by_author[author])
            or _resembles(f"{author}/{name}", index.by_author[author])
        )
    if _MODEL_BEFORE.search(before):
        return has_number or "-" in name
    return has_number and len(author) > 3 and _resembles(f"{author}/{name}", tuple(index.known), floor=92)


def _is_of_family(name: str, ids: tuple[str, ...]) -> bool:
    """Named like the author's other models, or like a model under test: "grok-…", "…-alpha"."""
    family, _, rest = name.partition("-")
    return rest.endswith(("alpha", "beta", "latest", "preview")) or (
        bool(rest) and any(other.partition("/")[2].startswith(f"{family}-") for other in ids)
    )


def _resembles(model_id: str, choices: tuple[str, ...], floor: float = 78) -> bool:
    from rapidfuzz import fuzz, process

    return process.extractOne(model_id, choices, scorer=fuzz.ratio, score_cutoff=floor) is not None
