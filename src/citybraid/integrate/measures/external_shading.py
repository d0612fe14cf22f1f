"""External shading: movable blinds outside windows, drawn in warm weather while the sun is on them."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.land.footprint_edges import footprint_edges
from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.windows import (
    BLIND_AIR_TEMPERATURE,
    BLIND_IRRADIANCE,
    BLIND_PLACE,
    BLIND_REFLECTANCE,
    BLIND_TRANSMITTANCE,
    WINDOWS,
)
from citybraid.core.vocabulary.measures import SHADED_WINDOW_AREA
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, HEIGHT, LAND_USE, YEAR_BUILT
from citybraid.integrate.measures.oldest_first import oldest
from citybraid.integrate.measures.siting import area_of_points, building_share, per_unit, selected_units, use_share

Array = NDArray[np.float64]

SIDES = ("north", "east", "south", "west")
"""Facings clockwise from north, each of 90°."""


class ExternalShadingParams(MeasureParams):
    pass


class ExternalShading(NamedTuple):
    blind_irradiance: BLIND_IRRADIANCE
    blind_air_temperature: BLIND_AIR_TEMPERATURE
    blind_transmittance: BLIND_TRANSMITTANCE
    blind_reflectance: BLIND_REFLECTANCE
    blind_place: BLIND_PLACE
    shaded_window_area: SHADED_WINDOW_AREA


@measure(
    version=1,
    cite="ISO 13790:2008, G.5.2 (white venetian blinds; drawn above 300 W m-2); EN 13363-1:2003, eq. 4",
    validity="Blinds of one kind, drawn by sun and air alone; wind, view, glare, daylight and facades under protection "
    "are not considered.",
    stage="roof",
    quantity=SHADED_WINDOW_AREA,
    responsible="building owner; municipal housing authority",
    build_years=0.5,
)
def external_shading(
    buildings: Annotated[View, Table("buildings", (BUILDING_USE, HEIGHT, FLOORS, YEAR_BUILT), optional=WINDOWS)],
    units: Annotated[View, Table("units", (SHADED_WINDOW_AREA,))],
    uses: Annotated[Factors, Fact("envelope_retrofit_use")],
    window_share: Annotated[Factors, Fact("window_share")],
    device: Annotated[Factors, Fact("external_shading")],
    site: Annotated[Factors, Fact("measure_site")],
    p: ExternalShadingParams,
    parcels: Annotated[View, Table("parcels", (LAND_USE,))] | None = None,
) -> ExternalShading:
    """Hang movable blinds before the windows of buildings that have none, the oldest buildings first.

    May go on conditioned uses, outside heritage and military land. Blinds are counted on all windows but those to the
    north, whose sun stays below that at which blinds are drawn.
    """
    unit = area_of_points(buildings.geometry.centroid, units.geometry)
    above = _numbers(buildings, "blind_irradiance")
    allowed = use_share(buildings["building_use"], uses) > 0.0
    sited = building_share(buildings, parcels, site=site, measure="external_shading") > 0.0
    windows = _windows(buildings, window_share)
    feasible = ~np.isfinite(above) & allowed & sited & selected_units(units, p.where)[unit] & (windows > 0.0)
    floor_area = np.nan_to_num(buildings["floors"].to_numpy(dtype=np.float64)) * buildings.geometry.area.to_numpy()
    year = buildings["year_built"].to_numpy(dtype=np.float64)
    use = buildings["building_use"]
    chosen = oldest(
        np.where(feasible & (floor_area > 0.0), unit, -1), year=year, area=floor_area, share=p.share, use=use
    )

    def column(name: str, value: float) -> pd.Series:
        return pd.Series(np.where(chosen, value, _numbers(buildings, name)), index=buildings.index)

    place = buildings["blind_place"].astype(object) if "blind_place" in buildings else ""
    return ExternalShading(
        column("blind_irradiance", device["irradiance"]),
        column("blind_air_temperature", device["air_temperature"]),
        column("blind_transmittance", device["transmittance"]),
        column("blind_reflectance", 1.0 - device["transmittance"] - device["absorptance"]),
        pd.Series(np.where(chosen, "outside", place), index=buildings.index),
        units["shaded_window_area"] + per_unit(units, unit, np.where(chosen, windows, 0.0)),
    )


def _windows(buildings: gpd.GeoDataFrame, table: Factors) -> Array:
    """Return the area of each building's windows to the east, south and west [m2]; 0 where its height is unknown.

    Their share of a facade is that of its column, else of the column of all, else of the use.
    """
    sides = footprint_edges(buildings.geometry, sides=len(SIDES)).by_side(len(buildings), len(SIDES))
    walls = sides * np.nan_to_num(buildings["height"].to_numpy(dtype=np.float64))[:, None]
    whole = _numbers(buildings, "window_share")
    area = np.zeros(len(buildings))
    for at, side in enumerate(SIDES[1:], start=1):
        of_use = buildings["building_use"].map(lambda use, side=side: table.get(f"{use}/{side}", table[use]))
        own = _numbers(buildings, f"window_share_{side}")
        share = np.where(np.isfinite(own), own, np.where(np.isfinite(whole), whole, of_use.to_numpy(dtype=np.float64)))
        area += walls[:, at] * share
    return area


def _numbers(buildings: gpd.GeoDataFrame, name: str) -> Array:
    if name not in buildings:
        return np.full(len(buildings), np.nan)
    return np.asarray(buildings[name], dtype=np.float64)
