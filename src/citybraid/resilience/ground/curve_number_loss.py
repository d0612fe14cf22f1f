"""Curve number losses during an event, by antecedent moisture."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.forcing import INITIAL_ABSTRACTION, POTENTIAL_RETENTION
from citybraid.core.vocabulary.water import CURVE_NUMBER
from citybraid.resilience.ground.ground_cover import raster
from citybraid.resilience.ground.runoff import retention

LOWEST = 1.0
"""Lowest curve number there is [-]."""


class CurveNumberLossParams(Params):
    """Antecedent moisture, which has no default, and the constant of the method."""

    moisture: Literal["I", "II", "III"] = Field()
    """Antecedent moisture condition: I dry, II average, III wet."""
    initial_abstraction: float = Field(0.2, ge=0.0, le=0.4)
    """Rain held back before runoff starts, as a share of the retention [-]."""


class CurveNumberLoss(NamedTuple):
    """Retention and initial abstraction."""

    potential_retention: POTENTIAL_RETENTION
    initial_abstraction: INITIAL_ABSTRACTION


@model(
    version=1,
    cite="USDA (2004) NEH-630, ch. 10, eq. 10-9 and 10-13; Chow, Maidment and Mays (1988), Applied Hydrology, "
    "eq. 5.5.10 and 5.5.11 (antecedent moisture)",
    validity="Storms of some hours or a day on small cells; the method was fitted to whole events.",
    reach=0.0,
)
def curve_number_loss(
    *,
    curve_number: CURVE_NUMBER,
    antecedent_moisture: Annotated[Factors, Fact("antecedent_moisture")],
    p: CurveNumberLossParams,
) -> CurveNumberLoss:
    """Convert curve numbers to potential retention and initial abstraction, for dry, average or wet ground.

    CN' = a CN / (10 + b CN) brings the number of average moisture (II) to I or III; S = 25400 / CN' - 254 [mm] is
    the potential retention, a share of it the initial abstraction. The flood model subtracts
    the method's losses from the rain on each cell. No value where there is no curve number.
    """
    number = curve_number.to_numpy().astype(np.float64)
    a, b = antecedent_moisture[f"{p.moisture}/a"], antecedent_moisture[f"{p.moisture}/b"]
    retained = retention(np.clip(a * number / (10.0 + b * number), LOWEST, 100.0))
    return CurveNumberLoss(raster(retained), raster(p.initial_abstraction * retained))
