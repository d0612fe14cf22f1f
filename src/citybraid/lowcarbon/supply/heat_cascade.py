"""Heat cascade of a park: how much heat its firms can give each other, and what remains."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.lowcarbon.supply import (
    CASCADE_FLOW,
    CASCADE_LEVEL,
    HEAT_FROM_OUTSIDE,
    HEAT_RECOVERED,
    HEAT_TO_OUTSIDE,
    STREAM_HEAT,
    SUPPLY_TEMPERATURE,
    TARGET_TEMPERATURE,
)
from citybraid.kernels.energy.cascade import cascade


class HeatCascadeParams(Params):
    least_difference: float = Field(10.0, gt=0.0, le=100.0)
    """Least temperature difference between a stream that gives heat and one that takes it [K]."""


class HeatCascade(NamedTuple):
    heat_from_outside: HEAT_FROM_OUTSIDE
    heat_to_outside: HEAT_TO_OUTSIDE
    heat_recovered: HEAT_RECOVERED
    cascade_level: CASCADE_LEVEL
    cascade_flow: CASCADE_FLOW


@model(
    version=1,
    cite="Linnhoff and Flower (1978), AIChE Journal 24: 633; Kemp (2007), Pinch Analysis and Process Integration",
    validity=(
        "Steady mean heat flows: the least that thermodynamics allows, whatever the distance, the hours and the cost "
        "of exchangers. A stream's temperature falls or rises evenly with its heat."
    ),
)
def heat_cascade(
    heat_streams: Annotated[View, Table("heat_streams", (SUPPLY_TEMPERATURE, TARGET_TEMPERATURE, STREAM_HEAT))],
    p: HeatCascadeParams,
) -> HeatCascade:
    """Least heating and cooling of a site whose streams exchange heat, by the problem-table algorithm [kW].

    A stream that ends colder than it starts gives heat, one that ends warmer takes it. Raises InputError for a stream
    that lacks a value, or whose temperatures are equal (state condensation or evaporation 1 K apart).
    """
    table = heat_streams[["supply_temperature", "target_temperature", "stream_heat"]].astype(np.float64)
    unknown = table.isna().any(axis=1)
    if unknown.any():
        raise InputError("supply.stream_unknown", count=int(unknown.sum()), first=str(table.index[unknown][0]))
    level = table["supply_temperature"] == table["target_temperature"]
    if level.any():
        raise InputError("supply.stream_level", count=int(level.sum()), first=str(table.index[level][0]))
    levels = cascade(*(table[name].to_numpy() for name in table), difference=p.least_difference)
    names = [f"{at:03d}" for at in range(levels.temperature.size)]
    return HeatCascade(
        heat_from_outside=levels.heating,
        heat_to_outside=max(levels.cooling, 0.0),
        heat_recovered=max(levels.recovered, 0.0),
        cascade_level=pd.Series(levels.temperature, index=names, dtype=np.float64),
        cascade_flow=pd.Series(levels.flow.clip(min=0.0), index=names, dtype=np.float64),
    )
