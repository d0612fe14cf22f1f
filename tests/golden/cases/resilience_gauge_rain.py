"""Three gauges and inverse distances over 12 x 9 cells."""

from collections.abc import Mapping
from typing import Any

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.resilience.rain.gauge_rain import GaugeRainParams


def golden_case() -> Mapping[str, Any]:
    rates = {"a": [10.0, 0.0], "b": [0.0, 30.0], "c": [20.0, 20.0]}
    places = [Point(30.0, 30.0), Point(210.0, 60.0), Point(100.0, 170.0)]
    return {
        "gauges": gpd.GeoDataFrame(geometry=places, index=list(rates), crs="EPSG:32651"),
        "gauge_rain": {name: pd.Series(rate, index=[0.0, 0.5]) for name, rate in rates.items()},
        "grid": GeoBox.from_bbox((0, 0, 240, 180), crs="EPSG:32651", resolution=20),
        "p": GaugeRainParams(method="idw", power=2.0, block=60.0),
    }
