"""Names of sectors, fuels and units in energy statistics: what a cell stands for, else nothing."""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from citybraid.core.rows.carbon import ActivityFuel, ActivityName, ActivityUnit, EmissionSector
from citybraid.core.tables import cached_with_tables, read_table

LEVEL = re.compile(r"^[#＃\s]+")
"""Signs before a part of the row above: # for a part, ## for a part of a part."""
ENDINGS = ("合计", "消费量", "消耗量", "使用量", "用电量", "用气量", "用电", "消费", "用量")
BRACKETED = re.compile(r"[（(\[【](.*?)[)）\]】]")


class Meaning(NamedTuple):
    """What a name stands for: a sector, a fuel or both; `total` for the total of other rows."""

    sector: str = ""
    fuel: str = ""
    total: bool = False


def level(text: str) -> int:
    """Return how many # stand before a name: 0 for a row of its own."""
    matched = LEVEL.match(text)
    return 0 if matched is None else sum(sign in "#＃" for sign in matched.group())


def plain(text: str) -> str:
    """Return the comparison form of a name: half-width, lower case, without level signs and spaces."""
    normalized = unicodedata.normalize("NFKC", LEVEL.sub("", text)).casefold()
    return re.sub(r"\s+", "", normalized)


def meaning(text: str) -> Meaning | None:
    """Return what a name stands for, None where it is unknown; words such as 消费量 at its end do not count."""
    known = _names()
    name = plain(text)
    bare = BRACKETED.sub("", name)
    for each in (name, bare):
        if each in known:
            return known[each]
    for ending in ENDINGS:
        if bare.endswith(ending) and bare.removesuffix(ending) in known:
            return known[bare.removesuffix(ending)]
    return None


def code_meaning(text: str) -> Meaning | None:
    """Return what a study's own words stand for: names or codes joined with /, as in road/diesel."""
    parts = [meaning(part) or _by_code(part.strip()) for part in text.split("/")]
    known_parts = [part for part in parts if part is not None and not part.total]
    if not known_parts or len(known_parts) < len(parts):
        return None
    sectors, fuels = (
        {each for each in column if each} for column in zip(*(part[:2] for part in known_parts), strict=True)
    )
    if len(sectors) > 1 or len(fuels) > 1:
        return None
    return Meaning(next(iter(sectors), ""), next(iter(fuels), ""))


def unit(text: str) -> tuple[str, float] | None:
    """Return what a unit measures and its factor to t, m3 or TJ; None where it is unknown."""
    return _units().get(plain(text))


def fuel_quantities(fuel: str) -> tuple[str, ...]:
    """Return what the amount of a fuel can be stated in."""
    return next(tuple(row.quantities.split()) for row in read_table(ActivityFuel) if row.id == fuel)


def known_names(kind: str) -> tuple[str, ...]:
    """Return every name of a sector, or of a fuel."""
    return tuple(row.name for row in read_table(ActivityName) if getattr(row, kind))


def known_units(quantities: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of units that measure one of these quantities."""
    return tuple(row.name for row in read_table(ActivityUnit) if row.quantity in quantities)


def _by_code(text: str) -> Meaning | None:
    if text in {row.id for row in read_table(EmissionSector)}:
        return Meaning(sector=text)
    return Meaning(fuel=text) if text in {row.id for row in read_table(ActivityFuel)} else None


@cached_with_tables
def _names() -> Mapping[str, Meaning]:
    return {plain(row.name): Meaning(row.sector, row.fuel, row.total) for row in read_table(ActivityName)}


@cached_with_tables
def _units() -> Mapping[str, tuple[str, float]]:
    return {plain(row.name): (row.quantity, row.factor) for row in read_table(ActivityUnit)}
