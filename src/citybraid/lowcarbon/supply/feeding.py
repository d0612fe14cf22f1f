"""What the waste heat of plants feeds into a heat network, hour by hour."""

from typing import NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import View
from citybraid.kernels.energy.heat_pump import coefficient_of_performance

Array = NDArray[np.float64]
KWH_IN_GJ = 1e3 / 3.6


class Fed(NamedTuple):
    """Waste heat taken, electricity of heat pumps on it, and heat still wanted, by hour [kWh]."""

    taken: Array
    power: Array
    left: Array


def inside(table: View, area: shapely.Geometry) -> NDArray[np.bool_]:
    """Tell which rows of a table have their representative point in the area."""
    return np.asarray(shapely.covers(area, shapely.point_on_surface(table.geometry.to_numpy())), dtype=np.bool_)


def offered_heat(plants: View, area: shapely.Geometry) -> Array:
    """Return the waste heat of plants in the study area less what they give to plants [kWh]."""
    waste = plants["plant_waste_heat"].to_numpy(dtype=np.float64)
    if (waste < 0).any():
        at = int(np.flatnonzero(waste < 0)[0])
        raise InputError(
            "industry.negative", plant=str(plants.index[at]), column="plant_waste_heat", got=float(waste[at])
        )
    offered = KWH_IN_GJ * np.nan_to_num(waste)
    lacking = (offered > 0) & plants["plant_waste_heat_temperature"].isna().to_numpy()
    if lacking.any():
        raise InputError(
            "industry.no_temperature", column="plant_waste_heat_temperature", count=int(lacking.sum()),
            first=str(plants.index[lacking][0]),
        )  # fmt: skip
    if "heat_given" in plants:
        offered = np.maximum(offered - plants["heat_given"].to_numpy(dtype=np.float64), 0.0)
    return np.where(inside(plants, area), offered, 0.0)


def feed(
    fed: Array,
    offered: Array,
    hours: Array,
    plants: View,
    *,
    fraction: float,
    flow: float,
    difference: float,
) -> Fed:
    """Return what plants feed in, the warmest first; `fed` is what the network needs in each hour [kWh]."""
    warmth = plants["plant_waste_heat_temperature"].to_numpy(dtype=np.float64)
    taken, power, left = np.zeros(fed.size), np.zeros(fed.size), fed
    for at in np.argsort(-np.nan_to_num(warmth), kind="stable"):
        if offered[at] == 0.0:
            continue
        source = offered[at] * hours[at]
        if warmth[at] >= flow + difference:
            heat = np.minimum(source, left)
            taken, left = taken + heat, left - heat
            continue
        lift = coefficient_of_performance(warmth[[at]], np.full(1, flow), fraction=fraction)
        performance = max(float(lift[0]), 1.0)
        drawn = 1.0 - 1.0 / performance
        heat = np.minimum(source / drawn, left) if drawn > 0 else np.zeros(fed.size)
        taken, power, left = taken + heat * drawn, power + heat / performance, left - heat
    return Fed(taken, power, np.maximum(left, 0.0))
