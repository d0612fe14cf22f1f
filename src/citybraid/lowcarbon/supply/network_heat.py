"""Emissions of the heat that a network delivers, where pipes of plants feed waste heat into it."""

from typing import Annotated, NamedTuple

import numpy as np
import shapely
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import DISTRICT_HEAT
from citybraid.core.vocabulary.lowcarbon.industry import PLANT_WASTE_HEAT, PLANT_WASTE_HEAT_TEMPERATURE
from citybraid.core.vocabulary.lowcarbon.park import (
    NETWORK_FEED_ERROR,
    NETWORK_HEAT_FACTOR,
    NETWORK_LIFT_POWER,
    NETWORK_SHARE,
    NETWORK_WASTE_HEAT,
    PLANT_SHIFT,
)
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.core.vocabulary.weather import DRY_BULB
from citybraid.lowcarbon.climate import hourly
from citybraid.lowcarbon.shifts import ShiftTables, pattern_of, shift_profiles
from citybraid.lowcarbon.supply.feeding import feed, inside, offered_heat
from citybraid.lowcarbon.supply.waste_heat_network import WasteHeatNetworkParams

Array = NDArray[np.float64]


class NetworkHeatParams(WasteHeatNetworkParams):
    """Those of waste heat in the network, which both should share."""


class NetworkHeat(NamedTuple):
    network_heat_factor: NETWORK_HEAT_FACTOR
    network_waste_heat: NETWORK_WASTE_HEAT
    network_lift_power: NETWORK_LIFT_POWER
    network_feed_error: NETWORK_FEED_ERROR


@model(
    version=1,
    cite="Frederiksen and Werner (2013), District Heating and Cooling, ch. 6 (excess heat); Staffell et al. (2012)",
    validity=(
        "Heat that buildings in the study area take, by degree hours; one network without storage, one loss share and "
        "one flow temperature. Waste heat bears no emissions: those of its fuel stay with the plant. Other sources "
        "have the region's factor."
    ),
)
def network_heat(
    buildings: Annotated[View, Table("buildings", (DISTRICT_HEAT,))],
    plants: Annotated[
        View, Table("plants", (PLANT_WASTE_HEAT, PLANT_WASTE_HEAT_TEMPERATURE, PLANT_SHIFT, NETWORK_SHARE))
    ],
    study_area: STUDY_AREA,
    dry_bulb: DRY_BULB,
    carnot_fraction: Annotated[Factors, Fact("carnot_fraction")],
    working_calendar: Annotated[Factors, Fact("working_calendar")],
    heat_emission_factor: Annotated[Factors, Fact("heat_emission_factor")],
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    shifts: ShiftTables,
    p: NetworkHeatParams,
) -> NetworkHeat:
    """Emission factor of the heat delivered: waste heat of connected plants bears none, what lifts it the grid's.

    Hour by hour as in `waste_heat_network`; what connected plants leave is made by others at the region's factor, which
    has their losses in it. Without a connected plant or any heat delivered, it is the region's factor. Raises
    InputError for waste heat that is negative or has no temperature, and where no hour is cold.
    """
    area = shapely.union_all(study_area.to_numpy())
    others = heat_emission_factor[""]
    demand = float(buildings["district_heat"].to_numpy(dtype=np.float64)[inside(buildings, area)].sum())
    offered = offered_heat(plants, area) * np.nan_to_num(plants["network_share"].to_numpy(dtype=np.float64))
    if demand == 0.0 or not offered.any():
        return NetworkHeat(others, 0.0, 0.0, 0.0)
    air = hourly("dry_bulb", dry_bulb)
    wanting = np.maximum(p.base_temperature - air, 0.0)
    if not wanting.any():
        raise InputError("supply.no_heating_hours", base=p.base_temperature, lowest=float(air.min()))
    needed = demand * wanting / (wanting.sum() * (1.0 - p.network_loss))
    hours = shift_profiles(working_calendar, shifts.plant_shift, calendar_year=p.calendar_year)
    network = feed(
        needed, offered, hours[pattern_of(plants)], plants, fraction=carnot_fraction["water"],
        flow=p.flow_temperature, difference=p.least_difference,
    )  # fmt: skip
    taken, power, left = (float(part.sum()) for part in network)
    emitted = left * (1.0 - p.network_loss) * others + power * grid_emission_factor[""]
    return NetworkHeat(
        network_heat_factor=emitted / demand,
        network_waste_heat=taken,
        network_lift_power=power,
        network_feed_error=(taken + power + left) * (1.0 - p.network_loss) / demand - 1.0,
    )
