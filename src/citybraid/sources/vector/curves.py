"""Curves of vector files, which are read as lines of short steps: which shapes have them, and how far they are off."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio

from citybraid.core.finding import Finding

STEP = 4.0
"""Angle of the steps that GDAL makes of an arc [degree]."""
GEOPACKAGE = "GPKG"
CURVED = ("CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE")
PERCENT, DIGITS = 100.0, 2


def curve_findings(path: Path, info: Mapping[str, Any], *, layer: str | None, name: str) -> tuple[Finding, ...]:
    """Return a finding where shapes of a layer are curves, with the tolerance of the lines that stand for them.

    A step of 4 degrees leaves an arc by 1 - cos 2 degrees of its radius at most, 0.06 %, and takes 0.08 % of the area
    of a circle. A GeoPackage is asked for its types of shapes; other formats tell that of the layer alone.
    """
    kinds = _kinds_of_rows(path, info, layer) if str(info["driver"]) == GEOPACKAGE else _kind_of_layer(info)
    curved = {kind: count for kind, count in kinds.items() if kind in CURVED and count}
    if not curved:
        return ()
    half = np.radians(STEP / 2)
    values = {"kinds": sorted(curved), "angle": f"{STEP:g}",
              "off": f"{PERCENT * (1 - np.cos(half)):.{DIGITS}f}",
              "area": f"{PERCENT * (1 - np.sin(2 * half) / (2 * half)):.{DIGITS}f}"}  # fmt: skip
    return (Finding("found", "intake.shape_curved", name, sum(curved.values()), values),)


def _kinds_of_rows(path: Path, info: Mapping[str, Any], layer: str | None) -> dict[str, int]:
    column, table = (
        str(each or "").replace('"', '""') for each in (info["geometry_name"], layer or info["layer_name"])
    )
    if not column or not table:
        return {}
    query = f'select ST_GeometryType("{column}") as kind, count(*) as many from "{table}" group by 1'  # noqa: S608  (names of the file itself, quoted)
    rows = pyogrio.read_dataframe(path, sql=query, read_geometry=False)
    return {str(kind): int(many) for kind, many in zip(rows["kind"], rows["many"], strict=True)}


def _kind_of_layer(info: Mapping[str, Any]) -> dict[str, int]:
    kind = str(info["geometry_type"] or "").upper().replace(" ", "").removesuffix("Z").removesuffix("M")
    return {kind: int(info["features"])}
