"""New stops of buses or metro where residents live far from one."""

from typing import Annotated, Literal, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field
from scipy.sparse import csr_array

from citybraid.core.model import MeasureParams, measure
from citybraid.core.streets.stop_kinds import kinds_of
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.travel import HEADWAY, STOP_KIND, STOPS
from citybraid.core.vocabulary.measures import ADDED_STOPS
from citybraid.core.vocabulary.place import RESIDENTS, ROAD_CLASS
from citybraid.integrate.measures.siting import area_of_points, per_unit, selected_units, use_share

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
STEP = 50.0
"""Distance between places along streets where a stop may be [m]."""
ENOUGH = 1e-9


class NewStopsParams(MeasureParams):
    kind: Literal["bus", "metro"] = "bus"
    """Stops that are added."""
    distance: float = Field(500.0, ge=50.0, le=3000.0)
    """Straight distance from a stop within which residents are served [m]."""
    least_residents: float = Field(100.0, gt=0.0, le=1e6)
    """Residents that a new stop must newly serve at least [person]."""

    @property
    def priced_as(self) -> str:
        """A station of the metro has a price of its own; the measure's is that of a bus stop."""
        return "" if self.kind == "bus" else self.kind


class NewStops(NamedTuple):
    stops: STOPS
    stop_kind: STOP_KIND
    headway: HEADWAY
    added_stops: ADDED_STOPS


@measure(
    version=1,
    cite="Church and ReVelle (1974), Papers of the Regional Science Association 32: 101 (maximal covering, greedy)",
    validity="Places by cover of residents alone; routes, vehicles, stations' works and jobs reached are not checked.",
    stage="operation",
    quantity=ADDED_STOPS,
    responsible="transit operator; transport authority",
    build_years=1.0,
)
def new_stops(
    stops: Annotated[View, Table("stops", (STOP_KIND,), (HEADWAY,))],
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    streets: Annotated[View, Table("streets", (ROAD_CLASS,))],
    units: Annotated[View, Table("units", (ADDED_STOPS,))],
    transit_service: Annotated[Factors, Fact("transit_service")],
    roads: Annotated[Factors, Fact("new_stop_road")],
    p: NewStopsParams,
) -> NewStops:
    """Add stops along streets, each where it newly serves most residents, until a share of the unserved is served.

    Unserved are residents farther from every stop of the kind than the distance. New stops have the headway of the
    factor, as have those without one. How residents' trips follow is computed by the model of travel.
    """
    kinds = kinds_of(stops)
    places = _places(streets, use_share(streets["road_class"], roads) > 0.0)
    unit = area_of_points(gpd.GeoSeries(shapely.points(places), crs=streets.crs), units.geometry)
    places = places[selected_units(units, p.where)[unit]]
    homes = shapely.get_coordinates(shapely.centroid(buildings.geometry.to_numpy()))
    people = np.nan_to_num(buildings["residents"].to_numpy(dtype=np.float64))
    served = _served(homes, stops[(kinds == p.kind).to_numpy()], p.distance)
    added = places[_chosen(places, homes, np.where(served, 0.0, people), p)]
    index = pd.Index([f"new-{p.kind}-{number}" for number in _free_numbers(stops.index, p.kind, len(added))])
    new = gpd.GeoSeries(shapely.points(added), index=index, crs=stops.crs)
    usual = kinds.map({kind: transit_service[f"{kind}_headway"] for kind in ("bus", "metro")})
    given = stops["headway"] if "headway" in stops else pd.Series(np.nan, index=stops.index)
    headway = given.astype(np.float64).fillna(usual)
    at = area_of_points(new, units.geometry)
    return NewStops(
        gpd.GeoSeries(pd.concat([stops.geometry, new]), crs=stops.crs),
        pd.concat([stops["stop_kind"], pd.Series(p.kind, index=index, dtype=object)]),
        pd.concat([headway, pd.Series(transit_service[f"{p.kind}_headway"], index=index, dtype=np.float64)]),
        units["added_stops"] + per_unit(units, at, np.ones(len(new))),
    )


def _places(streets: gpd.GeoDataFrame, allowed: Flags) -> Floats:
    """Return the places along streets of allowed classes, evenly and not at their ends [m]; (places, 2)."""
    lines = streets.geometry.to_numpy()[allowed]
    count = np.maximum(np.floor(shapely.length(lines) / STEP), 1.0).astype(np.int64)
    street = np.repeat(np.arange(lines.size), count)
    number = np.arange(street.size) - np.repeat(np.cumsum(count) - count, count)
    along = (number + 0.5) / count[street] * shapely.length(lines)[street]
    return np.asarray(shapely.get_coordinates(shapely.line_interpolate_point(lines[street], along)), dtype=np.float64)


def _served(homes: Floats, stops: gpd.GeoDataFrame, distance: float) -> Flags:
    from scipy.spatial import cKDTree

    if stops.empty:
        return np.zeros(len(homes), dtype=np.bool_)
    there = shapely.get_coordinates(shapely.centroid(stops.geometry.to_numpy()))
    return np.asarray(cKDTree(there).query(homes)[0] <= distance, dtype=np.bool_)


def _chosen(places: Floats, homes: Floats, unserved: Floats, p: NewStopsParams) -> list[int]:
    """Return the places that are chosen, one after the other."""
    from scipy.spatial import cKDTree

    if not len(places) or not p.share:
        return []
    within = cKDTree(homes).query_ball_point(places, p.distance, return_sorted=True)
    near = [np.asarray(each, dtype=np.int64) for each in within]
    size = np.array([each.size for each in near])
    reach = csr_array(
        (np.ones(size.sum()), np.concatenate(near),
         np.concatenate([[0], np.cumsum(size)])), shape=(len(places), len(homes)),
    )  # fmt: skip
    reachable = np.asarray(reach.sum(axis=0)).ravel() > 0.0
    wanted, left = p.share * unserved[reachable].sum(), unserved.copy()
    chosen: list[int] = []
    while unserved.sum() - left.sum() < wanted - ENOUGH:
        gain = reach @ left
        best = int(gain.argmax())
        if gain[best] < p.least_residents:
            break
        chosen.append(best)
        left[near[best]] = 0.0
    return chosen


def _free_numbers(taken: pd.Index, kind: str, count: int) -> list[int]:
    """Return numbers whose ids no stop has."""
    known, numbers, number = set(taken.astype(str)), list[int](), 1
    while len(numbers) < count:
        if f"new-{kind}-{number}" not in known:
            numbers.append(number)
        number += 1
    return numbers
