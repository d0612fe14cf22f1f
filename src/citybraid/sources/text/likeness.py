"""How alike two column names are, and which quantity an unknown name most probably means."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from citybraid.core.rows.intake import ColumnFiller
from citybraid.core.tables import read_table, remembered

SURE = 1.0
"""Confidence in a known name, and in the study's own word [-]."""
FILLED = 0.85
"""Confidence in a known name beside words that do not change what it means (现状, 总, max) [-]."""
GROUPED = 0.8
"""Confidence in a known name below a group whose name is not understood (甲区/容积率) [-]."""
LEAST = 0.75
"""Confidence below which a name is not taken for a quantity [-]."""
MARGIN = 0.05
"""How much likelier than the next one a reading must be [-]."""
SHORTEST = 5
"""Fewest characters of a name in which one slip of the pen is forgiven [-]."""
SHORTEST_INSIDE = 2
"""Fewest characters of a known name that is looked for inside another [-]."""


class Ambiguous(NamedTuple):
    """Columns and quantities that could each belong together."""

    vars: tuple[str, ...]
    headers: tuple[str, ...]


def likeness(name: str, known: str) -> float:
    """Return how surely a name means what a known name means, both as compared (`columns.key`) [-].

    A known name with harmless words around it is as good as known; one slip (a character
    wrong, missing, too many or two swapped) in a longer name costs its share of the name.
    """
    if name == known:
        return SURE
    if len(known) >= SHORTEST_INSIDE and known in name and _harmless(name.replace(known, "\x00", 1)):
        return FILLED
    if min(len(name), len(known)) >= SHORTEST and _one_slip(name, known):
        return 1.0 - 1.0 / max(len(name), len(known))
    return 0.0


def closest(
    headers: Mapping[str, Sequence[str]], wanted: Mapping[str, Sequence[str]]
) -> tuple[dict[str, tuple[str, float]], list[Ambiguous]]:
    """Return for quantities the header that most probably holds each, with its confidence; and what is ambiguous.

    `headers` gives each header as compared, then its last part where it was joined of
    several rows; `wanted` each quantity's known names as compared.
    """
    scores = {
        (header, var): best
        for header, spellings in headers.items()
        for var, names in wanted.items()
        if (best := _best(spellings, names)) >= LEAST
    }
    chosen: dict[str, tuple[str, float]] = {}
    asked: dict[Ambiguous, None] = {}
    for (header, var), score in scores.items():
        rivals_here = [other for (each, other), least in scores.items() if each == header and least > score - MARGIN]
        rivals_there = [each for (each, other), least in scores.items() if other == var and least > score - MARGIN]
        if len(rivals_here) == len(rivals_there) == 1:
            chosen[var] = (header, score)
        elif all(least <= score for (each, other), least in scores.items() if each == header or other == var):
            asked[Ambiguous(tuple(sorted(rivals_here)), tuple(sorted(rivals_there)))] = None
    return chosen, list(asked)


def _best(spellings: Sequence[str], names: Sequence[str]) -> float:
    """How surely a header means one of the names: as a whole, or by its last part alone."""
    last = GROUPED if any(part in names for part in spellings[1:]) else 0.0
    return max((likeness(spellings[0], each) for each in names), default=0.0) or last


def _harmless(rest: str) -> bool:
    """Tell whether what stands before and after a known name is made of words that do not change its meaning."""
    return all(_made_of_fillers(part) for part in rest.split("\x00"))


@remembered
def _fillers() -> tuple[str, ...]:
    return tuple(sorted((row.word for row in read_table(ColumnFiller)), key=lambda word: -len(word)))


def _made_of_fillers(text: str) -> bool:
    """Tell whether a text falls apart into known words and numbers of a year."""
    if not text or (text.isdigit() and len(text) in (2, 4)):
        return True
    return any(_made_of_fillers(text[len(word) :]) for word in _fillers() if text.startswith(word)) or (
        text[:4].isdigit() and len(text) > 4 and _made_of_fillers(text[4:])  # noqa: PLR2004  (a year)
    )


def _one_slip(one: str, other: str) -> bool:
    """Tell whether two names differ by one character wrong, missing or too many, or two swapped, the first aside."""
    if abs(len(one) - len(other)) > 1 or one[0] != other[0] or _digits(one) != _digits(other):
        return False
    short, long = sorted((one, other), key=len)
    at = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = at + 1 < len(short) and short[at] == long[at + 1] and short[at + 1] == long[at]
    return short[at + 1 :] == long[at + 1 :] or (swapped and short[at + 2 :] == long[at + 2 :])


def _digits(text: Iterable[str]) -> list[str]:
    return sorted(sign for sign in text if sign.isdigit())
