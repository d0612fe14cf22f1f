"""Weighted energy balance of buildings: primary energy with and without credit for exports."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import DISTRICT_HEAT, GAS, PV_GENERATION
from citybraid.core.vocabulary.lowcarbon.supply import (
    GRID_EXPORT,
    GRID_IMPORT,
    PRIMARY_ENERGY,
    PRIMARY_ENERGY_USED,
    PRIMARY_RENEWABLE_SHARE,
    RENEWABLE_ENERGY_USED,
)
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.kernels.energy.weighted import Electricity, Weights, weighted_energy


class EnergyBalanceParams(Params):
    k_exp: float = Field(1.0, ge=0.0, le=1.0)
    """Share of what exports save outside that is credited to the building [-]."""


class EnergyBalance(NamedTuple):
    primary_energy: PRIMARY_ENERGY
    primary_energy_used: PRIMARY_ENERGY_USED
    renewable_energy_used: RENEWABLE_ENERGY_USED
    primary_renewable_share: PRIMARY_RENEWABLE_SHARE


@model(
    version=2,
    cite="EN ISO 52000-1:2017, ch. 9.6 and 11.6 (steps A and B, k_exp)",
    validity=(
        "Energy of the models of buildings alone: no hot water, cooking or lifts where those have none. Weights of the "
        "standard's annex B unless the study gives its own."
    ),
)
def energy_balance(
    buildings: Annotated[View, Table("buildings", (PV_GENERATION, DISTRICT_HEAT, GAS, GRID_IMPORT, GRID_EXPORT))],
    study_area: STUDY_AREA,
    primary_energy_weight: Annotated[Factors, Fact("primary_energy_weight")],
    p: EnergyBalanceParams,
) -> EnergyBalance:
    """Primary energy of each building by the hourly balance of its electricity [kWh a year].

    Delivered electricity, heat and gas are weighted by carrier. Step A credits exports with what made them, so they
    leave the balance; step B also with `k_exp` times what they save outside. The share of renewables is of step A.
    """

    def flow(name: str) -> NDArray[np.float64]:
        return np.asarray(buildings[name], dtype=np.float64)

    def weights(carrier: str) -> Weights:
        row = primary_energy_weight
        return Weights(row[f"{carrier}/renewable"], row[f"{carrier}/nonrenewable"], carbon=0.0)

    balance = weighted_energy(
        Electricity(flow("grid_import"), flow("pv_generation"), flow("grid_export")),
        ((flow("district_heat"), weights("heat")), (flow("gas"), weights("gas"))),
        grid=weights("grid"), on_site=weights("photovoltaics"), k_exp=p.k_exp,
    )  # fmt: skip
    inside = shapely.covers(
        shapely.union_all(study_area.to_numpy()), shapely.point_on_surface(buildings.geometry.to_numpy())
    )
    renewable, nonrenewable, _ = balance.step_a[inside].sum(axis=0)
    total = renewable + nonrenewable

    def column(values: NDArray[np.float64]) -> pd.Series:
        return pd.Series(values, index=buildings.index)

    return EnergyBalance(
        primary_energy=column(balance.step_b[:, 1]),
        primary_energy_used=column(balance.step_a[:, 1].clip(min=0.0)),
        renewable_energy_used=column(balance.step_a[:, 0].clip(min=0.0)),
        primary_renewable_share=float(np.clip(renewable / total, 0.0, 1.0)) if total > 0 else 0.0,
    )
