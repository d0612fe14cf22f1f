"""Assignment of rescue teams to people cut off by water, so that they wait least in all."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import FACILITY_KIND
from citybraid.core.vocabulary.access_course import ISOLATED_AT_ONCE
from citybraid.core.vocabulary.resilience.rescue_teams import (
    TEAM_COUNT,
    TEAM_END,
    TEAM_LAST,
    TEAM_SHARE,
    TEAM_WAIT_PEOPLE,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HOURS_A_METRE = 1e-3
"""Hours for a metre at one km/h."""
MINUTE = 1.0 / 60.0
STATION = "fire_station"


class RescueTeamsParams(Params):
    """How people are grouped into tasks."""

    tasks: int = Field(120, ge=10, le=1000)
    """Most tasks that teams are assigned to; more people than their boats hold share a task then."""
    within: float = Field(24.0, gt=0.0, le=240.0)
    """Time from the worst moment within which people are brought out in time [h]."""


class RescueTeams(NamedTuple):
    """Waiting for teams by planning unit, and in all."""

    team_wait_people: TEAM_WAIT_PEOPLE
    team_end: TEAM_END
    team_last: TEAM_LAST
    team_share: TEAM_SHARE
    team_count: TEAM_COUNT


class Tasks(NamedTuple):
    """Tasks of equal numbers of people: unit, place [m] and people of each, and boats' trips that each takes."""

    unit: Ints
    place: Floats
    people: Floats
    trips: Floats


@model(
    version=1,
    cite="Horn (1973), Oper. Res. 21: 846-847; Bruno, Coffman and Sethi (1974), Commun. ACM 17: 382-387 (least total "
    "waiting on unlike machines by assignment)",
    validity="Teams go straight, by boat, from their fire station and back on each trip; water, wind and what blocks "
    "the way are not seen. People cut off at the worst moment wait for a boat even where "
    "vehicles get through sooner.",
)
def rescue_teams(
    *,
    buildings: Annotated[View, Table("buildings", (ISOLATED_AT_ONCE,))],
    facilities: Annotated[View, Table("facilities", (FACILITY_KIND,))],
    units: Annotated[View, Table("units")],
    team_number: Annotated[Factors, Fact("team_number")],
    team_boat: Annotated[Factors, Fact("team_boat")],
    p: RescueTeamsParams,
) -> RescueTeams:
    """Return how long people cut off at the worst moment of an event wait for a team, the wait in all being the least.

    People of a unit are split into tasks of equal size. A task takes its trips (people over the load of a boat, rounded
    up) times twice the way from the team's station at the boat's speed and the time to load. Each task gets a team and
    a place from the end of its row by linear assignment, which makes the sum of the tasks' ends the least possible. A
    team does its tasks in that order. Units with nobody cut off wait 0; without a fire station nothing has a value.
    """
    stations = facilities.geometry[(facilities["facility_kind"] == STATION).to_numpy()].representative_point()
    count = int(team_number[""]) * len(stations)
    nothing = pd.Series(0.0, index=units.index)
    if not count:
        return RescueTeams(nothing * np.nan, nothing * np.nan, float("nan"), float("nan"), 0.0)
    work = _tasks(buildings, units, load=team_boat["load"], most=p.tasks)
    if not work.unit.size:
        return RescueTeams(nothing, nothing.copy(), 0.0, 1.0, float(count))
    team = np.repeat(np.stack([stations.x, stations.y], axis=1), int(team_number[""]), axis=0)
    way = np.hypot(*(work.place[:, None, :] - team[None]).transpose(2, 0, 1))
    trip = 2.0 * way * HOURS_A_METRE / team_boat["speed"] + team_boat["loading"] * MINUTE
    end = least_ends(work.trips[:, None] * trip)
    waited = np.bincount(work.unit, work.people * end, len(units))
    last = np.zeros(len(units))
    np.maximum.at(last, work.unit, end)
    in_time = float(work.people[end <= p.within].sum() / work.people.sum())
    return RescueTeams(
        pd.Series(waited, index=units.index), pd.Series(last, index=units.index), float(end.max()), min(in_time, 1.0),
        float(count),
    )  # fmt: skip


def least_ends(hours: Floats) -> Floats:
    """Return when each task (row) ends, in hours, where its duration depends on the team (column) and Σ ends is least.

    A task k-th from the end of a team's row delays k tasks, itself among them: it costs k times its duration (Horn
    1973). Places beyond what any team can need are left out.
    """
    from scipy.optimize import linear_sum_assignment

    tasks, teams = hours.shape
    places = np.arange(1, tasks + 1)
    cost = (hours[:, :, None] * places).reshape(tasks, -1)
    row, column = linear_sum_assignment(cost)
    team, place = np.divmod(column, tasks)
    end = np.zeros(tasks)
    for each in range(teams):
        own = row[team == each][np.argsort(-place[team == each], kind="stable")]
        end[own] = np.cumsum(hours[own, each])
    return end


def _tasks(buildings: View, units: View, *, load: float, most: int) -> Tasks:
    """Return the tasks: each unit's people cut off, at their mean place, in equal parts of a few loads of a boat."""
    people = np.nan_to_num(buildings["isolated_at_once"].to_numpy(np.float64))
    inner = buildings.geometry.representative_point()
    unit = _unit_of(inner, units)
    cut = (people > 0.0) & (unit >= 0)
    number = np.bincount(unit[cut], people[cut], len(units))
    size = load * np.ceil(max(1.0, float(number.sum()) / most / load))
    parts = np.ceil(number / size).astype(np.int64)
    place = np.stack(
        [np.bincount(unit[cut], people[cut] * each.to_numpy()[cut], len(units)) for each in (inner.x, inner.y)], axis=1
    ) / np.maximum(number, 1e-9)[:, None]  # fmt: skip
    of = np.repeat(np.arange(len(units)), parts)
    share = number[of] / np.maximum(parts[of], 1)
    return Tasks(of, place[of], share, np.ceil(share / load))


def _unit_of(points: gpd.GeoSeries, units: View) -> Ints:
    """Return the position of the unit of each point, -1 in none."""
    at, unit = units.sindex.query(points, predicate="within")
    unit_index = np.full(len(points), -1, np.int64)
    unit_index[at[::-1]] = unit[::-1]
    return unit_index
