"""Direct damage of an event to buildings and their contents, from depth-damage curves."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS, YEAR_BUILT
from citybraid.core.vocabulary.preparedness import PREPARED_SHARE
from citybraid.core.vocabulary.risk import (
    BUILDING_DAMAGE,
    BUILDING_DEPTH,
    BUILDING_VALUE,
    CONTENTS_DAMAGE,
    FLOOR_HEIGHT,
    PROTECTION_HEIGHT,
    STRUCTURE_DAMAGE,
    WARNING_TIME,
)
from citybraid.kernels.risk.damage import lost_storeys
from citybraid.resilience.damage.damage_curves import Curve, by_sector, shares_of
from citybraid.resilience.damage.floor_heights import floor_heights, optional_column

Floats = NDArray[np.float64]


class FloodDamageParams(Params):
    """How storeys are counted, and the effect of a warning."""

    storey_height: float = Field(3.0, ge=2.0, le=8.0)
    """Height of a storey for counting those that the water reaches [m]."""
    prepared_share: float = Field(1.0, ge=0.0, le=1.0)
    """Share of households and firms that get the warning and know what to do, where there is a warning and
    prepared_share is missing [-]."""


class FloodDamage(NamedTuple):
    """Damage to buildings: total, structure and contents; and the value at risk, of all storeys."""

    building_damage: BUILDING_DAMAGE
    structure_damage: STRUCTURE_DAMAGE
    contents_damage: CONTENTS_DAMAGE
    building_value: BUILDING_VALUE


@model(
    version=5,
    cite="Huizinga, de Moel and Szewczyk (2017), EUR 28552 EN, doi:10.2760/16510, tables of each continent, ch. 3 and "
    "4",
    validity="Direct damage by standing water, for groups of buildings: curves are means of a continent, so a single "
    "building may be off by the whole value; no damage by flow, dirt, duration or to basements.",
)
def flood_damage(
    *,
    buildings: Annotated[
        View,
        Table(
            "buildings",
            (BUILDING_DEPTH, BUILDING_USE, FLOORS),
            (FLOOR_HEIGHT, YEAR_BUILT, PROTECTION_HEIGHT, PREPARED_SHARE),
        ),
    ],
    flood_damage_share: Annotated[Factors, Fact("flood_damage_share")],
    flood_damage_sector: Annotated[Factors, Fact("flood_damage_sector")],
    flood_damage_value: Annotated[Factors, Fact("flood_damage_value")],
    flood_damage_price: Annotated[Factors, Fact("flood_damage_price")],
    flood_contents_share: Annotated[Factors, Fact("flood_contents_share")],
    flood_warning: Annotated[Factors, Fact("flood_warning")],
    ground_floor_height: Annotated[Factors, Fact("ground_floor_height")],
    p: FloodDamageParams,
    warning_time: WARNING_TIME | None = None,
) -> FloodDamage:
    """Return an event's direct damage to each building, structure and contents.

    Damage = footprint × value per m² of floor × Σ over storeys f(d - z - k h): each storey is damaged
    like a ground floor by the water above its own floor (d depth outside, z ground floor height,
    h storey height, k = 0, 1, …). f is the sector's damage share at a depth, linear between
    the curve's points ("residential/0.5") and constant beyond the last. Values are of 2010 in EUR per
    m² and are converted to the study's currency and price year by two factors: currency, then price level.
    Every curve of buildings, the user's own included, counts depth from the ground floor, so z is subtracted once;
    the source's tables do not say from where they count (decision 0016): z = 0 reads them from the ground.
    A use's sectors ("office/commercial") add up to 1. z is `floor_height` where the buildings have it, else
    the row of `ground_floor_height` for their use and year of construction. Up to `protection_height`
    outside, a building has no damage; once overtopped, all of d counts.
    Contents are a share of the value by sector; a warning with enough lead time saves a share of
    their damage to those who are prepared (`prepared_share` where the buildings have it). Buildings
    without depth have no value.
    Curves are those of the continent of the region; one without a curve for a sector has none from elsewhere.
    Raises InputError for a use without a sector, a sector without a curve, and an invalid curve.
    """
    depth = buildings["building_depth"].to_numpy(np.float64)
    wet, storeys = indoor_depth(buildings, floor_heights(buildings, ground_floor_height)), whole_storeys(buildings)
    price = flood_damage_price["currency"] * flood_damage_price["price_level"]
    curves = by_sector(flood_damage_share)
    uses = sectored_uses(buildings, flood_damage_sector, curves)
    structure, contents, value = (np.zeros(len(buildings)) for _ in range(3))
    for sector, curve in curves.items():
        weight = uses.map(shares_of(flood_damage_sector, sector)).fillna(0.0).to_numpy(np.float64)
        if not weight.any():
            continue
        loss = weight * flood_damage_value[sector] * lost_storeys(wet, storeys, curve, storey_height=p.storey_height)
        value += weight * flood_damage_value[sector] * storeys
        structure += loss * (1.0 - flood_contents_share[sector])
        contents += loss * flood_contents_share[sector]
    contents *= 1.0 - saved_share(buildings, warning_time, flood_warning, p)
    scale = np.where(np.isfinite(depth), price * buildings.geometry.area.to_numpy(np.float64), np.nan)
    parts = ((structure + contents) * scale, structure * scale, contents * scale, value * scale)
    return FloodDamage(*(pd.Series(part, index=buildings.index) for part in parts))


def saved_share(buildings: View, warning_time: float | None, flood_warning: Factors, p: FloodDamageParams) -> Floats:
    """Return the share of contents damage that a warning saves each building; 0 where it is too late or not given."""
    if warning_time is None or warning_time < flood_warning["lead_time"]:
        return np.zeros(len(buildings))
    prepared = np.nan_to_num(optional_column(buildings, "prepared_share"), nan=p.prepared_share)
    return prepared * flood_warning["contents_saving"]


def indoor_depth(buildings: View, floor: Floats, *, depth: Floats | None = None) -> Floats:
    """Return the water depth above each building's ground floor [m], at most 0 where no water enters.

    `floor` is the ground floor above the ground outside [m]. `depth` replaces the column building_depth
    where given. No water enters up to the protection height.
    """
    outside = buildings["building_depth"].to_numpy(np.float64) if depth is None else depth
    outside = np.nan_to_num(outside, nan=0.0)
    overtopped = outside > np.nan_to_num(optional_column(buildings, "protection_height"), nan=0.0)
    return np.where(overtopped, outside - floor, np.minimum(-floor, 0.0))


def whole_storeys(buildings: View) -> Floats:
    """Return storeys above ground, rounded up, at least one; one where missing."""
    storeys: Floats = np.maximum(np.nan_to_num(np.ceil(buildings["floors"].to_numpy(np.float64)), nan=1.0), 1.0)
    return storeys


def sectored_uses(buildings: View, sectors: Factors, curves: Mapping[str, Curve]) -> pd.Series:
    """Return each building's use; raises InputError for a use without a sector, and for a sector without a curve."""
    uses: pd.Series = buildings["building_use"].astype(str)
    known = {key.partition("/")[0] for key in sectors}
    if missing := sorted(set(uses) - known):
        raise InputError("risk.use_without_sector", uses=missing)
    needed = [key.split("/") for key, share in sectors.items() if share > 0.0 and key.partition("/")[0] in set(uses)]
    if lacking := {use: sector for use, sector in needed if sector not in curves}:
        raise InputError("risk.sector_without_curve", uses=sorted(lacking), sectors=sorted(set(lacking.values())))
    return uses
