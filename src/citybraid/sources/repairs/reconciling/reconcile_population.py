"""Population of planning units against the residents of their buildings and a population grid."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from citybraid.sources.geometry.shapes import Flags
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import UNIT_ELDERLY
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage
from citybraid.sources.quality.contradictions import Disagreement, Numbers, contradiction_rows, stated_column

VERSION = 3

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report units, and the total, whose stated population differs from that of their buildings or of a grid."""
    units, people = layers.table("units"), stated_column(layers, "population", "units")
    if units is None or people is None:
        return RepairResult(layers)
    population = people.to_numpy(dtype=float)
    groups = [
        *_old_people(layers, people),
        *_buildings(layers, units, population, rules),
        *_grid(layers, units, population, rules),
    ]
    contradictions, findings = contradiction_rows(groups)
    return RepairResult(layers, findings, (), contradictions)


def _old_people(layers: Layers, people: pd.Series) -> Iterator[Disagreement]:
    """Units with more residents of 65 and over than residents."""
    old = stated_column(layers, UNIT_ELDERLY.name, "units")
    if old is None:
        return
    stated, all_of_them = old.to_numpy(dtype=float), people.reindex(old.index).to_numpy(dtype=float)
    yield Disagreement("old_people", "units", "person", old.index, stated, all_of_them, 0.0, "-").only(
        stated > all_of_them
    )


def _buildings(layers: Layers, units: gpd.GeoDataFrame, population: Numbers, rules: Rules) -> Iterator[Disagreement]:
    """Residents of buildings, where every residential one states them or the stated ones already exceed the unit's."""
    buildings, living = layers.table("buildings"), stated_column(layers, "residents", "buildings")
    if buildings is None or living is None:
        return
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    building, unit = shapely.STRtree(units.geometry.to_numpy()).query(points, predicate="intersects")
    building, first = np.unique(building, return_index=True)
    unit = unit[first]
    each = living.to_numpy(dtype=float)[building]
    unstated = ~np.isfinite(each)
    if "building_use" in buildings:
        unstated &= (buildings["building_use"].to_numpy() == "residential")[building]
    counted = np.bincount(unit, weights=np.nan_to_num(each), minlength=len(units)).astype(float)
    complete = np.bincount(unit, weights=unstated, minlength=len(units)) == 0
    yield from _compared("population", units.index, population, counted, complete=complete, rules=rules)


def _grid(layers: Layers, units: gpd.GeoDataFrame, population: Numbers, rules: Rules) -> Iterator[Disagreement]:
    """People of the cells of a grid, a cell counting for the unit that contains its centre."""
    layer = layers.get("population_grid")
    if layer is None or layer.grid is None:
        return
    people = np.asarray(layer.value, dtype=float)
    rows, columns = np.nonzero(people > 0)
    affine = layer.grid.affine
    points = shapely.points(affine.c + (columns + 0.5) * affine.a, affine.f + (rows + 0.5) * affine.e)
    cell, unit = shapely.STRtree(units.geometry.to_numpy()).query(points, predicate="intersects")
    cell, first = np.unique(cell, return_index=True)
    counted = np.bincount(unit[first], weights=people[rows, columns][cell], minlength=len(units)).astype(float)
    yield from _compared(
        "grid", units.index, population, counted, complete=np.ones(len(units), dtype=bool), rules=rules
    )


def _compared(
    kind: str, rows: pd.Index, population: Numbers, counted: Numbers, *, complete: Flags, rules: Rules
) -> Iterator[Disagreement]:
    """Per unit and in total; `complete` flags units counted in full, for which less is a contradiction too."""
    off, basis = rules.choices.population_off, "choices.population_off"
    wrong = (counted > population * (1 + off)) | (complete & (counted < population * (1 - off)))
    yield Disagreement(kind, "units", "person", rows, population, counted, off, basis).only(wrong)
    known = np.isfinite(population)
    total, total_counted = float(population[known].sum()), float(counted[known].sum())
    if total_counted > total * (1 + off) or (complete[known].all() and total_counted < total * (1 - off)):
        yield Disagreement(
            f"{kind}_total", "units", "person", ["-"], np.array([total]), np.array([total_counted]), off, basis
        )
