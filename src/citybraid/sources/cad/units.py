"""The unit of a drawing: as the study states, as the header states, or the most plausible one."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from ezdxf.document import Drawing
from pyproj import CRS
from pyproj.exceptions import ProjError

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.protocol.target import Bounds, Target

METRES: Mapping[str, float] = {
    "m": 1.0, "mm": 0.001, "cm": 0.01, "dm": 0.1, "dam": 10.0, "hm": 100.0, "km": 1000.0, "um": 1e-6, "ft": 0.3048,
    "in": 0.0254, "yd": 0.9144, "mi": 1609.344, "us-ft": 1200 / 3937,
}  # fmt: skip
"""Length of a drawing unit [m]; inch, foot and yard as agreed in 1959, the survey foot of 1893."""
INSUNITS: Mapping[int, str] = {
    1: "in", 2: "ft", 3: "mi", 4: "mm", 5: "cm", 6: "m", 7: "km", 10: "yd", 13: "um", 14: "dm", 15: "dam", 16: "hm",
    21: "us-ft",
}  # fmt: skip
"""Values of $INSUNITS, of the DXF reference."""
LIKELY = ("m", "mm", "cm", "km", "ft", "in")
"""Units of planners' drawings, the likeliest first."""
FEET = frozenset({"ft", "us-ft"})
PLACE, REACH, LETTERS = 4, 1, 1
"""Scores for a unit: a location inside the CRS's area of use, a plausible plan size, legible letters."""
SMALLEST, LARGEST = 30.0, 80_000.0
"""Diagonal of a plan [m]."""
LOW, HIGH = 0.15, 100.0
"""Letter height on a plan drawn at full size, 2-10 mm on paper at 1:100 to 1:10 000 [m]."""
SLACK = 0.05
"""How far beyond a CRS's area of use a drawing may lie [share of its sides]."""
DEGREE = 111_320.0
"""Length of a degree of latitude [m]."""


@dataclass(frozen=True)
class Unit:
    """Conversion of drawing units: `factor` CRS units per drawing unit, `metre` CRS units per metre."""

    name: str
    factor: float
    metre: float = 1.0


@dataclass(frozen=True)
class Extent:
    """Size of a drawing in drawing units: bounds without outliers, median letter height."""

    bounds: Bounds | None
    letters: float


def unit_of(
    drawing: Drawing, extent: Extent, study_unit: str, crs: CRS | None, target: Target, *, name: str, layer: str
) -> tuple[Unit, list[Finding]]:
    """Return a drawing's unit; `crs` is None for local coordinates.

    The study's unit takes precedence; then the header's, unless it puts the drawing outside
    the CRS's area of use where another unit does not; then the likeliest by location, size
    and letter height. A unit that the study does not state is reported.
    """
    if crs is not None and crs.is_geographic:
        return Unit("degree", 1.0, 1 / DEGREE), []
    metre = 1.0 if crs is None else 1 / float(crs.axis_info[0].unit_conversion_factor)
    if study_unit:
        if study_unit not in METRES:
            raise InputError("intake.drawing_unit", name=name, got=study_unit, needs=sorted(METRES))
        return _unit(study_unit, metre), []
    stated = INSUNITS.get(_header(drawing))
    scores = {unit: _score(unit, extent, crs, target, metre) for unit in dict.fromkeys((*LIKELY, stated or "m"))}
    best = max(scores, key=lambda unit: scores[unit])
    if stated is None:
        values = {"name": name, "unit": best, "size": _size(extent, best), "letters": extent.letters * METRES[best]}
        return _unit(best, metre), [Finding("guessed", "intake.drawing_unit_guessed", layer, values=values)]
    if scores[best] >= PLACE > scores[stated]:
        values = {"name": name, "unit": best, "stated": stated, "crs": "-" if crs is None else str(crs.name)}
        return _unit(best, metre), [Finding("repaired", "intake.drawing_unit_wrong", layer, values=values)]
    findings = [Finding("found", "intake.unit_stated", layer, values={"name": name, "unit": stated})]
    return _unit(stated, metre), findings if stated != "m" else []


def _unit(name: str, metre: float) -> Unit:
    """Return a unit in a CRS; feet of either kind in a CRS in feet are taken as that CRS's feet."""
    own_feet = name in FEET and abs(metre * METRES["ft"] - 1) < 1e-5  # noqa: PLR2004  (the two feet differ by 2e-6)
    return Unit(name, 1.0 if own_feet else METRES[name] * metre, metre)


def _header(drawing: Drawing) -> int:
    try:
        return int(drawing.header.get("$INSUNITS", 0) or 0)
    except (ValueError, TypeError):
        return 0


def _size(extent: Extent, unit: str) -> float:
    """Return the diagonal of a drawing in a unit [m]."""
    if extent.bounds is None:
        return 0.0
    west, south, east, north = extent.bounds
    return math.hypot(east - west, north - south) * METRES[unit]


def _score(unit: str, extent: Extent, crs: CRS | None, target: Target, metre: float) -> int:
    """Return the plausibility score of a unit."""
    if extent.bounds is None:
        return 0
    west, south, east, north = (edge * METRES[unit] * metre for edge in extent.bounds)
    score = REACH * (SMALLEST <= _size(extent, unit) <= LARGEST)
    score += LETTERS * (LOW <= extent.letters * METRES[unit] <= HIGH)
    x, y = (west + east) / 2, (south + north) / 2
    if crs is not None and _covers(crs, x, y):
        score += PLACE
    if crs is not None and target.outline is not None and _near(crs, target, x, y):
        score += PLACE
    return score


def _covers(crs: CRS, x: float, y: float) -> bool:
    """Return whether a point lies in the CRS's area of use."""
    use = crs.area_of_use
    if use is None:
        return False
    margin_x, margin_y = SLACK * (use.east - use.west), SLACK * (use.north - use.south)
    lon, lat = _reprojected(crs, CRS.from_epsg(4326), x, y)
    return use.west - margin_x <= lon <= use.east + margin_x and use.south - margin_y <= lat <= use.north + margin_y


def _near(crs: CRS, target: Target, x: float, y: float) -> bool:
    """Return whether a point lies within the study's extent or one extent width around it."""
    box = target.outline
    if box is None:
        return False
    target_x, target_y = _reprojected(crs, parse_crs(target.crs, name="crs"), x, y)
    west, south, east, north = box.bounds
    width, height = east - west, north - south
    return west - width <= target_x <= east + width and south - height <= target_y <= north + height


def _reprojected(source: CRS, target: CRS, x: float, y: float) -> tuple[float, float]:
    """Return a point in another CRS; NaN where it cannot be projected."""
    try:
        transformed: Any = transformer(source, target).transform(x, y)
    except ProjError:
        return math.nan, math.nan
    return (float(transformed[0]), float(transformed[1])) if np.isfinite(transformed).all() else (math.nan, math.nan)
