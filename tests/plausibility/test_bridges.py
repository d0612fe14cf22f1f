"""The demonstration's bridges, people cut off and flooded land, by another route from its files and rasters."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from numpy.typing import NDArray
from scipy.cluster.hierarchy import DisjointSet

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.chapters import c10_first_page, c56_rescue
from citybraid.report.view import View
from citybraid.sources.synthetic.frame import on_map
from citybraid.sources.synthetic.waters import network
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

CANAL = 1.1
"""Water level of the canals in the terrain file [m]."""
BANK = 12.0
"""Distance from a canal within which the ground slopes to it [m]."""
SPACING = 1.25
"""Distance between two samples along a street [m]."""
NARROW = 10.0 / SPACING
"""Fewest samples of a canal: a street that grazes the edge of a lake does not cross it."""
CLOSED, FLOODED = 0.3, 0.15
CUTS = (
    ('[[storms]]\nlabel = "p2"', '[[storms]]\nlabel = "p50"'),
    ("[files.weather]", "# Design storms"),
    ("[alternatives.as_planned]", "# --- Objectives"),
    ('[[objectives]]\nid = "carbon"', ""),
)
"""What is cut out of the demonstration's study, from a text up to another: all that these numbers do without."""
WITHOUT = ("circuit_connectivity", "connectivity", "habitat_corridors", "habitat_quality", "mspa")
"""Models of habitat that are left out, too: on cells of 5 m they take as long as the flood."""
Floats = NDArray[np.float64]
Point = tuple[float, ...]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The demonstration as it is, in its 50-year storm, on its own grid of 5 m."""
    path = copy_pilot("jiaxing-hsr", tmp_path_factory.mktemp("bridges") / "demo")
    text = path.read_text(encoding="utf-8")
    for start, end in CUTS:
        first = text.index(start)
        text = text[:first] + (text[text.index(end, first + 1) :] if end else "")
    skip = json.dumps([f"biodiversity.{each}" for each in WITHOUT])
    path.write_text(f"{text}\n[models]\nskip = {skip}\n\n[imputation]\ndraws = 0\n", encoding="utf-8")
    generate(open_study(path))
    return run_study(open_study(path), threads=2)


@pytest.fixture(scope="module")
def streets(demo: Run) -> gpd.GeoDataFrame:
    """The streets as their file has them, by their number, and the levels along them of the terrain's file."""
    folder = demo.folder.parents[1] / "data"
    table = gpd.read_file(next(folder.glob("道路中心线*.gpkg"))).set_index("编号")
    with rasterio.open(next(folder.glob("地形高程*.tif"))) as source:
        ground, inverse = source.read(1), ~source.transform
    points = [
        shapely.line_interpolate_point(line, np.arange(0.0, line.length, SPACING)) for line in table.geometry.to_numpy()
    ]
    table["points"] = [shapely.get_coordinates(each) for each in points]
    table["ground"] = [_read(ground, inverse, each) for each in table["points"]]
    return table


def _read(values: Floats, inverse: rasterio.Affine, points: Floats) -> Floats:
    column, row = (np.floor(part).astype(int) for part in inverse * (points[:, 0], points[:, 1]))
    at = values[np.clip(row, 0, values.shape[0] - 1), np.clip(column, 0, values.shape[1] - 1)]
    return np.asarray(at, dtype=np.float64)


def _canals(ground: Floats) -> list[tuple[int, int]]:
    """The runs of samples on the level of the canals, of 10 m and more between two banks, as (first, last)."""
    low = np.flatnonzero(np.abs(ground - CANAL) < 0.01)
    runs = [] if not low.size else np.split(low, np.flatnonzero(np.diff(low) > 1) + 1)
    return [
        (int(run[0]), int(run[-1])) for run in runs if run[0] > 0 and run[-1] < len(ground) - 1 and len(run) >= NARROW
    ]


def whole(run: Run, name: str) -> float:
    table = run.table("units/as_is")
    assert table is not None
    return float(table[name][WHOLE_AREA])


def layer(run: Run, name: str) -> Any:
    return run.value(next(iter(run.layers("as_is")[name].values())))


def test_every_canal_crossing_has_a_bridge_and_nothing_else(demo: Run, streets: gpd.GeoDataFrame) -> None:
    counted = pd.Series([len(_canals(ground)) for ground in streets["ground"]], streets.index)
    found = layer(demo, "inferred_bridges")
    pd.testing.assert_series_equal(found.astype(int), counted.reindex(found.index), check_names=False)
    assert found.sum() == 32


def test_only_the_underpasses_close(demo: Run, streets: gpd.GeoDataFrame) -> None:
    """A street of its file closes where its own low point, above no canal, is 1.2 m and more below its ends."""
    closed = layer(demo, "closed_length")
    for street in closed.index[closed > 0.0]:
        ground = streets["ground"][street]
        dry = np.where(np.abs(ground - CANAL) < 0.5, np.inf, ground)
        assert min(ground[0], ground[-1]) - dry.min() > 1.2
    assert (closed > 0.0).sum() == 4


def test_people_cut_off_are_no_more_than_those_whom_water_encloses(demo: Run, streets: gpd.GeoDataFrame) -> None:
    """Whole streets are taken out where water stands 0.3 m over them; residents of the rest without a station."""
    depth = np.nan_to_num(np.asarray(layer(demo, "max_depth"), dtype=np.float64))
    inverse = ~demo.grid.affine
    ends: list[tuple[Point, Point]] = []
    passable: list[bool] = []
    for points, ground in zip(streets["points"], streets["ground"], strict=True):
        level = ground.copy()
        for first, last in _canals(ground):
            reach = int(BANK / SPACING)
            left, right = max(first - reach, 0), min(last + reach, len(ground) - 1)
            level[left : right + 1] = np.linspace(ground[left], ground[right], right - left + 1)
        passable.append(bool((ground + _read(depth, inverse, points) - level < CLOSED).all()))
    for line in streets.geometry:
        start, end = (tuple(np.round(line.coords[at]).tolist()) for at in (0, -1))
        ends.append((start, end))
    joined = DisjointSet({end for pair in ends for end in pair})
    for pair, way in zip(ends, passable, strict=True):
        if way:
            joined.merge(*pair)
    tree = shapely.STRtree(streets.geometry.to_numpy())

    def place(shapes: gpd.GeoSeries) -> list[Point]:
        return [ends[line][0] for line in tree.nearest(shapes.representative_point().to_numpy())]

    facilities, kinds = layer(demo, "facilities"), layer(demo, "facility_kind")
    served = {joined[at] for at in place(facilities[kinds.isin(["hospital", "fire_station"])])}
    homes, residents = layer(demo, "buildings"), layer(demo, "residents")
    outside = np.array([joined[at] not in served for at in place(homes)])
    enclosed = float(residents[outside].sum())
    assert 0.0 < whole(demo, "isolated_people") <= enclosed + 1e-6
    assert whole(demo, "isolated_at_once") <= whole(demo, "isolated_people")
    assert enclosed < 0.05 * float(residents.sum()), "no crossing of a canal cuts the town in two"
    assert whole(demo, "fire_coverage_peak") > 70.0


def test_flooded_land_is_the_flood_without_the_canals_of_the_plan(demo: Run) -> None:
    depth = np.nan_to_num(np.asarray(layer(demo, "max_depth"), dtype=np.float64))
    water = on_map(network().water)
    rows, columns = np.nonzero(depth > FLOODED)
    x, y = demo.grid.affine * (columns + 0.5, rows + 0.5)
    in_water = shapely.contains_xy(water, x, y)
    area = 25e-4
    assert whole(demo, "flooded_area") == pytest.approx(area * (~in_water).sum(), rel=0.04)
    assert whole(demo, "water_raised_area") == pytest.approx(area * in_water.sum(), rel=0.06)
    counted = sum(whole(demo, name) for name in ("flooded_area", "water_raised_area", "detention_used_area"))
    assert counted == pytest.approx(area * len(rows), rel=1e-9)


def test_the_event_goes_on_after_the_rain_and_says_what_has_not_ended(demo: Run) -> None:
    hours = np.asarray(demo.value(next(iter(demo.layers("as_is")["depth_course"].values())))["time"])
    assert hours[-1] == pytest.approx(2.5)
    view = View(demo)
    texts = [
        in_words(block.text, "en")
        for chapter in (c10_first_page.chapter(view), c56_rescue.chapter(view))
        for block in chapter.blocks
        if isinstance(block, Paragraph)
    ]
    assert sum("lower bounds" in text for text in texts) == 2, "on page one and in the chapter"
    assert any(text.startswith("32 bridges") for text in texts)
