"""Mapping of land-use codes of other schemes, names and tags to the 2023 guide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from citybraid.core.rows.land import LandUse, LandUseCrosswalk, LandUseWord
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.land_use.cells import spelled, split_letter_codes, split_uses
from citybraid.sources.protocol.code_mapping import Confidence

GUIDE = "guide_2023"
SCHEMES = (GUIDE, "guide_2020", "survey_3", "urban_2011", "osm")
LETTERS = "urban_2011"
"""Scheme whose codes begin with a letter."""
CODE = re.compile(r"^(\d{2,6}|[A-Z]\d{0,2}[a-z]?)(?![0-9A-Za-z])")
BRACKETED = re.compile(r"[(\[（【]\s*([0-9A-Za-z]{1,6})\s*[)\]）】]")
PAIR = 2


@dataclass(frozen=True)
class MappedCode:
    """A code of the 2023 guide, the confidence of the mapping, and whether its spelling was corrected.

    `also` are the other codes of a mixed use.
    """

    code: str
    confidence: Confidence
    mended: bool = False
    also: tuple[str, ...] = ()


@cached_with_tables
def guide() -> Mapping[str, LandUse]:
    """Return the 2023 guide's rows by code."""
    return {row.code: row for row in read_table(LandUse)}


@cached_with_tables
def crosswalk(scheme: str) -> Mapping[str, MappedCode]:
    """Return the crosswalk from a scheme's codes to codes of the 2023 guide."""
    if scheme == GUIDE:
        return {code: MappedCode(code, "high") for code in guide()}
    return {
        row.code: MappedCode(row.land_use, row.confidence)
        for row in read_table(LandUseCrosswalk)
        if row.scheme == scheme
    }


@cached_with_tables
def names() -> Mapping[str, MappedCode]:
    """Return codes by land-use name; names of the guide take precedence over those of other schemes."""
    others = {row.name_zh: MappedCode(row.land_use, "name") for row in read_table(LandUseCrosswalk) if row.name_zh}
    english = {row.name_en.casefold(): MappedCode(code, "name") for code, row in guide().items()}
    return {**others, **english, **{row.name_zh: MappedCode(code, "name") for code, row in guide().items()}}


@cached_with_tables
def codes_by_word() -> Mapping[str, MappedCode]:
    """Return codes by land-use words common in plans; several codes form a mixed use."""
    codes: dict[str, MappedCode] = {}
    for row in read_table(LandUseWord):
        first, *also = row.land_use.split("+")
        codes[row.word] = MappedCode(first, "mixed" if also else "name", also=tuple(also))
    return codes


def map_code(cell: str, scheme: str) -> MappedCode | None:
    """Return the 2023 code of a cell, None where nothing matches.

    Tried in this order: the exact code or name; the parts of a mixed use, of which the
    largest counts, or the first; the code respelled; a code or name in the text; words
    common in plans; the longest known prefix of the code. Letter codes occur only in
    GB 50137, which has no numeric codes, so drawings that mix both schemes are mapped.
    """
    text = cell.strip()
    if (exact := _exact(text, scheme)) is not None:
        return exact
    return (
        _mixed(text, scheme)
        or _respelled(text, scheme)
        or _within(text, scheme)
        or _bracketed(text, scheme)
        or _worded(text)
        or _prefix(text, scheme)
    )


def known_codes(cell: str, scheme: str) -> Mapping[str, MappedCode]:
    """Return the codes to look a cell up in: letter codes always in GB 50137, numeric codes never."""
    letters = cell[:1].isalpha() and CODE.match(cell) is not None
    return crosswalk(LETTERS if letters else GUIDE if scheme == LETTERS else scheme)


def _exact(cell: str, scheme: str) -> MappedCode | None:
    return known_codes(cell, scheme).get(cell) or names().get(cell) or names().get(cell.casefold())


def _mixed(cell: str, scheme: str) -> MappedCode | None:
    """Map a mixed use by its parts, without prefix matches."""
    parts = split_uses(cell) or split_letter_codes(cell, crosswalk(LETTERS))
    matches = [(_single(part.text, scheme), part.weight) for part in parts]
    known = [(match, weight) for match, weight in matches if match is not None]
    if len(matches) < PAIR or not known:
        return None
    if len(known) == 1:
        return replace(known[0][0], confidence="mixed")
    codes = list(dict.fromkeys(match.code for match, _ in known))
    if len(codes) < PAIR:
        return replace(known[0][0], mended=True)
    main = max(known, key=lambda each: each[1])[0].code
    return MappedCode(main, "mixed", also=tuple(code for code in codes if code != main))


def _single(cell: str, scheme: str) -> MappedCode | None:
    return _exact(cell, scheme) or _respelled(cell, scheme) or _within(cell, scheme) or _worded(cell)


def _respelled(cell: str, scheme: str) -> MappedCode | None:
    """Map a code in another spelling: lower case, spaces, leading zero lost, or scientific notation (7.0102E+04)."""
    for text in spelled(cell):
        if (match := known_codes(text, scheme).get(text)) is not None:
            return replace(match, mended=True)
    return None


def _within(cell: str, scheme: str) -> MappedCode | None:
    """Map a code before a name, or a name after an unknown code."""
    code = CODE.match(cell)
    if code is None:
        return None
    known = known_codes(cell, scheme)
    remainder = cell[code.end() :].strip(" -_()（）")
    if code[0] in known and not (code[0].isalpha() and remainder[:1].isdigit()):
        return known[code[0]]
    return names().get(remainder) or names().get(remainder.casefold()) or _worded(remainder)


def _worded(cell: str) -> MappedCode | None:
    """Map a name with a missing or extra suffix: 二类居住, 商业区, Residential area."""
    text = BRACKETED.sub("", cell).strip().casefold()
    bare = text
    for ending in ENDINGS:
        bare = bare.removesuffix(ending).strip()
    candidates = (f"{bare}用地", f"{text}用地", f"{bare}地", bare, text)
    return next(
        (
            match
            for candidate in candidates
            if (match := names().get(candidate) or codes_by_word().get(candidate)) is not None
        ),
        None,
    )


ENDINGS = ("用地", "地块", "区", "land", "area", "use", "zone")


def _bracketed(cell: str, scheme: str) -> MappedCode | None:
    """Map a code in brackets after a name."""
    match = BRACKETED.search(cell)
    return None if match is None else _exact(match[1], scheme) or _respelled(match[1], scheme)


def _prefix(cell: str, scheme: str) -> MappedCode | None:
    """Map by the longest known prefix of the code."""
    for text in (cell, *spelled(cell)):
        code = CODE.match(text)
        head = code[0] if code is not None else ""
        known = known_codes(text, scheme)
        for length in range(len(head) - 1, 0, -1):
            if head[:length] in known and (scheme != GUIDE or head[0].isalpha() or length >= PAIR):
                return MappedCode(known[head[:length]].code, "prefix")
    return None


def building_use(code: str) -> str:
    """Return the building use of a land-use code, '' where it has none."""
    return guide()[code].building_use if code in guide() else ""


def land_cover(code: str) -> int:
    """Return the most common land-cover code of a land use, 0 where it is unknown."""
    return int(guide()[code].land_cover) if code in guide() else 0
