"""Culverts and pumps on the grid: end cells, inverts, ratings and operating rules."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.text import Phrase
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.defences import (
    CULVERT_BARRELS,
    CULVERT_DIAMETER,
    CULVERT_FLAP,
    CULVERT_HEIGHT,
    CULVERT_ROUGHNESS,
    CULVERT_WIDTH,
    INLET_LEVEL,
    OUTLET_LEVEL,
    PUMP_CAPACITY,
    PUMP_START_LEVEL,
    PUMP_STOP_LEVEL,
)
from citybraid.kernels.flood.passage import OUTSIDE
from citybraid.resilience.works.culvert_rating import Barrel, inlet, section
from citybraid.resilience.works.walls import Site, column, required, single_line

CulvertTable = Annotated[
    View,
    Table(
        "culverts",
        (),
        optional=(
            CULVERT_DIAMETER, CULVERT_WIDTH, CULVERT_HEIGHT, CULVERT_BARRELS, INLET_LEVEL, OUTLET_LEVEL,
            CULVERT_ROUGHNESS, CULVERT_FLAP,
        ),
    ),
]  # fmt: skip
PumpTable = Annotated[View, Table("pumps", (), optional=(PUMP_CAPACITY, PUMP_START_LEVEL, PUMP_STOP_LEVEL))]
"""A pump without a capacity is refused, not left out."""
F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


class Pipes(NamedTuple):
    """Culverts as kernel arrays; see `kernels.flood.links.Culverts`."""

    cells: I32
    invert: F64
    length: F64
    height: F64
    barrels: F64
    flap: I32
    section: F64
    inlet: F64
    drowned: F64
    losses: F64


class Lifts(NamedTuple):
    """Pumps as kernel arrays; see `kernels.flood.links.Pumps`."""

    cells: I32
    capacity: F64
    start: F64
    stop: F64


def cell_at(point: F64, site: Site) -> tuple[int, int] | None:
    """Return row and column of the cell with terrain under a point, None where there is none."""
    x, y = ~site.grid.affine * (float(point[0]), float(point[1]))
    j, i = int(np.floor(y)), int(np.floor(x))
    rows, columns = site.bed.shape
    return (j, i) if 0 <= j < rows and 0 <= i < columns and site.inside[j, i] else None


def _end_cell(point: F64, site: Site, kind: str, name: object) -> tuple[int, int]:
    """Return the open cell under an end; raises InputError where there is none."""
    cell = cell_at(point, site)
    if cell is None or not site.open[cell]:
        position = {"x": round(float(point[0]), 1), "y": round(float(point[1]), 1)}
        raise InputError("flood.link_end", kind=Phrase(f"var.{kind}", {}), name=str(name), **position)
    return cell


def pipes(culverts: gpd.GeoDataFrame, site: Site, law: Mapping[str, float]) -> Pipes:
    """Return culverts as cells, inverts and ratings; missing inverts are the bed levels of their cells.

    Raises InputError where an end is not on an open cell, both are in one, or a barrel's shape is ambiguous.
    """
    rows = []
    for place, (name, shape) in enumerate(culverts.geometry.items()):
        line = single_line(shape, "culverts", name)
        ends = [_end_cell(point, site, "culverts", name) for point in (line[0], line[-1])]
        if ends[0] == ends[1]:
            raise InputError("flood.culvert_short", name=str(name))
        row = {key: float(column(culverts, key)[place]) for key in _COLUMNS}
        barrel, kind = _barrel(row, law, name)
        levels = (row["inlet_level"], row["outlet_level"])
        invert = [
            level if np.isfinite(level) else float(site.bed[cell]) for level, cell in zip(levels, ends, strict=True)
        ]
        length = float(shapely.length(shape))
        slope = (invert[0] - invert[1]) / length
        ratings = [inlet(barrel, way * slope, law, kind=kind) for way in (1.0, -1.0)]
        drowned = [[rating.scale, rating.shift, rating.top] for rating in ratings]
        barrels = row["culvert_barrels"] if np.isfinite(row["culvert_barrels"]) else 1.0
        rows.append((
            [*ends[0], *ends[1]], invert, length, barrel.height, barrels, row["culvert_flap"] > 0.0, section(barrel),
            [rating.table for rating in ratings], drowned, [law[f"{kind}/entrance"], law["culvert/exit"]],
        ))  # fmt: skip
    columns = [np.array(values, dtype=np.float64) for values in zip(*rows, strict=True)]
    return Pipes(
        columns[0].astype(np.int32), columns[1], columns[2], columns[3], columns[4], columns[5].astype(np.int32),
        *columns[6:],
    )  # fmt: skip


_COLUMNS = (
    "culvert_diameter", "culvert_width", "culvert_height", "inlet_level", "outlet_level", "culvert_roughness",
    "culvert_barrels", "culvert_flap",
)  # fmt: skip


def _barrel(row: Mapping[str, float], law: Mapping[str, float], name: object) -> tuple[Barrel, str]:
    """Return a culvert's barrel and inlet kind; raises InputError where its shape is missing or ambiguous."""
    has_diameter, has_width, has_height = (row[key] > 0.0 for key in _COLUMNS[:3])
    if has_diameter == (has_width and has_height) or has_width != has_height:
        raise InputError("flood.culvert_section", name=str(name))
    roughness = row["culvert_roughness"] if np.isfinite(row["culvert_roughness"]) else law["culvert/roughness"]
    if has_diameter:
        return Barrel(row["culvert_diameter"], None, roughness), "round"
    return Barrel(row["culvert_height"], row["culvert_width"], roughness), "box"


def lifts(pumps: gpd.GeoDataFrame, site: Site) -> Lifts:
    """Return pumps as cells and levels; one drawn as a point, or to a cell without terrain, pumps out of the area.

    Raises InputError where an intake is not on an open cell, or a pump's levels are incomplete or inverted.
    """
    capacity = required(pumps, "pump_capacity", "pumps")
    start, stop = column(pumps, "pump_start_level"), column(pumps, "pump_stop_level")
    cells: list[list[int]] = []
    for place, (name, shape) in enumerate(pumps.geometry.items()):
        has_level = np.isfinite([start[place], stop[place]])
        if has_level.any() and (not has_level.all() or stop[place] > start[place]):
            raise InputError("flood.pump_levels", name=str(name))
        point = shape is not None and shape.geom_type == "Point"
        line = shapely.get_coordinates(shape) if point else single_line(shape, "pumps", name)
        intake = _end_cell(line[0], site, "pumps", name)
        out_of_area = point or cell_at(line[-1], site) is None
        outfall = (OUTSIDE, OUTSIDE) if out_of_area else _end_cell(line[-1], site, "pumps", name)
        if outfall == intake:
            raise InputError("flood.pump_short", name=str(name))
        cells.append([*intake, *outfall])
    return Lifts(
        np.array(cells, np.int32), capacity,
        np.where(np.isfinite(start), start, -np.inf), np.where(np.isfinite(stop), stop, -np.inf),
    )  # fmt: skip
