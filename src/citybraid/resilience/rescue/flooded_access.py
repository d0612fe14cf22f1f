"""Travel times of ambulances and fire engines at the peak of an event and at its end."""

from typing import Annotated, NamedTuple

from odc.geo.geobox import GeoBox

from citybraid.core.model import model
from citybraid.core.streets.street_network import NetworkParams
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.access import (
    AFTER_FIRE_COVERAGE,
    AFTER_FIRE_TIME,
    AFTER_HOSPITAL_COVERAGE,
    AFTER_HOSPITAL_TIME,
    PEAK_FIRE_COVERAGE,
    PEAK_FIRE_TIME,
    PEAK_HOSPITAL_COVERAGE,
    PEAK_HOSPITAL_TIME,
)
from citybraid.core.vocabulary.surface import LAND_COVER, TERRAIN
from citybraid.core.vocabulary.water import FINAL_DEPTH, MAX_DEPTH
from citybraid.resilience.rescue.drive_time import (
    accessibility,
    build_road_network,
    flooded_speed,
    impassable_cells,
    network_surface,
    traversal_times,
)
from citybraid.resilience.rescue.rescue_access import FacilityView, StreetView


class FloodedAccess(NamedTuple):
    """Driving times and coverage, at the peak and at the end of the event."""

    peak_hospital_time: PEAK_HOSPITAL_TIME
    peak_fire_time: PEAK_FIRE_TIME
    peak_hospital_coverage: PEAK_HOSPITAL_COVERAGE
    peak_fire_coverage: PEAK_FIRE_COVERAGE
    after_hospital_time: AFTER_HOSPITAL_TIME
    after_fire_time: AFTER_FIRE_TIME
    after_hospital_coverage: AFTER_HOSPITAL_COVERAGE
    after_fire_coverage: AFTER_FIRE_COVERAGE


@model(
    version=2,
    cite="Pregnolato, Ford, Wilkinson and Dawson (2017), Transp. Res. D 55: 67-81, doi:10.1016/j.trd.2017.06.020 "
    "(speed on water)",
    validity="Standing water up to 0.3 m, small cars; the peak takes each cell's deepest water at once, so times then "
    "are upper bounds; no congestion.",
)
def flooded_access(
    *,
    max_depth: MAX_DEPTH,
    final_depth: FINAL_DEPTH,
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
) -> FloodedAccess:
    """Return the shortest driving time from hospitals and fire stations to each cell, on flooded streets.

    Speed falls with depth, v = 0.0009 w² - 0.5529 w + 86.9448 km/h (w in mm), never above
    the free-flow speed, and is 0 from 300 mm on. Water depth is sampled every half cell along each
    street; a closed segment blocks the street there and nowhere else. On bridges, stated
    or inferred as in `street_depth`, the depth is that above the deck. A cell off the streets that is
    itself flooded too deep is not reached. The peak state takes each cell's maximum depth, though
    maxima do not coincide in time; the end state takes the final depth. Raises InputError as
    `rescue_access` does, and where the speed-depth function does not decrease.
    """
    road_network = build_road_network(streets, facilities, road_speed=road_speed, grid=grid, p=p)
    surface = network_surface(road_network, streets, terrain=terrain, cover=land_cover, law=street_crossing)
    states = {"peak": max_depth, "after": final_depth}
    columns = {}
    for state, water in states.items():
        speed = flooded_speed(road_network, water, surface, law=flooded_road_speed)
        run = traversal_times(road_network, speed)
        shut = impassable_cells(road_network, water, flooded_road_speed)
        for name, kind in (("hospital", "hospital"), ("fire", "fire_station")):
            limit = rescue_time_limit[kind] - turnout_time[kind]
            access = accessibility(road_network, run, kind, limit=limit, terrain=terrain, shut=shut)
            columns[f"{state}_{name}_time"], columns[f"{state}_{name}_coverage"] = access
    return FloodedAccess(**columns)
