"""Velocities over time: normal flow down a slope to each side of the world, water in motion, and what is refused."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import LineString

import citybraid as cb
from citybraid.core.errors import InputError

CRS = "EPSG:32651"
LONG, WIDE, CELL = 400.0, 20.0, 10.0
SLOPE, MANNING, FLOW = 0.002, 0.03, 1.0
NORMAL = (FLOW * MANNING / SLOPE**0.5) ** 0.6
"""Depth of 1 m² s⁻¹ down the slope [m]: 0.786; it runs at 1.27 m s⁻¹."""


def channel(down: str, momentum: str) -> Any:
    """Return the flow down a channel to one side, after an hour."""
    count, across = int(LONG / CELL), int(WIDE / CELL)
    fall = np.tile(SLOPE * (LONG - (np.arange(count) + 0.5) * CELL), (across, 1))
    bed = {"east": fall, "west": fall[:, ::-1], "north": fall.T[::-1], "south": fall.T}[down]
    rows, columns = bed.shape
    grid = GeoBox.from_bbox((0, 0, columns * CELL, rows * CELL), crs=CRS, resolution=CELL)
    low, high = CELL / 2, LONG - CELL / 2
    heads = {
        "east": [(low, 0), (low, WIDE)], "west": [(high, 0), (high, WIDE)],
        "north": [(0, low), (WIDE, low)], "south": [(0, high), (WIDE, high)],
    }  # fmt: skip
    line = LineString(heads[down])
    sides = dict.fromkeys(("north", "south", "east", "west"), "closed") | {down: "free"}
    return cb.models.flood(
        terrain=bed, manning=MANNING, inflows=gpd.GeoDataFrame(geometry=[line], crs=CRS), duration=3600.0,
        inflow_discharge=pd.Series([FLOW * WIDE], index=[0.0]), grid=grid, momentum=momentum, velocities=True,
        course_interval=1800.0, **sides,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("down", "momentum"),
    [("east", "inertial"), ("west", "inertial"), ("north", "inertial"), ("south", "inertial"), ("north", "full")],
)
def test_normal_flow_down_a_slope(down: str, momentum: str) -> None:
    found = channel(down, momentum)
    along, across = found.velocity_east, found.velocity_north
    if down in {"north", "south"}:
        along, across = across, along
    assert along.dims == ("time", "y", "x")
    assert along["time"].to_numpy().tolist() == [0.0, 0.5, 1.0]
    assert not along.to_numpy()[0].any()
    middle = along.to_numpy()[-1][along.shape[1] // 2, along.shape[2] // 2]
    towards = 1.0 if down in {"east", "north"} else -1.0
    assert towards * middle == pytest.approx(FLOW / NORMAL, rel=0.02)
    np.testing.assert_allclose(across.to_numpy()[-1], 0.0, atol=1e-6)
    assert float(found.max_speed.max()) >= abs(middle) * 0.99


@pytest.mark.parametrize("momentum", ["inertial", "full"])
def test_water_in_motion_has_its_first_velocity(momentum: str) -> None:
    grid = GeoBox.from_bbox((0, 0, 50, 40), crs=CRS, resolution=10)
    terrain = np.zeros((4, 5))
    terrain[0, 0] = np.nan
    found = cb.models.flood(
        terrain=terrain, manning=0.03, initial_depth=1.0, initial_velocity_east=0.5, initial_velocity_north=-0.25,
        duration=60.0, grid=grid, momentum=momentum, velocities=True,
    )  # fmt: skip
    first = found.velocity_east.to_numpy()[0], found.velocity_north.to_numpy()[0]
    assert first[0][2, 2] == pytest.approx(0.5)
    assert first[1][2, 2] == pytest.approx(-0.25)
    assert np.isnan(first[0][0, 0])
    assert np.isfinite(first[0]).sum() == 19


def test_none_unless_asked_and_not_on_coarse_cells() -> None:
    words = {"terrain": 0.0, "manning": 0.03, "initial_depth": 0.1, "duration": 60.0}
    grid = GeoBox.from_bbox((0, 0, 40, 40), crs=CRS, resolution=10)
    assert "velocity_east" not in cb.models.flood(**words, grid=grid)._fields or (
        cb.models.flood(**words, grid=grid).velocity_east is None
    )
    with pytest.raises(InputError) as caught:
        cb.models.flood(**words, grid=grid, subgrid=2, velocities=True)
    assert caught.value.text == "flood.subgrid_velocities"
    assert "subgrid = 2" in caught.value.say("zh")
