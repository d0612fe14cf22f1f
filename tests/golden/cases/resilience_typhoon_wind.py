"""A typhoon past a corner of the made-up coast, half water."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr

from citybraid.core.factor import resolve
from citybraid.resilience.coast.typhoon_wind import TyphoonWindParams
from tests.resilience.cyclone_track import GRID, fixes


def golden_case() -> Mapping[str, Any]:
    track = fixes(north=-0.3)
    return {
        "track_latitude": track.latitude,
        "track_longitude": track.longitude,
        "track_pressure": track.pressure,
        "typhoon": dict(resolve("typhoon_wind")),
        "grid": GRID[:4, :6],
        "p": TyphoonWindParams(step=3.0, open_water=2e6),
        "land_cover": xr.DataArray(np.tile(np.array([80, 80, 80, 50, 50, 50], np.int32), (4, 1)), dims=("y", "x")),
    }
