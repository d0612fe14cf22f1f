"""Levels of plans: which shapes hold which, where they do not nest, and how sums close over levels."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.rows.levels import PlanLevel
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.aggregation import Parts, joined, rule_of, without_whole
from citybraid.planning.rows import indicators

LEAST_SHARE = 0.01
"""Share of a shape that may lie elsewhere: drawn boundaries never agree to the last metre [-]."""
LEAST_AREA = 1.0
"""Area below which an overlap is rounding of coordinates [m2]."""
PROBLEMS = ("level", "zone", "kind", "others", "area", "share")
KINDS = ("two", "none", "outside", "overlap", "hole")
"""A shape in two of the level above, in none, partly outside, over another of its level; ground none covers."""


class Nested(NamedTuple):
    """The shape of the level above that holds most of each shape, '' for none, and where levels do not nest."""

    parents: Mapping[str, pd.Series]
    problems: pd.DataFrame


@cached_with_tables
def plan_levels() -> tuple[PlanLevel, ...]:
    """Return the levels of plans, the largest first."""
    return read_table(PlanLevel)


def nested(shapes: Mapping[str, gpd.GeoSeries]) -> Nested:
    """Check the levels that a plan has, by name, the largest first; each against the next above it."""
    present = [level for level in plan_levels() if len(shapes.get(level.level, ()))]
    parents: dict[str, pd.Series] = {}
    rows: list[tuple[object, ...]] = []
    for at, level in enumerate(present):
        own = shapes[level.level]
        rows += _overlaps(level.level, own)
        if at:
            above = shapes[present[at - 1].level]
            areas = _shared(own.to_numpy(), above.to_numpy())
            parents[level.level] = _parents(own, above, areas)
            rows += _strays(level.level, own, above, areas)
            rows += _holes(present[at - 1].level, own, above) if level.covers else ()
    return Nested(parents, pd.DataFrame(rows, columns=list(PROBLEMS)))


def _shared(own: NDArray[np.object_], above: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the area that each shape shares with each of the level above [m2]."""
    areas = np.zeros((len(own), len(above)))
    child, parent = shapely.STRtree(above).query(own, predicate="intersects")
    areas[child, parent] = shapely.area(shapely.intersection(own[child], above[parent]))
    return areas


def _parents(own: gpd.GeoSeries, above: gpd.GeoSeries, areas: NDArray[np.float64]) -> pd.Series:
    best = areas.argmax(axis=1)
    names = [str(above.index[at]) if areas[row, at] > 0.0 else "" for row, at in enumerate(best)]
    return pd.Series(names, index=[str(name) for name in own.index], dtype=object)


def _strays(
    level: str, own: gpd.GeoSeries, above: gpd.GeoSeries, areas: NDArray[np.float64]
) -> Iterator[tuple[object, ...]]:
    for row, (name, size) in enumerate(zip(own.index, own.area.to_numpy(), strict=True)):
        least = max(LEAST_SHARE * size, LEAST_AREA)
        held = np.flatnonzero(areas[row] > least)
        covered = shapely.area(shapely.intersection(own.iloc[row], shapely.union_all(above.to_numpy()[held])))
        beyond = size - covered
        if not held.size:
            yield level, str(name), "none", "", size, 1.0
            continue
        if held.size > 1:
            order = held[np.argsort(-areas[row, held], kind="stable")]
            second = float(areas[row, order[1:]].sum())
            yield level, str(name), "two", " ".join(str(above.index[at]) for at in order), second, second / size
        if beyond > least:
            yield level, str(name), "outside", "", beyond, beyond / size


def _overlaps(level: str, own: gpd.GeoSeries) -> Iterator[tuple[object, ...]]:
    shapes = own.to_numpy()
    one, other = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    one, other = one[one < other], other[one < other]
    shared = shapely.area(shapely.intersection(shapes[one], shapes[other]))
    for first, second, area in zip(one, other, shared, strict=True):
        smaller = min(shapely.area(shapes[first]), shapely.area(shapes[second]))
        if area > max(LEAST_SHARE * smaller, LEAST_AREA):
            yield level, str(own.index[first]), "overlap", str(own.index[second]), float(area), float(area / smaller)


def _holes(level: str, own: gpd.GeoSeries, above: gpd.GeoSeries) -> Iterator[tuple[object, ...]]:
    cover = shapely.union_all(own.to_numpy())
    for name, shape in above.items():
        area = float(shapely.area(shapely.difference(shape, cover)))
        if area > max(LEAST_SHARE * shape.area, LEAST_AREA):
            yield level, str(name), "hole", "", area, area / shape.area


def level_sums(table: pd.DataFrame, weights: pd.DataFrame, level: str) -> pd.DataFrame:
    """Return, for each indicator, what the zones of a level make up, the whole, and what lies in no zone of the level.

    A sum is what its zones add up to; `outside` is the rest of the whole: people, emissions or floods on streets
    between parcels. Of a mean, `zones` is that over the zones, weighted by its row's rule.
    """
    made = joined(Parts(without_whole(table), without_whole(weights)))
    rows = []
    for name, value in made.items():
        whole, rule = float(table[name][WHOLE_AREA]), rule_of(indicators()[name])
        outside = whole - value if rule == "sum" else np.nan
        rows.append((level, name, rule, value, outside, whole))
    return pd.DataFrame(rows, columns=["level", "indicator", "rule", "zones", "outside", "whole"])


def by_parent(table: pd.DataFrame, weights: pd.DataFrame, parents: pd.Series, zones: Sequence[str]) -> pd.DataFrame:
    """Return the indicators of zones of the level above as those of the zones within them make them up."""
    values, weight = without_whole(table), without_whole(weights)
    homes = parents.reindex(values.index.astype(str)).to_numpy()
    rows = {zone: joined(Parts(values[homes == zone], weight[homes == zone])) for zone in zones}
    return pd.DataFrame.from_dict(rows, orient="index")
