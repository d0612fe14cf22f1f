"""The vocabulary by name: the Vars that a file may provide, by table or grid."""

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Annotated, get_args, get_origin

import citybraid.core.vocabulary as shelf
from citybraid.core.rows.intake import ColumnName
from citybraid.core.tables import read_table
from citybraid.core.var import Var

GREEN = Var("green", "1", "Vegetated area over cell area, trees and grass alike", ge=0, le=1)
"""Vegetation of unspecified kind: intermediate input to land cover, never stored in a Place."""
GROUND = Var("ground", "", "Polygons whose tags or codes say what covers the ground", on="ground", kind="geometry")
"""Polygons of water, parks, woods: intermediate input to land cover, never stored in a Place."""
GROUND_USE = Var("land_use", "", "Land-use code of the polygon", on="ground", kind="text")
STREET_WIDTH = Var("street_width", "m", "Width between the kerbs or red lines", on="streets", ge=1, le=200)
"""Intermediate input to land cover."""
PLOT_AREA = Var("plot_area", "m2", "Area of the parcel as the plan states it", on="parcels", ge=0)
"""Read for comparison with the area in the drawing."""

FOOTPRINT_AREA = Var("footprint_area", "m2", "Footprint of the building as a list states it", on="buildings", ge=0)
"""Read only where the study names its column: the size of a building of a list without outlines."""
BUILDING_UNIT = Var("building_unit", "", "Planning unit of the building, by name or id", on="buildings", kind="text")
"""Read only where the study names its column: the place of a building of a list without outlines."""

HERITAGE_SITES = Var(
    "heritage_sites", "", "Protected sites: their buildings may not be torn down", on="heritage_sites", kind="geometry"
)
"""Polygons of protected sites: they mark the buildings within them, and are never stored in a Place."""

SPOT_HEIGHTS = Var(
    "spot_heights", "", "Points of known ground elevation, to check the terrain by", on="spot_heights", kind="geometry"
)
SPOT_ELEVATION = Var("spot_elevation", "m", "Ground elevation of the point", on="spot_heights", ge=-500, le=9000)
"""Points beside a terrain of another file: they tell its unit and its error, and are never stored in a Place."""

UNIT_ELDERLY = Var("unit_elderly", "person", "Residents of 65 and over of the planning unit", on="units", ge=0)
"""Spread over the homes of the unit where no file knows their own."""

COMPOUND = Var("compound", "", "Residential compound of the building, by number or name", on="buildings", kind="text")
"""Groups buildings whose residents a sheet counts together; never stored in a Place."""
COMPOUND_RESIDENTS = Var(
    "compound_residents", "person", "Residents of the whole compound of the building", on="buildings", ge=0
)
"""The same number at each building of the compound, spread over its homes; never stored in a Place."""

POPULATION_GRID = Var("population_grid", "person", "Residents of the cell", ge=0, coarsen="sum")
"""Population by cell: used to fill units and to weight homes, never stored in a Place."""

SURFACE_MODEL = Var("surface_model", "m", "Top of ground and buildings above datum, without trees", ge=-500, le=9000)
"""Less the terrain it gives heights of buildings; never stored in a Place."""

CROWN_SHARE = Var(
    "crown_share", "1", "Part of the cell below plants of 2 m and more, by pixels", on="canopy_height", ge=0, le=1
)
"""Comes with heights of trees; canopy cover where no file states it, never stored in a Place."""

INTERMEDIATE: tuple[Var, ...] = (
    GREEN, GROUND, GROUND_USE, STREET_WIDTH, PLOT_AREA, FOOTPRINT_AREA, BUILDING_UNIT, HERITAGE_SITES, UNIT_ELDERLY,
    SPOT_HEIGHTS, SPOT_ELEVATION,    COMPOUND, COMPOUND_RESIDENTS, POPULATION_GRID, SURFACE_MODEL, CROWN_SHARE,
)  # fmt: skip
"""Intermediate Vars: intake reads them only to derive others."""


LISTS = frozenset({"activity_rows"})
"""Domains whose rows have no shape and may come from several files."""

RASTER_AXES: Mapping[str, str] = MappingProxyType({"threat_intensity": "threat"})
"""Outer axes of rasters that come as one file for each label, by role."""


@cache
def vocabulary() -> Mapping[str, Var]:
    """Return all Vars of the vocabulary by name."""
    quantities: dict[str, Var] = {}
    for entry in pkgutil.walk_packages(shelf.__path__, f"{shelf.__name__}."):
        module = importlib.import_module(entry.name)
        for value in vars(module).values():
            if get_origin(value) is Annotated:
                var = next((part for part in get_args(value)[1:] if isinstance(part, Var)), None)
                if var is not None:
                    quantities[var.name] = var
    return quantities


def geometry_of(table: str) -> Var | None:
    """Return the Var that holds a table's geometry, None where there is no such table."""
    if passing := next((each for each in (GROUND, HERITAGE_SITES, SPOT_HEIGHTS) if each.on == table), None):
        return passing
    var = vocabulary().get(table)
    return var if var is not None and var.kind == "geometry" and var.on == table else None


def columns_of(table: str) -> Mapping[str, Var]:
    """Return the Vars a file may provide for a table, by name: those with known column names, and optional ones.

    Model outputs are never read from a file, unless the study names them (`named_columns`).
    """
    if table == GROUND.on:
        return {GROUND_USE.name: GROUND_USE}
    if table == SPOT_HEIGHTS.on:
        return {SPOT_ELEVATION.name: SPOT_ELEVATION}
    listed = {row.var for row in read_table(ColumnName)}
    known = {
        name: var
        for name, var in vocabulary().items()
        if var.on == table and var.kind != "geometry" and (name in listed or var.absent is not None)
    }
    return {**known, **{var.name: var for var in (STREET_WIDTH, PLOT_AREA, UNIT_ELDERLY, COMPOUND) if var.on == table}}


def named_columns(table: str, names: Iterable[str]) -> Mapping[str, Var]:
    """Return the Vars of a table among these names, including model outputs: a study may request them by name."""
    quantities = {**vocabulary(), **{var.name: var for var in (FOOTPRINT_AREA, BUILDING_UNIT, UNIT_ELDERLY)}}
    return {name: quantities[name] for name in names if name in quantities and _column_of(quantities[name], table)}


def _column_of(var: Var, table: str) -> bool:
    return var.on == table and var.kind != "geometry"


def raster_var(role: str) -> Var | None:
    """Return the Var of a raster role, None where the role is not a raster."""
    if (passing := {var.name: var for var in INTERMEDIATE if var.on == "grid"}.get(role)) is not None:
        return passing
    var = vocabulary().get(role)
    return var if var is not None and var.on == "grid" else None
