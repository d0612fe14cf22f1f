"""Parsing of land-use cells: mixed uses with shares, codes that a spreadsheet converted to numbers."""

import re
from collections.abc import Container
from typing import NamedTuple

BETWEEN = re.compile(r"\s*(?:[/+、，,;；&|]|\band\b|兼容|兼|和)\s*")
RATIO = re.compile(r"[(（\[]?\s*(\d+(?:\.\d+)?%?(?:\s*[:：]\s*\d+(?:\.\d+)?%?)+)\s*[)）\]]?\s*$")
SHARE = re.compile(r"[(（]?\s*(\d+(?:\.\d+)?)\s*%\s*[)）]?")
LETTER_CODES = re.compile(r"^(?:[A-Z]\d{0,2}){2,4}$")
LETTER_CODE = re.compile(r"[A-Z]\d{0,2}")
SCIENTIFIC = re.compile(r"^\d(?:\.\d+)?[eE]\+?0?\d$")
ZERO_LOST = (3, 5)
"""Lengths of codes that lost their leading zero; a single digit is more likely a list number."""


class Part(NamedTuple):
    """One use of a mixed use, and its weight: its stated share, else 1."""

    text: str
    weight: float


def split_uses(cell: str) -> tuple[Part, ...]:
    """Return the uses of a cell such as 'R2/B1', '0701/0901 (70:30)' or 'R2(70%)+B1(30%)'; none where it is one."""
    if SCIENTIFIC.match(cell):
        return ()
    ratio = RATIO.search(cell)
    bare = cell[: ratio.start()].strip() if ratio is not None else cell
    texts = [text for text in BETWEEN.split(bare) if text.strip()]
    if len(texts) < 2:  # noqa: PLR2004  (mixed means two)
        return ()
    weights = [float(part.strip().rstrip("%")) for part in re.split(r"[:：]", ratio[1])] if ratio is not None else []
    if len(weights) != len(texts):
        shares = [SHARE.search(text) for text in texts]
        weights = [float(share[1]) if share is not None else 1.0 for share in shares]
        if any(share is None for share in shares):
            weights = [1.0] * len(texts)
    return tuple(Part(SHARE.sub("", text).strip(), weight) for text, weight in zip(texts, weights, strict=True))


def split_letter_codes(cell: str, known: Container[str]) -> tuple[Part, ...]:
    """Return the uses of letter codes written as one word, such as 'R2B1' or 'RB'; none where one is unknown."""
    bare = cell.replace(" ", "")
    if LETTER_CODES.match(bare) is None:
        return ()
    codes = LETTER_CODE.findall(bare)
    return tuple(Part(code, 1.0) for code in codes) if all(code in known for code in codes) else ()


def spelled(cell: str) -> tuple[str, ...]:
    """Return alternative spellings of a code, the likeliest first: no punctuation, upper case, leading zero."""
    bare = re.sub(r"[\s\-_.'’]+", "", cell) if SCIENTIFIC.match(cell) is None else f"{float(cell):.0f}"
    spellings = [bare, bare.upper()]
    if bare.isascii() and bare.isdigit() and len(bare) in ZERO_LOST:
        spellings.insert(0, f"0{bare}")
    return tuple(text for text in dict.fromkeys(spellings) if text and text != cell)
