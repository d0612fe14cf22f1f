"""Weather station against the study area: reported where it lies far away or at another height."""

import math

from pyproj import Geod

from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ("latitude", "longitude", "elevation", "terrain")
VERSION = 2
FAR = 100_000.0
"""Distance above which the station is reported as too far [m]."""
HIGH = 300.0
"""Height difference above which the station is reported: temperatures then differ by about 2 K [m]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report a station more than 100 km away or 300 m higher or lower; no data change."""
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
        if math.isfinite(level) and abs(level - float(station.value)) > HIGH:
            values = {"station": float(station.value), "terrain": level}
            findings.append(Finding("advice", "intake.weather_height", "weather", values=values))
    return RepairResult(layers, tuple(findings))
