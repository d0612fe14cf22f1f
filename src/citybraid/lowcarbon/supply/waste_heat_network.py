"""Waste heat of plants in a heat network: what it meets of buildings' demand, hour by hour."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import HEATING_DEMAND
from citybraid.core.vocabulary.lowcarbon.industry import HEAT_GIVEN, PLANT_WASTE_HEAT, PLANT_WASTE_HEAT_TEMPERATURE
from citybraid.core.vocabulary.lowcarbon.park import (
    NETWORK_ERROR,
    NETWORK_HEAT_LEFT,
    NETWORK_HEAT_LOSS,
    NETWORK_HEAT_MADE,
    NETWORK_PUMP_LOAD,
    NETWORK_PUMP_POWER,
    PLANT_SHIFT,
    WASTE_HEAT_LOST,
    WASTE_HEAT_TO_NETWORK,
)
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.core.vocabulary.weather import DRY_BULB
from citybraid.lowcarbon.climate import hourly
from citybraid.lowcarbon.shifts import ShiftTables, pattern_of, shift_profiles
from citybraid.lowcarbon.supply.feeding import feed, inside, offered_heat

Array = NDArray[np.float64]
LEAST = 1.0
"""Heat over which a residual is taken, at least [kWh]."""


class WasteHeatNetworkParams(Params):
    flow_temperature: float = Field(ge=20.0, le=150.0)
    """Temperature at which the network supplies heat [degC]."""
    network_loss: float = Field(ge=0.0, lt=1.0)
    """Share of the heat fed in that the network loses [-]."""
    least_difference: float = Field(10.0, gt=0.0, le=100.0)
    """How much warmer than the network waste heat must be to enter it without a heat pump [K]."""
    base_temperature: float = Field(18.0, ge=5.0, le=25.0)
    """Outdoor temperature below which there is heating: it spreads the year's demand over hours [degC]."""
    calendar_year: int = Field(2023, ge=1950, le=2100)
    """Year of the weather, for working days [year]."""


class WasteHeatNetwork(NamedTuple):
    network_heat_left: NETWORK_HEAT_LEFT
    network_pump_load: NETWORK_PUMP_LOAD
    waste_heat_to_network: WASTE_HEAT_TO_NETWORK
    waste_heat_lost: WASTE_HEAT_LOST
    network_pump_power: NETWORK_PUMP_POWER
    network_heat_made: NETWORK_HEAT_MADE
    network_heat_loss: NETWORK_HEAT_LOSS
    network_error: NETWORK_ERROR


@model(
    version=1,
    cite="Frederiksen and Werner (2013), District Heating and Cooling, ch. 6 (excess heat); Staffell et al. (2012)",
    validity=(
        "Space heating of buildings in the study area; a network without storage, one loss share and one flow "
        "temperature. Waste heat comes by the shifts of its plant. Whether pipes pay is not looked at."
    ),
)
def waste_heat_network(
    buildings: Annotated[View, Table("buildings", (HEATING_DEMAND,))],
    plants: Annotated[
        View,
        Table("plants", (PLANT_WASTE_HEAT, PLANT_WASTE_HEAT_TEMPERATURE, PLANT_SHIFT), optional=(HEAT_GIVEN,)),
    ],
    study_area: STUDY_AREA,
    dry_bulb: DRY_BULB,
    carnot_fraction: Annotated[Factors, Fact("carnot_fraction")],
    working_calendar: Annotated[Factors, Fact("working_calendar")],
    shifts: ShiftTables,
    p: WasteHeatNetworkParams,
) -> WasteHeatNetwork:
    """Heat that a network takes from plants, after what they give each other, and what is left to other sources.

    Waste heat warmer than the network enters it, colder heat by heat pumps, the warmest first, never more than the hour
    wants. Raises InputError for waste heat that is negative or has no temperature, and where no hour is cold.
    """
    area = shapely.union_all(study_area.to_numpy())
    air = hourly("dry_bulb", dry_bulb)
    wanting = np.maximum(p.base_temperature - air, 0.0)
    if not wanting.any():
        raise InputError("supply.no_heating_hours", base=p.base_temperature, lowest=float(air.min()))
    demand = float(buildings["heating_demand"].to_numpy(dtype=np.float64)[inside(buildings, area)].sum())
    fed = demand * wanting / (wanting.sum() * (1.0 - p.network_loss))
    offered = offered_heat(plants, area)
    hours = shift_profiles(working_calendar, shifts.plant_shift, calendar_year=p.calendar_year)
    network = feed(
        fed, offered, hours[pattern_of(plants)], plants, fraction=carnot_fraction["water"], flow=p.flow_temperature,
        difference=p.least_difference,
    )  # fmt: skip
    left = network.left * (1.0 - p.network_loss)
    taken, made, total = float(network.taken.sum()), float(network.left.sum()), float(fed.sum())
    lost = total - demand
    gap = taken + float(network.power.sum()) + made - demand - lost
    at = np.arange(air.size, dtype=np.float64)
    return WasteHeatNetwork(
        network_heat_left=pd.Series(left, index=at),
        network_pump_load=pd.Series(network.power, index=at),
        waste_heat_to_network=taken,
        waste_heat_lost=max(float(offered.sum()) - taken, 0.0),
        network_pump_power=float(network.power.sum()),
        network_heat_made=made,
        network_heat_loss=max(lost, 0.0),
        network_error=gap / max(total, LEAST),
    )
