"""Coordinate systems: EPSG codes and plain WKT only, never a URL or a file; candidates where none is named."""

import math

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from citybraid.core.errors import InputError
from citybraid.sources.target import Bounds

WKT_STARTS = (
    "PROJCS",
    "GEOGCS",
    "PROJCRS",
    "GEOGCRS",
    "GEODCRS",
    "COMPD_CS",
    "COMPOUNDCRS",
    "BOUNDCRS",
    "PROJECTEDCRS",
)
LONGEST = 4096
MERIDIANS = tuple(range(75, 136, 3))
CITIES = range(102, 124)
DEGREES: Bounds = (-180.0, -90.0, 180.0, 90.0)
SIX_DIGITS: Bounds = (1e5, 1.5e6, 9e5, 6e6)
ZONE_UNIT = 1e6
THREE_DEGREE, SIX_DEGREE = range(25, 46), range(13, 24)


def parsed(text: str, *, name: str) -> CRS:
    """Return the CRS that a text names; raises InputError unless it is an EPSG code or plain WKT."""
    said = text.strip()
    if len(said.encode()) > LONGEST:
        raise InputError("intake.crs_long", name=name, got=len(said.encode()), limit=LONGEST)
    try:
        if said.upper().startswith("EPSG:") and said[5:].isascii() and said[5:].isdigit():
            return CRS.from_epsg(int(said[5:]))
        if said.isascii() and said.isdigit():
            return CRS.from_epsg(int(said))
        if said.upper().startswith(WKT_STARTS):
            return CRS.from_wkt(said)
    except (CRSError, ValueError) as fault:
        raise InputError("intake.crs_unknown", name=name, got=said[:80]) from fault
    raise InputError("intake.crs_form", name=name, got=said[:80])


def candidates(bounds: Bounds) -> tuple[str, ...]:
    """Return the CRS of China that coordinates could be in, as 'EPSG:4549 (120E)'.

    Eastings of eight digits carry the zone; those of six digits fit every central
    meridian, so all are listed from 102 E to 123 E, where most cities lie.
    """
    west, _, east, _ = bounds
    if _within(bounds, DEGREES):
        return ("EPSG:4490", "EPSG:4326")
    zone = math.floor(west / ZONE_UNIT)
    if zone == math.floor(east / ZONE_UNIT) and zone in THREE_DEGREE:
        return (f"EPSG:{4513 + zone - THREE_DEGREE[0]} ({3 * zone}E)",)
    if zone == math.floor(east / ZONE_UNIT) and zone in SIX_DEGREE:
        return (f"EPSG:{4491 + zone - SIX_DEGREE[0]} ({6 * zone - 3}E)",)
    if _within(bounds, SIX_DIGITS):
        near = [meridian for meridian in MERIDIANS if meridian in CITIES]
        return tuple(f"EPSG:{4534 + (meridian - MERIDIANS[0]) // 3} ({meridian}E)" for meridian in near)
    return ()


def _within(inner: Bounds, outer: Bounds) -> bool:
    return outer[0] <= inner[0] and outer[1] <= inner[1] and inner[2] <= outer[2] and inner[3] <= outer[3]


def chosen(named: str, carried: CRS | None, bounds: Bounds, *, name: str) -> CRS:
    """Return the CRS of a file: the one the study names, else the one the file carries.

    Raises InputError with the candidates where there is neither.
    """
    if named:
        return parsed(named, name=name)
    if carried is not None:
        return carried
    west, south, east, north = bounds
    raise InputError(
        "intake.crs_missing", name=name, candidates=candidates(bounds) or ("EPSG:4490",),
        west=west, south=south, east=east, north=north,
    )  # fmt: skip


def same(one: CRS, other: CRS) -> bool:
    """Tell whether two CRS mean the same coordinates, whatever the order of axes or the name."""
    return bool(one.equals(other, ignore_axis_order=True))


def transformer(source: CRS, target: CRS) -> Transformer:
    """Return the offline transformation between two CRS, x before y."""
    return Transformer.from_crs(source, target, always_xy=True)


def pixel_size(source: CRS, target: CRS, *, x: float, y: float, size: tuple[float, float]) -> float:
    """Return the side of a square with a pixel's area once in the target CRS [m], NaN where it has no place there."""
    width, height = size
    xs = np.array([x, x + width, x])
    ys = np.array([y, y, y + height])
    to_x, to_y = transformer(source, target).transform(xs, ys)
    if not (np.isfinite(to_x).all() and np.isfinite(to_y).all()):
        return math.nan
    area = abs((to_x[1] - to_x[0]) * (to_y[2] - to_y[0]) - (to_x[2] - to_x[0]) * (to_y[1] - to_y[0]))
    return math.sqrt(float(area))
