"""Which hosts of models a post names.

Most names are also a word, a model's author or a product: those count only with proof beside them.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice

from bot.extraction.report import ErrorBody, Found, Span, Vocabulary
from bot.extraction.telling import TELLS
from bot.extraction.words import TermHit, Terms, Words

#: Mentions looked at in one post.
_MAX_MENTIONS = 400
_LINK_OR_PATH = re.compile(r"[\w.-]*(?:/|://|@)[\w./:@-]*\Z")
#: Names between a cue and a name: "only groq, cerebras and X".
_OTHERS = r"(?:[\w./-]{2,24}[\"'`]{0,2}(?:, ?| and | or | und | y | et |\+| ?/ ?)[\"'`]{0,2}){0,8}"
_NOUN = (
    r"(?:(?<![A-Za-z_])providers?|供应商|供應商|提供商|服务商|プロバイダー?|제공자|공급자|провайдер\w?|поставщик\w?"
    r"|(?<![A-Za-z_])(?:proveedor(?:es)?|fornecedor|provedor|fournisseur|anbieter|sağlayıcı|dostawc[ay]|fornitore))"
)
# Before a name: "provider is X", "provider: {only: [X", "Providers serving a/b: X", "ends up at X".
_CUE_BEFORE = re.compile(
    r"(?:\b(?:providers?|provider_name|hoster?|upstream|order|only|ignored?|allow(?:ed)?|exclude[ds]?|pin(?:ned)?)"
    r"[\"'`\\]{0,3}\s{0,2}(?:is|are|was|=|:|=>|to|by|from|like|with|on)?\s{0,2}"
    r"|\bproviders serving [\w./:-]{3,80}: |\bpermits only: "
    r"|\b(?:rout(?:ed|es|ing) (?:to|through|via)|(?:hosted|served|refused|rejected) (?:by|on|at|from)"
    r"|ends? up (?:at|on|with)|lands? (?:at|on)) "
    r"|\b(?:requests?|calls?|traffic|messages?|everything|it|they|them) (?:all |only |silently |always )?(?:go"
    r"|goes|went|hops?|falls?|switch(?:es)?|route) "
    r"(?:back )?(?:only )?to |\b(?:route|hops|flips?) (?:only )?(?:to|between) |\bstay off "
    r"|\bserved[ -]by (?:column )?(?:says |is )?"
    r"|(?:\b\d{3}|\berrors?|\boverloaded|\brefused|[\"'`}\]]) from )"
    rf"[\[({{\"'`\\ ]{{0,6}}{_OTHERS}\Z"
    rf"|{_NOUN}(?:_name|_slug)?[\"'`\\]{{0,3}}{TELLS}[\[({{\"'`\\ ]{{0,6}}{_OTHERS}\Z",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(
    r"[\"'`\\*]{0,3}(?:(?:, ?| and | or |\+| ?/ ?)[\"'`]{0,2}[\w.-]{2,24}[\"'`]{0,2}){0,4} {1,2}(?:(?:as|als"
    r"|como|come|comme) (?:the |a |my )?(?:\w+ )?(?:provider|host)|"
    r"providers?\b(?! returned)|endpoints?\b|hosts?\b|(?:is|are) (?:full|overloaded|listed|excluded|ignored|blocked))",
    re.IGNORECASE,
)
# A form of a client: "Provider: openai" names the kind of its API, not a host.
_FORM_LINE = re.compile(rf"(?:^|\n)[-*# \t]{{0,4}}(?:api ?)?{_NOUN}[*]{{0,2}}:[*]{{0,2}} {{0,3}}\Z", re.IGNORECASE)
_KIND_AFTER = re.compile(r"[\"'`]{0,2}[ -]?(?:compatib|kompatib|совмест|兼容|相容|互換|호환|格式)", re.IGNORECASE)
# Somebody's own account at that company is no host of this service.
_ELSEWHERE = re.compile(
    r"(?:'s (?:own|direct)|\s{0,2}(?:discord|account|console|api key|cli|forum|subscription|sub|dashboard"
    r"|endpoint direct))",
    re.IGNORECASE,
)

# Whose key is used is a matter of the provider: "our Mistral key", "the Cohere account that I added".
_OWN_KEY = re.compile(r"\bbyok\b|is_byok|\bown (?:[\w.]{2,20} ){0,2}keys?\b|\bbring your own", re.IGNORECASE)
_KEY_AFTER = re.compile(r"[\"'`]? {1,2}(?:api )?(?:keys?|accounts?|creds)\b", re.IGNORECASE)


@lru_cache(maxsize=4)
def _terms(vocabulary: Vocabulary) -> tuple[Terms, frozenset[str]]:
    names = [*vocabulary.provider_names, *vocabulary.provider_slugs]
    return Terms(names), frozenset(map(same_name, vocabulary.ambiguous_names))


def same_name(name: str) -> str:
    """Display name and slug of one provider are the same letters: "Moonshot AI", "moonshotai", "moonshot"."""
    return re.sub(r"[^a-z0-9]", "", name.lower()).removesuffix("ai")


def find_providers(
    view: str, words: Words, bodies: Sequence[ErrorBody], models: Sequence[Found[str]], vocabulary: Vocabulary
) -> tuple[Found[str], ...]:
    """Each provider once; what a body names goes before what somebody typed."""
    found: dict[str, Found[str]] = {}
    for one in (
        *_from_bodies(view, bodies),
        *_from_signs(view, words, vocabulary),
        *_from_prose(view, words, models, vocabulary),
    ):
        name = same_name(one.value)
        # Of two forms of one name the display name is the better one to say.
        if name not in found or (
            one.value in vocabulary.provider_names and found[name].value in vocabulary.provider_slugs
        ):
            found[name] = one
    return tuple(sorted(found.values(), key=lambda one: one.span))


def _from_bodies(view: str, bodies: Sequence[ErrorBody]) -> Iterator[Found[str]]:
    for body in bodies:
        names = [body.provider] if body.provider else []
        for key in ("available_providers", "requested_providers"):
            names += body.fields.get(key, "").split(", ")
        for name in names:
            start = view.find(name, body.span.start, body.span.end) if name else -1
            if start >= 0:
                yield Found(value=name, span=Span(start, start + len(name)))


def _from_signs(view: str, words: Words, vocabulary: Vocabulary) -> Iterator[Found[str]]:
    lowered = view.lower()
    terms, _ = _terms(vocabulary)
    if not any(sign.lower() in lowered for sign in vocabulary.provider_signs):
        return
    hits = {hit.span.start: hit for hit in terms.find(words)}
    for sign in vocabulary.provider_signs:
        at = lowered.find(sign.lower())
        while at >= 0:
            hit = hits.get(at + len(sign))
            if hit:
                yield Found(value=view[hit.span.start : hit.span.end], span=hit.span)
            at = lowered.find(sign.lower(), at + len(sign))


def _from_prose(view: str, words: Words, models: Sequence[Found[str]], vocabulary: Vocabulary) -> Iterator[Found[str]]:
    terms, ambiguous = _terms(vocabulary)
    inside = [model.span for model in models]
    hits = list(islice(terms.find(words), _MAX_MENTIONS))
    has_own_key = _OWN_KEY.search(view) is not None
    elsewhere = set() if has_own_key else {same_name(hit.term) for hit in hits if _ELSEWHERE.match(view, hit.span.end)}
    for hit in hits:
        if (
            same_name(hit.term) in elsewhere
            or any(span.start <= hit.span.start < span.end for span in inside)
            or _is_in_path(view, hit)
        ):
            continue
        before, after = view[max(0, hit.span.start - 90) : hit.span.start], view[hit.span.end : hit.span.end + 90]
        is_key_told = has_own_key and _KEY_AFTER.match(after) is not None
        if same_name(hit.term) not in ambiguous or is_key_told or _is_proved(before, after):
            yield Found(value=view[hit.span.start : hit.span.end], span=hit.span)


def _is_proved(before: str, after: str) -> bool:
    if _KIND_AFTER.match(after):
        return False
    is_named_before = _CUE_BEFORE.search(before) and not _FORM_LINE.search(before)
    return bool(is_named_before or _CUE_AFTER.match(after))


def _is_in_path(view: str, hit: TermHit) -> bool:
    before, after = view[max(0, hit.span.start - 60) : hit.span.start], view[hit.span.end : hit.span.end + 2]
    if (
        before[-1:] in ("/", ".", "@", "-", "_", "\\")
        or after[:1] in ("_", "@")
        or (after[:1] in ".-:" and after[1:2].isalnum())
    ):
        return True
    return bool(_LINK_OR_PATH.search(before)) and before[-1:] in ("/", "=", "&", "?")
