"""Levels of the heat that plants need, and waste heat that they can give each other."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.lowcarbon.emissions import PLANT_CARBON, PLANT_HEAT_EMISSIONS
from citybraid.core.vocabulary.lowcarbon.industry import (
    EXCHANGE_SAVING,
    EXCHANGED_HEAT,
    HEAT_GIVEN,
    HEAT_TAKEN,
    HEAT_USE_TEMPERATURE,
    HIGH_HEAT,
    LOW_HEAT,
    MATCH_DISTANCE,
    MATCHED_HEAT,
    MEDIUM_HEAT,
    PLANT_USEFUL_HEAT,
    PLANT_WASTE_HEAT,
    PLANT_WASTE_HEAT_TEMPERATURE,
    UNUSED_HEAT,
)
from citybraid.kernels.energy.exchange import exchange
from citybraid.lowcarbon.industry.plant_table import amounts

Array = NDArray[np.float64]
KWH_IN_GJ = 1e3 / 3.6
LOW, HIGH = 100.0, 400.0
"""Bounds of the levels of process heat [degC]."""


class WasteHeatExchangeParams(Params):
    reach: float = Field(2000.0, gt=0.0, le=50000.0)
    """Greatest straight distance over which heat is given [m]."""
    least_difference: float = Field(10.0, gt=0.0, le=100.0)
    """Least temperature difference between the heat given and the use of it [K]."""


class WasteHeatExchange(NamedTuple):
    low_heat: LOW_HEAT
    medium_heat: MEDIUM_HEAT
    high_heat: HIGH_HEAT
    heat_given: HEAT_GIVEN
    heat_taken: HEAT_TAKEN
    matched_heat: MATCHED_HEAT
    match_distance: MATCH_DISTANCE
    exchanged_heat: EXCHANGED_HEAT
    unused_heat: UNUSED_HEAT
    exchange_saving: EXCHANGE_SAVING


@model(
    version=1,
    cite="Hitchcock (1941), J. Math. Phys. 20: 224 (transport problem); Kemp (2007), Pinch Analysis, ch. 2",
    validity=(
        "Sums of a year: that heat is given when it is needed is not checked (see the hourly balance of streams). "
        "One temperature for a plant's heat, one for its waste heat; no heat pumps between them. Straight distances."
    ),
)
def waste_heat_exchange(
    plants: Annotated[
        View,
        Table(
            "plants",
            (
                PLANT_USEFUL_HEAT,
                HEAT_USE_TEMPERATURE,
                PLANT_WASTE_HEAT,
                PLANT_WASTE_HEAT_TEMPERATURE,
                PLANT_CARBON,
                PLANT_HEAT_EMISSIONS,
            ),
        ),
    ],
    p: WasteHeatExchangeParams,
) -> WasteHeatExchange:
    """Heat of plants by level, and the most waste heat that plants within reach can give each other [kWh a year].

    A plant can give to another where its waste heat is warmer than that plant's use by the least difference. Empty
    waste heat is none. Raises InputError where heat or waste heat has no temperature.
    """
    need = plants["plant_useful_heat"].to_numpy(dtype=np.float64)
    supply = KWH_IN_GJ * np.nan_to_num(amounts(plants, "plant_waste_heat"))
    use, offer = (
        plants[name].to_numpy(dtype=np.float64) for name in ("heat_use_temperature", "plant_waste_heat_temperature")
    )
    _require(plants, (need > 0) & np.isnan(use), "heat_use_temperature")
    _require(plants, (supply > 0) & np.isnan(offer), "plant_waste_heat_temperature")
    distance = _distances(plants, use, offer, p)
    sent = exchange(supply, need, distance)
    given = np.bincount(sent.giver, weights=sent.amount, minlength=len(plants))
    taken = np.bincount(sent.taker, weights=sent.amount, minlength=len(plants))
    emitted = (plants["plant_carbon"] + plants["plant_heat_emissions"]).to_numpy(dtype=np.float64)
    names = [f"{plants.index[a]}>{plants.index[b]}" for a, b in zip(sent.giver, sent.taker, strict=True)]
    total = float(sent.amount.sum())
    return WasteHeatExchange(
        low_heat=float(need[use < LOW].sum()),
        medium_heat=float(need[(use >= LOW) & (use <= HIGH)].sum()),
        high_heat=float(need[use > HIGH].sum()),
        heat_given=pd.Series(given, index=plants.index),
        heat_taken=pd.Series(taken, index=plants.index),
        matched_heat=pd.Series(sent.amount, index=names, dtype=np.float64),
        match_distance=pd.Series(distance[sent.giver, sent.taker], index=names, dtype=np.float64),
        exchanged_heat=total,
        unused_heat=max(float(supply.sum()) - total, 0.0),
        exchange_saving=float((taken * emitted / np.where(need > 0, need, 1.0)).sum()),
    )


def _require(plants: View, lacking: NDArray[np.bool_], column: str) -> None:
    if lacking.any():
        first = str(plants.index[lacking][0])
        raise InputError("industry.no_temperature", column=column, count=int(lacking.sum()), first=first)


def _distances(plants: View, use: Array, offer: Array, p: WasteHeatExchangeParams) -> Array:
    """Return distances of pairs (giver, taker) [m], infinite where heat cannot pass."""
    points = shapely.point_on_surface(plants.geometry.to_numpy())
    distance: Array = shapely.distance(points[:, None], points[None, :])
    warm = offer[:, None] >= use[None, :] + p.least_difference
    may = warm & (distance <= p.reach) & ~np.eye(len(plants), dtype=bool)
    return np.where(may, distance, np.inf)
