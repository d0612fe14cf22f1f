"""Values that a planner's own mapping may lead to, by coded quantity."""

from collections.abc import Mapping
from typing import get_args

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.rows.land import (
    BuildingUse,
    BuildingUseName,
    BuildingUseWord,
    FacilityWord,
    LandCover,
    LifelineWord,
    ParcelStatusWord,
    RoadWord,
)
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.sources.land_use.land_use import names
from citybraid.sources.land_use.mapping import target_of
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.text.cell_values import normalize_cell, normalize_column

SHOWN = 4


@cached_with_tables
def _words() -> Mapping[str, frozenset[str]]:
    return {
        "building_use": frozenset(get_args(BuildingUse)),
        "road_class": frozenset(row.road_class for row in read_table(RoadWord)),
        "facility_kind": frozenset(row.facility_kind for row in read_table(FacilityWord)),
        "lifeline_system": frozenset(row.lifeline_system for row in read_table(LifelineWord)),
        "parcel_status": frozenset(row.parcel_status for row in read_table(ParcelStatusWord)),
    }


@cached_with_tables
def _synonyms() -> Mapping[str, Mapping[str, str]]:
    """Return what each word of files for a value of a quantity means, in lower case: 商业 is retail, 支路 tertiary."""
    uses = {row.text: row.building_use for row in read_table(BuildingUseWord)}
    uses |= {name: row.code for row in read_table(BuildingUseName) for name in (row.name_en, row.name_zh)}
    words: dict[str, dict[str, str]] = {
        "building_use": {**uses},
        "road_class": {row.text: row.road_class for row in read_table(RoadWord)},
        "facility_kind": {row.text: row.facility_kind for row in read_table(FacilityWord)},
        "lifeline_system": {row.text: row.lifeline_system for row in read_table(LifelineWord)},
        "parcel_status": {row.text: row.parcel_status for row in read_table(ParcelStatusWord)},
    }
    return {var: {text.casefold(): value for text, value in each.items()} for var, each in words.items()}


@cached_with_tables
def _covers() -> Mapping[str, str]:
    """Return land-cover codes by code and by name in either language."""
    rows = read_table(LandCover)
    codes = {row.code: row.code for row in rows}
    return {**{row.name_en.casefold(): row.code for row in rows}, **{row.name_zh: row.code for row in rows}, **codes}


def coded_columns(role: str) -> tuple[str, ...]:
    """Return the coded quantities of a role's table, those that a mapping can lead to."""
    return tuple(name for name in columns_of(role) if name == "land_use" or name in _words())


def mapped_value(var: str, text: str) -> str:
    """Return the value of a coded quantity that a target means, a code or a word; '' where it means none."""
    cell = normalize_cell(text)
    if var == "land_cover":
        return _covers().get(cell.casefold(), "")
    if var == "land_use":
        match = names().get(cell) or names().get(cell.casefold())
        return target_of(cell) or (match.code if match is not None else "")
    return cell.casefold() if cell.casefold() in _words()[var] else _synonyms()[var].get(cell.casefold(), "")


def targets(var: str) -> list[str]:
    """Return the words that a target of a quantity may be, for messages; codes of the guide are too many."""
    return sorted(set(_covers().values())) if var == "land_cover" else sorted(_words().get(var, ()))


def own_values(var: str, mapping: Mapping[str, str]) -> dict[str, str]:
    """Return the part of a mapping that leads to values of a quantity, by what the file says in lower case."""
    return {
        normalize_cell(cell).casefold(): value for cell, target in mapping.items()
        if (value := mapped_value(var, target))
    }  # fmt: skip


def with_own_values(
    column: pd.Series, var: str, mapping: Mapping[str, str], *, layer: str
) -> tuple[pd.Series, list[Finding]]:
    """Return a column with a mapping's cells replaced by its targets; how many rows moved, and idle entries."""
    own = own_values(var, mapping)
    cells = normalize_column(column)
    keys = cells.str.casefold()
    moved = keys.isin(list(own))
    unused = sorted(set(own) - set(keys))
    idle = (
        [Finding("advice", "intake.mapping_idle", layer, len(unused), {"examples": unused[:SHOWN]})] if unused else []
    )
    if not moved.any():
        return column, idle
    examples = sorted({f"{cell}→{own[cell.casefold()]}" for cell in cells[moved]})[:SHOWN]
    finding = Finding("found", "intake.code_own", layer, int(moved.sum()), {"examples": examples})
    return cells.mask(moved, keys.map(own)), [finding, *idle]
