"""Large grids tile by tile: the same bits as the whole, for every model that says how far it reaches."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox
from scipy import ndimage

from citybraid.biodiversity.habitat_quality import habitat_quality
from citybraid.core.layer import Layer
from citybraid.core.model import Model, Params, model
from citybraid.core.step import Step
from citybraid.store.store import Store
from citybraid.study.run.backends import tiles
from citybraid.study.run.backends.tiles import Tiling, tiled, tiling_of
from citybraid.study.run.engine import Engine
from tests.discovered import AnyModel, models
from tests.golden.values import golden_case
from tests.study.backends.clockwork import GRID, WATER, Clock

LOCAL = [each for each in models() if each.reach is not None]
SHAPE = (53, 37)
AS_LOCAL = {"reading": "nearest", "near_roads": False}
"""Parameters with which models that can be either are local."""


def grown(each: AnyModel, shape: tuple[int, int] = SHAPE) -> dict[str, Any]:
    """Return the golden case on a larger grid, its cells those of the case in any order."""
    case = dict(golden_case(each))
    if "p" in case:
        local = {name: value for name, value in AS_LOCAL.items() if name in type(case["p"]).model_fields}
        case["p"] = case["p"].model_copy(update=local)
    rasters = [value for value in case.values() if isinstance(value, xr.DataArray) and value.dims == tiles.PLANE]
    cells = max(value.size for value in rasters)
    pick = np.random.default_rng(7).integers(0, cells, shape)

    def spread(value: Any) -> Any:
        if isinstance(value, xr.DataArray) and value.dims == tiles.PLANE:
            return xr.DataArray(value.to_numpy().ravel()[pick % value.size], dims=tiles.PLANE)
        if isinstance(value, GeoBox):
            return GeoBox(shape, value.affine, value.crs)
        if isinstance(value, Mapping) and any(isinstance(one, xr.DataArray) for one in value.values()):
            return {name: spread(one) for name, one in value.items()}
        return value

    return {name: spread(value) for name, value in case.items()}


def halo(each: AnyModel, case: Mapping[str, Any]) -> tuple[int, int]:
    reach = each.reach_with({name: value for name, value in case.items() if not isinstance(value, xr.DataArray)})
    assert reach is not None
    grid = next((value for value in case.values() if isinstance(value, GeoBox)), GRID)
    rows, columns = (math.ceil(reach / abs(float(size))) for size in (grid.resolution.y, grid.resolution.x))
    return rows, columns


def same_bits(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(
        one[name].dtype == other[name].dtype and one[name].to_numpy().tobytes() == other[name].to_numpy().tobytes()
        for name in one
    )


def test_the_models_of_the_ground_are_local() -> None:
    assert {"resilience.curve_number", "biodiversity.habitat_suitability", "biodiversity.habitat_quality"} <= {
        each.id for each in LOCAL
    }


@pytest.mark.parametrize("side", [8, 17, 100])
@pytest.mark.parametrize("each", LOCAL, ids=lambda each: each.id)
def test_tiles_of_every_local_model_are_the_whole_bit_by_bit(each: AnyModel, side: int) -> None:
    case = grown(each)
    whole = each.run(case)
    assert {var.on for var in each.makes.values()} == {"grid"}
    parts = tiled(each, case, Tiling(SHAPE, halo(each, case), side), 2)
    assert list(parts) == list(whole)
    assert same_bits(parts, whole)


def test_with_less_ground_around_them_tiles_of_habitat_are_not_the_whole() -> None:
    case = grown(habitat_quality)
    whole = habitat_quality.run(case)
    parts = tiled(habitat_quality, case, Tiling(SHAPE, (0, 0), 8), 1)
    assert not same_bits(parts, whole)


class Highest(NamedTuple):
    water: WATER


class HighestParams(Params):
    around: float = 30.0
    """Distance within which the highest value counts [m]."""


@model(version=1, cite="toy", validity="toy", reach=lambda *, p, **_: p.around)
def highest(water: WATER, grid: GeoBox, p: HighestParams) -> Highest:
    far = [int(p.around // abs(float(size))) for size in (grid.resolution.y, grid.resolution.x)]
    size = tuple(2 * each + 1 for each in far)
    return Highest(xr.DataArray(ndimage.maximum_filter(water.to_numpy(), size=size, mode="nearest"), dims=tiles.PLANE))


@pytest.mark.parametrize("around", [0.0, 10.0, 35.0, 400.0])
@pytest.mark.parametrize("side", [5, 16, 64])
def test_the_reach_in_metres_becomes_rows_and_columns(around: float, side: int) -> None:
    grid = GeoBox((61, 47), Affine(5, 0, 0, 0, -10, 0), 32651)
    water = xr.DataArray(np.random.default_rng(1).random(grid.shape), dims=tiles.PLANE)
    case = {"water": water, "grid": grid, "p": HighestParams(around=around)}
    whole = highest.run(case)
    rows, columns = math.ceil(around / 10), math.ceil(around / 5)
    parts = tiled(highest, case, Tiling((61, 47), (rows, columns), side), 2)
    assert same_bits(parts, whole)


def step_of(each: Model[Any, Any], extra: Mapping[str, Any], grid: GeoBox) -> Step:
    outs = tuple(Layer(var, f"k{name}", grid if var.on == "grid" else None) for name, var in each.makes.items())
    return Step(each, "key", {}, extra, outs)


def test_a_small_grid_a_density_and_other_grids_are_computed_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    case = grown(habitat_quality)
    grid = case["grid"]
    step = step_of(habitat_quality, {name: case[name] for name in ("threats", "p")}, grid)
    assert tiling_of(step, case) is None
    monkeypatch.setattr(tiles, "WHOLE_CELLS", 100)
    tiling = tiling_of(step, case)
    assert tiling is not None
    assert tiling.halo == halo(habitat_quality, case)
    by_density = {**step.extra, "p": case["p"].model_copy(update={"reading": "density"})}
    assert tiling_of(replace(step, extra=by_density), case) is None
    assert tiling_of(step, {**case, "land_cover": case["land_cover"][:-1]}) is None


def test_a_step_of_a_large_grid_is_stored_as_the_whole_would_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock.made(tmp_path, events=1, seconds=0.0)
    Engine(clock.store, threads=1).run(clock.steps)
    water = clock.steps[0].outs[0]
    step = Step(
        highest,
        "0123",
        {"water": {"water": water}},
        {"grid": GRID, "p": HighestParams()},
        (replace(water, key="4567"),),
    )
    Engine(clock.store, threads=1).run([step])
    whole = clock.store.get("4567")
    monkeypatch.setattr(tiles, "WHOLE_CELLS", 100)
    monkeypatch.setattr(tiles, "SIDE", 7)
    other = Store(tmp_path / "other")
    other.put(water.key, clock.store.get(water.key))
    Engine(other, threads=2).run([step])
    parts = other.get("4567")
    assert parts.to_numpy().tobytes() == whole.to_numpy().tobytes()
    assert parts.attrs == whole.attrs
    assert parts.dims == whole.dims
