"""Direct damage of an event to buildings, from depth-damage curves."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import BUILDING_USE, FLOORS
from citybraid.core.vocabulary.risk import BUILDING_DAMAGE, BUILDING_DEPTH
from citybraid.kernels.damage import lost_storeys

Floats = NDArray[np.float64]


class FloodDamageParams(Params):
    """How storeys are counted."""

    storey_height: float = Field(3.0, ge=2.0, le=8.0)
    """Height of a storey for counting those that the water reaches [m]."""
    floor_level: float = Field(0.0, ge=-2.0, le=5.0)
    """Ground floor above the ground outside [m]; nothing is lost below it."""


class FloodDamage(NamedTuple):
    """Damage to buildings."""

    building_damage: BUILDING_DAMAGE


@model(
    version=1,
    cite="Huizinga, de Moel and Szewczyk (2017), EUR 28552 EN, doi:10.2760/16510, tables of Asia, ch. 3 and 4",
    validity="Direct damage by standing water, for groups of buildings: curves are means of a continent, so a single "
    "building may be off by the whole value; no damage by flow, dirt, duration or to basements.",
)
def flood_damage(
    *,
    buildings: Annotated[View, Table("buildings", (BUILDING_DEPTH, BUILDING_USE, FLOORS))],
    flood_damage_share: Annotated[Factors, Fact("flood_damage_share")],
    flood_damage_sector: Annotated[Factors, Fact("flood_damage_sector")],
    flood_damage_value: Annotated[Factors, Fact("flood_damage_value")],
    flood_damage_price: Annotated[Factors, Fact("flood_damage_price")],
    p: FloodDamageParams,
) -> FloodDamage:
    """Return what an event costs each building, structure and contents.

    Damage = footprint × value per m² of floor × Σ over storeys f(d - z - k h): each storey is lost
    as a ground floor would be by the water above its own floor (d depth outside, z floor level,
    h storey height, k = 0, 1, …). f is the sector's share of value lost at a depth, linear between
    the curve's points ("residential/0.5"), its last value beyond. Values are of 2010 in EUR per
    m² and are brought to CNY of the price year by two factors: currency, then price level.
    A use's sectors ("office/commercial") add up to 1. Buildings without depth have no value.
    Raises InputError for a use without a sector.
    """
    depth = buildings["building_depth"].to_numpy(np.float64)
    storeys = np.maximum(np.nan_to_num(np.ceil(buildings["floors"].to_numpy(np.float64)), nan=1.0), 1.0)
    wet = np.nan_to_num(depth, nan=0.0) - p.floor_level
    price = flood_damage_price["currency"] * flood_damage_price["price_level"]
    uses = buildings["building_use"].astype(str)
    parts = np.zeros(len(buildings))
    for sector, curve in _curves(flood_damage_share).items():
        value = _shares(flood_damage_sector, sector)
        weight = uses.map(value).fillna(0.0).to_numpy(np.float64)
        if not weight.any():
            continue
        lost = lost_storeys(wet, storeys, curve, storey_height=p.storey_height)
        parts += weight * flood_damage_value[sector] * lost
    known = {key.partition("/")[0] for key in flood_damage_sector}
    if missing := sorted(set(uses) - known):
        raise InputError("risk.use_without_sector", uses=missing)
    damage = parts * price * buildings.geometry.area.to_numpy(np.float64)
    return FloodDamage(pd.Series(np.where(np.isfinite(depth), damage, np.nan), index=buildings.index))


def _curves(shares: Factors) -> Mapping[str, tuple[Floats, Floats]]:
    """Return each sector's curve, depths rising [m] and shares lost."""
    points: dict[str, list[tuple[float, float]]] = {}
    for key, share in shares.items():
        sector, _, depth = key.partition("/")
        points.setdefault(sector, []).append((float(depth), share))
    return {sector: (np.array(sorted(found))[:, 0], np.array(sorted(found))[:, 1]) for sector, found in points.items()}


def _shares(sectors: Factors, sector: str) -> dict[str, float]:
    """Return how much of each use belongs to a sector."""
    return {key.partition("/")[0]: share for key, share in sectors.items() if key.partition("/")[2] == sector}
