"""Curve number of the ground."""

from typing import Annotated, NamedTuple

import numpy as np

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.surface import LAND_COVER, SOIL_GROUP
from citybraid.core.vocabulary.water import CURVE_NUMBER
from citybraid.resilience.ground.ground_cover import GROUPS, Group, by_cover, groups, raster


class CurveNumberParams(Params):
    """Assumptions on the ground."""

    soil_group: Group | None = None
    """Hydrologic soil group where no layer gives one: A, B, C or D; required where needed, without a default."""


class CurveNumber(NamedTuple):
    """Curve number."""

    curve_number: CURVE_NUMBER


@model(
    version=1,
    cite="USDA (1986) TR-55, tables 2-2a to 2-2c (runoff curve numbers)",
    validity="Average antecedent moisture; single covers, not mixtures within a cell.",
    reach=0.0,
)
def curve_number(
    *,
    land_cover: LAND_COVER,
    numbers: Annotated[Factors, Fact("curve_number")],
    p: CurveNumberParams,
    soil_group: SOIL_GROUP | None = None,
) -> CurveNumber:
    """Look up each cell's curve number by land cover and hydrologic soil group.

    The number summarises all retention of rain: at 100 all of it runs off.
    No value where there is no land cover.
    """
    group = groups(land_cover, soil_group, p.soil_group, "resilience.curve_number")
    values = np.full(land_cover.shape, np.nan)
    for place, name in enumerate(GROUPS):
        rows = {key.removesuffix(f"/{name}"): value for key, value in numbers.items() if key.endswith(f"/{name}")}
        values = np.where(group == place, by_cover(land_cover, rows, "curve_number"), values)
    return CurveNumber(raster(values))
