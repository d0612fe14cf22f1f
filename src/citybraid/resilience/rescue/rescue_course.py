"""Travel times of ambulances and fire engines at each time of an event."""

from collections.abc import Iterator
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.core.land_cover import water_covers
from citybraid.core.model import model
from citybraid.core.streets.street_network import Flags, Floats, NetworkParams
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.access_course import (
    CUT_OFF_HOURS,
    FIRE_COVERAGE_COURSE,
    HOSPITAL_COVERAGE_COURSE,
    RESCUE_STATE,
    WORST_FIRE_MOMENT,
    WORST_FIRE_TIME,
    WORST_HOSPITAL_MOMENT,
    WORST_HOSPITAL_TIME,
)
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.core.vocabulary.water import DEPTH_COURSE
from citybraid.resilience.flood.depth_course import depths_of, hours_of, on_axes, represented_hours
from citybraid.resilience.rescue.drive_time import (
    Accessibility,
    RoadNetwork,
    accessibility,
    build_road_network,
    flooded_speed,
    impassable_cells,
    network_surface,
    traversal_times,
)
from citybraid.resilience.rescue.rescue_access import FacilityView, StreetView
from citybraid.resilience.rescue.street_water import RoadSurface

NO_WAY, AS_DRY, LATE, CUT_OFF = 0, 1, 2, 3
"""States of rescue: open water or unreachable when dry; as when dry; some kind too late; no kind has a route."""
I8 = NDArray[np.int8]


class RescueCourse(NamedTuple):
    """Emergency access over the time of an event."""

    rescue_state: RESCUE_STATE
    fire_coverage_course: FIRE_COVERAGE_COURSE
    hospital_coverage_course: HOSPITAL_COVERAGE_COURSE
    worst_fire_moment: WORST_FIRE_MOMENT
    worst_hospital_moment: WORST_HOSPITAL_MOMENT
    worst_fire_time: WORST_FIRE_TIME
    worst_hospital_time: WORST_HOSPITAL_TIME
    cut_off_hours: CUT_OFF_HOURS


class Rescue(NamedTuple):
    """Access by vehicles of each kind."""

    hospital: Accessibility
    fire: Accessibility

    @property
    def some(self) -> Flags:
        """The cells reachable by some kind."""
        return np.asarray(np.isfinite(self.hospital.time.to_numpy()) | np.isfinite(self.fire.time.to_numpy()))


@model(
    version=4,
    cite="Pregnolato, Ford, Wilkinson and Dawson (2017), Transp. Res. D 55: 67-81, doi:10.1016/j.trd.2017.06.020 "
    "(speed on water)",
    validity="As for rescue times on flooded streets; drives are short beside the time between two depths of the "
    "course: each meets the water of the moment it sets out.",
)
def rescue_course(
    *,
    depth_course: DEPTH_COURSE,
    streets: StreetView,
    facilities: FacilityView,
    road_speed: Annotated[Factors, Fact("road_speed")],
    flooded_road_speed: Annotated[Factors, Fact("flooded_road_speed")],
    rescue_time_limit: Annotated[Factors, Fact("rescue_time_limit")],
    turnout_time: Annotated[Factors, Fact("turnout_time")],
    street_crossing: Annotated[Factors, Fact("street_crossing")],
    grid: GeoBox,
    p: NetworkParams,
    terrain: TERRAIN | None = None,
    land_cover: LAND_COVER | None = None,
) -> RescueCourse:
    """Return the emergency access at each time of an event, and for how long cells are cut off.

    At each output time driving times are computed as in `flooded_access`, with the depths of that time. A cell is cut
    off where some kind of vehicle has a route when dry and no kind has one now; late where
    it is not cut off and some kind in time when dry is not in time now. Open water of the land cover is excluded, of
    shares too. The worst moment of a kind is the time with the fewest cells covered in time; ties go to the fewest
    cells reachable, then the earliest; NaN where there is no such kind. Each time represents half of the adjacent
    intervals. Raises InputError as `flooded_access` does, and where the time steps are uneven or the grid differs.
    """
    hours = hours_of(depth_course, grid)
    durations = represented_hours(hours)
    road_network = build_road_network(streets, facilities, road_speed=road_speed, grid=grid, p=p)
    surface = network_surface(road_network, streets, terrain=terrain, cover=land_cover, law=street_crossing)
    limits = {kind: rescue_time_limit[kind] - turnout_time[kind] for kind in ("hospital", "fire_station")}

    def rescue(speed: Floats, shut: Flags | None) -> Rescue:
        run = traversal_times(road_network, speed)
        return Rescue(
            *(accessibility(road_network, run, kind, limit=limits[kind], terrain=terrain, shut=shut) for kind in limits)
        )

    dry = rescue(road_network.free, None)
    land = _land(land_cover, grid)
    valid = dry.some & land
    state = _states_of(dry, dry, valid)
    states = np.zeros((len(hours), *grid.shape), np.int8)
    covered, cut_off = np.full((2, len(hours)), np.nan), np.zeros(grid.shape)
    worst = [_Worst(np.inf, np.inf, np.nan, kind.time) for kind in dry]
    access, previous = dry, (road_network.free, np.zeros(road_network.home.size, np.bool_))
    for step, conditions in enumerate(_conditions(road_network, depth_course, surface, flooded_road_speed)):
        if not all(map(np.array_equal, conditions, previous)):
            access, previous = rescue(*conditions), conditions
            state = _states_of(dry, access, valid)
        states[step] = state
        covered[:, step] = [_share(reach.coverage, land) for reach in access]
        cut_off[state == CUT_OFF] += durations[step]
        worst = [_update_worst(*pair, land=land, hour=hours[step]) for pair in zip(worst, access, strict=True)]
    index = pd.Index(hours, name="hours")
    return RescueCourse(
        rescue_state=on_axes(states, hours, grid),
        fire_coverage_course=pd.Series(covered[1], index=index),
        hospital_coverage_course=pd.Series(covered[0], index=index),
        worst_fire_moment=worst[1].hour,
        worst_hospital_moment=worst[0].hour,
        worst_fire_time=worst[1].time,
        worst_hospital_time=worst[0].time,
        cut_off_hours=xr.DataArray(np.where(valid, cut_off, np.nan), dims=("y", "x")),
    )


def _conditions(
    road_network: RoadNetwork, course: xr.DataArray, surface: RoadSurface, law: Factors
) -> Iterator[tuple[Floats, Flags]]:
    """Yield the speed on each segment [km/h] and the mask of cells flooded too deep, at each time."""
    for depth in depths_of(course):
        water = xr.DataArray(depth, dims=("y", "x"))
        yield flooded_speed(road_network, water, surface, law=law), impassable_cells(road_network, water, law)


def _states_of(dry: Rescue, access: Rescue, valid: Flags) -> I8:
    some = access.some
    late = np.zeros(some.shape, np.bool_)
    for dry_access, wet_access in zip(dry, access, strict=True):
        late |= (dry_access.coverage.to_numpy() > 0.0) & ~(wet_access.coverage.to_numpy() > 0.0)
    return np.where(valid, np.where(some, np.where(late, LATE, AS_DRY), CUT_OFF), NO_WAY).astype(np.int8)


def _land(cover: xr.DataArray | None, grid: GeoBox) -> Flags:
    return np.ones(grid.shape, np.bool_) if cover is None else ~np.isin(cover.to_numpy(), water_covers())


class _Worst(NamedTuple):
    """The worst moment of a kind so far: cells in time, cells reachable, the hour [h], and its travel times."""

    in_time: float
    reached: float
    hour: float
    time: xr.DataArray


def _update_worst(worst: _Worst, access: Accessibility, *, land: Flags, hour: float) -> _Worst:
    coverage, time = access.coverage.to_numpy()[land], access.time.to_numpy()[land]
    if not np.isfinite(coverage).any():
        return worst
    in_time, reached = float(np.nansum(coverage)), float(np.isfinite(time).sum())
    if (in_time, reached) < (worst.in_time, worst.reached):
        return _Worst(in_time, reached, float(hour), access.time)
    return worst


def _share(coverage: xr.DataArray, land: Flags) -> float:
    """Return the share of land that is covered, NaN where there is none."""
    values = coverage.to_numpy()[land]
    known = np.isfinite(values)
    return float(values[known].mean()) if known.any() else np.nan
