"""Zones with stated population: buildings, parcels, cells of a population grid, or units."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.core.factor import Resolved
from citybraid.sources.protocol.reading import SourceLayer


@dataclass(frozen=True)
class Zones:
    """Zones with stated population: zone index of each building (-1 for none), population and shape of each zone.

    `how` is the text id of the rule, `table` the source table, `whole` tells that each
    zone is a single building, whose population is then known and not distributed.
    """

    of: NDArray[np.int64]
    people: NDArray[np.float64]
    shapes: NDArray[np.object_]
    how: str
    table: str
    whole: bool = False

    def living(self, area: pd.Series) -> NDArray[np.float64]:
        """Return the residential floor area in each zone [m2]."""
        assigned = self.of >= 0
        areas = np.bincount(self.of[assigned], weights=area.to_numpy()[assigned], minlength=len(self.people))
        return np.asarray(areas, dtype=np.float64)


def living_area(buildings: gpd.GeoDataFrame) -> pd.Series:
    """Return the residential floor area by building [m2], 0 for other uses: stated, else storeys times footprint."""
    area = pd.Series(np.nan, index=buildings.index)
    if "floors" in buildings:
        area = buildings["floors"].astype(float) * buildings.geometry.area
    if "floor_area" in buildings:
        area = buildings["floor_area"].astype(float).fillna(area)
    if "building_use" not in buildings:
        return pd.Series(0.0, index=buildings.index)
    return area.where(buildings["building_use"].eq("residential"), 0.0).fillna(0.0)


def building_zones(buildings: gpd.GeoDataFrame, stated: pd.Series) -> Zones | None:
    """Return each building with stated residents as a zone of its own."""
    known = np.flatnonzero(stated.to_numpy())
    if not len(known):
        return None
    zone_index = np.full(len(buildings), -1, dtype=np.int64)
    zone_index[known] = np.arange(len(known))
    people = np.asarray(buildings["residents"], dtype=np.float64)[known]
    return Zones(
        zone_index, people, buildings.geometry.to_numpy()[known], "intake.how_stated_people", "buildings", whole=True
    )


def of_compounds(buildings: gpd.GeoDataFrame) -> Zones | None:
    """Return the compounds whose residents a sheet states, each the buildings that name it."""
    if not {"compound", "compound_residents"} <= set(buildings.columns):
        return None
    stated = buildings["compound"].ne("") & buildings["compound_residents"].notna()
    if not stated.any():
        return None
    codes, _ = pd.factorize(buildings["compound"].where(stated))
    of = np.asarray(codes, dtype=np.int64)
    zones = np.unique(of[of >= 0])
    people = buildings["compound_residents"].to_numpy(dtype=np.float64)
    each = np.array([people[np.flatnonzero(of == zone)[0]] for zone in zones])
    geometry = buildings.geometry.to_numpy()
    shapes = np.array([shapely.union_all(geometry[of == zone]) for zone in zones], dtype=object)
    return Zones(of, each, shapes, "intake.how_compound_people", "buildings")


def of_parcels(buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame, size: Resolved | None) -> Zones | None:
    """Return the parcels with stated residents, or households where the household size [person] is known."""
    people = pd.Series(np.nan, index=parcels.index)
    if "parcel_residents" in parcels:
        people = parcels["parcel_residents"].astype(float)
    if "households" in parcels and size is not None:
        people = people.fillna(parcels["households"].astype(float) * next(iter(size.values())))
    known = people.notna().to_numpy()
    if not known.any():
        return None
    shapes = parcels.geometry.to_numpy()[known]
    how = "intake.how_parcel_people"
    count = np.asarray(people[known], dtype=np.float64)
    return Zones(containing_zone(buildings, shapes), count, shapes, how, "parcels")


def of_grid(buildings: gpd.GeoDataFrame, grid: SourceLayer) -> Zones | None:
    """Return the cells of a population grid with data as zones."""
    if grid.grid is None:
        return None
    counts = np.asarray(grid.value, dtype=np.float64)
    rows, columns = np.nonzero(np.isfinite(counts))
    affine = grid.grid.affine
    west, north = affine.c + columns * affine.a, affine.f + rows * affine.e
    shapes = shapely.box(west, north + affine.e, west + affine.a, north)
    return Zones(
        containing_zone(buildings, shapes), counts[rows, columns], shapes, "intake.how_grid", "population_grid"
    )


def containing_zone(buildings: gpd.GeoDataFrame, shapes: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the index of the first shape that contains each building's centroid, -1 where none does."""
    building, holder = shapely.STRtree(shapes).query(buildings.geometry.centroid.to_numpy(), predicate="intersects")
    first = np.full(len(buildings), -1, dtype=np.int64)
    # reversed order: of repeated assignments the last wins, so the smallest index stays
    order = np.lexsort((holder, building))[::-1]
    first[building[order]] = holder[order]
    return first


def totals(zones: Zones, units: gpd.GeoSeries) -> pd.Series:
    """Return the zone population in each unit [person], split by area where a zone overlaps several.

    The total is conserved where the units cover the zones.
    """
    shapes = units.to_numpy()
    unit, zone = shapely.STRtree(zones.shapes).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[unit], zones.shapes[zone]))
    share = shared / shapely.area(zones.shapes)[zone]
    people = np.bincount(unit, weights=zones.people[zone] * share, minlength=len(shapes))
    return pd.Series(people, index=units.index)
