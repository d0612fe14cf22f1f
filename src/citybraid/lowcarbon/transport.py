"""Emissions of the residents' daily travel."""

from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.carbon import TRAVEL_EMISSIONS
from citybraid.core.vocabulary.lowcarbon.emissions import TRANSPORT_EMISSIONS
from citybraid.core.vocabulary.place import RESIDENTS

DAYS = 365


class Transport(NamedTuple):
    transport_emissions: TRANSPORT_EMISSIONS
    travel_emissions: TRAVEL_EMISSIONS


@model(
    version=2,
    cite="Schipper et al. (2000), activity, share, intensity and fuel (ASIF) identity",
    validity="City-wide means of trips, distances and modes: no difference by density, transit or income; no freight.",
    fallback=True,
)
def transport(
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    trip_rate: Annotated[Factors, Fact("trip_rate")],
    mode_share: Annotated[Factors, Fact("mode_share")],
    trip_distance: Annotated[Factors, Fact("trip_distance")],
    travel_emission_factor: Annotated[Factors, Fact("travel_emission_factor")],
) -> Transport:
    """Emissions of daily travel, allocated to the travellers' homes [kg CO2 a year].

    Residents times trips a day times, over all modes, share of trips, distance and
    emissions per passenger kilometre. Shares are normalised to a sum of 1. It stands in for `travel` where a study has
    no street network or no uses of buildings.
    """
    total_share = sum(mode_share.values())
    per_trip = sum(
        share / total_share * trip_distance[mode] * travel_emission_factor[mode] for mode, share in mode_share.items()
    )
    emissions = buildings["residents"] * (trip_rate[""] * DAYS * per_trip)
    return Transport(transport_emissions=emissions, travel_emissions=emissions.copy())
