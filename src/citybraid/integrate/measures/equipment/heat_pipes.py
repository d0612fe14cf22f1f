"""Pipes that carry waste heat from plants to plants, in place of fuels and steam that these buy."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.industry import (
    HEAT_USE_TEMPERATURE,
    PLANT_COAL,
    PLANT_DIESEL,
    PLANT_GAS,
    PLANT_HEAT,
    PLANT_STEAM,
    PLANT_WASTE_HEAT,
    PLANT_WASTE_HEAT_TEMPERATURE,
)
from citybraid.core.vocabulary.measures import HEAT_PIPE_LENGTH
from citybraid.integrate.measures.siting import area_of_points, per_unit, selected_units
from citybraid.kernels.energy.exchange import Exchange, exchange

Array = NDArray[np.float64]
FUELS = {"plant_gas": "natural_gas", "plant_coal": "raw_coal", "plant_diesel": "diesel"}
"""Columns of fuels, and the fuels of the factor tables."""
MJ_IN_GJ, KG_IN_T = 1e3, 1e3


class HeatPipesParams(MeasureParams):
    reach: float = Field(2000.0, gt=0.0, le=50000.0)
    """Greatest straight distance over which heat is given [m]."""
    least_difference: float = Field(10.0, gt=0.0, le=100.0)
    """Least temperature difference between the heat given and the use of it [K]."""


class HeatPipes(NamedTuple):
    plant_gas: PLANT_GAS
    plant_coal: PLANT_COAL
    plant_diesel: PLANT_DIESEL
    plant_steam: PLANT_STEAM
    plant_heat: PLANT_HEAT
    plant_waste_heat: PLANT_WASTE_HEAT
    heat_pipe_length: HEAT_PIPE_LENGTH


@measure(
    version=1,
    cite="Hitchcock (1941), J. Math. Phys. 20: 224 (transport problem); Kemp (2007), Pinch Analysis, ch. 2",
    validity="Billed heat of plants; sums of a year, one temperature for a plant's heat and one for its waste heat. "
    "Losses and pumping of pipes, hours and backup boilers are not counted: an upper value. Straight distances.",
    stage="equipment",
    quantity=HEAT_PIPE_LENGTH,
    responsible="park operator; plants",
    build_years=1.0,
)
def heat_pipes(
    plants: Annotated[
        View,
        Table(
            "plants",
            (PLANT_WASTE_HEAT, PLANT_WASTE_HEAT_TEMPERATURE, HEAT_USE_TEMPERATURE),
            optional=(PLANT_GAS, PLANT_COAL, PLANT_DIESEL, PLANT_STEAM, PLANT_HEAT),
        ),
    ],
    units: Annotated[View, Table("units", (HEAT_PIPE_LENGTH,))],
    fuel_heat_value: Annotated[Factors, Fact("fuel_heat_value")],
    steam_heat: Annotated[Factors, Fact("steam_heat")],
    plant_boiler: Annotated[Factors, Fact("plant_boiler")],
    p: HeatPipesParams,
) -> HeatPipes:
    """Carry a share of the waste heat that plants in chosen units can use of others within reach [GJ a year].

    A plant may give to another where its waste heat is warmer than that plant's use by the least difference; the most
    heat is sent, by the shortest ways. The taker burns and buys less of everything that it makes heat of, in
    proportion, and the giver has less waste heat left. Pipes are counted by the straight length of each pair [m].
    """
    bills = {name: _column(plants, name) for name in (*FUELS, "plant_steam", "plant_heat")}
    need = _useful_heat(bills, fuel_heat_value, steam_heat[""], plant_boiler)
    supply = np.nan_to_num(_column(plants, "plant_waste_heat"))
    taker_unit = area_of_points(plants.geometry.representative_point(), units.geometry)
    distance = _distances(plants, selected_units(units, p.where)[taker_unit], p)
    sent = exchange(np.maximum(supply, 0.0), np.maximum(need, 0.0), distance)
    taken, given = (np.bincount(side, weights=sent.amount * p.share, minlength=len(plants))
                    for side in (sent.taker, sent.giver))  # fmt: skip
    left = 1.0 - taken / np.where(need > 0.0, need, 1.0)
    reduced = {name: pd.Series(values * left, index=plants.index) for name, values in bills.items()}
    length = _length_by_taker(sent, distance, len(plants)) * p.share
    waste = plants["plant_waste_heat"].to_numpy(dtype=np.float64) - given
    return HeatPipes(
        **reduced,
        plant_waste_heat=pd.Series(waste, index=plants.index),
        heat_pipe_length=units["heat_pipe_length"] + per_unit(units, taker_unit, length),
    )


def _column(plants: View, name: str) -> Array:
    """Return a column, NaN where there is none."""
    return plants[name].to_numpy(dtype=np.float64) if name in plants else np.full(len(plants), np.nan)


def _useful_heat(bills: dict[str, Array], value: Factors, steam: float, boiler: Factors) -> Array:
    """Return the heat that plants make of what they burn and buy [GJ]: fuels after boiler losses, steam and heat."""
    known = {name: np.nan_to_num(column) for name, column in bills.items()}
    heat = known["plant_heat"] + known["plant_steam"] * (steam * KG_IN_T / MJ_IN_GJ)
    for name, fuel in FUELS.items():
        mass = 1.0 if name == "plant_gas" else KG_IN_T
        heat = heat + known[name] * (mass * value[fuel] * boiler[fuel] / MJ_IN_GJ)
    return heat


def _distances(plants: View, chosen: NDArray[np.bool_], p: HeatPipesParams) -> Array:
    """Return distances of pairs (giver, taker) [m], infinite where heat cannot pass or the taker is not chosen."""
    points = shapely.point_on_surface(plants.geometry.to_numpy())
    distance: Array = shapely.distance(points[:, None], points[None, :])
    offer, use = (plants[name].to_numpy(dtype=np.float64) for name in
                  ("plant_waste_heat_temperature", "heat_use_temperature"))  # fmt: skip
    warm = offer[:, None] >= use[None, :] + p.least_difference
    may = warm & (distance <= p.reach) & chosen[None, :] & ~np.eye(len(plants), dtype=bool)
    return np.where(may, distance, np.inf)


def _length_by_taker(sent: Exchange, distance: Array, count: int) -> Array:
    """Return the length of pipes that end at each plant [m]."""
    return np.bincount(sent.taker, weights=distance[sent.giver, sent.taker], minlength=count)
