"""A small plan, 100 m by 100 m at 5 m: two units, four parcels, five buildings, two streets."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.factor import shipped
from citybraid.core.model import Model, Params, optional_reads, reads, var_of
from citybraid.core.var import Fact, Table, Var
from citybraid.integrate.measures.siting import CODE

CRS = "EPSG:4549"
GRID = GeoBox.from_bbox((0.0, 0.0, 100.0, 100.0), crs=CRS, resolution=5.0)
CELL = 25.0


def box(left: float, bottom: float, right: float, top: float) -> shapely.Polygon:
    return shapely.box(left, bottom, right, top)


def table(rows: Mapping[str, tuple[Any, ...]], columns: tuple[str, ...]) -> gpd.GeoDataFrame:
    """Return a table; the first value of each row is its geometry."""
    frame = pd.DataFrame.from_dict(dict(rows), orient="index", columns=["geometry", *columns])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=CRS)


UNITS = table({"west": (box(0, 0, 50, 100), 300.0), "east": (box(50, 0, 100, 100), 40.0)}, ("population",))
PARCELS = table(
    {
        "homes": (box(0, 0, 45, 45), "070102", "built", 2.0, 0.3, 60.0, 0.3),
        "park": (box(0, 55, 45, 100), "1401", "built", np.nan, np.nan, np.nan, 0.8),
        "offices": (box(55, 0, 100, 45), "0902", "planned", 2.3, 0.4, 60.0, 0.25),
        "temple": (box(55, 55, 100, 100), "1504", "built", 0.5, 0.2, 12.0, 0.4),
    },
    ("land_use", "parcel_status", "floor_area_ratio", "building_density", "height_limit", "green_ratio"),
)
BUILDINGS = table(
    {
        "slab": (box(5, 5, 35, 17), "residential", 6.0, 18.0, 1995.0),
        "villa": (box(8, 27, 18, 37), "residential", 3.0, 9.0, 2023.0),
        "shop": (box(30, 30, 40, 40), "retail", 1.0, 4.5, 1988.0),
        "tower": (box(60, 46, 75, 54), "office", 16.0, 62.0, 2008.0),
        "hall": (box(70, 70, 85, 80), "public", 2.0, 8.0, 1910.0),
    },
    ("building_use", "floors", "height", "year_built"),
).assign(
    free_roof=1.0, green_roof=0.0, pv_roof=0.0, envelope_standard="as_built", heating_system="as_built",
    hot_water_system="as_built", cooking_system="as_built", lighting_standard="as_built",
    equipment_standard="as_built", charged_cars=0.0,
)  # fmt: skip
BUILDINGS["floor_area"] = BUILDINGS["floors"] * BUILDINGS.geometry.area
STREETS = table(
    {
        "lane": (shapely.LineString([(0, 50), (100, 50)]), "residential", 120.0, 2.0),
        "highway": (shapely.LineString([(50, 0), (50, 100)]), "motorway", 100.0, 0.0),
    },
    ("road_class", "verge_length", "tree_count"),
)


def raster(values: np.ndarray[Any, np.dtype[Any]]) -> xr.DataArray:
    y, x = centres()
    return xr.DataArray(values, dims=("y", "x"), coords={"y": y[:, 0], "x": x[0]})


def centres() -> tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.float64]]]:
    """Return x and y of every cell's centre."""
    row, column = np.indices(GRID.shape) + 0.5
    x, y = GRID.affine * (column, row)
    return np.asarray(x), np.asarray(y)


def land_cover() -> xr.DataArray:
    """Return grass in the park and around the temple, paving elsewhere, roads along the streets, roofs."""
    x, y = centres()
    cover = np.full(GRID.shape, CODE["paved"], dtype=np.uint8)
    cover[y > 55] = CODE["grass"]
    cover[(abs(y - 50) < 5) | (abs(x - 50) < 5)] = CODE["road"]
    for shape in BUILDINGS.geometry:
        cover[shapely.contains_xy(shape, x, y)] = CODE["roof"]
    return raster(cover)


def terrain() -> xr.DataArray:
    """Return ground that falls 1 % to the south, with a hollow in the park and a bank in the homes' corner."""
    x, y = centres()
    height = 10.0 + 0.01 * y - 0.3 * np.exp(-((x - 20) ** 2 + (y - 80) ** 2) / 400.0)
    return raster(np.where((x < 10) & (y < 10), height + 0.3 * (10 - x), height))


LIFELINES = table(
    {
        "clinic": (box(36, 5, 44, 13), "health", 4.0, 0.3),
        "pump": (box(20, 78, 22, 80), "drainage", 0.0, 0.9),
        "kiosk": (box(60, 60, 62, 62), "power", np.nan, np.nan),
        "works": (box(90, 10, 94, 14), "water", 0.0, 0.4),
    },
    ("lifeline_system", "power_reserve", "component_height"),
)
VALUES: dict[str, Any] = {"land_cover": land_cover, "terrain": terrain}
TABLES = {"units": UNITS, "parcels": PARCELS, "buildings": BUILDINGS, "streets": STREETS, "lifelines": LIFELINES}


def arguments(model: Model[Any, Any], p: Params | None = None, **given: object) -> dict[str, Any]:
    """Return what a model takes on this plan: views, rasters, factors for Zhejiang, the grid, its parameters."""
    return {name: given[name] if name in given else _argument(need.what, p) for name, need in model.needs.items()}


def _argument(what: object, p: Params | None) -> object:
    if isinstance(what, Fact):
        return shipped().resolve(what.name, region="CN-ZJ", year=2025)
    if isinstance(what, Table):
        frame = TABLES[what.on].copy()
        wanted = [name for name in reads(what) if name != what.on]
        for name in wanted:
            if name not in frame:
                frame[name] = 0.0
        return frame[["geometry", *wanted, *(name for name in optional_reads(what) if name in frame)]]
    if isinstance(what, Var) and not what.on:
        return None
    if isinstance(what, Var):
        return VALUES[what.name]() if what.name in VALUES else raster(np.zeros(GRID.shape))
    if what is GeoBox:
        return GRID
    assert isinstance(what, type)
    return what() if p is None else p


def run(model: Model[Any, Any], p: Params | None = None, **given: object) -> Any:
    """Run a model on this plan, some arguments given."""
    return model(**arguments(model, p, **given))


def ends(alias: Any, *, most: float = 1e6) -> tuple[float, float]:
    """Return the ends of a quantity's range, cut at a large number where it is open."""
    var = var_of(alias)
    return max(var.ge, -most), min(var.le, most)
