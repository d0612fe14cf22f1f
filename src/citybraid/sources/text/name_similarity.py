"""Similarity of column names, and the likeliest quantity of an unknown name."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from citybraid.core.rows.intake import ColumnFiller
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.text.units import is_known_unit

SURE = 1.0
"""Confidence in a known name, and in a name set in the study [-]."""
FILLED = 0.85
"""Confidence in a known name combined with words that do not change its meaning (现状, 总, max) [-]."""
GROUPED = 0.8
"""Confidence in a known name below a group header with an unknown name (甲区/容积率) [-]."""
LEAST = 0.75
"""Minimum confidence for a match [-]."""
MARGIN = 0.05
"""Minimum lead in confidence over the next candidate [-]."""
SHORTEST = 5
"""Minimum length of a name in which one typo is tolerated [-]."""
SHORTEST_INSIDE = 2
"""Minimum length of a known name that is searched inside another [-]."""


class Ambiguous(NamedTuple):
    """Columns and quantities whose match is ambiguous."""

    vars: tuple[str, ...]
    headers: tuple[str, ...]


def name_similarity(name: str, known: str) -> float:
    """Return the similarity of a name to a known name, both as comparison keys (`columns.key`) [-].

    A known name between filler words scores `FILLED`; one typo (a character wrong,
    missing, extra, or two swapped) in a longer name costs one over its length.
    """
    if name == known:
        return SURE
    if len(known) >= SHORTEST_INSIDE and known in name and _harmless(name.replace(known, "\x00", 1)):
        return FILLED
    if min(len(name), len(known)) >= SHORTEST and _one_edit_apart(name, known):
        return 1.0 - 1.0 / max(len(name), len(known))
    return 0.0


def best_matches(
    headers: Mapping[str, Sequence[str]], quantities: Mapping[str, Sequence[str]]
) -> tuple[dict[str, tuple[str, float]], list[Ambiguous]]:
    """Return the likeliest header of each quantity with its confidence, and ambiguous matches.

    `headers` gives the key of each header, then that of its last part where it was joined
    from several rows; `quantities` the keys of each quantity's known names.
    """
    scores = {
        (header, var): best
        for header, spellings in headers.items()
        for var, names in quantities.items()
        if (best := _best(spellings, names)) >= LEAST
    }
    chosen: dict[str, tuple[str, float]] = {}
    ambiguous: dict[Ambiguous, None] = {}
    for (header, var), score in scores.items():
        rival_vars = [other for (each, other), least in scores.items() if each == header and least > score - MARGIN]
        rival_headers = [each for (each, other), least in scores.items() if other == var and least > score - MARGIN]
        if len(rival_vars) == len(rival_headers) == 1:
            chosen[var] = (header, score)
        elif all(least <= score for (each, other), least in scores.items() if each == header or other == var):
            ambiguous[Ambiguous(tuple(sorted(rival_vars)), tuple(sorted(rival_headers)))] = None
    return chosen, list(ambiguous)


def _best(spellings: Sequence[str], names: Sequence[str]) -> float:
    """Return the best similarity of a header to one of the names: as a whole, or by its last part."""
    fallback = GROUPED if any(part in names for part in spellings[1:]) else 0.0
    return max((name_similarity(spellings[0], each) for each in names), default=0.0) or fallback


def _harmless(rest: str) -> bool:
    """Tell whether the text around a known name consists of filler words, or after it of a unit: 高度cm, 人口万人."""
    before, after = rest.split("\x00")
    unit = is_known_unit(after) and (len(after) > 1 or not after.isascii())
    return _made_of_fillers(before) and (unit or _made_of_fillers(after))


@cached_with_tables
def _fillers() -> tuple[str, ...]:
    return tuple(sorted((row.word for row in read_table(ColumnFiller)), key=lambda word: -len(word)))


def _made_of_fillers(text: str) -> bool:
    """Tell whether a text can be split into filler words and year numbers."""
    if not text or (text.isdigit() and len(text) in (2, 4)):
        return True
    return any(_made_of_fillers(text[len(word) :]) for word in _fillers() if text.startswith(word)) or (
        text[:4].isdigit() and len(text) > 4 and _made_of_fillers(text[4:])  # noqa: PLR2004  (a year)
    )


def _one_edit_apart(one: str, other: str) -> bool:
    """Tell whether names differ by one wrong, missing, extra or swapped character, but not in the first one."""
    if abs(len(one) - len(other)) > 1 or one[0] != other[0] or _digits(one) != _digits(other):
        return False
    short, long = sorted((one, other), key=len)
    start = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = start + 1 < len(short) and short[start] == long[start + 1] and short[start + 1] == long[start]
    return short[start + 1 :] == long[start + 1 :] or (swapped and short[start + 2 :] == long[start + 2 :])


def _digits(text: Iterable[str]) -> list[str]:
    return sorted(character for character in text if character.isdigit())
