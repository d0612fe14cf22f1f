"""Building use where no column states it: the parcel's land use, else the neighbours', else 'other'."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from citybraid.core.finding import Finding
from citybraid.sources.imputing.donors import centres, givers, tested
from citybraid.sources.imputing.skill import told_error
from citybraid.sources.land_use.land_use import building_use
from citybraid.sources.protocol.imputation import Givers, Spread, spread, word_error
from citybraid.sources.protocol.layers import Layers, imputed, missing
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import Near, Repaired, Rules, Stage

STAGE: Stage = "use"
READS = ("buildings", "parcels")
VERSION = 2
IMPUTES = True
REST = "other"


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Fill missing uses; where nothing at all is known of any building's use, none is invented."""
    buildings = layers.table("buildings")
    if buildings is None:
        return Repaired(layers)
    var, near = vocabulary()["building_use"], rules.choices.near
    found = layers.get(var.name, on="buildings")
    if not missing(found, buildings.index).any():
        return Repaired(layers)
    findings: list[Finding] = []
    parcels = layers.table("parcels")
    if parcels is not None and "land_use" in parcels:
        by_parcel = of_parcels(buildings, parcels)
        said = pd.Series("", index=buildings.index, dtype=object) if found is None else found.value
        asking = said.eq("") & by_parcel.ne("")
        if asking.any():
            guess = like_parcels(buildings.geometry, said, by_parcel, asking, near=near)
            findings.append(Finding("guessed", "intake.use_from_parcel", "buildings", int(asking.sum())))
            if rules.draw.number == 0:
                stated = tested(said.ne("") & by_parcel.ne(""))
                test = like_parcels(buildings.geometry, said, by_parcel, stated, near=near)
                findings.append(told_error("intake.use_parcel_error", var.name, word_error(said, test)))
            found = imputed(found, var, guess, rows=buildings.index, draw=rules.draw)
    gap = missing(found, buildings.index)
    if found is not None and gap.any() and not gap.all():
        guess, count = like_neighbours(buildings.geometry, found.value, gap, near)
        values = {"radius": rules.choices.neighbourhood, "rest": int(gap.sum()) - count}
        findings.append(Finding("guessed", "intake.use_from_neighbours", "buildings", int(gap.sum()), values))
        if rules.draw.number == 0:
            test, _ = like_neighbours(buildings.geometry, found.value, tested(~gap), near)
            findings.append(told_error("intake.use_neighbours_error", var.name, word_error(found.value, test)))
        found = imputed(found, var, guess, rows=buildings.index, draw=rules.draw)
    if found is None:
        return Repaired(layers, (Finding("advice", "intake.use_missing", "buildings", len(buildings)),))
    return Repaired(layers.put(found), tuple(findings))


def of_parcels(buildings: gpd.GeoDataFrame, parcels: gpd.GeoDataFrame) -> pd.Series:
    """Return the use that the land use of the parcel under each building carries, '' where none does."""
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    at, parcel = shapely.STRtree(parcels.geometry.to_numpy()).query(points, predicate="intersects")
    uses = [building_use(code) for code in parcels["land_use"].iloc[parcel]]
    held = np.full(len(buildings), "", dtype=object)
    held[at[::-1]] = uses[::-1]
    return pd.Series(held, index=buildings.index, dtype=object)


def like_parcels(
    shapes: gpd.GeoSeries, said: pd.Series, by_parcel: pd.Series, asking: pd.Series, *, near: Near
) -> Spread:
    """Return the parcel's use of each asking building.

    As likely is what the buildings near by say that stand on parcels of the same use:
    so a code on which many things are built leaves much open.
    """
    known = said.ne("") & by_parcel.ne("")
    asked = givers(centres(shapes), by_parcel, known, asking, near=near)
    alike = np.where(asked.how[:, None] < 2, asked.givers, -1)  # noqa: PLR2004  (buildings on other parcels say nothing)
    return spread("intake.how_parcel", by_parcel[asking], *_words(said, alike))


def like_neighbours(shapes: gpd.GeoSeries, uses: pd.Series, asking: pd.Series, near: Near) -> tuple[Spread, int]:
    """Return the commonest use among the nearest buildings of each asking one, and how many have any near.

    Ties go to the use that comes first in the alphabet; without a neighbour it is 'other',
    and as likely is any use that buildings elsewhere have.
    """
    known = uses.ne("")
    everything = pd.Series("", index=uses.index)
    asked = givers(centres(shapes), everything, known, asking, near=near, fewest=1)
    likely, giver = _words(uses, asked.givers)
    names = np.unique(uses[known].to_numpy(dtype=str))
    votes = np.stack([(likely == name).sum(axis=1) for name in names], axis=1)
    close = asked.how == 0
    best = np.where(close, names[votes.argmax(axis=1)].astype(object), REST)
    how = pd.Series(np.where(close, "intake.how_vote", "intake.how_rest"), index=uses.index[asking], dtype=object)
    return spread(how, pd.Series(best, index=how.index, dtype=object), likely, giver), int(close.sum())


def _words(uses: pd.Series, givers: Givers) -> tuple[NDArray[np.object_], Givers]:
    return np.append(uses.to_numpy(dtype=object), "")[givers], givers
