"""People counted twice: residents of planning units against those of their buildings and of a population grid."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.sources.geometry.shapes import Flags
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import Repaired, Rules, Stage
from citybraid.sources.quality.contradictions import Compared, Numbers, stated, told

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell units, and the whole, whose stated population is not that of their buildings or of a population grid."""
    units, people = layers.table("units"), stated(layers, "population", "units")
    if units is None or people is None:
        return Repaired(layers)
    said = people.to_numpy(dtype=float)
    groups = [*_buildings(layers, units, said, rules), *_grid(layers, units, said, rules)]
    contradictions, findings = told(groups)
    return Repaired(layers, findings, (), contradictions)


def _buildings(layers: Layers, units: gpd.GeoDataFrame, said: Numbers, rules: Rules) -> Iterator[Compared]:
    """Residents of buildings, where every residential one states them or where those that do already hold more."""
    buildings, living = layers.table("buildings"), stated(layers, "residents", "buildings")
    if buildings is None or living is None:
        return
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    building, unit = shapely.STRtree(units.geometry.to_numpy()).query(points, predicate="intersects")
    building, first = np.unique(building, return_index=True)
    unit = unit[first]
    each = living.to_numpy(dtype=float)[building]
    silent = ~np.isfinite(each)
    if "building_use" in buildings:
        silent &= (buildings["building_use"].to_numpy() == "residential")[building]
    counted = np.bincount(unit, weights=np.nan_to_num(each), minlength=len(units)).astype(float)
    whole = np.bincount(unit, weights=silent, minlength=len(units)) == 0
    yield from _compared("population", units.index, said, counted, whole=whole, rules=rules)


def _grid(layers: Layers, units: gpd.GeoDataFrame, said: Numbers, rules: Rules) -> Iterator[Compared]:
    """People of the cells of a grid, a cell counting for the unit that holds its middle."""
    found = layers.get("population_grid")
    if found is None or found.grid is None:
        return
    people = np.asarray(found.value, dtype=float)
    rows, columns = np.nonzero(people > 0)
    affine = found.grid.affine
    middles = shapely.points(affine.c + (columns + 0.5) * affine.a, affine.f + (rows + 0.5) * affine.e)
    cell, unit = shapely.STRtree(units.geometry.to_numpy()).query(middles, predicate="intersects")
    cell, first = np.unique(cell, return_index=True)
    counted = np.bincount(unit[first], weights=people[rows, columns][cell], minlength=len(units)).astype(float)
    yield from _compared("grid", units.index, said, counted, whole=np.ones(len(units), dtype=bool), rules=rules)


def _compared(
    kind: str, rows: pd.Index, said: Numbers, counted: Numbers, *, whole: Flags, rules: Rules
) -> Iterator[Compared]:
    """Unit by unit and in sum; `whole` says which units are counted whole, so that less contradicts as well."""
    off, basis = rules.choices.population_off, "choices.population_off"
    wrong = (counted > said * (1 + off)) | (whole & (counted < said * (1 - off)))
    yield Compared(kind, "units", "person", rows, said, counted, off, basis).only(wrong)
    known = np.isfinite(said)
    total, found = float(said[known].sum()), float(counted[known].sum())
    if found > total * (1 + off) or (whole[known].all() and found < total * (1 - off)):
        yield Compared(f"{kind}_total", "units", "person", ["-"], np.array([total]), np.array([found]), off, basis)
