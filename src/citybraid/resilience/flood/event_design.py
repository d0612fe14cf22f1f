"""Parts of a study's storms and events: rain, inflow, and levels of rivers and seas that coincide."""

from collections.abc import Collection
from types import MappingProxyType

from citybraid.core.event_design import EventDesign, ModelParameters, StatedQuantity
from citybraid.core.model import var_of
from citybraid.core.precondition import Kept
from citybraid.core.vocabulary.cyclone import SURGE, SURGE_HEIGHT, TRACK_PRESSURE
from citybraid.core.vocabulary.forcing import (
    CLIMATE_FACTOR,
    EVENT_SEA_LEVEL_RISE,
    GAUGE_RAIN,
    RAIN_FIELD,
    RAIN_RETURN_PERIOD,
    SIDE_LEVEL,
    TIDE_LAG,
)
from citybraid.core.vocabulary.water import (
    EDGE_LEVEL,
    INFLOW_DISCHARGE,
    RAIN_INTENSITY,
    RETURN_PERIOD,
    STORM_DURATION,
)
from citybraid.resilience.coast.tide_level import tide_level
from citybraid.resilience.flood.course import MOST, course_times
from citybraid.resilience.flood.flood import flood
from citybraid.resilience.flood.grid import SIDES
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.rain.design_storm import design_storm

PEAKED = ("chicago", "alternating_block")
"""Storm shapes that need a peak position."""


def formula_keys(settings: ModelParameters, skipped: Collection[str]) -> tuple[str, ...]:
    """Return the storm formula parameters that design storms need; none where no formula gives rain."""
    if design_storm.id in skipped:
        return ()
    shape = settings.get(design_storm.id, {}).get("shape", PEAKED[0])
    return ("A", "C", "b", "n", *(("r",) if shape in PEAKED else ()))


def at_tide(settings: ModelParameters) -> list[str]:
    """Return sides set to a river's level although the study's level is a tide, and no side is the sea."""
    sides = settings.get(flood.id, {})
    if not settings.get(tide_level.id) or "sea" in [sides.get(side) for side in SIDES]:
        return []
    return [side for side in SIDES if sides.get(side) == "level"]


def depths_kept(p: FloodParams) -> int:
    """Return how many depths a flood keeps at most: those of the usual course where its length follows from series."""
    return MOST + 1 if p.duration is None else len(course_times(p.duration, p.course_interval))


COURSE = Kept(flood, depths_kept)
FALLING = (var_of(RAIN_INTENSITY), var_of(RAIN_FIELD), var_of(GAUGE_RAIN))
LEVELS = (var_of(EDGE_LEVEL), var_of(SIDE_LEVEL), var_of(SURGE), var_of(SURGE_HEIGHT))
RAIN_NUMBERS = (
    var_of(RAIN_RETURN_PERIOD),
    var_of(STORM_DURATION),
    var_of(CLIMATE_FACTOR),
    var_of(EVENT_SEA_LEVEL_RISE),
)

DESIGN = EventDesign(
    parts=MappingProxyType({"rain": (*FALLING, *RAIN_NUMBERS), "inflow": (var_of(INFLOW_DISCHARGE),), "level": LEVELS}),
    storm=MappingProxyType({"return_period": var_of(RAIN_RETURN_PERIOD), "duration": var_of(STORM_DURATION)}),
    stated=MappingProxyType(
        {
            "tide_lag": StatedQuantity(var_of(TIDE_LAG)),
            "surge_height": StatedQuantity(var_of(SURGE_HEIGHT)),
            "sea_level_rise": StatedQuantity(var_of(EVENT_SEA_LEVEL_RISE), "sea_level_rise"),
            "climate_factor": StatedQuantity(var_of(CLIMATE_FACTOR), "rain_change"),
        }
    ),
    change="rain_change",
    limits="storm_range",
    formula="storm_formula",
    formula_keys=formula_keys,
    falling=FALLING,
    beside=(var_of(INFLOW_DISCHARGE), *LEVELS, var_of(TRACK_PRESSURE)),
    alone=var_of(RAIN_RETURN_PERIOD),
    together=var_of(RETURN_PERIOD),
    averaged=("buildings", "assets"),
    entering=var_of(INFLOW_DISCHARGE),
    standing=var_of(EDGE_LEVEL),
    at_tide=at_tide,
)
