"""Horton infiltration of the ground, by soil group, cover and moisture before the event."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.forcing import HORTON_DECAY, HORTON_FIRST_RATE, HORTON_LAST_RATE
from citybraid.core.vocabulary.surface import LAND_COVER, PERMEABLE_PAVING, SOIL_GROUP
from citybraid.resilience.ground.ground_cover import GROUPS, Group, by_cover, groups, raster, share


class HortonParams(Params):
    """Assumptions on the ground; moisture has no default."""

    moisture: Literal["dry", "partly_dry", "drained", "saturated"] = Field()
    """Soil before the event: dry, partly_dry, drained (to field capacity) or saturated."""
    soil_group: Group | None = None
    """Hydrologic soil group where no layer gives one: A, B, C or D; required where needed, without a default."""


class Horton(NamedTuple):
    """Horton's rates and decay."""

    horton_first_rate: HORTON_FIRST_RATE
    horton_last_rate: HORTON_LAST_RATE
    horton_decay: HORTON_DECAY


@model(
    version=1,
    cite="Horton (1940), Soil Sci. Soc. Am. Proc. 5: 399-417; Chow, Maidment and Mays (1988), Applied Hydrology, "
    "eq. 4.2.3; rates of the SWMM 5 manual and TR-55, appendix A",
    validity="Uncompacted soil with a low water table; one event, no recovery between storms.",
    reach=0.0,
)
def horton(
    *,
    land_cover: LAND_COVER,
    permeable_paving: PERMEABLE_PAVING,
    horton_rate: Annotated[Factors, Fact("horton_rate")],
    horton_moisture: Annotated[Factors, Fact("horton_moisture")],
    horton_vegetation: Annotated[Factors, Fact("horton_vegetation")],
    pervious_share: Annotated[Factors, Fact("pervious_share")],
    p: HortonParams,
    soil_group: SOIL_GROUP | None = None,
) -> Horton:
    """Return Horton's initial and final infiltration rates and decay, by antecedent moisture.

    The soil group gives the initial rate of dry, bare soil and the final rate; dense vegetation raises the initial
    rate, moisture lowers it, never below the final. The pervious share of the cover, raised by permeable
    paving, scales both to the cell's mean [mm h⁻¹]. No value where there is no cover.
    """
    group = groups(land_cover, soil_group, p.soil_group, "resilience.horton")
    paving = share(permeable_paving, land_cover.shape)
    pervious = np.minimum(by_cover(land_cover, pervious_share, "pervious_share") + paving, 1.0)
    first, last, decay = (
        np.array([horton_rate[f"{name}/{part}"] for name in GROUPS])[group] for part in ("first", "last", "decay")
    )
    grown = by_cover(land_cover, horton_vegetation, "horton_vegetation")
    first = np.maximum(first * grown * horton_moisture[p.moisture], last)
    covered = np.isfinite(pervious)
    return Horton(raster(first * pervious), raster(last * pervious), raster(np.where(covered, decay, np.nan)))
