"""Rasters whose rows run from south to north give what the same ground gives the other way up."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

import citybraid as cb
from citybraid.api.orientation import north_up, turned
from citybraid.api.rasters import georeferenced, grid_in
from citybraid.core.errors import InputError, InputErrors
from citybraid.core.text import LANGUAGES

SHAPE = (9, 12)
NORTH_UP = GeoBox(SHAPE, Affine(10.0, 0.0, 500000.0, 0.0, -10.0, 4000090.0), "EPSG:32651")
TURNED = {
    "south first": GeoBox(SHAPE, Affine(10.0, 0.0, 500000.0, 0.0, 10.0, 4000000.0), "EPSG:32651"),
    "east first": GeoBox(SHAPE, Affine(-10.0, 0.0, 500120.0, 0.0, -10.0, 4000090.0), "EPSG:32651"),
    "both": GeoBox(SHAPE, Affine(-10.0, 0.0, 500120.0, 0.0, 10.0, 4000000.0), "EPSG:32651"),
}
ASLANT = Affine.rotation(30.0) * NORTH_UP.affine
GROUND = np.add.outer(np.linspace(0.0, 1.0, 9), np.linspace(0.3, 0.0, 12))
"""Ground that falls to the north, whose edge alone is open."""
RAIN = pd.Series([60.0, 0.0], index=[0.0, 0.5])
STORM: dict[str, Any] = {
    "manning": 0.03, "duration": 1800.0, "north": "free", "south": "closed", "east": "closed", "west": "closed",
}  # fmt: skip


def flooded(ground: object, grid: GeoBox | None, rain: pd.Series = RAIN) -> Any:
    return cb.models.flood(terrain=ground, rain_intensity=rain, grid=grid, **STORM)


@pytest.mark.parametrize("name", TURNED)
def test_the_northern_edge_is_in_the_north_whichever_way_rows_run(name: str) -> None:
    grid = TURNED[name]
    want = flooded(GROUND, NORTH_UP)
    assert want.outflow_volume > 0.0
    own_order = turned(GROUND, grid)
    for made in (
        flooded(own_order, grid),
        flooded(georeferenced(xr.DataArray(own_order, dims=("y", "x")), grid), None),
    ):
        assert made.outflow_volume == want.outflow_volume
        np.testing.assert_array_equal(turned(made.final_depth.to_numpy(), grid), want.final_depth.to_numpy())
        xr.testing.assert_equal(made.final_depth.sortby(["y", "x"]), want.final_depth.sortby(["y", "x"]))
        lies = grid_in(made.final_depth)
        assert lies is not None
        assert lies.affine == grid.affine


def test_rasters_of_one_place_may_run_different_ways() -> None:
    grid = TURNED["south first"]
    ground = georeferenced(xr.DataArray(turned(GROUND, grid), dims=("y", "x")), grid)
    made = cb.models.flood(terrain=ground, rain_intensity=RAIN, grid=NORTH_UP, **STORM)
    np.testing.assert_array_equal(made.final_depth.to_numpy(), flooded(GROUND, NORTH_UP).final_depth.to_numpy())


@pytest.mark.parametrize(
    ("grid", "text"),
    [
        (GeoBox(SHAPE, ASLANT, "EPSG:32651"), "api.rotated_grid"),
        (GeoBox(SHAPE, Affine(0.001, 0.0, 120.0, 0.0, -0.001, 30.0), "EPSG:4326"), "api.not_metric"),
        (GeoBox(SHAPE, Affine(10.0, 0.0, 0.0, 0.0, -10.0, 0.0), "EPSG:2263"), "api.not_metric"),
    ],
)
def test_a_grid_that_a_model_would_misread_is_refused(grid: GeoBox, text: str) -> None:
    """A disc of 60 m asked for a window of 60 000 cells on a grid of degrees."""
    with pytest.raises(InputErrors) as caught:
        cb.models.circuit_connectivity(movement_resistance=GROUND + 1.0, habitat_patch=np.eye(9, 12), grid=grid)
    assert {each.text for each in caught.value.problems if isinstance(each, InputError)} == {text}
    assert all(caught.value.say(language) for language in LANGUAGES)


def test_north_up_grids_stay() -> None:
    assert north_up(NORTH_UP, where="flood") is NORTH_UP
    assert all(north_up(each, where="flood") == NORTH_UP for each in TURNED.values())


def test_a_series_counts_by_its_hours_not_by_its_rows() -> None:
    rain = pd.Series([60.0, 10.0, 0.0], index=[0.0, 0.5, 1.0])
    upside_down = flooded(GROUND, NORTH_UP, rain.iloc[::-1])
    assert upside_down.outflow_volume == flooded(GROUND, NORTH_UP, rain).outflow_volume
