"""Findings on the georeferencing of each file: source of its CRS, datum conversion, units."""

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from pyproj import CRS
from pyproj.transformer import TransformerGroup

from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import datum_row, equivalent, parse_crs
from citybraid.sources.placement.datum import from_wgs84
from citybraid.sources.placement.outside_plan_area import crs_label
from citybraid.sources.placement.positioned import PositionedLayer
from citybraid.sources.placement.web_maps import METRES
from citybraid.sources.placement.zones import (
    CHINA,
    DEGREES,
    UTM_SCALE,
    centre,
    great_circle_distance,
    lonlat,
    within,
    zone_of,
)
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.target import Target

TOLD = 5.0
"""Error of a datum transformation from which it is reported [m]."""
NOTHING = 0.0005
"""Distance below which two CRS count as the same, whatever their definition [km]."""
SEVERAL = 2
"""Files of shapes from which it is told that all may carry the same offset."""
METRE = frozenset({"metre", "meter", "degree"})


def georeferencing_findings(placings: Sequence[PositionedLayer], target: Target) -> list[Finding]:
    """Return findings on the CRS of each file, and on a mixture of CRS."""
    study_crs = parse_crs(target.crs, name="crs")
    findings: list[Finding] = []
    for placed in placings:
        findings += _file_findings(placed, study_crs)
    return [*findings, *_mixture(placings, target), *_alike(placings)]


def _file_findings(placed: PositionedLayer, study_crs: CRS) -> list[Finding]:
    layer, count, position = placed.layer, placed.items, placed.position
    if position.datum:
        values = {"name": position.name, "datum": position.datum, "metres": round(position.moved, 1)}
        return [Finding("found", "intake.datum_converted", layer, count, values)]
    crs = CRS.from_wkt(position.crs)
    unit = crs.axis_info[0].unit_name if crs.axis_info else "metre"
    feet = {"name": position.name, "source": crs.name, "unit": unit}
    return [
        *_contradicted(layer, position, crs),
        *([Finding("found", "intake.crs_in_feet", layer, count, feet)] if unit.casefold() not in METRE else []),
        *_accuracy(layer, position.name, crs, study_crs),
    ]


def _contradicted(table: str, position: Position, crs: CRS) -> list[Finding]:
    """Compare the study's CRS with the file's own; a default WGS 84 is ignored where coordinates are metres."""
    if not position.named or not position.stated:
        return []
    stated = CRS.from_wkt(position.stated)
    if equivalent(stated, crs) or (stated.is_geographic and not within(position.bounds, DEGREES)):
        return []
    middle = centre(position.bounds)
    kilometres = great_circle_distance(lonlat(middle, position.crs), lonlat(middle, position.stated))
    if kilometres < NOTHING:
        return []
    values = {"name": position.name, "named": crs_label(crs), "stated": crs_label(stated), "kilometres": kilometres}
    return [Finding("advice", "intake.crs_contradicts", table, 1, values)]


def _accuracy(table: str, name: str, crs: CRS, study_crs: CRS) -> list[Finding]:
    """Return findings on the position error from an inaccurate datum transformation."""
    values = {"name": name, "source": crs.name, "target": study_crs.name}
    known = [datum_row(each) for each in (crs, study_crs)]
    rows = [row for row in known if row is not None]
    if len({row.word for row in rows}) == 1 and len(rows) == len(known):
        return []
    if len(rows) == len(known):
        worst = max(rows, key=lambda row: row.metres or 0.0)
        apart_by = worst.metres or 0.0
        if apart_by < TOLD:
            return []
        text = "intake.crs_accuracy" if worst.status == "derived" else "intake.crs_accuracy_rough"
        return [Finding("advice", text, table, 1, {**values, "metres": apart_by})]
    metres = _stated_accuracy(crs.to_wkt(), study_crs.to_wkt())
    if metres is None:
        return [Finding("advice", "intake.crs_accuracy_unknown", table, 1, values)]
    return []


@cache
def _stated_accuracy(source: str, target: str) -> float | None:
    """Return the accuracy of PROJ's best available transformation [m], None where it is unknown."""
    one, other = CRS.from_wkt(source), CRS.from_wkt(target)
    base, other_base = one.geodetic_crs, other.geodetic_crs
    if base is not None and other_base is not None and equivalent(base, other_base):
        return 0.0
    best = TransformerGroup(one, other, always_xy=True).transformers
    return float(best[0].accuracy) if best and best[0].accuracy >= 0 else None


def _alike(placings: Sequence[PositionedLayer]) -> list[Finding]:
    """Return advice where all files of shapes are degrees of WGS 84 in China, several of them and none in metres.

    Maps of the web carry an offset there, and files that all carry it fit each other.
    """
    shapes = {each.position.name: each.position for each in placings if geometry_of(each.layer) is not None}
    if len(shapes) < SEVERAL or any(each.datum or not _in_degrees(each) for each in shapes.values()):
        return []
    place = np.array([centre(next(iter(shapes.values())).bounds)])
    shift = METRES * (from_wgs84(place, "GCJ-02") - place) * np.array([math.cos(math.radians(place[0, 1])), 1.0])
    values: dict[str, object] = {"names": sorted(shapes)[:4], "metres": round(float(np.hypot(*shift[0])))}
    return [Finding("advice", "intake.degrees_alike", "study", len(shapes), values)]


def _in_degrees(position: Position) -> bool:
    """Tell whether a file counts in degrees of WGS 84 within China."""
    crs = CRS.from_wkt(position.crs)
    return crs.is_geographic and crs.name.startswith("WGS 84") and within(position.bounds, CHINA)


def _mixture(placings: Sequence[PositionedLayer], target: Target) -> list[Finding]:
    """Return a finding where files of a study mix UTM and CGCS2000 zones."""
    utm: list[str] = []
    zones: list[str] = []
    for placed in placings:
        crs = CRS.from_wkt(placed.position.crs)
        zone = zone_of(crs)
        if zone is not None and not placed.position.datum:
            (utm if zone.scale == UTM_SCALE else zones).append(f"{placed.position.name} {crs_label(crs)}")
    if not utm or not zones:
        return []
    values = {"utm": sorted(set(utm))[:4], "zones": sorted(set(zones))[:4], "target": target.crs[:60]}
    return [Finding("advice", "intake.crs_mixture", "study", len(utm), values)]
