"""A 6 x 7 slope with a building, soil, a levee, a gate, a culvert, a pump, coupled drains, a storm and free edges."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import xarray as xr
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from citybraid.core.factor import resolve
from citybraid.resilience.flood.params import FloodParams
from tests.resilience.drained_street import nodes, street


def layer(values: Any) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=("y", "x"))


def table(name: str, shape: BaseGeometry, **columns: float) -> gpd.GeoDataFrame:
    values = {column: [value] for column, value in columns.items()}
    return gpd.GeoDataFrame(values, geometry=gpd.GeoSeries([shape], index=[name], crs="EPSG:32651"), index=[name])


def manholes() -> gpd.GeoDataFrame:
    """Return the street's nodes drawn together into the slope; J2 stands on the building, the outfall outside."""
    points = [Point(27.5, 27.5), Point(17.5, 17.5), Point(27.5, 7.5), Point(32.5, 2.5), Point(90.0, 2.5)]
    return gpd.GeoDataFrame(geometry=points, index=nodes().index, crs="EPSG:32651")


def golden_case() -> Mapping[str, Any]:
    y, x = np.mgrid[0:6, 0:7]
    built = np.zeros((6, 7))
    built[2:4, 3] = 1.0
    one = np.ones((6, 7))
    return {
        "terrain": layer(5.0 - 0.05 * x - 0.03 * y + 0.04 * ((x * y) % 3)),
        "manning": layer(0.03 * one),
        "rain_intensity": pd.Series([60.0, 120.0, 0.0], index=[0.0, 1 / 12, 1 / 6]),
        "flood_debris": {"depth": 0.25, "shallow": 0.5, "deep": 1.0},
        "flood_structures": resolve("flood_structures"),
        "drain_inlet": resolve("drain_inlet"),
        "grid": GeoBox.from_bbox((0, 0, 35, 30), crs="EPSG:32651", resolution=5),
        "p": FloodParams(duration=1200.0, threshold=0.005, drains="coupled"),
        "levees": table("L1", LineString([(25, -5), (25, 35)]), crest_height=0.002),
        "gates": table("G1", LineString([(22, 12.5), (28, 12.5)]), gate_width=0.5, gate_sill=4.7),
        "culverts": table("C1", LineString([(12.5, 12.5), (32.5, 7.5)]), culvert_diameter=0.3),
        "pumps": table("P1", Point(32.5, 2.5), pump_capacity=0.001),
        "building_fraction": layer(built),
        "hydraulic_conductivity": layer(6.5 * one),
        "suction_head": layer(166.8 * one),
        "moisture_deficit": layer(0.2 * one),
        "surface_storage": layer(1.0 * one),
        "drain_capacity": layer(np.where(x < 2, 5.0, 0.0)),
        "drainage_model": street(diameter=0.3, raised=-5.3),
        "drain_nodes": manholes(),
    }
