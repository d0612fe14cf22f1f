"""Surface roughness."""

from typing import Annotated, NamedTuple

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.surface import LAND_COVER, MANNING
from citybraid.resilience.ground.ground_cover import by_cover, raster


class Roughness(NamedTuple):
    """Roughness."""

    manning: MANNING


@model(
    version=1,
    cite="Chow (1959), Open-Channel Hydraulics, table 5-6 (Manning's n by surface)",
    validity="Flow deep enough to cover the surface; thin films over grass or litter are slower than these values say.",
    reach=0.0,
)
def roughness(*, land_cover: LAND_COVER, manning_n: Annotated[Factors, Fact("manning_n")]) -> Roughness:
    """Return Manning's coefficient of each cell by its land cover.

    The friction slope of shallow flow is n² u |u| / h^(4/3); n includes the resistance of vegetation, stones
    and kerbs. No value where there is no land cover.
    """
    return Roughness(raster(by_cover(land_cover, manning_n, "manning_n")))
