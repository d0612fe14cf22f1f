"""Heat pumps for the heat demand of an area: seasonal performance by heat source."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
import shapely
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import HEATING_DEMAND
from citybraid.core.vocabulary.lowcarbon.park import HEAT_PUMP_LOAD, NETWORK_HEAT_LEFT
from citybraid.core.vocabulary.lowcarbon.supply import HEAT_PUMP_FACTOR, HEAT_PUMP_POWER
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.core.vocabulary.weather import DRY_BULB
from citybraid.kernels.energy.heat_pump import coefficient_of_performance
from citybraid.lowcarbon.climate import hourly


class HeatPumpsParams(Params):
    source: Literal["air", "ground", "water", "sewage"]
    """What the heat is taken from."""
    flow_temperature: float = Field(ge=20.0, le=150.0)
    """Temperature at which heat is supplied [degC]."""
    source_temperature: float | None = Field(None, ge=-20.0, le=100.0)
    """Temperature of the source in the heating season [degC]; needed for water and sewage, else from the air."""
    base_temperature: float = Field(18.0, ge=5.0, le=25.0)
    """Outdoor temperature below which there is heating: it spreads the year's demand over hours [degC]."""


class HeatPumps(NamedTuple):
    heat_pump_power: HEAT_PUMP_POWER
    heat_pump_factor: HEAT_PUMP_FACTOR
    heat_pump_load: HEAT_PUMP_LOAD


@model(
    version=2,
    cite="Staffell et al. (2012), Energy & Environmental Science 5: 9291 (fraction of Carnot); EN 14825 (season)",
    validity="A constant fraction of Carnot's; defrosting, part load and pumps are in the fraction, losses are not.",
)
def heat_pumps(
    buildings: Annotated[View, Table("buildings", (HEATING_DEMAND,))],
    study_area: STUDY_AREA,
    dry_bulb: DRY_BULB,
    carnot_fraction: Annotated[Factors, Fact("carnot_fraction")],
    p: HeatPumpsParams,
    network_heat_left: NETWORK_HEAT_LEFT | None = None,
) -> HeatPumps:
    """Electricity that heat pumps need for the heat demand of the study area, and their performance over the year.

    The demand falls on hours by how far the air is below the base temperature; what waste heat of plants meets of it
    in an hour (`lowcarbon.waste_heat_network`) is left out. The source is the air of the hour,
    the ground at the mean of the year's air, or water or sewage at the stated temperature. Raises InputError
    where that is missing, and where no hour is cold enough.
    """
    air = hourly("dry_bulb", dry_bulb)
    if p.source_temperature is None and p.source in ("water", "sewage"):
        raise InputError("supply.source_temperature", source=p.source)
    still = float(air.mean()) if p.source_temperature is None else p.source_temperature
    source = air if p.source == "air" and p.source_temperature is None else np.full(air.size, still)
    wanting = np.maximum(p.base_temperature - air, 0.0)
    if not wanting.any():
        raise InputError("supply.no_heating_hours", base=p.base_temperature, lowest=float(air.min()))
    performance = coefficient_of_performance(source, np.full(1, p.flow_temperature), fraction=carnot_fraction[p.source])
    inside = shapely.covers(
        shapely.union_all(study_area.to_numpy()), shapely.point_on_surface(buildings.geometry.to_numpy())
    )
    demand = float(buildings["heating_demand"].to_numpy(dtype=np.float64)[inside].sum())
    heat = demand * wanting / wanting.sum()
    if network_heat_left is not None:
        heat = hourly("network_heat_left", network_heat_left)
    power = heat / performance
    shape = heat if heat.any() else wanting
    return HeatPumps(
        heat_pump_power=float(power.sum()),
        heat_pump_factor=float(shape.sum() / (shape / performance).sum()),
        heat_pump_load=pd.Series(power, index=np.arange(air.size, dtype=np.float64)),
    )
