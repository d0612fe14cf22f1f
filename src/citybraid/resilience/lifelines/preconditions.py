"""What the models of lifelines, which wait for the floods, require of the network."""

import geopandas as gpd

from citybraid.core.precondition import Precondition
from citybraid.resilience.lifelines.lifelines import LifelinesParams, lifelines
from citybraid.resilience.lifelines.network import read_network


def network_whole(
    *, lifelines: gpd.GeoDataFrame, p: LifelinesParams, lifeline_links: gpd.GeoDataFrame | None = None
) -> None:
    """Raise InputError for a network that does not hold together, as `read_network` does."""
    if "lifeline_system" in lifelines:
        read_network(lifelines, lifeline_links, p)


WHOLE = Precondition(lifelines, network_whole)
