"""A made-up typhoon that lands south of Xiamen, fixes every six hours."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from affine import Affine
from odc.geo.geobox import GeoBox

GRID = GeoBox((40, 40), Affine(500.0, 0, 601_500.0, 0, -500.0, 2_720_000.0), "EPSG:4548")
"""20 km around Xiamen, 118.1° E, 24.5° N."""


class Fixes(NamedTuple):
    """A track."""

    latitude: pd.Series
    longitude: pd.Series
    pressure: pd.Series


def fixes(*, pressure: float = 945.0, north: float = 0.0, steps: int = 9) -> Fixes:
    """Return a track of 48 h toward the west-northwest over the middle of the grid, `north` degrees off it."""
    hours = pd.Index(6.0 * np.arange(steps), name="hours")
    share = np.linspace(-1.0, 1.0, steps) if steps > 1 else np.zeros(1)
    return Fixes(
        pd.Series(24.5 + 1.5 * share + north, hours, name="track_latitude"),
        pd.Series(118.1 - 4.0 * share, hours, name="track_longitude"),
        pd.Series(pressure + 25.0 * np.maximum(share, 0.0), hours, name="track_pressure"),
    )
