"""Detection of stated areas measured in web Mercator: too large by 1/cos² of the latitude."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.placement.zones import centre, lonlat
from citybraid.sources.text.columns import key

NAMES = ("面积", "用地面积", "占地面积", "图斑面积", "TBMJ", "shape_area", "area", "area_m2", "MJ")
HEADERS = frozenset(key(name) for name in NAMES)
CLOSE = 0.01
"""Tolerance of the median ratio relative to 1/cos² of the latitude [-]."""
LEAST = 0.04
"""Minimum excess that is distinguishable from survey differences [-]."""
FEWEST = 5


def mercator_area_findings(raw: pd.DataFrame, shapes: gpd.GeoSeries, *, layer: str) -> list[Finding]:
    """Return advice on area columns inflated by web Mercator; `shapes` give the true areas."""
    findings: list[Finding] = []
    areas = shapes.area
    for header in raw.columns:
        if key(str(header)) not in HEADERS:
            continue
        stated = pd.to_numeric(raw[header], errors="coerce")
        positive = (stated > 0) & (areas > 0)
        if int(positive.sum()) < FEWEST:
            continue
        ratio = float(np.median(stated[positive] / areas[positive]))
        if abs(ratio - 1) < LEAST:
            continue
        west, south, east, north = (float(edge) for edge in shapes.total_bounds)
        latitude = lonlat(centre((west, south, east, north)), shapes.crs.to_wkt())[1]
        if abs(ratio * math.cos(math.radians(latitude)) ** 2 - 1) < CLOSE:
            values = {"header": str(header), "percent": round((ratio - 1) * 100, 1), "latitude": round(latitude, 1)}
            findings.append(Finding("advice", "intake.areas_mercator", layer, int(positive.sum()), values))
    return findings
