"""Building use where no column states it: the parcel's land use, else the neighbours', else 'other'."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.core.finding import Finding
from citybraid.sources.imputing.donors import centres, select_donors, test_rows
from citybraid.sources.imputing.rule_error import error_finding
from citybraid.sources.land_use.land_use import building_use
from citybraid.sources.protocol.imputation import DonorIndices, Spread, spread, word_error
from citybraid.sources.protocol.layers import Layers, impute_missing, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import Neighbourhood, RepairResult, Rules, Stage

STAGE: Stage = "use"
READS = ("buildings", "parcels")
VERSION = 3
IMPUTES = True
REST = "other"


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill missing uses; where no use of any building is known, all stay missing."""
    buildings = layers.table("buildings")
    if buildings is None:
        return RepairResult(layers)
    var, near = vocabulary()["building_use"], rules.choices.near
    layer = layers.get(var.name, on="buildings")
    if not missing_mask(layer, buildings.index).any():
        return RepairResult(layers)
    findings: list[Finding] = []
    parcels = layers.table("parcels")
    if parcels is not None and "land_use" in parcels:
        by_parcel = parcel_uses(buildings, parcels)
        known_uses = pd.Series("", index=buildings.index, dtype=object) if layer is None else layer.value
        to_fill = known_uses.eq("") & by_parcel.ne("")
        if to_fill.any():
            guess = uses_from_parcels(buildings.geometry, known_uses, by_parcel, to_fill, near=near)
            findings.append(Finding("guessed", "intake.use_from_parcel", "buildings", int(to_fill.sum())))
            if rules.draw.number == 0:
                stated = test_rows(known_uses.ne("") & by_parcel.ne(""))
                test = uses_from_parcels(buildings.geometry, known_uses, by_parcel, stated, near=near)
                findings.append(error_finding("intake.use_parcel_error", var.name, word_error(known_uses, test)))
            layer = impute_missing(layer, var, guess, rows=buildings.index, draw=rules.draw)
    gap = missing_mask(layer, buildings.index)
    if layer is not None and gap.any() and not gap.all():
        guess, count = uses_from_neighbours(buildings.geometry, layer.value, gap, near)
        values = {"radius": rules.choices.neighbourhood, "rest": int(gap.sum()) - count}
        findings.append(Finding("guessed", "intake.use_from_neighbours", "buildings", int(gap.sum()), values))
        if rules.draw.number == 0:
            test, _ = uses_from_neighbours(buildings.geometry, layer.value, test_rows(~gap), near)
            findings.append(error_finding("intake.use_neighbours_error", var.name, word_error(layer.value, test)))
        layer = impute_missing(layer, var, guess, rows=buildings.index, draw=rules.draw)
    if layer is None:
        return RepairResult(layers, (Finding("advice", "intake.use_missing", "buildings", len(buildings)),))
    return RepairResult(layers.put(layer), tuple(findings))


def parcel_uses(buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Return the use implied by the land use of the parcel under each building, '' where there is none."""
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    at, parcel = shapely.STRtree(parcels.geometry.to_numpy()).query(points, predicate="intersects")
    uses = [building_use(code) for code in parcels["land_use"].iloc[parcel]]
    by_building = np.full(len(buildings), "", dtype=object)
    by_building[at[::-1]] = uses[::-1]  # reversed: of several parcels the first hit is assigned last and wins
    return pd.Series(by_building, index=buildings.index, dtype=object)


def uses_from_parcels(
    shapes: gpd.GeoSeries, known_uses: pd.Series, by_parcel: pd.Series, to_fill: pd.Series, *, near: Neighbourhood
) -> Spread:
    """Return the parcel's use for each building to fill.

    Equally likely are the uses of nearby buildings on parcels of the same use:
    so a land use with many kinds of buildings gives a wide spread.
    """
    known = known_uses.ne("") & by_parcel.ne("")
    donors = select_donors(centres(shapes), by_parcel, known, to_fill, near=near)
    alike = np.where(donors.how[:, None] < 2, donors.givers, -1)  # noqa: PLR2004  (buildings on other parcels say nothing)
    return spread("intake.how_parcel", by_parcel[to_fill], *_words(known_uses, alike))


def uses_from_neighbours(
    shapes: gpd.GeoSeries, uses: pd.Series, to_fill: pd.Series, near: Neighbourhood
) -> tuple[Spread, int]:
    """Return the most common use among the nearest buildings of each one to fill, and how many have any nearby.

    Ties go to the alphabetically first use; without a neighbour it is 'other',
    and any use of buildings elsewhere is equally likely.
    """
    known = uses.ne("")
    everything = pd.Series("", index=uses.index)
    donors = select_donors(centres(shapes), everything, known, to_fill, near=near, fewest=1)
    likely, giver = _words(uses, donors.givers)
    names = np.unique(uses[known].to_numpy(dtype=str))
    votes = np.stack([(likely == name).sum(axis=1) for name in names], axis=1)
    close = donors.how == 0
    best = np.where(close, names[votes.argmax(axis=1)].astype(object), REST)
    how = pd.Series(np.where(close, "intake.how_vote", "intake.how_rest"), index=uses.index[to_fill], dtype=object)
    return spread(how, pd.Series(best, index=how.index, dtype=object), likely, giver), int(close.sum())


def _words(uses: pd.Series, givers: DonorIndices) -> tuple[NDArray[np.object_], DonorIndices]:
    return np.append(uses.to_numpy(dtype=object), "")[givers], givers
