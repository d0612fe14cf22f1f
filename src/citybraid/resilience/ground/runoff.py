"""Direct runoff of an event."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.surface import GREEN_ROOF_COVER, PERMEABLE_PAVING, RAIN_GARDEN
from citybraid.core.vocabulary.water import CURVE_NUMBER, RAIN_INTENSITY, RUNOFF_CONTROL, RUNOFF_DEPTH
from citybraid.resilience.ground.ground_cover import paving_storage, raster, share
from citybraid.resilience.rain.forcing import HOUR, steps

F64 = NDArray[np.float64]
TINY = 1e-12


class RunoffParams(Params):
    """Constants of the curve number method."""

    initial_abstraction: float = Field(0.2, ge=0.0, le=0.4)
    """Rain held back before runoff starts, as a share of the retention [-]."""


class Runoff(NamedTuple):
    """Runoff of an event, and how much of its rain is kept."""

    runoff_depth: RUNOFF_DEPTH
    runoff_control: RUNOFF_CONTROL


def retention(curve_number: F64) -> F64:
    """Return the potential maximum retention [mm]: 25400 / CN - 254 (NEH-630, eq. 10-13)."""
    return np.asarray(25400.0 / curve_number - 254.0, dtype=np.float64)


def rain_depth(rain_intensity: pd.Series) -> float:
    """Return an event's rain depth [mm]."""
    rain = steps(rain_intensity, "rain_intensity", until=None)
    return float((np.diff(rain.edges) * rain.rates).sum()) / HOUR


@model(
    version=2,
    cite="USDA (2004) NEH-630, ch. 10, eq. 10-9 and 10-13; facilities by the volume method of the Technical Guide for "
    "Sponge City Construction (MOHURD, 2014)",
    validity="Whole events of some hours or a day on ground in average moisture; no routing, so no peaks.",
)
def runoff(
    *,
    rain_intensity: RAIN_INTENSITY,
    curve_number: CURVE_NUMBER,
    permeable_paving: PERMEABLE_PAVING,
    rain_garden: RAIN_GARDEN,
    facility_storage: Annotated[Factors, Fact("facility_storage")],
    paving_run_on: Annotated[Factors, Fact("paving_run_on")],
    p: RunoffParams,
    green_roof_cover: GREEN_ROOF_COVER | None = None,
) -> Runoff:
    """Return the direct runoff of an event by the curve number method.

    The storm first fills an initial abstraction, a fixed share of the soil's potential
    retention; the excess runs off at an increasing rate. Permeable paving, rain gardens
    and green roofs then retain their storage volume on the cell. Runoff control is the share of the rain on all
    cells with a curve number that does not run off.
    """
    rain = rain_depth(rain_intensity)
    number = curve_number.to_numpy().astype(np.float64)
    potential_retention = retention(number)
    excess = np.clip(rain - p.initial_abstraction * potential_retention, 0.0, None)
    flow = excess**2 / np.maximum(excess + potential_retention, TINY)
    paving = share(permeable_paving, number.shape)
    storage = (
        paving_storage(paving, storage=facility_storage["permeable_paving"], run_on=paving_run_on[""], depth=flow)
        + facility_storage["rain_garden"] * share(rain_garden, number.shape)
        + facility_storage["green_roof"] * share(green_roof_cover, number.shape)
    )
    flow = np.clip(flow - storage, 0.0, None)
    mean = float(np.nanmean(flow)) if np.isfinite(flow).any() else 0.0
    return Runoff(raster(flow), float(np.clip(1.0 - mean / rain, 0.0, 1.0)) if rain > 0.0 else 1.0)
