"""Kinds of stops, told by words in any of our languages."""

import re

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.model import var_of
from citybraid.core.vocabulary.lowcarbon.travel import STOP_KIND

STOP_KIND_COLUMN = var_of(STOP_KIND).name
KINDS = {
    "metro": re.compile(r"地铁|轨道|轻轨|城铁|电车|metro|subway|station|rail|tram|entrance", re.IGNORECASE),
    "bus": re.compile(r"公交|巴士|brt|bus|platform", re.IGNORECASE),
}
"""Words for kinds of stops."""


def kinds_of(stops: gpd.GeoDataFrame) -> pd.Series:
    """Return the kind of each stop, 'bus', 'metro' or '' (unknown); a bus station is one of buses.

    Raises InputError where no stop tells a known kind.
    """
    words = stops[STOP_KIND_COLUMN].fillna("").astype(str)
    buses, metros = (words.str.contains(KINDS[kind]) for kind in ("bus", "metro"))
    if not (buses | metros).any():
        raise InputError("travel.no_stop_kind", stops=len(stops))
    return pd.Series(np.select([buses, metros], ["bus", "metro"], default=""), index=stops.index, dtype=object)
