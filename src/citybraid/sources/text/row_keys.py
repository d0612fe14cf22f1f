"""Keys of rows as people write them: 001 for 1, 12.0 for 12, blanks within, capitals, full-width signs."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import NamedTuple

BLANKS = re.compile(r"\s+")
WHOLE = re.compile(r"^(\d+)\.0+$")
LEADING = re.compile(r"(?<![\d.])0+(?=\d)")


class Partners(NamedTuple):
    """Key of a table by the key of a sheet, and those among them that the two write differently."""

    of: Mapping[str, str]
    reworded: Mapping[str, str]


def plain_key(text: object) -> str:
    """Return what two spellings of one key have in common: half-width, small letters, no blanks, no leading zeros."""
    half = BLANKS.sub("", unicodedata.normalize("NFKC", str(text))).casefold()
    return LEADING.sub("", WHOLE.sub(r"\1", half))


def partners(sheet: Iterable[object], table: Iterable[object]) -> Partners:
    """Return which key of a table each key of a sheet means: the same one, else the only one of the same plain key.

    A plain key that two of the other keys of a side share (A-1, A-01) tells nothing and is left without partner.
    """
    wanted, known = dict.fromkeys(map(str, sheet)), dict.fromkeys(map(str, table))
    same = {each: each for each in wanted if each in known}
    rest, free = [each for each in wanted if each not in same], [each for each in known if each not in same]
    mine, theirs = Counter(map(plain_key, rest)), Counter(map(plain_key, free))
    by_plain = {plain: each for each in free if theirs[plain := plain_key(each)] == 1}
    reworded = {
        each: by_plain[plain] for each in rest if (plain := plain_key(each)) in by_plain and mine[plain] == 1 and plain
    }
    return Partners({**same, **reworded}, reworded)
