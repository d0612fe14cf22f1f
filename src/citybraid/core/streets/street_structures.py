"""What the streets' attributes say of bridges and tunnels, in English, Chinese and OpenStreetMap's words."""

import re

import geopandas as gpd
import numpy as np

from citybraid.core.model import var_of
from citybraid.core.streets.street_network import NEGATIVE_VALUES, Flags, marked, of_class
from citybraid.core.vocabulary.access import BRIDGE, ROAD_STRUCTURE, STREET_LAYER, TUNNEL

BRIDGE_COLUMN, TUNNEL_COLUMN = var_of(BRIDGE).name, var_of(TUNNEL).name
STRUCTURE_COLUMN, LAYER_COLUMN = var_of(ROAD_STRUCTURE).name, var_of(STREET_LAYER).name
FORDS = frozenset({"low_water_crossing", "ford", "漫水桥", "过水路面", "过水桥"})
"""Bridges built to be flooded: they count as ground."""
UNSAID = frozenset({"", "none", "nan"})
"""Negative values that say nothing of a street."""
BRIDGE_WORDS = re.compile(r"桥|高架|bridge|viaduct|elevated", re.IGNORECASE)
TUNNEL_WORDS = re.compile(r"隧|下穿|地道|地下|涵|tunnel|underpass|subway", re.IGNORECASE)
GRADE_SEPARATED_CLASSES = frozenset({"motorway", "trunk"})
"""Classes with grade-separated crossings, where the lines share no vertex."""
LEVEL = re.compile(r"[+-]?\d{1,2}(\.0+)?")
"""A level of OpenStreetMap's `layer`; names of drawing layers are none."""


def stated_bridges(streets: gpd.GeoDataFrame) -> Flags:
    """Return which streets are bridges by `bridge`, `road_structure` or a `street_layer` above 0; fords are none."""
    bridges = marked(streets, BRIDGE_COLUMN) & ~_among(streets, BRIDGE_COLUMN, FORDS)
    built = _matching(streets, STRUCTURE_COLUMN, BRIDGE_WORDS) & ~_among(streets, STRUCTURE_COLUMN, FORDS)
    raised = (_levels(streets) > 0.0) & ~marked(streets, TUNNEL_COLUMN) & ~stated_on_ground(streets)
    return np.asarray(bridges | built | raised, np.bool_)


def stated_tunnels(streets: gpd.GeoDataFrame) -> Flags:
    """Return which streets are tunnels or underpasses by `tunnel`, `road_structure` or a `street_layer` below 0."""
    built = _matching(streets, STRUCTURE_COLUMN, TUNNEL_WORDS) & ~stated_bridges(streets)
    sunk = (_levels(streets) < 0.0) & ~marked(streets, BRIDGE_COLUMN)
    return np.asarray(marked(streets, TUNNEL_COLUMN) | built | sunk, np.bool_)


def stated_on_ground(streets: gpd.GeoDataFrame) -> Flags:
    """Return which streets are said not to be bridges: none is inferred on them."""
    levels = [
        isinstance(word, str) and (lower := word.strip().casefold()) in NEGATIVE_VALUES | FORDS and lower not in UNSAID
        for word in (streets[BRIDGE_COLUMN] if BRIDGE_COLUMN in streets else [None] * len(streets))
    ]
    return np.asarray(np.array(levels, np.bool_) | _among(streets, STRUCTURE_COLUMN, FORDS), np.bool_)


def grade_separated(streets: gpd.GeoDataFrame) -> Flags:
    """Return which streets are grade-separated: they meet others only at shared vertices and ends."""
    stated = stated_bridges(streets) | stated_tunnels(streets)
    return np.asarray(stated | of_class(streets, GRADE_SEPARATED_CLASSES), np.bool_)


def _words(streets: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in streets:
        return [""] * len(streets)
    return [word.strip() if isinstance(word, str) else "" for word in streets[column]]


def _among(streets: gpd.GeoDataFrame, column: str, words: frozenset[str]) -> Flags:
    return np.array([word.casefold() in words for word in _words(streets, column)], np.bool_)


def _matching(streets: gpd.GeoDataFrame, column: str, pattern: re.Pattern[str]) -> Flags:
    return np.array([pattern.search(word) is not None for word in _words(streets, column)], np.bool_)


def _levels(streets: gpd.GeoDataFrame) -> np.ndarray:
    """Return each street's level above (1, 2 …) or below (-1 …) the ground, 0 where none is given."""
    words = _words(streets, LAYER_COLUMN)
    return np.array([float(word) if LEVEL.fullmatch(word) else 0.0 for word in words])
