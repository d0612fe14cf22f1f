"""Parts of a study's storms and events: rain, inflow, levels that coincide; how many steps a flood of them takes."""

import math
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.event_design import EventDesign, ModelParameters, StatedQuantity
from citybraid.core.model import var_of
from citybraid.core.precondition import Kept, Sweeps
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
from citybraid.kernels.flood.solver import COURANT_SAFETY
from citybraid.kernels.numerics.gravity import GRAVITY
from citybraid.resilience.coast.tide_level import tide_level
from citybraid.resilience.flood.course import MOST, course_times
from citybraid.resilience.flood.flood import flood
from citybraid.resilience.flood.grid import LEVEL_EDGES, SIDES
from citybraid.resilience.flood.params import FloodParams
from citybraid.resilience.rain.design_storm import design_storm
from citybraid.resilience.rain.forcing import HOUR, Steps, steps

F64 = NDArray[np.float64]
PEAKED = ("chicago", "alternating_block")
"""Storm shapes that need a peak position."""
PARTS = 96
"""Parts of an event, in each of which time steps count as equal."""
FLAT, BY_SLOPE, STEEPEST, UNKNOWN = 5.0, 1000.0, 60.0, 7.0
"""Deepest water over the rain so far in an area 1 km wide [-], fitted to recorded floods: on flat ground, more for each
unit of slope above LEVEL_SLOPE, at most, and where the ground is not known. It grows with the root of the width."""
LEVEL_SLOPE, STRETCH, SAMPLED = 0.005, 100.0, 500
"""Slope over a stretch [m] up to which ground is flat where a tenth of it is steeper [-]; rows that are looked at."""
GATHERING = 1.0
"""Speed at which water gathers: a wave on 0.1 m of it [m/s]. What lies farther off has not arrived yet."""
USUAL_RAIN, USUAL_HOURS = 0.1, 3.0
"""Rain [m] and length [h] of an event of which neither is known beforehand."""
USUAL_DEPTH = 3.0
"""Depth at an edge with a level where that or the ground is not known beforehand [m]."""
INFLOW_SLOPE, INFLOW_MANNING = 1e-3, 0.035
"""Slope [-] and roughness [s m^-1/3] at which an inflow runs through one cell."""
FULL_UPDATES = 20.0
"""Updates by the local inertial equations that take as long as one by the full ones and its shorter steps, measured."""
SUBGRID_UPDATES = 4.0
"""Work at a coarse cell that knows the ground within over that at a plain cell [-]."""


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


def time_steps(
    *,
    p: FloodParams,
    grid: GeoBox,
    rain_intensity: pd.Series | None = None,
    inflow_discharge: pd.Series | None = None,
    edge_level: pd.Series | None = None,
    side_levels: Mapping[str, pd.Series] | None = None,
    terrain: xr.DataArray | None = None,
) -> float:
    """Return how often a flood computes each cell of its grid, by what is known before it runs.

    A step is as long as a wave on the deepest water takes to cross a cell (Bates et al. 2010, eq. 14). The deepest
    water is that at an edge with a level, of an inflow through one cell at normal depth, or what hollows gather of the
    rain so far: an empirical multiple of it, which grows with area and slopes. Without rain, only cells below the
    highest level are computed. Raises InputError for an invalid series.
    """
    rain, inflow = _series(rain_intensity, "rain_intensity", p), _series(inflow_discharge, "inflow_discharge", p)
    levels = {side: _level(side, p, edge_level, side_levels) for side in SIDES if _has_level(p, side)}
    supplied = [each for each in (rain, inflow) if each is not None]
    until = _length([*supplied, *(each for each in levels.values() if isinstance(each, Steps))], supplied, p)
    middles = (np.arange(PARTS) + 0.5) * until / PARTS
    size = float(abs(grid.resolution.x)) * p.subgrid
    side = math.sqrt(abs(grid.resolution.x * grid.resolution.y) * grid.shape[0] * grid.shape[1])
    width = np.minimum(side, GATHERING * middles) / 1000.0
    depths = [_edge_depth(each, side, terrain, middles) for side, each in levels.items()]
    depths.append(
        _concentration(terrain, size) * np.sqrt(width) * _fallen(rain, middles, until, known=bool(supplied or levels))
    )
    if inflow is not None:
        flow = np.interp(middles, inflow.edges[:-1], inflow.rates) / size
        depths.append((INFLOW_MANNING * flow / math.sqrt(INFLOW_SLOPE)) ** 0.6)
    courant = min(p.alpha, COURANT_SAFETY * math.sqrt(0.5 * p.theta))
    longest = min(p.longest_step, p.coupling_interval) if p.drains == "coupled" else p.longest_step
    step = np.minimum(longest, courant * size / np.sqrt(GRAVITY * np.maximum(np.max(depths, axis=0), 1e-6)))
    finer = SUBGRID_UPDATES / p.subgrid**2 if p.subgrid > 1 else 1.0
    dearer = FULL_UPDATES if p.momentum == "full" else 1.0
    return float((until / PARTS / step).sum()) * finer * dearer * _wet_share(rain, tuple(levels.values()), terrain)


def _series(series: pd.Series | None, name: str, p: FloodParams) -> Steps | None:
    if series is None or (len(series) == 1 and p.duration is None):
        return None
    return steps(series, name, until=p.duration)


def _has_level(p: FloodParams, side: str) -> bool:
    return isinstance(getattr(p, side), float) or getattr(p, side) in LEVEL_EDGES


def _level(
    side: str, p: FloodParams, common: pd.Series | None, by_side: Mapping[str, pd.Series] | None
) -> Steps | float | None:
    """Return the level at a side [m], None where it is not known."""
    setting = getattr(p, side)
    if isinstance(setting, float):
        return setting
    return _series((by_side or {}).get(side, common), "edge_level", p)


def _length(series: list[Steps], supplied: list[Steps], p: FloodParams) -> float:
    """Return how long an event lasts at most [s], as the flood tells it by its series."""
    if p.duration is not None:
        return p.duration
    end = max((float(each.edges[-1]) for each in series), default=USUAL_HOURS * HOUR)
    last = max((float(each.edges[1:][each.rates > 0.0].max(initial=0.0)) for each in supplied), default=0.0)
    return max(end, last + p.recession)


def _fallen(rain: Steps | None, times: F64, until: float, *, known: bool) -> F64:
    """Return the rain up to each time [m]; the usual rain where nothing of the event is known."""
    if rain is None:
        return np.zeros(len(times)) if known else USUAL_RAIN * times / until
    fallen = np.concatenate([[0.0], np.cumsum(rain.rates * np.diff(rain.edges))]) / HOUR / 1000.0
    return np.asarray(np.interp(times, rain.edges, fallen), np.float64)


def _concentration(terrain: xr.DataArray | None, size: float) -> float:
    """Return the deepest water over the rain so far in an area 1 km wide [-]."""
    if terrain is None:
        return UNKNOWN
    ground, lag = terrain.to_numpy()[:: max(1, len(terrain) // SAMPLED)], max(1, round(STRETCH / size))
    slopes = np.abs(ground[:, lag:] - ground[:, :-lag]) / (lag * size)
    if not np.isfinite(slopes).any():
        return UNKNOWN
    return min(FLAT + BY_SLOPE * max(float(np.nanquantile(slopes, 0.9)) - LEVEL_SLOPE, 0.0), STEEPEST)


def _edge_depth(level: Steps | float | None, side: str, terrain: xr.DataArray | None, times: F64) -> F64:
    """Return the depth over the lowest ground along a side at each time [m]."""
    if level is None or terrain is None:
        return np.full(len(times), USUAL_DEPTH)
    rim = {"north": terrain[0], "south": terrain[-1], "west": terrain[:, 0], "east": terrain[:, -1]}[side]
    lowest = float(np.nanmin(rim, initial=math.inf))
    height = np.full(len(times), level) if isinstance(level, float) else np.interp(times, level.edges[:-1], level.rates)
    return np.maximum(height - lowest, 0.0)


def _wet_share(rain: Steps | None, levels: Sequence[Steps | float | None], terrain: xr.DataArray | None) -> float:
    """Return the share of cells that are computed: all where it rains, else those below the highest level [-]."""
    highest = [float(each.rates.max()) if isinstance(each, Steps) else each for each in levels]
    depths_kept = [each for each in highest if each is not None]
    if (
        terrain is None
        or not depths_kept
        or len(depths_kept) < len(highest)
        or (rain is not None and (rain.rates > 0.0).any())
    ):
        return 1.0
    return float((terrain < max(depths_kept)).mean())


COURSE = Kept(flood, depths_kept)
TIME_STEPS = Sweeps(flood, time_steps)
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
