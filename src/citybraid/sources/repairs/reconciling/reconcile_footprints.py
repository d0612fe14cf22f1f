"""Buildings that stand beside every parcel or across a border: told with their place."""

import geopandas as gpd
import numpy as np
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.geometry.parcel_share import Standing, standing
from citybraid.sources.geometry.shapes import MOST, Flags, kept
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import Choices, Repaired, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()
OUT = 0.5
"""Share of its footprint on no parcel from which a building stands outside them [-]."""
HALF = 0.5
"""Where more of all buildings stand outside, the parcels are of a part of the area, and only the number is told [-]."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell the buildings of the study area that stand on no parcel, and those that cross a border between two."""
    parcels, buildings = layers.table("parcels"), layers.table("buildings")
    if parcels is None or buildings is None:
        return Repaired(layers)
    found = standing(parcels.geometry.to_numpy(), buildings.geometry.to_numpy())
    outside = _outside(layers, buildings, found)
    across = _across(buildings, found, rules.choices)
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
    places, more = kept(problems)
    return Repaired(layers, (*findings, *more), places)


def _outside(layers: Layers, buildings: gpd.GeoDataFrame, found: Standing) -> Flags:
    """Buildings of the study area with most of their footprint on no parcel."""
    area = shapely.area(buildings.geometry.to_numpy())
    on = np.bincount(found.building, weights=found.area, minlength=len(buildings))
    out = np.asarray(on < (1 - OUT) * area)
    where = layers.get("study_area", on="study_area")
    if where is not None and out.any():
        shape = where.value.iloc[0]
        shapely.prepare(shape)
        out[out] = shapely.intersects(shape, shapely.centroid(buildings.geometry.to_numpy()[out]))
    return out


def _across(buildings: gpd.GeoDataFrame, found: Standing, choices: Choices) -> Flags:
    """Buildings with a fair share of their footprint on each of two parcels or more."""
    area = shapely.area(buildings.geometry.to_numpy())
    fair = found.area > np.maximum(choices.across * area[found.building], choices.overlap)
    return np.asarray(np.bincount(found.building[fair], minlength=len(buildings)) > 1)


def _problems(buildings: gpd.GeoDataFrame, which: Flags, text: str) -> list[Problem]:
    rows = np.flatnonzero(which)
    shapes, names = buildings.geometry.to_numpy(), buildings.index
    told = [Problem(text, "buildings", str(names[at]), shapes[at]) for at in rows[: MOST + 1]]
    return [*told, *told[-1:] * (len(rows) - len(told))]
