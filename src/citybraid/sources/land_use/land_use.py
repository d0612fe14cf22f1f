"""Land-use codes of other schemes, names and tags, brought to the 2023 guide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from citybraid.core.rows.land import LandUse, LandUseCrosswalk, LandUseWord
from citybraid.core.tables import read_table, remembered
from citybraid.sources.land_use.cells import concatenated, parted, spelled
from citybraid.sources.protocol.code_mapping import Confidence

GUIDE = "guide_2023"
SCHEMES = (GUIDE, "guide_2020", "survey_3", "urban_2011", "osm")
LETTERS = "urban_2011"
"""The scheme whose codes begin with a letter."""
CODE = re.compile(r"^(\d{2,6}|[A-Z]\d{0,2}[a-z]?)(?![\d])")
BRACKETED = re.compile(r"[(\[（【]\s*([0-9A-Za-z]{1,6})\s*[)\]）】]")
PAIR = 2


@dataclass(frozen=True)
class Mapped:
    """A code of the 2023 guide, how sure the mapping is, and whether its spelling had to be mended.

    `also` are the other codes of a mixed use.
    """

    code: str
    confidence: Confidence
    mended: bool = False
    also: tuple[str, ...] = ()


@remembered
def guide() -> Mapping[str, LandUse]:
    """Return the 2023 guide's rows by code."""
    return {row.code: row for row in read_table(LandUse)}


@remembered
def crosswalk(scheme: str) -> Mapping[str, Mapped]:
    """Return a scheme's codes as codes of the 2023 guide."""
    if scheme == GUIDE:
        return {code: Mapped(code, "high") for code in guide()}
    return {
        row.code: Mapped(row.land_use, row.confidence) for row in read_table(LandUseCrosswalk) if row.scheme == scheme
    }


@remembered
def names() -> Mapping[str, Mapped]:
    """Return land-use names as codes: those of the guide, then those of the other schemes."""
    others = {row.name_zh: Mapped(row.land_use, "name") for row in read_table(LandUseCrosswalk) if row.name_zh}
    english = {row.name_en.casefold(): Mapped(code, "name") for code, row in guide().items()}
    return {**others, **english, **{row.name_zh: Mapped(code, "name") for code, row in guide().items()}}


@remembered
def words() -> Mapping[str, Mapped]:
    """Return the words that plans use for land uses, as codes; several codes make a mixed use."""
    found: dict[str, Mapped] = {}
    for row in read_table(LandUseWord):
        first, *also = row.land_use.split("+")
        found[row.word] = Mapped(first, "mixed" if also else "name", also=tuple(also))
    return found


def mapped(cell: str, scheme: str) -> Mapped | None:
    """Return the 2023 code of a cell, None where nothing fits.

    In this order: its code or name as it stands; its parts where it is a mixed use, of
    which the largest counts, or the first; its code respelled; the code or name in it;
    words that plans use; the longest known beginning of its code. Letters are GB 50137's
    alone and it has no digits, so drawings that mix both are read whole.
    """
    said = cell.strip()
    if (whole := _whole(said, scheme)) is not None:
        return whole
    return (
        _mixed(said, scheme)
        or _respelled(said, scheme)
        or _within(said, scheme)
        or _bracketed(said, scheme)
        or _worded(said)
        or _prefix(said, scheme)
    )


def known_codes(cell: str, scheme: str) -> Mapping[str, Mapped]:
    """Return the codes among which a cell is looked up: letters in GB 50137 whatever the scheme, digits never there."""
    letters = cell[:1].isalpha() and CODE.match(cell) is not None
    return crosswalk(LETTERS if letters else GUIDE if scheme == LETTERS else scheme)


def _whole(cell: str, scheme: str) -> Mapped | None:
    return known_codes(cell, scheme).get(cell) or names().get(cell) or names().get(cell.casefold())


def _mixed(cell: str, scheme: str) -> Mapped | None:
    """A mixed use: its parts that are known by more than their beginning."""
    parts = parted(cell) or concatenated(cell, crosswalk(LETTERS))
    found = [(_single(part.text, scheme), part.weight) for part in parts]
    kept = [(answer, weight) for answer, weight in found if answer is not None]
    if len(found) < PAIR or not kept:
        return None
    if len(kept) == 1:
        return replace(kept[0][0], confidence="mixed")
    codes = list(dict.fromkeys(answer.code for answer, _ in kept))
    if len(codes) < PAIR:
        return replace(kept[0][0], mended=True)
    main = max(kept, key=lambda each: each[1])[0].code
    return Mapped(main, "mixed", also=tuple(code for code in codes if code != main))


def _single(cell: str, scheme: str) -> Mapped | None:
    return _whole(cell, scheme) or _respelled(cell, scheme) or _within(cell, scheme) or _worded(cell)


def _respelled(cell: str, scheme: str) -> Mapped | None:
    """A code written otherwise: lower case, with spaces, as a number that lost its zero or became 7.0102E+04."""
    for text in spelled(cell):
        if (found := known_codes(text, scheme).get(text)) is not None:
            return replace(found, mended=True)
    return None


def _within(cell: str, scheme: str) -> Mapped | None:
    """A code before a name, or a name after an unknown code."""
    code = CODE.match(cell)
    if code is None:
        return None
    known = known_codes(cell, scheme)
    rest = cell[code.end() :].strip(" -_()（）")
    if code[0] in known and not (code[0].isalpha() and rest[:1].isdigit()):
        return known[code[0]]
    return names().get(rest) or names().get(rest.casefold()) or _worded(rest)


def _worded(cell: str) -> Mapped | None:
    """A name without its ending, or with one too many: 二类居住, 商业区, Residential area."""
    said = BRACKETED.sub("", cell).strip().casefold()
    bare = said
    for ending in ENDINGS:
        bare = bare.removesuffix(ending).strip()
    tries = (f"{bare}用地", f"{said}用地", f"{bare}地", bare, said)
    return next((found for text in tries if (found := names().get(text) or words().get(text)) is not None), None)


ENDINGS = ("用地", "地块", "区", "land", "area", "use", "zone")


def _bracketed(cell: str, scheme: str) -> Mapped | None:
    """A code in brackets after a name."""
    found = BRACKETED.search(cell)
    return None if found is None else _whole(found[1], scheme) or _respelled(found[1], scheme)


def _prefix(cell: str, scheme: str) -> Mapped | None:
    """The longest beginning of the code that is known."""
    for text in (cell, *spelled(cell)):
        code = CODE.match(text)
        head = code[0] if code is not None else ""
        known = known_codes(text, scheme)
        for length in range(len(head) - 1, 0, -1):
            if head[:length] in known and (scheme != GUIDE or head[0].isalpha() or length >= PAIR):
                return Mapped(known[head[:length]].code, "prefix")
    return None


def building_use(code: str) -> str:
    """Return the building use that a land-use code carries, '' where it carries none."""
    return guide()[code].building_use if code in guide() else ""


def cover(code: str) -> int:
    """Return the land-cover code that a land use most often has, 0 where it is not known."""
    return int(guide()[code].land_cover) if code in guide() else 0
