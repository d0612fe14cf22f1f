"""Order of cases that were found: BM25 over words as they stand in the text, the same whatever index found them.

An index of trigrams counts pieces of words, and one of two letters (内涝) not at all; here a word counts as often as
it occurs, in either language. Robertson & Zaragoza (2009), The Probabilistic Relevance Framework, eq. 3.15.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

SATURATION, LENGTH = 1.2, 0.75
"""Weight of further occurrences of a word, and of a text's length [-]."""


class Held(NamedTuple):
    """A case of an index: its name, its text folded for comparison, and as written."""

    name: str
    folded: str
    text: str


class Corpus(NamedTuple):
    """Texts of an index: their number, their mean length [letter], and how many hold each word asked for."""

    texts: int
    mean: float
    holding: Sequence[int]


def ranked(entries: Iterable[Held], words: Sequence[str], corpus: Corpus) -> list[Held]:
    """Return cases, the best first, then by name; `words` are folded, as many as `corpus` counts."""
    weights = [math.log1p((corpus.texts - held + 0.5) / (held + 0.5)) for held in corpus.holding]

    def score(each: Held) -> float:
        long = 1 - LENGTH + LENGTH * len(each.folded) / max(corpus.mean, 1.0)
        counts = [each.folded.count(word) for word in words]
        return sum(
            weight * count * (SATURATION + 1) / (count + SATURATION * long)
            for weight, count in zip(weights, counts, strict=True)
        )

    return sorted(entries, key=lambda each: (-score(each), each.name))
