"""Speed of streets by their own limit or their class."""

import geopandas as gpd
import numpy as np

from citybraid.core.model import var_of
from citybraid.core.streets.street_network import ROAD_CLASS_COLUMN, Floats
from citybraid.core.var import Factors
from citybraid.core.vocabulary.access import SPEED_LIMIT

SPEED_LIMIT_COLUMN = var_of(SPEED_LIMIT).name


def free_speed(streets: gpd.GeoDataFrame, road_speed: Factors) -> Floats:
    """Return each street's free-flow speed [km/h]: its own limit where given, else that of its class, or of 'other'."""
    by_class = class_values(streets, road_speed)
    if SPEED_LIMIT_COLUMN not in streets:
        return by_class
    speed_limit = streets[SPEED_LIMIT_COLUMN].to_numpy(np.float64)
    return np.where(np.isfinite(speed_limit) & (by_class > 0.0), speed_limit, by_class)


def class_values(streets: gpd.GeoDataFrame, by_class: Factors) -> Floats:
    """Return each street's value by its class, that of 'other' where the class is not known."""
    classes = streets[ROAD_CLASS_COLUMN] if ROAD_CLASS_COLUMN in streets else [None] * len(streets)
    other = by_class["other"]
    return np.array([by_class.get(name, other) if isinstance(name, str) else other for name in classes], np.float64)
