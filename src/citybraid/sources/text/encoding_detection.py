"""Encoding detection where several decode: the share of common characters tells Chinese from mojibake."""

import re
from collections.abc import Callable
from functools import cache

HIGH = re.compile(rb"[\x80-\xff]+")
SAMPLE = 200_000
"""Length of the inspected sample [byte]."""
FEWEST = 4
"""Minimum number of characters for a meaningful share of common ones [-]."""
COMMON, RARE = 0.9, 0.6
"""Minimum share of common characters in the right encoding, and maximum share in a wrong one [-]."""
MARKS = ((0x2000, 0x2070), (0x3000, 0x3040), (0xFE30, 0xFE50), (0xFF00, 0xFFF0))
"""Punctuation and full-width forms, present in every encoding [code point]."""
WORDS = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){2,}")
"""Two consecutive Chinese characters in UTF-8, very rare by chance in GBK text."""


@cache
def _everyday(encoding: str) -> frozenset[str]:
    """Return the common characters of a national standard: GB 2312 level 1, Big5 level 1."""
    leads, trails = {
        "gb18030": (range(0xB0, 0xD8), (*range(0xA1, 0xFF),)),
        "cp950": (range(0xA4, 0xC7), (*range(0x40, 0x7F), *range(0xA1, 0xFF))),
    }[encoding]
    return frozenset("".join(bytes((lead, trail)).decode(encoding, "ignore") for lead in leads for trail in trails))


def common_character_share(content: bytes, encoding: str) -> tuple[float, int]:
    """Return the share of common characters among those beyond ASCII and punctuation [-], and their number."""
    text = content[:SAMPLE].decode(encoding, "ignore")
    chars = [char for char in text if ord(char) > 0x7F and not any(low <= ord(char) < high for low, high in MARKS)]  # noqa: PLR2004  (ASCII)
    everyday = _everyday(encoding)
    return (sum(char in everyday for char in chars) / len(chars) if chars else 0.0), len(chars)


def holds_utf8_words(content: bytes) -> bool:
    """Tell whether bytes contain Chinese words in UTF-8."""
    return WORDS.search(content) is not None


def detect_encoding(content: bytes, valid: Callable[[str], bool]) -> str:
    """Return the likeliest encoding of bytes that are not UTF-8, '' where none fits; `valid` tests an encoding.

    Single non-ASCII bytes between ASCII indicate accented letters (cp1252), runs indicate
    Chinese. Most bytes decode as both GB18030 and Big5; the share of common characters decides.
    """
    runs = HIGH.findall(content[:SAMPLE])
    if runs and all(len(run) == 1 for run in runs) and valid("cp1252"):
        return "cp1252"
    simplified, traditional = valid("gb18030"), valid("cp950")
    if simplified and traditional:
        share, count = common_character_share(content, "gb18030")
        other, _ = common_character_share(content, "cp950")
        return "cp950" if count >= FEWEST and share < RARE and other >= COMMON else "gb18030"
    return "gb18030" if simplified else "cp950" if traditional else ""
