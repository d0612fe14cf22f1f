"""Rescue teams: assignments by hand and against enumeration, people in none of the units, refusals; the figure."""

import itertools
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point, box

from citybraid.core.vocabulary.access_course import ISOLATED_AT_ONCE
from citybraid.resilience.rescue.rescue_teams import RescueTeams, RescueTeamsParams, least_ends, rescue_teams
from tests.examples import at_most
from tests.ranges import ends

CRS = "EPSG:4549"
BOAT = {"load": 6.0, "speed": 5.0, "loading": 15.0}


def town(*cut_off: tuple[float, float, float]) -> dict[str, Any]:
    """Return buildings at places with people cut off, in two units of a kilometre, west and east."""
    shapes = [box(x - 5, y - 5, x + 5, y + 5) for x, y, _ in cut_off]
    buildings = gpd.GeoDataFrame(
        {"isolated_at_once": [people for *_, people in cut_off]}, geometry=shapes,
        index=[f"b{at}" for at in range(len(cut_off))], crs=CRS,
    )  # fmt: skip
    units = gpd.GeoDataFrame(geometry=[box(0, 0, 1000, 1000), box(1000, 0, 2000, 1000)], index=["w", "e"], crs=CRS)
    return {"buildings": buildings, "units": units}


def stations(*at: tuple[float, float], kind: str = "fire_station") -> gpd.GeoDataFrame:
    points = [Point(each) for each in at]
    return gpd.GeoDataFrame({"facility_kind": kind}, geometry=points, index=[f"f{k}" for k in range(len(at))], crs=CRS)


def helped(facilities: gpd.GeoDataFrame, *cut_off: tuple[float, float, float], teams: float = 1.0) -> RescueTeams:
    return rescue_teams(
        **town(*cut_off), facilities=facilities, team_number={"": teams}, team_boat=BOAT, p=RescueTeamsParams()
    )


def test_one_team_takes_the_near_ones_first_by_hand() -> None:
    """500 m at 5 km/h are 0.1 h: 0.2 + 0.25 h a trip; 1500 m: 0.6 + 0.25 h. Six near, then twelve far in two trips."""
    found = helped(stations((0.0, 500.0)), (500.0, 500.0, 6.0), (1500.0, 500.0, 12.0))
    assert found.team_count == 1.0
    assert found.team_end.to_dict() == pytest.approx({"w": 0.45, "e": 0.45 + 2 * 0.85})
    assert found.team_wait_people.to_dict() == pytest.approx({"w": 6 * 0.45, "e": 6 * 1.30 + 6 * 2.15})
    assert found.team_last == pytest.approx(2.15)


def test_two_stations_share_the_work() -> None:
    found = helped(stations((0.0, 500.0), (2000.0, 500.0)), (500.0, 500.0, 6.0), (1500.0, 500.0, 6.0))
    assert found.team_end.to_dict() == pytest.approx({"w": 0.45, "e": 0.45})


def test_nobody_cut_off_waits_for_nobody_and_without_a_station_nothing_is_known() -> None:
    found = helped(stations((0.0, 500.0)), (500.0, 500.0, 0.0), (500.0, 600.0, float("nan")))
    assert found.team_last == 0.0
    assert found.team_wait_people.tolist() == [0.0, 0.0]
    away = helped(stations((0.0, 500.0), kind="hospital"), (500.0, 500.0, 6.0))
    assert away.team_count == 0.0
    assert np.isnan(away.team_last)
    assert away.team_end.isna().all()


def test_many_people_share_tasks() -> None:
    few, many = (helped(stations((0.0, 500.0)), (500.0, 500.0, people)) for people in (600.0, 6000.0))
    assert many.team_last == pytest.approx(10.0 * few.team_last, rel=0.02)


hours = st.lists(st.lists(st.integers(1, 20).map(float), min_size=2, max_size=2), min_size=1, max_size=4)


@at_most(25)
@given(hours)
def test_no_assignment_waits_less(durations: list[list[float]]) -> None:
    table = np.array(durations)
    best = np.inf
    for teams in itertools.product(range(table.shape[1]), repeat=len(table)):
        own = [sorted(table[at, team] for at in range(len(table)) if teams[at] == team) for team in range(2)]
        best = min(best, sum(float(np.cumsum(each).sum()) for each in own))
    assert least_ends(table).sum() == pytest.approx(best)


@at_most(10)
@given(st.floats(0, 300), st.floats(0, 300), st.integers(1, 3))
def test_more_teams_never_lengthen_the_wait(west: float, east: float, teams: int) -> None:
    places = ((500.0, 500.0, west), (1500.0, 500.0, east))
    few, more = (helped(stations((0.0, 500.0)), *places, teams=float(each)) for each in (teams, teams + 1))
    assert more.team_wait_people.sum() <= few.team_wait_people.sum() + 1e-6


def corners() -> list[tuple[float, float]]:
    return list(product(ends(ISOLATED_AT_ONCE), (1.0, 5.0)))


@pytest.mark.parametrize(("people", "teams"), corners())
def test_corners(people: float, teams: float) -> None:
    found = helped(stations((0.0, 500.0)), (500.0, 500.0, people), teams=teams)
    assert (found.team_last > 0.0) == (people > 0.0)
    assert found.team_wait_people.sum() <= people * found.team_last + 1e-6


def test_figure(figure: Callable[[str], Path]) -> None:
    fig, axis = plt.subplots(figsize=(6.0, 3.4), layout="constrained")
    people = np.arange(0.0, 601.0, 30.0)
    for teams, colour in ((1, "#d55e00"), (2, "#0072b2"), (4, "#009e73")):
        last = [
            helped(stations((0.0, 500.0)), (500.0, 500.0, each / 2), (1500.0, 500.0, each / 2), teams=teams).team_last
            for each in people
        ]
        axis.plot(people, last, color=colour, label=f"{teams} {'team' if teams == 1 else 'teams'}")
    axis.set(xlabel="people cut off, half of them in each unit", ylabel="last one brought out [h]", xlim=(0, 600))
    axis.set_ylim(bottom=0)
    axis.legend(frameon=False)
    fig.savefig(figure("resilience.rescue_teams"), dpi=110)
