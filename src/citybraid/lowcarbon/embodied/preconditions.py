"""What keeping, retrofitting or rebuilding requires of the factor rows of its climate zone."""

import geopandas as gpd

from citybraid.core.precondition import Precondition
from citybraid.core.var import Factors
from citybraid.lowcarbon.embodied.life_cycle import LifeCycleParams, life_cycle
from citybraid.lowcarbon.embodied.renewed import to_standard
from citybraid.lowcarbon.energy_preconditions import SKIN
from citybraid.lowcarbon.envelope import envelopes


def standard_known(
    *, buildings: gpd.GeoDataFrame, standard_since: Factors, envelope: Factors, p: LifeCycleParams
) -> None:
    """Raise InputError where the standard in force at the start has no row in the climate zone."""
    if set(buildings.columns) >= SKIN:
        envelopes(to_standard(buildings, p.start), zone=p.climate_zone, since=standard_since, envelope=envelope)


KNOWN = Precondition(life_cycle, standard_known)
