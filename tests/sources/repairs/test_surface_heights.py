"""Heights of buildings are surface less terrain; holes, other datums and missing terrain are said."""

import numpy as np
import pytest

from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.quantities import raster_var
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules
from citybraid.sources.raster.rasters import on_grid
from citybraid.sources.repairs.ground.surface_heights import repair
from tests.sources.planner_files import TARGET

PLACED = TARGET.placed((572_000.0, 3_397_000.0, 572_200.0, 3_397_200.0))
SLOPE: np.ndarray = np.add.outer(np.zeros(40), np.arange(40.0))


def house() -> np.ndarray:
    """A house of 12 m on a slope: five cells by four."""
    surface: np.ndarray = np.array(SLOPE)
    surface[10:15, 20:24] += 12.0
    surface[30, 30] += 1.0
    return surface


def made(pixel: float = 5.0, **rasters: np.ndarray) -> RepairResult:
    grid = PLACED.base
    assert grid is not None
    layers = {}
    for name, values in rasters.items():
        var = raster_var(name)
        assert var is not None
        layer = SourceLayer(var, on_grid(values, grid, var, 5.0), grid, native_resolution=pixel)
        layers[layer_key(layer)] = layer
    return repair(Layers(layers), Rules(PLACED))


def values(result: RepairResult, name: str) -> np.ndarray:
    layer = result.layers.get(name)
    assert layer is not None
    return np.asarray(layer.value, np.float64)


def texts(result: RepairResult) -> list[str]:
    return [finding.text for finding in result.findings]


def test_a_house_on_a_slope_is_as_high_as_above_the_ground() -> None:
    result = made(terrain=SLOPE, surface_model=house())
    height = values(result, "building_height")
    assert height[10:15, 20:24] == pytest.approx(12.0)
    assert height.sum() == pytest.approx(240.0), "20 cells of 12 m, and no kerb of 1 m"
    assert values(result, "building_fraction").sum() == 20.0
    assert texts(result) == ["intake.surface_heights"]
    assert "1.2%" in result.findings[0].say("en"), "20 of 1600 cells"
    assert "1.2%" in result.findings[0].say("zh")


def test_few_holes_are_filled_and_many_refused() -> None:
    few = house()
    few[12, 22] = np.nan
    filled = made(terrain=SLOPE, surface_model=few)
    assert values(filled, "building_height")[12, 22] == pytest.approx(12.0, abs=1.0)
    assert texts(filled) == ["intake.surface_filled", "intake.surface_heights"]
    many = house()
    many[:10] = np.nan
    refused = made(terrain=SLOPE, surface_model=many)
    assert refused.layers.get("building_height") is None
    assert texts(refused) == ["intake.surface_holes"]


def test_a_surface_below_the_terrain_is_refused_and_single_pits_are_levelled() -> None:
    sunk = made(terrain=SLOPE + 20.0, surface_model=house())
    assert sunk.layers.get("building_height") is None
    assert texts(sunk) == ["intake.surface_below"]
    pitted = house()
    pitted[0, 0] = -30.0
    assert texts(made(terrain=SLOPE, surface_model=pitted)) == ["intake.surface_sunk", "intake.surface_heights"]


def test_without_terrain_there_are_no_heights() -> None:
    result = made(surface_model=house())
    assert texts(result) == ["intake.surface_no_terrain"]
    assert result.layers.get("building_height") is None


def test_tree_heights_alone_give_tree_cover_and_unknown_ones_stay_unknown() -> None:
    tops = np.zeros((40, 40))
    tops[5:7, 5:7], tops[8, 8], tops[9, 9] = 9.0, 1.0, np.nan
    result = made(canopy_height=tops)
    cover = values(result, "canopy_cover")
    assert np.nansum(cover) == 4.0
    assert np.isnan(cover[9, 9])
    assert texts(result) == ["intake.cover_of_heights"]


def test_stated_tree_cover_is_left_alone() -> None:
    result = made(canopy_height=np.full((40, 40), 9.0), canopy_cover=np.full((40, 40), 0.5))
    assert not result.findings
    assert (values(result, "canopy_cover") == 0.5).all()


def test_pixels_finer_than_the_cells_are_told() -> None:
    """The square of London at 1 m: 50 % of the pixels stand 2 m high, and 65 % of its cells of 10 m."""
    result = made(1.0, terrain=SLOPE, surface_model=house(), canopy_height=np.full((40, 40), 9.0))
    assert texts(result).count("intake.whole_cells") == 2
    told = next(each for each in result.findings if each.text == "intake.whole_cells")
    assert told.kind == "warning"
    assert all("1 m" in told.say(language) and "5 m" in told.say(language) for language in ("zh", "en"))
    assert "intake.whole_cells" not in texts(made(1.0, canopy_height=np.zeros((40, 40))))
