"""Buildings of a list without outlines: squares of their footprint, spread over their planning unit."""

from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import BUILDING_UNIT, FOOTPRINT_AREA, vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "join"
READS: tuple[str, ...] = ("units", "unit_name")
FENCED = True
VERSION = 2
SPOTS = 40
"""Sites in a unit for each of its buildings, among which it is divided [-]."""
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Listed(NamedTuple):
    """Footprint [m2] and unit of the buildings of a list, and where both come from."""

    area: pd.Series
    unit: pd.Series
    origin: frozenset[str]


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Give each building of a list a square of its footprint within its unit, where no file brings outlines.

    A unit is divided among its buildings in the order of the list, by footprint, as a k-d tree divides points; the
    square stands in the middle of the building's part. Sizes and units are those of the list; the places within
    the unit are not known and are reported as a guess.
    """
    del rules
    listed, units = _listed(layers), layers.table("units")
    if layers.get("buildings", on="buildings") is not None or listed is None or units is None:
        return RepairResult(layers)
    known = _rows_of(units, listed.unit)
    sized = listed.area.to_numpy(dtype=np.float64) > 0
    placed = np.flatnonzero((known >= 0) & sized)
    shapes = np.empty(len(listed.area), dtype=object)
    for at in np.unique(known[placed]):
        here = placed[known[placed] == at]
        shapes[here] = squares(units.geometry.iloc[at], listed.area.to_numpy(dtype=np.float64)[here])
    rows = listed.area.index[placed].set_names("id")
    geometry = gpd.GeoSeries(shapes[placed], index=rows, crs=units.crs)
    none = pd.Series(data=False, index=rows)
    layer = SourceLayer(vocabulary()["buildings"], geometry, stated=none, origin=listed.origin)
    findings = [Finding("guessed", "intake.buildings_spread", "buildings", len(rows), {"units": len(units)})]
    if lost := len(listed.area) - len(rows):
        findings.append(Finding("rejected", "intake.buildings_unplaced", "buildings", lost))
    spare = tuple(each for each in layers.keyed if each.var not in (FOOTPRINT_AREA, BUILDING_UNIT))
    kept = tuple(_within(each, rows) if each.var.on == "buildings" else each for each in spare)
    return RepairResult(replace(layers, keyed=kept).put(layer), tuple(findings))


def _listed(layers: Layers) -> Listed | None:
    """Return the list of buildings that names their footprint and unit, None where there is none."""
    columns = {each.var.name: each for each in layers.keyed if each.var in (FOOTPRINT_AREA, BUILDING_UNIT)}
    if len(columns) < len((FOOTPRINT_AREA, BUILDING_UNIT)):
        return None
    area, unit = columns[FOOTPRINT_AREA.name], columns[BUILDING_UNIT.name]
    return Listed(area.value, unit.value.reindex(area.value.index, fill_value=""), area.origin | unit.origin)


def _within(column: SourceLayer, rows: pd.Index) -> SourceLayer:
    """Return a column without the rows that have no place, which are reported once."""
    return replace(column, value=column.value[column.value.index.isin(rows)])


def _rows_of(units: gpd.GeoDataFrame, named: pd.Series) -> Ints:
    """Return the place of each building's unit among the units, by id or else by name; -1 for an unknown one.

    Numbers that a list holds as floats (15144.0) name the unit 15144.
    """
    names = named.astype(str).str.replace(r"^(\d+)\.0$", r"\1", regex=True)
    at = pd.Index(units.index.astype(str)).get_indexer(names)
    if "unit_name" in units and not units["unit_name"].duplicated().any():
        at = np.where(at >= 0, at, pd.Index(units["unit_name"].astype(str)).get_indexer(names))
    return np.asarray(at, dtype=np.int64)


def squares(unit: BaseGeometry, areas: Floats) -> NDArray[np.object_]:
    """Return a square of each area [m2], in the middle of its building's part of the unit."""
    centres = parts_of(_sites(unit, SPOTS * areas.size), areas)
    half = np.sqrt(areas) / 2
    x, y = centres.T
    return np.asarray(shapely.box(x - half, y - half, x + half, y + half))


def _sites(unit: BaseGeometry, count: int) -> Floats:
    """Return the points of a square lattice within a shape, at least `count`; (points, 2)."""
    west, south, east, north = unit.bounds
    step = float(np.sqrt(unit.area / count))
    shapely.prepare(unit)
    while True:
        x, y = np.meshgrid(np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step))
        inside = shapely.contains_xy(unit, x, y)
        if inside.sum() >= count:
            return np.column_stack((x[inside], y[inside]))
        step *= 0.98


def parts_of(sites: Floats, areas: Floats) -> Floats:
    """Return the middle of the sites that each building gets: sites in shares of footprint, cut across their length."""
    middle = np.zeros((areas.size, 2))
    todo = [(np.arange(len(sites)), 0, areas.size)]
    while todo:
        mine, first, last = todo.pop()
        if last - first == 1:
            middle[first] = sites[mine].mean(axis=0)
            continue
        half = (first + last) // 2
        share = areas[first:half].sum() / areas[first:last].sum()
        axis = int(np.argmax(np.ptp(sites[mine], axis=0)))
        order = mine[np.argsort(sites[mine, axis], kind="stable")]
        cut = int(np.clip(round(share * order.size), half - first, order.size - (last - half)))
        todo += [(order[:cut], first, half), (order[cut:], half, last)]
    return middle
