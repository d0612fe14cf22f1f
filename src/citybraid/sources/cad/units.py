"""The unit a drawing is drawn in: as the study says, as the header states, or as it can only be."""

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
from citybraid.sources.placement.crs import parsed, transformer
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
"""What speaks for a unit: the right place on Earth, the size of a plan, letters that can be read on paper."""
SMALLEST, LARGEST = 30.0, 80_000.0
"""Diagonal of a plan [m]."""
LOW, HIGH = 0.15, 100.0
"""Height of letters on a plan drawn at full size, 2-10 mm on paper at 1:100 to 1:10 000 [m]."""
SLACK = 0.05
"""How far beyond a CRS's area of use a drawing may lie [share of its sides]."""
DEGREE = 111_320.0
"""Length of a degree of latitude [m]."""


@dataclass(frozen=True)
class Unit:
    """How drawing units become those of the CRS: `factor` CRS units each; `metre` CRS units make a metre."""

    name: str
    factor: float
    metre: float = 1.0


@dataclass(frozen=True)
class Extent:
    """What a drawing shows of its size, in drawing units: bounds of most of it, the usual height of its letters."""

    bounds: Bounds | None
    letters: float


def unit_of(
    drawing: Drawing, extent: Extent, said: str, crs: CRS | None, target: Target, *, name: str, layer: str
) -> tuple[Unit, list[Finding]]:
    """Return a drawing's unit; `crs` is None where its coordinates are its own.

    The study's word wins; then the header, unless it puts the drawing off the Earth's
    part that its CRS covers where another unit does not; then what is likeliest by place,
    size and letters. What is not the study's word is told.
    """
    if crs is not None and crs.is_geographic:
        return Unit("degree", 1.0, 1 / DEGREE), []
    metre = 1.0 if crs is None else 1 / float(crs.axis_info[0].unit_conversion_factor)
    if said:
        if said not in METRES:
            raise InputError("intake.drawing_unit", name=name, got=said, needs=sorted(METRES))
        return _unit(said, metre), []
    stated = INSUNITS.get(_header(drawing))
    marks = {unit: _marks(unit, extent, crs, target, metre) for unit in dict.fromkeys((*LIKELY, stated or "m"))}
    best = max(marks, key=lambda unit: marks[unit])
    if stated is None:
        values = {"name": name, "unit": best, "size": _size(extent, best), "letters": extent.letters * METRES[best]}
        return _unit(best, metre), [Finding("guessed", "intake.drawing_unit_guessed", layer, values=values)]
    if marks[best] >= PLACE > marks[stated]:
        values = {"name": name, "unit": best, "stated": stated, "crs": "-" if crs is None else str(crs.name)}
        return _unit(best, metre), [Finding("repaired", "intake.drawing_unit_wrong", layer, values=values)]
    told = [Finding("found", "intake.unit_stated", layer, values={"name": name, "unit": stated})]
    return _unit(stated, metre), told if stated != "m" else []


def _unit(name: str, metre: float) -> Unit:
    """A unit in a CRS; feet drawn for a CRS in feet of either kind are that CRS's own feet."""
    own_feet = name in FEET and abs(metre * METRES["ft"] - 1) < 1e-5  # noqa: PLR2004  (the two feet differ by 2e-6)
    return Unit(name, 1.0 if own_feet else METRES[name] * metre, metre)


def _header(drawing: Drawing) -> int:
    try:
        return int(drawing.header.get("$INSUNITS", 0) or 0)
    except (ValueError, TypeError):
        return 0


def _size(extent: Extent, unit: str) -> float:
    """Diagonal of a drawing in a unit [m]."""
    if extent.bounds is None:
        return 0.0
    west, south, east, north = extent.bounds
    return math.hypot(east - west, north - south) * METRES[unit]


def _marks(unit: str, extent: Extent, crs: CRS | None, target: Target, metre: float) -> int:
    """How much speaks for a unit."""
    if extent.bounds is None:
        return 0
    west, south, east, north = (edge * METRES[unit] * metre for edge in extent.bounds)
    marks = REACH * (SMALLEST <= _size(extent, unit) <= LARGEST)
    marks += LETTERS * (LOW <= extent.letters * METRES[unit] <= HIGH)
    x, y = (west + east) / 2, (south + north) / 2
    if crs is not None and _covers(crs, x, y):
        marks += PLACE
    if crs is not None and target.outline is not None and _near(crs, target, x, y):
        marks += PLACE
    return marks


def _covers(crs: CRS, x: float, y: float) -> bool:
    """Whether a point lies where a CRS is used."""
    use = crs.area_of_use
    if use is None:
        return False
    wide, tall = SLACK * (use.east - use.west), SLACK * (use.north - use.south)
    lon, lat = _moved(crs, CRS.from_epsg(4326), x, y)
    return use.west - wide <= lon <= use.east + wide and use.south - tall <= lat <= use.north + tall


def _near(crs: CRS, target: Target, x: float, y: float) -> bool:
    """Whether a point lies within the study's extent, or as far again around it."""
    box = target.outline
    if box is None:
        return False
    there_x, there_y = _moved(crs, parsed(target.crs, name="crs"), x, y)
    west, south, east, north = box.bounds
    wide, tall = east - west, north - south
    return west - wide <= there_x <= east + wide and south - tall <= there_y <= north + tall


def _moved(source: CRS, target: CRS, x: float, y: float) -> tuple[float, float]:
    """A point in another CRS; NaN where it has no place there."""
    try:
        there: Any = transformer(source, target).transform(x, y)
    except ProjError:
        return math.nan, math.nan
    return (float(there[0]), float(there[1])) if np.isfinite(there).all() else (math.nan, math.nan)
