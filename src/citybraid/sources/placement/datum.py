"""GCJ-02 and BD-09: conversion between the shifted coordinates of web maps in China and WGS 84.

Neither algorithm is officially published. This is the form that public implementations
agree on (googollee/eviltransform, MIT; wandergis/coordtransform, MIT; the article
"Restrictions on geographic data in China" describes both), so its status is
unverified: it matches maps to metres, not to survey accuracy. Only the forward formulas
are known; the inverse is found by iteration. The offset applies only inside a rectangle
around China, as in those implementations; along its edge, and in Hong Kong, Macau and
Taiwan, where maps differ in what they shift, it is unreliable.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""Longitude and latitude [degree], shape (n, 2)."""
Datum = Literal["GCJ-02", "BD-09"]
DATUMS: tuple[Datum, ...] = ("GCJ-02", "BD-09")

SEMI_MAJOR = 6_378_245.0
ECCENTRICITY_SQUARED = 0.006_693_421_622_965_943
"""Krasovsky 1940 ellipsoid, used by the implementations to convert metres to degrees."""
ORIGIN = (105.0, 35.0)
WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
"""Rectangle inside which coordinates are shifted [degree]."""
BD_TURN = np.pi * 3000.0 / 180.0
BD_SHIFT = (0.0065, 0.006)
CLOSE = 1e-10
"""Convergence tolerance of the inverse [degree]; about 0.01 mm."""
MOST_STEPS = 30

DECLARED = re.compile(
    r"^(?P<name>GCJ[-_ ]?02|BD[-_ ]?09|火星坐标系?|百度坐标系?)(?:LL)?(?:\s*(?:in|@|,)\s*(?P<frame>\S.*))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class WebMapDatum:
    """A datum named in a study, and the CRS of its shifted coordinates ('' for degrees)."""

    datum: Datum
    frame: str = ""


def parse_datum(text: str) -> WebMapDatum | None:
    """Return the datum in a text: 'GCJ-02', 'BD-09', or 'GCJ-02 in EPSG:3857'; None where there is none."""
    match = DECLARED.match(text.strip())
    if match is None:
        return None
    baidu = match["name"].upper().startswith(("BD", "百度"))
    return WebMapDatum("BD-09" if baidu else "GCJ-02", (match["frame"] or "").strip())


def from_wgs84(points: Points, datum: Datum) -> Points:
    """Return WGS 84 points in a web-map datum of China."""
    gcj02 = _gcj02(points)
    return gcj02 if datum == "GCJ-02" else _bd09(gcj02)


def unshifted(points: Points, datum: Datum) -> Points:
    """Return web-map points in WGS 84; `shifted` restores them to within 1e-9 degree."""
    gcj02 = points if datum == "GCJ-02" else gcj02_of_bd09(points)
    return _inverse(_gcj02, gcj02)


def gcj02_of_bd09(points: Points) -> Points:
    """Return BD-09 points in GCJ-02."""
    return _inverse(_bd09, points)


def _inverse(forward: Callable[[Points], Points], target: Points) -> Points:
    """Return the points that `forward` maps to `target`, by fixed-point iteration on the residual."""
    points = target.copy()
    for _ in range(MOST_STEPS):
        step = target - forward(points)
        points += step
        if not step.size or float(np.nanmax(np.abs(step), initial=0.0)) < CLOSE:
            break
    return points


def _gcj02(points: Points) -> Points:
    """Convert WGS 84 to GCJ-02: an offset in metres, a sum of sines and a quadric, converted to degrees."""
    x, y = points[:, 0] - ORIGIN[0], points[:, 1] - ORIGIN[1]
    waves = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * np.sqrt(np.abs(x))
    east += (2.0 / 3.0) * (
        waves
        + 20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi * x / 3.0)
        + 150.0 * np.sin(np.pi * x / 12.0) + 300.0 * np.sin(np.pi * x / 30.0)
    )  # fmt: skip
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * np.sqrt(np.abs(x))
    north += (2.0 / 3.0) * (
        waves
        + 20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi * y / 3.0)
        + 160.0 * np.sin(np.pi * y / 12.0) + 320.0 * np.sin(np.pi * y / 30.0)
    )  # fmt: skip
    latitude = np.radians(points[:, 1])
    bulge = 1.0 - ECCENTRICITY_SQUARED * np.sin(latitude) ** 2
    meridian = SEMI_MAJOR * (1.0 - ECCENTRICITY_SQUARED) / bulge**1.5
    parallel = SEMI_MAJOR / np.sqrt(bulge) * np.cos(latitude)
    offset = np.degrees(np.column_stack([east / parallel, north / meridian]))
    return points + np.where(_in_china(points)[:, None], offset, 0.0)


def _bd09(points: Points) -> Points:
    """Convert GCJ-02 to BD-09: a wave in polar coordinates, and a constant shift."""
    x, y = points[:, 0], points[:, 1]
    radius = np.hypot(x, y) + 2e-5 * np.sin(BD_TURN * y)
    angle = np.arctan2(y, x) + 3e-6 * np.cos(BD_TURN * x)
    bd09 = np.column_stack([radius * np.cos(angle) + BD_SHIFT[0], radius * np.sin(angle) + BD_SHIFT[1]])
    return np.where(_in_china(points)[:, None], bd09, points)


def _in_china(points: Points) -> npt.NDArray[np.bool_]:
    x, y = points[:, 0], points[:, 1]
    return (x > WEST) & (x < EAST) & (y > SOUTH) & (y < NORTH)
