"""Three steps of rain that move north-eastward over 12 x 9 cells."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.resilience.rain.moving_storm import MovingStormParams


def golden_case() -> Mapping[str, Any]:
    return {
        "rain_intensity": pd.Series([20.0, 90.0, 30.0], index=[0.0, 1 / 12, 1 / 6]),
        "grid": GeoBox.from_bbox((0, 0, 240, 180), crs="EPSG:32651", resolution=20),
        "p": MovingStormParams(direction=45.0, speed=0.3, reach=90.0, peak_at=(100.0, 80.0), block=60.0),
    }
