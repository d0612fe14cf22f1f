"""Uncertainty of expected annual damage: its draws and their Sobol indices."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Column, Fact, Factors, Over
from citybraid.core.vocabulary.risk import ANNUAL_DAMAGE_DRAWS, DAMAGE_DRAWS, SPREAD_FIRST, SPREAD_TOTAL
from citybraid.core.vocabulary.water import RETURN_PERIOD
from citybraid.resilience.damage.annual import AnnualParams, expected_annual_loss
from citybraid.resilience.damage.damage_spread import DamageFactors, DrawParams, sample, sobol_indices


class DamageUncertaintyParams(DrawParams, AnnualParams):
    """Sample size, and assumptions between and beyond the events."""


class DamageUncertainty(NamedTuple):
    """Expected annual damage by draw, and the decomposition of its variance."""

    annual_damage_draws: ANNUAL_DAMAGE_DRAWS
    spread_first: SPREAD_FIRST
    spread_total: SPREAD_TOTAL


@model(
    version=3,
    cite="Saltelli et al. (2010), Comput. Phys. Commun. 181: 259-270, table 2 (b) and (f); Sobol' (2001), "
    "Math. Comput. Simul. 55: 271-280",
    validity="Spread that factor rows state; what they do not state is not varied, so the band is a lower bound.",
)
def damage_uncertainty(
    *,
    draws: Annotated[Mapping[str, Column], Over(DAMAGE_DRAWS, "event")],
    return_periods: Annotated[Mapping[str, float], Over(RETURN_PERIOD, "event")],
    flood_damage_share: Annotated[Factors, Fact("flood_damage_share")],
    flood_damage_sector: Annotated[Factors, Fact("flood_damage_sector")],
    flood_damage_value: Annotated[Factors, Fact("flood_damage_value")],
    flood_damage_price: Annotated[Factors, Fact("flood_damage_price")],
    flood_rain_spread: Annotated[Factors, Fact("flood_rain_spread")],
    manning_n: Annotated[Factors, Fact("manning_n")],
    ground_floor_height: Annotated[Factors, Fact("ground_floor_height")],
    p: DamageUncertaintyParams,
) -> DamageUncertainty:
    """Return the expected annual damage of every draw and the Sobol indices of the varied sources.

    A draw has the same levels of rain, roughness, floor, curve and value in all events, so its events are
    integrated over probability as in expected_annual_damage. `spread_first` is the share of
    the variance that a source explains alone, `spread_total` including its interactions.
    Raises InputError where the draws of events were made with other parameters.
    """
    facts = DamageFactors(
        flood_damage_share, flood_damage_sector, flood_damage_value, flood_damage_price, flood_rain_spread, manning_n,
        ground_floor_height,
    )  # fmt: skip
    drawn = sample(facts, p)
    if wrong := sorted(event for event, column in draws.items() if len(column) != len(drawn.levels)):
        raise InputError("risk.draws_differ", events=wrong, needs=len(drawn.levels))
    annual = expected_annual_loss(draws, return_periods, p)
    first, total = sobol_indices(drawn.names, annual.to_numpy(np.float64), p)
    names = list(drawn.names)
    return DamageUncertainty(annual, pd.Series(first, index=names), pd.Series(total, index=names))
