"""Houses beside an avenue at 5 m, summer's wind from the south-west."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from odc.geo.geobox import GeoBox

from citybraid.resilience.heat.ventilation import VentilationParams
from tests.outdoor_case import raster
from tests.ventilation_case import quarter, wind


def golden_case() -> Mapping[str, Any]:
    built = quarter(40, 24, height=20.0)[16:]
    ground = np.zeros(built.shape)
    ground[:, :3] = np.nan
    return {
        "terrain": raster(ground),
        "building_height": raster(built),
        "building_fraction": raster((built > 0.0).astype(float)),
        **wind(comes_from=225.0),
        "grid": GeoBox.from_bbox((0, 0, 120, 120), crs="EPSG:32651", resolution=5),
        "p": VentilationParams(block=20.0),
    }
