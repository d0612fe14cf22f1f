"""Buildings outside every parcel or across a parcel boundary: reported with their place."""

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.geometry.parcel_share import ParcelOverlaps, parcel_overlaps
from citybraid.sources.geometry.shapes import MAX_PROBLEMS, Flags, limit_problems
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules, Stage

VERSION = 2

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
OUT = 0.5
"""Share of the footprint on no parcel from which a building counts as outside [-]."""
HALF = 0.5
"""Share of buildings outside above which the parcels cover only part of the area; just their count is reported [-]."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Report the buildings of the study area on no parcel, and those across the boundary between two."""
    parcels, buildings = layers.table("parcels"), layers.table("buildings")
    if parcels is None or buildings is None:
        return RepairResult(layers)
    shares = parcel_overlaps(parcels.geometry.to_numpy(), buildings.geometry.to_numpy())
    outside = _outside(layers, buildings, shares)
    across = _across(buildings, shares, rules.choices)
    findings: list[Finding] = []
    problems: list[Problem] = []
    if outside.any():
        values = {"rows": len(buildings)}
        findings.append(Finding("advice", "intake.footprints_outside", "buildings", int(outside.sum()), values))
        if outside.mean() <= HALF:
            problems += _problems(buildings, outside, "intake.problem_footprint_outside")
    if across.any():
        share = {"share": rules.choices.across * 100}
        findings.append(Finding("advice", "intake.footprints_across", "buildings", int(across.sum()), share))
        problems += _problems(buildings, across, "intake.problem_footprint_across")
    places, more = limit_problems(problems)
    return RepairResult(layers, (*findings, *more), places)


def _outside(layers: Layers, buildings: gpd.GeoDataFrame, shares: ParcelOverlaps) -> Flags:
    """Buildings of the study area with most of their footprint on no parcel."""
    area = shapely.area(buildings.geometry.to_numpy())
    on = np.bincount(shares.building, weights=shares.area, minlength=len(buildings))
    out = np.asarray(on < (1 - OUT) * area)
    study_area = layers.get("study_area", on="study_area")
    if study_area is not None and out.any():
        shape = study_area.value.iloc[0]
        shapely.prepare(shape)
        out[out] = shapely.intersects(shape, shapely.centroid(buildings.geometry.to_numpy()[out]))
    return out


def _across(buildings: gpd.GeoDataFrame, shares: ParcelOverlaps, choices: Choices) -> Flags:
    """Buildings with a considerable share of their footprint on each of two parcels or more."""
    area = shapely.area(buildings.geometry.to_numpy())
    considerable = shares.area > np.maximum(choices.across * area[shares.building], choices.overlap)
    return np.asarray(np.bincount(shares.building[considerable], minlength=len(buildings)) > 1)


def _problems(buildings: gpd.GeoDataFrame, which: Flags, text: str) -> list[Problem]:
    rows = np.flatnonzero(which)
    shapes, names = buildings.geometry.to_numpy(), buildings.index
    problems = [Problem(text, "buildings", str(names[at]), shapes[at]) for at in rows[: MAX_PROBLEMS + 1]]
    return [*problems, *problems[-1:] * (len(rows) - len(problems))]
