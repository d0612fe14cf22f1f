"""What overheating requires of homes and of the factor rows of their climate zone."""

import geopandas as gpd

from citybraid.core.precondition import Precondition
from citybraid.core.var import Factors
from citybraid.lowcarbon.envelope import envelopes, kind_of
from citybraid.lowcarbon.operation import programmes
from citybraid.lowcarbon.overheating.overheating import OverheatingParams, overheating
from citybraid.lowcarbon.overheating.storeys import HOME, require_floors
from citybraid.lowcarbon.stock import require_attributes

SKIN = frozenset({"building_use", "year_built", "envelope_standard"})
"""Columns that a home's envelope follows from."""


def homes_complete(
    *,
    buildings: gpd.GeoDataFrame,
    standard_since: Factors,
    envelope: Factors,
    program_share: Factors,
    conditioned_share: Factors,
    p: OverheatingParams,
) -> None:
    """Raise InputError where a home lacks an attribute, or its standard or its rooms have no row in the zone."""
    require_attributes(buildings)
    if "building_use" not in buildings:
        return
    homes = buildings.loc[[kind_of(str(use)) == HOME for use in buildings["building_use"]]]
    if homes.empty:
        return
    programmes(HOME, p.climate_zone, program_share, conditioned_share)
    if "floors" in homes:
        require_floors(homes)
    if set(homes.columns) >= SKIN:
        envelopes(homes, zone=p.climate_zone, since=standard_since, envelope=envelope)


COMPLETE = Precondition(overheating, homes_complete)
