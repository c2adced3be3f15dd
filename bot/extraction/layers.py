"""Which layer refused: the provider, the service, the network's edge, the client.

By words that only one of them prints.
"""

from functools import lru_cache

from bot.extraction.report import ErrorBody, Found, Span, Vocabulary

#: Fields that name hosts: who is on a list has not refused.
_LISTS = frozenset({"available_providers", "requested_providers", "affected_providers", "provider_name"})


@lru_cache(maxsize=4)
def _evidence(vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    return tuple((words.lower(), layer) for layer, literals in vocabulary.refusal_layers.items() for words in literals)


def find_layer(view: str, errors: tuple[ErrorBody, ...], vocabulary: Vocabulary) -> Found[str] | None:
    """What an error body says goes before what stands around it; among words the order of the vocabulary decides."""
    lowered = view.lower()
    if len(lowered) != len(view):  # a letter that grows in lower case would move every span behind it
        lowered = view
    for body in errors:
        if body.is_structured:
            told = (value for key, value in body.fields.items() if key not in _LISTS)
            text = " ".join((body.message, *body.outer_messages, *body.fields, *told)).lower()
            for words, layer in _evidence(vocabulary):
                if words in text:
                    start = lowered.find(words, body.span.start, body.span.end)
                    return Found(value=layer, span=Span(start, start + len(words)) if start >= 0 else body.span)
    for words, layer in _evidence(vocabulary):
        start = lowered.find(words)
        if start >= 0:
            return Found(value=layer, span=Span(start, start + len(words)))
    return None
