"""Weather station against the study area: reported where it lies far away or at another height."""

import math

from pyproj import Geod

from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("latitude", "longitude", "elevation", "terrain")
VERSION = 3
FAR = 100_000.0
"""Distance above which the station is reported as too far [m]."""
HIGH = 300.0
"""Height difference above which the station is reported: temperatures then differ by about 2 K [m]."""
FOOT = 0.3048
LEAST, SAME = 30.0, 0.08
"""Height of a station from which a terrain in feet tells itself [m]; and how near its height in feet must lie [-]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report a station more than 100 km away or 300 m higher or lower, or a terrain at its height in feet.

    No data change.
    """
    outline = rules.target.outline
    longitude, latitude = (layers.get(name, on="") for name in ("longitude", "latitude"))
    if outline is None or longitude is None or latitude is None:
        return RepairResult(layers)
    findings: list[Finding] = []
    to_degrees = transformer(parse_crs(rules.target.crs, name="crs"), parse_crs("EPSG:4326", name="crs"))
    x, y = to_degrees.transform(outline.centroid.x, outline.centroid.y)
    distance = Geod(ellps="WGS84").inv(x, y, float(longitude.value), float(latitude.value))[2]
    if distance > FAR:
        findings.append(Finding("advice", "intake.weather_far", "weather", values={"kilometres": distance / 1000}))
    terrain, station = layers.get("terrain"), layers.get("elevation", on="")
    if terrain is not None and station is not None:
        level = float(terrain.value.median())
        height = float(station.value)
        if height >= LEAST and math.isfinite(level) and abs(level * FOOT / height - 1.0) <= SAME:
            values = {"station": height, "terrain": level, "metres": level * FOOT}
            findings.append(Finding("warning", "intake.terrain_feet_station", "terrain", values=values))
        elif math.isfinite(level) and abs(level - float(station.value)) > HIGH:
            values = {"station": float(station.value), "terrain": level}
            findings.append(Finding("advice", "intake.weather_height", "weather", values=values))
    return RepairResult(layers, tuple(findings))
