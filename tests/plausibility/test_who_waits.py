"""Who waits, and how long, in the demo's storm of 50 years: streets cut into pieces, boats by hand, hours by home.

The files of streets and of rescue sites are opened by GDAL; of the run only water and residents are taken. On the
demo's own 5 m:

| number | by pencil | program |
|---|---|---|
| residents cut off at the worst moment, 1 h on | 341.0 | 337.8 |
| the last brought out by boat [h] | 28.85 | 28.85 |
| brought out within 24 h [%] | 84.2 | 84.2 |
| person-hours of very strong heat | 534 548.8 | 534 548.8 |

The hours out of reach end with the event computed, 2.5 h; the report says who is out of reach still.
"""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.study.run.run import Run
from tests.plausibility.test_after_the_storm import file, streets

pytestmark = pytest.mark.slow

Floats = NDArray[np.float64]
STORM, CLOSED, PIECE = "p50", 0.3, 5.0
TEAMS, LOAD, SPEED, LOADING = 2, 6.0, 5.0, 0.25
"""Teams at a station, people in a boat, its speed [km/h] and hours to load and unload: rows assumed in the program."""
HOT, REACH = 38.0, 50.0


def value(ran: Run, name: str, event: str = "") -> pd.Series:
    column: pd.Series = ran.value(ran.layers("as_is")[name][event])
    return column


def told(ran: Run, name: str) -> float:
    table = ran.table("units/as_is")
    assert table is not None
    return float(table[name][WHOLE_AREA])


def pieces(ran: Run) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Both ends of each piece of street by number, its middle, and the place of each number."""
    number: dict[tuple[float, float], int] = {}
    ends, middles = [], []
    for line in streets(ran).geometry:
        at = np.linspace(0.0, line.length, max(1, int(np.ceil(line.length / PIECE))) + 1)
        points = shapely.get_coordinates(shapely.line_interpolate_point(line, at))
        ids = [number.setdefault((round(2 * x) / 2, round(2 * y) / 2), len(number)) for x, y in points]
        ends += list(pairwise(ids))
        middles.append((points[1:] + points[:-1]) / 2)
    return np.array(ends), np.concatenate(middles), np.array(list(number))


def cut_off(ran: Run, depth: Floats) -> float:
    """Residents in deep water, or whose piece of street is closed or not joined by open ones to a rescue site."""
    ends, middle, place = pieces(ran)
    column, row = (np.floor(each).astype(int) for each in ~ran.grid.affine * (middle[:, 0], middle[:, 1]))
    high, wide = depth.shape
    water = np.nan_to_num(np.asarray(value(ran, "water_body"), np.float64)) > 0.0
    here = np.clip(row, 0, high - 1), np.clip(column, 0, wide - 1)
    free = water[here] | (depth[here] < CLOSED)
    first, second = ends[free].T
    links = csr_array((np.ones(first.size), (first, second)), shape=(len(place), len(place)))
    part = connected_components(links, directed=False)[1]
    sites = gpd.read_file(file(ran, "救援设施*.gpkg")).representative_point()
    reached = part[cKDTree(place).query(np.c_[sites.x, sites.y])[1]]
    homes = value(ran, "buildings").representative_point()
    near = cKDTree(middle).query(np.c_[homes.x, homes.y])[1]
    column, row = (np.floor(each).astype(int) for each in ~ran.grid.affine * (homes.x.to_numpy(), homes.y.to_numpy()))
    joined = np.isin(part[ends[near]], reached).any(axis=1) & free[near] & (depth[row, column] < CLOSED)
    return float(value(ran, "residents").fillna(0.0).to_numpy()[~joined].sum())


def test_residents_cut_off_by_a_graph_of_pieces_of_street(ran: Run) -> None:
    """A home or two front another street: within a fiftieth of those cut off and one large building."""
    course, field = value(ran, "isolated_course", STORM), ran.value(ran.layers("as_is")["depth_course"][STORM])
    largest = float(value(ran, "residents").max())
    for at in {0, int(np.argmax(course.to_numpy())), len(course) - 1}:
        depth = np.nan_to_num(field.to_numpy()[at].astype(np.float64)).clip(min=0.0) / 1e3
        assert float(course.iloc[at]) == pytest.approx(cut_off(ran, depth), rel=0.02, abs=2.0 * largest)
    assert told(ran, "isolated_at_once") == pytest.approx(float(course.max()))


def test_boats_bring_people_out_by_turns(ran: Run) -> None:
    """Trips of one unit are alike: two teams take every other one. Of many, tasks have two trips."""
    people, homes = value(ran, "isolated_at_once", STORM).fillna(0.0), value(ran, "buildings").representative_point()
    units = value(ran, "units")
    sites = gpd.read_file(file(ran, "救援设施*.gpkg"))
    station = sites.geometry[(sites["设施类型"] == "消防救援站").to_numpy()].representative_point().iloc[0]
    turns = []
    for shape in np.asarray(units.array):
        here = (people > 0.0) & homes.within(shape)
        if here.any():
            x, y = (float(np.average(each[here], weights=people[here])) for each in (homes.x, homes.y))
            hours = 2.0 * np.hypot(x - station.x, y - station.y) / 1e3 / SPEED + LOADING
            turns += [hours] * int(np.ceil(people[here].sum() / LOAD))
    last = float(ran.value(ran.layers("as_is")["team_last"][STORM]))
    if len(turns) > 0:
        assert sum(turns) / TEAMS - 1e-9 <= last <= sum(turns) / TEAMS + 2.0 * max(turns)
    else:
        assert last == 0.0
    if len(set(turns)) == 1:
        ends = turns[0] * np.ceil(np.arange(1, len(turns) + 1) / TEAMS)
        assert last == pytest.approx(ends[-1])
        assert told(ran, "team_share") == pytest.approx(100.0 * float((ends <= 24.0).mean()))


def test_hours_cut_off_are_runs_of_the_course(ran: Run) -> None:
    """Steps in which a home's cell is cut off, the longest run of them; the first and last count half a step."""
    states = ran.value(ran.layers("as_is")["rescue_state"][STORM])
    hours = np.asarray(states[states.dims[0]], np.float64)
    lasts = np.r_[np.diff(hours) / 2, 0.0] + np.r_[0.0, np.diff(hours) / 2]
    homes = value(ran, "buildings").representative_point()
    column, row = (np.floor(each).astype(int) for each in ~ran.grid.affine * (homes.x.to_numpy(), homes.y.to_numpy()))
    away = states.to_numpy()[:, row, column] == 3
    found = value(ran, "isolated_hours", STORM).fillna(0.0).to_numpy()
    assert found == pytest.approx(np.array([longest(each, lasts) for each in away.T]))
    assert told(ran, "longest_isolation") == pytest.approx(found.max())


def longest(flags: NDArray[np.bool_], lasts: Floats) -> float:
    best = run = 0.0
    for flag, hours in zip(flags, lasts, strict=True):
        run = run + hours if flag else 0.0
        best = max(best, run)
    return best


def test_person_hours_of_heat_by_points_around_each_home(ran: Run) -> None:
    """UTCI of 38 degC and more, the mean of cells within 50 m of the footprint; a person has 24 h at most."""
    field = ran.value(ran.layers("as_is")["hourly_utci"][""])
    x, y = np.meshgrid(field["x"].to_numpy(), field["y"].to_numpy())
    hours = field.to_numpy().astype(np.float64).reshape(len(field), -1)
    known = np.isfinite(hours).all(axis=0)
    people = value(ran, "residents").fillna(0.0)
    lived_in = people[people > 0.0]
    total, points = 0.0, shapely.points(x.ravel()[known], y.ravel()[known])
    for home, shape in value(ran, "buildings")[lived_in.index].items():
        near = shapely.distance(shape, points) <= REACH
        if near.any():
            total += float(lived_in[str(home)]) * float((hours[:, known][:, near].mean(axis=1) >= HOT).sum())
    assert total > 0.0
    assert told(ran, "very_strong_heat_person_hours") == pytest.approx(total, rel=1e-9)
    assert told(ran, "very_strong_heat_person_hours") < 24.0 * float(people.sum())
