"""Which encoding texts look like, where several are valid: common characters tell Chinese apart from its mojibake."""

import re
from collections.abc import Callable
from functools import cache

HIGH = re.compile(rb"[\x80-\xff]+")
SAMPLE = 200_000
"""Bytes that are looked at [byte]."""
FEWEST = 4
"""Characters from which their commonness says anything [-]."""
COMMON, RARE = 0.9, 0.6
"""Share of common characters that a text has at least in its own encoding, and at most in a foreign one [-]."""
MARKS = ((0x2000, 0x2070), (0x3000, 0x3040), (0xFE30, 0xFE50), (0xFF00, 0xFFF0))
"""Punctuation and full-width forms, which every encoding has [code point]."""
WORDS = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){2,}")
"""Two Chinese characters in a row as UTF-8, which GBK texts hold by accident only very rarely."""


@cache
def _everyday(encoding: str) -> frozenset[str]:
    """The characters of everyday use that a national standard lists first: GB 2312 level 1, Big5 level 1."""
    leads, trails = {
        "gb18030": (range(0xB0, 0xD8), (*range(0xA1, 0xFF),)),
        "cp950": (range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    }[encoding]
    return frozenset("".join(bytes((lead, trail)).decode(encoding, "ignore") for lead in leads for trail in trails))


def commonness(content: bytes, encoding: str) -> tuple[float, int]:
    """Return the share of everyday characters among those beyond ASCII and punctuation [-], and how many there are."""
    text = content[:SAMPLE].decode(encoding, "ignore")
    odd = [sign for sign in text if ord(sign) > 0x7F and not any(low <= ord(sign) < high for low, high in MARKS)]  # noqa: PLR2004  (ASCII)
    known = _everyday(encoding)
    return (sum(sign in known for sign in odd) / len(odd) if odd else 0.0), len(odd)


def holds_utf8_words(content: bytes) -> bool:
    """Tell whether texts hold Chinese words in UTF-8."""
    return WORDS.search(content) is not None


def likeliest(content: bytes, valid: Callable[[str], bool]) -> str:
    """Return the likeliest encoding of texts that are no UTF-8, '' where none fits; `valid` tells which decode.

    Accented letters stand alone among ASCII, Chinese characters do not. Of GB18030 and
    Big5, in which most texts are valid alike, the one wins whose characters are of everyday use.
    """
    runs = HIGH.findall(content[:SAMPLE])
    if runs and all(len(run) == 1 for run in runs) and valid("cp1252"):
        return "cp1252"
    simplified, traditional = valid("gb18030"), valid("cp950")
    if simplified and traditional:
        share, count = commonness(content, "gb18030")
        other, _ = commonness(content, "cp950")
        return "cp950" if count >= FEWEST and share < RARE and other >= COMMON else "gb18030"
    return "gb18030" if simplified else "cp950" if traditional else ""
