"""What the energy of buildings requires of their columns and of the factor rows of their climate zone."""

import geopandas as gpd

from citybraid.core.precondition import Precondition
from citybraid.core.var import Factors
from citybraid.lowcarbon.building_energy import BuildingEnergyParams, building_energy
from citybraid.lowcarbon.energy_cost import energy_cost, networked_priced
from citybraid.lowcarbon.envelope import envelopes
from citybraid.lowcarbon.operation import programmes
from citybraid.lowcarbon.pv_generation import pv_generation
from citybraid.lowcarbon.stock import require_attributes

SKIN = frozenset({"building_use", "year_built", "envelope_standard"})
"""Columns that a building's envelope follows from."""


def buildings_complete(
    *,
    buildings: gpd.GeoDataFrame,
    standard_since: Factors,
    envelope: Factors,
    program_share: Factors,
    conditioned_share: Factors,
    p: BuildingEnergyParams,
) -> None:
    """Raise InputError where a building lacks an attribute, or a use or a standard has no row in the climate zone."""
    require_attributes(buildings)
    if set(buildings.columns) >= SKIN:
        envelopes(buildings, zone=p.climate_zone, since=standard_since, envelope=envelope)
    if "building_use" in buildings:
        for use in sorted(set(buildings["building_use"].astype(str))):
            programmes(use, p.climate_zone, program_share, conditioned_share)


COMPLETE = Precondition(building_energy, buildings_complete)


def roofs_complete(*, buildings: gpd.GeoDataFrame) -> None:
    """Raise InputError where a building lacks the height by which it may shade roofs."""
    require_attributes(buildings)


ROOFS = Precondition(pv_generation, roofs_complete)


def heat_priced(*, buildings: gpd.GeoDataFrame, energy_price: Factors) -> None:
    """Raise InputError where energy is priced, but not the heat of a network that buildings are connected to."""
    networked_priced(buildings, energy_price)


PRICED = Precondition(energy_cost, heat_priced)
