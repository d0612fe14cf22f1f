"""Electricity of buildings by the market-based method, beside the location-based one."""

from typing import Annotated, NamedTuple

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.energy import ELECTRICITY
from citybraid.core.vocabulary.lowcarbon.activity import GREEN_POWER, LOCATION_ELECTRICITY, MARKET_ELECTRICITY
from citybraid.core.vocabulary.place import STUDY_AREA
from citybraid.lowcarbon.accounts.places import inside


class MarketElectricity(NamedTuple):
    location_electricity: LOCATION_ELECTRICITY
    market_electricity: MARKET_ELECTRICITY


@model(
    version=2,
    cite="GPC (2014), ch. 6.3.1; WRI (2015), GHG Protocol Scope 2 Guidance, ch. 6 (residual mix)",
    validity=(
        "Green power must be contracted and not sold on. All other electricity counts at the residual mix, from which "
        "traded green power has been taken out, so that it counts once."
    ),
)
def market_electricity(
    buildings: Annotated[View, Table("buildings", (ELECTRICITY,))],
    green_power: GREEN_POWER,
    grid_emission_factor: Annotated[Factors, Fact("grid_emission_factor")],
    residual_grid_factor: Annotated[Factors, Fact("residual_grid_factor")],
    study_area: STUDY_AREA | None = None,
) -> MarketElectricity:
    """Emissions of the buildings' electricity by both methods [kg CO2 a year].

    Buildings in the study area count, all where none is given. The inventory keeps the location-based value. The
    newest published residual factor holds. Raises InputError where more green power is bought than electricity used.
    """
    used = float(inside(buildings, study_area)["electricity"].sum())
    if green_power > used:
        raise InputError("activity.green_exceeds_buildings", green=round(green_power), used=round(used))
    residual = residual_grid_factor[max(residual_grid_factor, key=int)]
    return MarketElectricity(
        location_electricity=used * grid_emission_factor[""], market_electricity=(used - green_power) * residual
    )
