"""Nothing exhausts the machine: sizes are known before arrays are made, and repairs of shapes stay linear."""

import tracemalloc
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from citybraid.core.errors import InputErrors
from citybraid.sources.geometry.gaps import gaps
from citybraid.sources.geometry.spikes import remove_spikes
from citybraid.sources.placement.extent_size import far_shapes, size_problem
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.rules import Choices
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.open.open_study import open_study
from citybraid.study.open.schema import LARGEST_BYTES, MOST_ALTERNATIVES
from citybraid.study.open.study_intake import preview_intake, take_in_study
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST, Made

MIB = 2**20


def row_of(count: int, *, far: float = 0.0) -> gpd.GeoSeries:
    corners = [*(100.0 * at for at in range(count)), *([far] if far else [])]
    return gpd.GeoSeries([box(x, 0, x + 90, 90) for x in corners], index=[f"P{at}" for at in range(len(corners))])


def test_a_far_shape_is_named_with_its_distance() -> None:
    far = far_shapes(row_of(9, far=30_000.0))
    assert far is not None
    assert far.ids == ("P9",)
    assert far.distance == pytest.approx(30_000.0 - 450.0)
    assert far.rest == (0.0, 0.0, 890.0, 90.0)


@pytest.mark.parametrize("shapes", [row_of(9), row_of(2), row_of(1, far=30_000.0), row_of(9, far=1_500.0)])
def test_shapes_without_a_jump_in_distance_are_not_far(shapes: gpd.GeoSeries) -> None:
    assert far_shapes(shapes) is None


@pytest.mark.parametrize("cell", [1e-9, 1e-6, 1e-3, 0.02])
def test_the_resolution_that_fits_is_told(cell: float) -> None:
    bounds = (WEST, SOUTH, WEST + 300.0, SOUTH + 400.0)
    problem = size_problem(Target(CRS, cell), bounds, Limits(grid_pixels=1e6), None)
    assert problem is not None
    assert problem.values["fits"] == pytest.approx(0.5)
    fitting = Target(CRS, float(str(problem.values["fits"])))
    assert size_problem(fitting, bounds, Limits(grid_pixels=1e6), None) is None


def test_the_memory_limits_the_grid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("citybraid.sources.placement.extent_size.free_mib", lambda: 1.0)
    assert size_problem(Target(CRS, 1.0), (0.0, 0.0, 100.0, 100.0), Limits(), None) is None
    assert size_problem(Target(CRS, 1.0), (0.0, 0.0, 200.0, 200.0), Limits(), None) is not None


def test_a_parcel_thousands_of_kilometres_away_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels", "terrain"), shift=-WEST - 3_000_000.0, resolution=1.0).written()
    study = open_study(path)
    tracemalloc.start()
    seen = preview_intake(study, Store(tmp_path / "store"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "study.grid_far" in [each.text for each in seen.refused]
    assert seen.taken is None
    assert peak < 256 * MIB


def test_a_parcel_thirty_kilometres_away_is_told_by_the_check(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels",), shift=30_000.0).written()
    done = citybraid("check", str(path), "--no-report", "--lang", "en")
    assert done.returncode == 0, done.stderr
    assert "FAR lies 29.9" in done.stdout
    assert "km from the others" in done.stdout


def test_a_resolution_that_does_not_fit_names_the_far_parcel(tmp_path: Path) -> None:
    path = Made(tmp_path, ("parcels",), shift=30_000.0, resolution=0.05).written()
    study, store = open_study(path), Store(tmp_path / "store")
    with pytest.raises(InputErrors) as refused:
        take_in_study(study, store)
    (problem,) = refused.value.problems
    assert problem.text == "study.grid_far"
    assert problem.values["ids"] == ["FAR"]
    assert problem.values["kilometres"] == pytest.approx(29.84, abs=0.1)


def comb(teeth: int) -> shapely.Polygon:
    """A block with needles 2 mm wide and 30 m long, one a metre."""
    xs = np.repeat(np.arange(teeth) * 1.0, 4) + np.tile([0.0, 0.4, 0.401, 0.402], teeth)
    ys = np.tile([0.0, 0.0, 30.0, 0.0], teeth)
    foot = [[teeth, 0.0], [teeth, -100.0], [0.0, -100.0]]
    return shapely.Polygon(np.r_[np.c_[xs, ys], foot])


def test_needles_take_memory_in_proportion() -> None:
    shapes = np.array([comb(100_000)], dtype=object)
    tracemalloc.start()
    cut = remove_spikes(shapes, Choices())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert cut.mended.all()
    assert shapely.get_num_coordinates(cut.shapes[0]) == 3 * 100_000 + 4
    assert peak < 400 * MIB


def test_a_spike_is_cut_from_each_of_many_shapes_and_holes_stay() -> None:
    spiked = shapely.Polygon(
        [(0, 0), (40, 0), (40, 20), (80, 20.001), (40, 20.002), (40, 40), (0, 40)], [[(5, 5), (9, 5), (9, 9), (5, 9)]]
    )
    shapes = np.array([spiked, box(0, 0, 1, 1), shapely.affinity.translate(spiked, 100)], dtype=object)
    cut = remove_spikes(shapes, Choices())
    assert cut.spiked.tolist() == cut.mended.tolist() == [True, False, True]
    assert [len(shape.interiors) for shape in cut.shapes] == [1, 0, 1]
    assert cut.shapes[2].bounds == (100.0, 0.0, 140.0, 40.0)
    assert shapely.get_coordinates(cut.tips[2]).tolist() == [[180.0, 20.001]]


def test_shapes_upon_one_another_are_not_searched_for_gaps() -> None:
    shapes = np.full(4_000, box(0, 0, 10, 10), dtype=object)
    assert len(gaps(shapes, Choices()).ground) == 0


def test_too_many_alternatives_and_too_large_a_file_are_refused(tmp_path: Path) -> None:
    names = tuple(f"a{at}" for at in range(MOST_ALTERNATIVES + 1))
    with pytest.raises(InputErrors, match=f"has {MOST_ALTERNATIVES + 1} entries but may have {MOST_ALTERNATIVES}"):
        open_study(Made(tmp_path, ("parcels",), alternatives=names).written())
    path = tmp_path / "study.toml"
    path.write_text(path.read_text(encoding="utf-8") + "#" * LARGEST_BYTES, encoding="utf-8")
    done = citybraid("check", str(path))
    assert done.returncode == 2
    assert "a study file may have 2 MiB" in done.stderr
