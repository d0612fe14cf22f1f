"""The pilot of Xiong'an on coarse cells and a made-up street grid: one flood goes through four phases on page one."""

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from citybraid.report.answers.disaster_cycle import answer
from citybraid.report.chapter import Table, in_words
from citybraid.report.indicators import whole
from citybraid.report.verdict.question import Answer
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.run.pipeline import run_study

pytestmark = pytest.mark.slow
WEST, SOUTH, EAST, NORTH = 405_600, 4_324_600, 407_000, 4_326_300


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    """The pilot on cells of 50 m, its real roads replaced by a lattice."""
    folder, data = tmp_path_factory.mktemp("xiongan"), tmp_path_factory.mktemp("data")
    path = copy_pilot("xiongan", folder)
    text = path.read_text(encoding="utf-8")
    for old, new in (("resolution = 20", "resolution = 50"), ("duration = 86400", "duration = 36000")):
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    _roads(data / "xiongan")
    study = open_study(path, data=data)
    generate(study)
    return View(run_study(study))


def _roads(folder: Path) -> None:
    """Write streets every 200 m, cut at their junctions, with classes as in OpenStreetMap."""
    folder.mkdir()
    across = [shapely.LineString([(WEST, y), (EAST, y)]) for y in range(SOUTH + 50, NORTH, 200)]
    up = [shapely.LineString([(x, SOUTH), (x, NORTH)]) for x in range(WEST + 50, EAST, 200)]
    pieces = shapely.get_parts(shapely.node(shapely.MultiLineString([*across, *up])))
    frame = gpd.GeoDataFrame({"highway": ["secondary"] * len(pieces)}, geometry=list(pieces), crs="EPSG:4548")
    frame.to_file(folder / "rongdong_roads_buildings.gpkg", layer="roads")


def test_page_one_tells_of_four_phases_by_alternative(view: View) -> None:
    told = answer(view)
    assert isinstance(told, Answer)
    said = [in_words(each, "en") for each in told.sentences]
    assert said[0].startswith("Ready, and the levee raised changes most in")
    assert said[1] == "One event is followed through all four phases."
    shown = told.shown
    assert isinstance(shown, Table)
    phases = [in_words(each, "en") for each in shown.frame["phase"]]
    assert list(dict.fromkeys(phases)) == ["prevention", "preparedness", "response", "recovery"]
    assert {"as_is", "ready", "protected"} <= set(shown.frame)
    for language in ("en", "zh"):
        assert all(in_words(each, language) for each in told.sentences)


def test_people_and_water_by_another_route(view: View) -> None:
    residents = view.column(view.base, "residents")
    assert residents is not None
    assert residents.sum() == pytest.approx(34_000, abs=1)
    layer = view.layer(view.base, "max_depth")
    ground = view.layer(view.base, "terrain")
    assert layer is not None
    assert ground is not None
    depth, level = view.raster(layer), view.raster(ground)
    wet, deep = depth > 0.15, depth > 0.5
    assert (level[deep] + depth[deep]).max() < 9.0 + 0.1  # the river's peak; elsewhere rain stands in dips
    assert level[wet].mean() < level[~wet].mean()


def test_the_plan_warns_and_keeps_lifelines_up(view: View) -> None:
    unserved = [view.column(name, "people_unserved") for name in ("as_is", "ready")]
    assert unserved[0] is not None
    assert unserved[1] is not None
    assert unserved[1].sum() <= unserved[0].sum()


def test_the_raised_levee_keeps_the_river_out(view: View) -> None:
    """The river peaks at 9.0 m over a crest of 8.7 m, which the plan raises by 0.6 m: only rain is left."""
    flooded = {name: whole(view, name, "flooded_area") for name in ("as_is", "ready", "protected")}
    assert flooded["as_is"] == flooded["ready"]
    assert flooded["protected"] is not None
    assert flooded["as_is"] is not None
    assert flooded["protected"] < 0.8 * flooded["as_is"]
