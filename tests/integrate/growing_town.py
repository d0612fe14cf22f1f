"""A made-up town that is all planned: homes on every block, offices in the middle, a station at one place."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.factor import resolve
from citybraid.integrate.measures.built_form import BuiltForm, BuiltFormParams, built_form
from citybraid.integrate.measures.siting import CODE
from citybraid.integrate.measures.travel.compact_growth import CompactGrowth, CompactGrowthParams, compact_growth
from citybraid.lowcarbon.travel.travel import TravelResult, travel
from tests.travel_town import CRS, REGION, station, streets, town

BLOCKS, SIDE = 10, 200.0
EXTENT = BLOCKS * SIDE
GRID = GeoBox.from_bbox((0.0, 0.0, EXTENT, EXTENT), crs=CRS, resolution=20.0)
STOP = station(0.5 * EXTENT, 0.5 * EXTENT)
UNITS = gpd.GeoDataFrame(
    {"moved_floor_area": 0.0, "planned_floor_area": 0.0, "added_departures": 0.0, "population": 0.0},
    geometry=[shapely.box(0, 0, 0.5 * EXTENT, EXTENT), shapely.box(0.5 * EXTENT, 0, EXTENT, EXTENT)],
    index=["west", "east"], crs=CRS,
)  # fmt: skip


def parcels(**changed: Any) -> gpd.GeoDataFrame:
    """Return a planned parcel on every block: offices on the four in the middle, homes on the others."""
    cells = [(i, j) for i in range(BLOCKS) for j in range(BLOCKS)]
    middle = (BLOCKS // 2 - 1, BLOCKS // 2)
    table = pd.DataFrame({
        "land_use": ["0902" if i in middle and j in middle else "070102" for i, j in cells],
        "parcel_status": "planned", "floor_area_ratio": 1.0, "building_density": 0.25, "height_limit": 100.0,
        "green_ratio": 0.3,
    }, index=[f"p{i}{j}" for i, j in cells])  # fmt: skip
    shapes = [shapely.box(SIDE * i + 20, SIDE * j + 20, SIDE * (i + 1) - 20, SIDE * (j + 1) - 20) for i, j in cells]
    return gpd.GeoDataFrame(table.assign(**changed), geometry=shapes, crs=CRS)


def fact(name: str) -> Any:
    return resolve(name, region=REGION)


def grown(plots: gpd.GeoDataFrame, stops: gpd.GeoDataFrame = STOP, **params: Any) -> CompactGrowth:
    """Move floor area to the station."""
    given = {
        "parcels": plots,
        "stops": stops[["geometry", "stop_kind"]],
        "units": UNITS[["geometry", "moved_floor_area"]],
    }
    return compact_growth(
        **given, use_share=fact("parcel_use"), storey_height=fact("storey_height"),
        p=CompactGrowthParams.model_validate(params),
    )  # fmt: skip


def built(plots: gpd.GeoDataFrame) -> BuiltForm:
    """Build the parcels to their controls."""
    axis = np.arange(GRID.shape[0]) * 20.0 + 10.0
    cover, canopy = (
        xr.DataArray(np.full(GRID.shape, value, kind), dims=("y", "x"), coords={"y": axis[::-1], "x": axis})
        for value, kind in ((CODE["grass"], np.uint8), (0.0, np.float64))
    )
    return built_form(
        parcels=plots, units=UNITS[["geometry", "planned_floor_area", "population"]], land_cover=cover,
        canopy_cover=canopy, use_share=fact("parcel_use"), archetype=fact("archetype"),
        storey_height=fact("storey_height"), living_area=fact("living_area_per_person"),
        tree_share=fact("planted_tree_share"), tree_crown=fact("tree_crown"), grid=GRID, p=BuiltFormParams(year=2030),
    )  # fmt: skip


def travelled(form: BuiltForm, stops: gpd.GeoDataFrame = STOP) -> TravelResult:
    """Let the residents of the new homes travel."""
    homes = gpd.GeoDataFrame(
        {"building_use": form.building_use, "residents": form.planned_residents.fillna(0.0)},
        geometry=form.buildings, crs=CRS,
    )  # fmt: skip
    homes["floor_area"] = form.floors * homes.geometry.area
    return travel(**town(buildings=homes, streets=streets(blocks=BLOCKS), stops=stops))
