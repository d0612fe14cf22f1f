"""Corridors by hand: costs, paths, widths, zones, core areas; what is refused; the command; a figure."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import LogNorm

from citybraid.biodiversity.habitat_corridors import CorridorParams, Corridors, habitat_corridors
from citybraid.core.errors import InputError
from tests.commands import citybraid
from tests.geotiffs import write_raster
from tests.movement_case import CELL, ROAD, box, covers, patches, raster, resistances


def laid(resistance: Any, patch: Any, pattern: Any = None, **words: Any) -> Corridors:
    values = np.asarray(resistance, np.float64)
    return habitat_corridors(
        movement_resistance=raster(values),
        habitat_patch=raster(np.asarray(patch, np.int32)),
        mspa_class=None if pattern is None else raster(np.asarray(pattern, np.int32)),
        grid=box(*values.shape),
        p=CorridorParams.model_validate(words),
    )


def test_a_row_by_hand() -> None:
    """Cells of 20 m: links of 1, 5, 5 and 1 make 12 × 20 m over a path of 80 m, a mean resistance of 3."""
    found = laid([[1.0, 1.0, 9.0, 1.0, 1.0]], [[1, 0, 0, 0, 2]])
    assert found.corridors.index.tolist() == ["1-2"]
    assert found.corridor_cost["1-2"] == pytest.approx(240.0)
    assert found.corridor_length["1-2"] == pytest.approx(80.0)
    assert found.mean_corridor_resistance == pytest.approx(3.0)
    assert list(found.corridors.iloc[0].coords) == [(10.0 + 20.0 * at, 10.0) for at in range(5)]
    # Three cells of 400 m2 over 80 m
    assert found.corridor_area == pytest.approx(0.12)
    assert found.corridor_width["1-2"] == pytest.approx(15.0)
    # From the nearer end: 20 m at 1, and 100 m more to the middle
    np.testing.assert_allclose(found.accumulated_resistance.to_numpy()[0], [0, 20, 120, 20, 0])


def test_the_corridor_widens_with_the_slack() -> None:
    """Three rows of 1: beside the straight row of 80 m, ways through the next row take two diagonals.

    Through the cell beside the middle: 20 √2 + 20 + 20 + 20 √2 = 96.57 m, 20.7 % more.
    """
    patch = np.zeros((3, 5), np.int32)
    patch[1, 0], patch[1, 4] = 1, 2
    narrow, wide = (laid(np.ones((3, 5)), patch, slack=slack) for slack in (0.2, 0.21))
    np.testing.assert_array_equal(narrow.corridor_ground.to_numpy()[[0, 2]], 0)
    np.testing.assert_array_equal(narrow.corridor_ground.to_numpy()[1], [0, 1, 1, 1, 0])
    np.testing.assert_array_equal(wide.corridor_ground.to_numpy()[0], [0, 1, 1, 1, 0])
    assert wide.corridor_excess.to_numpy()[0, 2] == pytest.approx(40.0 * (np.sqrt(2.0) - 1.0))
    assert narrow.corridor_width["1-2"] == pytest.approx(15.0)
    assert wide.corridor_width["1-2"] == pytest.approx(45.0)


def test_paths_take_the_bridge() -> None:
    bridged, without = (laid(resistances(covers(bridge=each)), patches()) for each in (True, False))
    assert bridged.mean_corridor_resistance < without.mean_corridor_resistance
    x, y = np.array(bridged.corridors.iloc[0].coords).T
    # The bridge lies in row 3 of 9
    assert (np.round(x / CELL - 0.5) == ROAD)[np.round(8.5 - y / CELL) == 3].any()


def test_neighbours_only_and_no_way_through_a_third() -> None:
    row = np.array([[1, 0, 2, 0, 3]])
    found = laid(np.ones((1, 5)), row)
    assert found.corridors.index.tolist() == ["1-2", "2-3"]
    # A detour around the patch in the middle costs more than the way through it: its link is not one of its own
    around = np.zeros((3, 5), np.int32)
    around[1] = row
    assert laid(np.ones((3, 5)), around).corridor_count == 2


def test_zones_by_hand() -> None:
    """Ground of 2 everywhere: 20 m steps cost 40. Zones end at 30 × 3^k m of the least resistance, 60, 180, 540."""
    found = laid(np.full((1, 13), 2.0), [[1] + [0] * 12], zone=30.0)
    np.testing.assert_array_equal(found.resistance_zone.to_numpy()[0], [1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3, 3])
    apart = np.full((1, 4), 2.0)
    apart[0, 2] = np.nan
    np.testing.assert_array_equal(laid(apart, [[1, 0, 0, 0]]).resistance_zone.to_numpy()[0], [1, 1, 0, 0])


def test_core_areas_as_sources() -> None:
    patch, pattern = np.zeros((3, 7), np.int32), np.zeros((3, 7), np.int32)
    pattern[1, [0, 3, 6]] = (17, 17, 117)
    pattern[1, [1, 5]] = 3
    pattern[0, 6] = 17
    found = laid(np.ones((3, 7)), patch, pattern, sources="core", smallest_core=0.04)
    assert found.corridors.index.tolist() == ["1-2", "1-3"] or found.corridor_count == 2
    large = laid(np.ones((3, 7)), patch, pattern, sources="core", smallest_core=0.08)
    assert large.corridor_count == 0
    with pytest.raises(InputError, match="needs the pattern of habitat") as refused:
        laid(np.ones((3, 7)), patch, sources="core")
    assert "形态空间格局" in refused.value.say("zh")


def test_fewer_than_two_sources_have_no_corridor() -> None:
    for patch in (np.zeros((3, 4), np.int32), np.ones((3, 4), np.int32)):
        found = laid(np.ones((3, 4)), patch)
        assert (found.corridor_count, found.corridor_area, found.mean_corridor_resistance) == (0, 0.0, 0.0)
        assert found.corridors.empty
    with pytest.raises(InputError, match="not above 0"):
        laid([[1.0, 0.0, 1.0]], [[1, 0, 2]])


def test_the_command_writes_lines_and_rasters(tmp_path: Path) -> None:
    write_raster(tmp_path / "resistance.tif", resistances(covers()), cell=CELL)
    write_raster(tmp_path / "patch.tif", patches().astype(np.float64), cell=CELL)
    done = citybraid(
        "model", "biodiversity.habitat_corridors", "--movement-resistance", "resistance.tif", "--habitat-patch",
        "patch.tif", "--slack", "0.2", "--out", "out", folder=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = gpd.read_file(tmp_path / "out" / "corridors.gpkg")
    expected = laid(resistances(covers()), patches(), slack=0.2)
    assert lines.length.to_numpy() == pytest.approx(expected.corridor_length.to_numpy())


def test_figure(figure: Callable[[str], Path]) -> None:
    resistance = resistances(covers())
    found = laid(resistance, patches(), slack=0.5)
    panels = plt.figure(figsize=(9.5, 2.8), layout="constrained").subplots(1, 3, sharey=True)
    for axes, values, title in zip(
        panels, (resistance, found.corridor_excess, found.accumulated_resistance),
        ("resistance [-] and path", "extra cost [m]", "accumulated resistance [m]"), strict=True,
    ):  # fmt: skip
        norm = LogNorm() if title.startswith("resistance") else None
        axes.figure.colorbar(axes.imshow(values, cmap="viridis", norm=norm), ax=axes)
        axes.set(title=title)
    x, y = np.array(found.corridors.iloc[0].coords).T
    panels[0].plot(x / CELL - 0.5, len(resistance) - 0.5 - y / CELL, color="w")
    plt.savefig(figure("biodiversity.habitat_corridors"), dpi=110)
