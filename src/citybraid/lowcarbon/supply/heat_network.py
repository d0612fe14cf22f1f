"""Where a heat network pays: what the pipe along a street costs per heat delivered."""

import math
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.lowcarbon.supply import NETWORK_COST, NETWORK_PAYS, STREET_HEAT

NONE = 1e-6
"""Heat below which a street has none: what rounding leaves of sums [kWh year-1]."""


class HeatNetworkParams(Params):
    pipe_price: float = Field(gt=0.0, le=1e6)
    """Price of a metre of network, both pipes, trench and service pipes included [currency m-1]."""
    allowed_cost: float = Field(gt=0.0, le=100.0)
    """Highest cost of distribution at which heat still sells [currency kWh-1]."""
    lifetime: float = Field(30.0, ge=1.0, le=100.0)
    """Years over which the network is paid [year]."""
    interest: float = Field(0.05, ge=0.0, le=0.5)
    """Interest [-]."""
    connected: float = Field(1.0, gt=0.0, le=1.0)
    """Share of the heat along the street that connects [-]."""


class HeatNetwork(NamedTuple):
    network_cost: NETWORK_COST
    network_pays: NETWORK_PAYS


@model(
    version=2,
    cite="Persson and Werner (2011), Applied Energy 88: 568, eq. 1 (distribution capital cost)",
    validity="Capital cost of distribution alone: no plant, heat, pumping or losses; one price for all diameters.",
)
def heat_network(
    streets: Annotated[View, Table("streets", (STREET_HEAT,))],
    p: HeatNetworkParams,
) -> HeatNetwork:
    """Annuity of a pipe along each street over the heat that it delivers, and whether that is allowed.

    A street without heat has no cost of it, and its pipe does not pay. Price and limit are the study's: without them
    the model is absent.
    """
    paid = -math.expm1(-p.lifetime * math.log1p(p.interest))
    annuity = p.interest / paid if paid > 0 else 1 / p.lifetime
    heat = (streets["street_heat"] * p.connected).to_numpy(dtype=np.float64)
    yearly = streets.geometry.length.to_numpy() * p.pipe_price * annuity
    cost = pd.Series(yearly / np.where(heat > NONE, heat, np.nan), index=streets.index)
    return HeatNetwork(cost, (cost <= p.allowed_cost).astype(np.float64))
