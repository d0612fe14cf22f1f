"""Electricity of plants at the buildings that they stand in, by shift pattern."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.core.var import View
from citybraid.lowcarbon.accounts.entries import INDUSTRY, sector_by_use
from citybraid.lowcarbon.shifts import PATTERNS, pattern_of

Array = NDArray[np.float64]


class PlantSites(NamedTuple):
    """Where plants use their electricity: at industrial buildings, else at sites of their own after all buildings."""

    load: Array
    """Annual electricity by site and shift pattern [kWh]; (buildings + lone plants, patterns)."""
    stood_for: NDArray[np.bool_]
    """Buildings whose modelled load plants replace."""
    place: NDArray[np.int64]
    """Parcel of each lone plant, as of `place_of_buildings`."""
    share: pd.DataFrame
    """What each plant uses at each site: columns plant, site, load [kWh]."""
    plants: pd.Index


def plant_sites(
    buildings: gpd.GeoDataFrame, holder: NDArray[np.int64], plants: View, works: NDArray[np.int64]
) -> PlantSites:
    """Return the sites of plants; `holder` and `works` are the parcels of buildings and plants.

    A plant uses its electricity in the industrial buildings of its parcel and the one that it lies upon, by floor area:
    those that it stands for in the accounts. Where there are none, it has a site of its own.
    """
    industrial = (buildings["building_use"].astype(str).map(sector_by_use()) == INDUSTRY).to_numpy(dtype=np.bool_)
    area = buildings["floor_area"].to_numpy(dtype=np.float64)
    point, upon = shapely.STRtree(buildings.geometry.to_numpy()).query(
        shapely.point_on_surface(plants.geometry.to_numpy()), predicate="intersects"
    )
    power = plants["plant_power"].to_numpy(dtype=np.float64)
    lone: list[int] = []
    rows: list[pd.DataFrame] = []
    for plant, parcel in enumerate(works):
        on_parcel = np.flatnonzero(holder == parcel) if parcel >= 0 else upon[:0]
        halls = np.union1d(on_parcel, upon[point == plant]).astype(np.int64)
        halls = halls[industrial[halls]]
        weight = area[halls] if area[halls].sum() > 0 else np.ones(halls.size)
        if not halls.size:
            halls, weight = np.array([len(buildings) + len(lone)]), np.ones(1)
            lone.append(int(parcel))
        rows.append(pd.DataFrame({"plant": plant, "site": halls, "load": power[plant] * weight / weight.sum()}))
    share = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame({"plant": [], "site": [], "load": []})
    at, of = share["site"].to_numpy(dtype=np.int64), share["plant"].to_numpy(dtype=np.int64)
    load = np.zeros((len(buildings) + len(lone), len(PATTERNS)))
    np.add.at(load, (at, pattern_of(plants)[of]), share["load"].to_numpy(dtype=np.float64))
    stood_for = np.zeros(len(buildings), dtype=np.bool_)
    stood_for[at[at < len(buildings)]] = True
    return PlantSites(load, stood_for, np.array(lone, dtype=np.int64), share, plants.index)


def mixed(load: Array, shapes: Array) -> tuple[Array, NDArray[np.int64]]:
    """Return profiles of sites that mix shift patterns, and which of them each site has."""
    total = load.sum(axis=1, keepdims=True)
    part = np.where(total > 0, load / np.where(total > 0, total, 1.0), 1.0 / load.shape[1])
    kinds, of = np.unique(part.round(12), axis=0, return_inverse=True)
    rows = kinds @ shapes
    return rows / rows.sum(axis=1, keepdims=True), of.reshape(-1).astype(np.int64)


def by_plant(works: PlantSites, of_site: Array) -> pd.Series:
    """Return sites' amounts by plant, in the shares of their load at each site."""
    at, of = works.share["site"].to_numpy(dtype=np.int64), works.share["plant"].to_numpy(dtype=np.int64)
    load, whole = works.share["load"].to_numpy(dtype=np.float64), works.load.sum(axis=1)[at]
    part = of_site[at] * load / np.where(whole > 0, whole, 1.0)
    total = np.bincount(of, weights=part, minlength=len(works.plants))
    return pd.Series(total, index=works.plants, dtype=np.float64)
