"""A polder through its study file: what passes each work, what drains do, and that reports tell and draw it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from matplotlib.text import Text

from citybraid.core.errors import PlanError
from citybraid.report.chapter import Chapter, Explorer, Figure, Table
from citybraid.report.chapters import c20_explorer, c50_resilience, c52_water_works
from citybraid.report.exports.write import write_exports
from citybraid.report.view import View
from citybraid.report.water_works import DEFENCES, DRAINS
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.study.polder import LOW, LOW_LENGTH, RIVER_TOP, STUDY, ground, written

pytestmark = pytest.mark.slow

WEIR = 1.705


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_study(open_study(written(tmp_path_factory.mktemp("圩区 a") / "滨河")), threads=1)


def value(run: Run, name: str) -> Any:
    (layer,) = run.layers("as_is")[name].values()
    return run.value(layer)


def table(chapter: Chapter, name: str) -> Table:
    return next(block for block in chapter.blocks if isinstance(block, Table) and block.name.startswith(name))


def test_the_water_of_ground_and_drains_closes(ran: Run) -> None:
    residuals: Mapping[str, float] = {
        name: told for step in ran.steps("as_is") for name, told in step.residuals.items()
    }
    assert abs(residuals["mass_error"]) < 1e-9
    assert abs(residuals["exchange_error"]) < 1e-9
    assert value(ran, "rain_volume") == pytest.approx(0.048 * 300.0 * 120.0, rel=1e-6)


def test_the_low_stretch_of_the_levee_overflows_as_the_weir_formula_says(ran: Run) -> None:
    peak, volume = value(ran, "levee_peak"), value(ran, "levee_volume")
    assert peak["低洼段"] == pytest.approx(WEIR * (RIVER_TOP - LOW) ** 1.5 * LOW_LENGTH, rel=0.1)
    assert 0.05 < volume["低洼段"] / (peak["低洼段"] * 5400.0) < 0.26, "the river stands above the crest for a quarter"
    assert volume["南段"] == volume["北段"] == 0.0


def test_gate_culvert_and_pump_do_what_they_are_for(ran: Run) -> None:
    assert value(ran, "gate_volume")["排涝闸"] < 1.0, "its flap is held by the river"
    assert 0.0 < value(ran, "culvert_peak")["路涵"] < 2.5
    assert value(ran, "culvert_volume")["路涵"] > 100.0
    assert value(ran, "pump_peak")["泵站"] == pytest.approx(0.4)
    assert 0.2 * 5400.0 * 0.4 < value(ran, "pump_volume")["泵站"] <= 5400.0 * 0.4


def test_drains_end_in_the_canal_and_feel_it_rise(ran: Run) -> None:
    kinds = value(ran, "node_coupling")
    assert kinds.to_dict() == {"M1": "coupled", "M2": "coupled", "O1": "mouth"}
    assert value(ran, "drains_discharged") == pytest.approx(0.0, abs=0.1)
    assert value(ran, "drains_released") > 10.0
    levels, _ = ground()
    final = np.asarray(value(ran, "final_depth")) + levels
    canal, street = final[11, 21], final[11, 40]
    assert 1.0 < canal < RIVER_TOP
    assert street < RIVER_TOP


def test_levels_are_plausible(ran: Run) -> None:
    levels, _ = ground()
    deepest = np.asarray(value(ran, "max_depth"))
    assert np.nanmax(deepest[:, :12] + levels[:, :12]) < RIVER_TOP + 0.1
    assert np.nanmax(np.asarray(value(ran, "max_speed"))) < 1.2, "no film off a bank may count as fast"


def test_reports_tell_where_the_water_went(ran: Run) -> None:
    chapter = c52_water_works.chapter(View(ran))
    row = table(chapter, "water_balance").frame.iloc[0]
    came = row["start"] + row["rain_volume"] + row["inflow_volume"] + row["drains_returned"]
    went = sum(row[name] for name in c52_water_works.SPENT)
    assert came == pytest.approx(went, rel=1e-6)
    assert row["start"] == pytest.approx(120.0 * (60.0 * 2.0 + 10.0 * 0.5), rel=1e-3)
    passed = table(chapter, "water_passed").frame.set_index("work")
    assert set(passed.index) == {"南段", "低洼段", "北段", "排涝闸", "路涵", "泵站"}
    assert passed.loc["低洼段", "volume"] == pytest.approx(value(ran, "levee_volume")["低洼段"])
    nodes = table(chapter, "water_nodes").frame.set_index("node")
    assert nodes.loc["O1", "node_returned"] == pytest.approx(value(ran, "drains_released"))
    for block in chapter.blocks:
        for text in (block.title, block.note) if isinstance(block, Table) else (block.text,):  # type: ignore[union-attr]
            assert text.say("zh") != text.say("en")  # type: ignore[union-attr]


def test_maps_and_files_show_the_works(ran: Run, tmp_path: Path) -> None:
    view = View(ran)
    figure = next(
        block for block in c50_resilience.chapter(view).blocks
        if isinstance(block, Figure) and block.name.startswith("max_depth")
    )  # fmt: skip
    drawn = {text.get_text() for text in figure.draw("zh").findobj(Text)}
    assert {"堤防与防洪墙", "闸门", "涵洞", "泵站", "排水节点", "排水管渠"} <= drawn
    terrain = {text.get_text() for text in _terrain(view).findobj(Text)}
    assert "堤防与防洪墙" not in terrain, "the ground was not worked out with them"
    (explorer,) = (block for block in c20_explorer.chapter(view).blocks if isinstance(block, Explorer))
    assert {work.table for work in (*DRAINS, *DEFENCES)} <= set(explorer.shapes)
    write_exports(view, tmp_path, lambda _: None)
    package = tmp_path / "gis" / "plan.gpkg"
    with closing(sqlite3.connect(package)) as base:
        told = dict(base.execute("SELECT column_name, title FROM gpkg_data_columns WHERE table_name = 'levees_as_is'"))
    assert told["levee_peak_cloudburst"] == "越堤最大流量 Greatest discharge over the levee [m³/s] cloudburst"
    assert told["crest_level"].endswith("[m]")
    levees = gpd.read_file(package, layer="levees_as_is").set_index("id")
    assert levees.loc["低洼段", "levee_volume_cloudburst"] == pytest.approx(value(ran, "levee_volume")["低洼段"])


def _terrain(view: View) -> Any:
    from citybraid.report.chapters import c30_place

    blocks = c30_place.chapter(view).blocks
    return next(b for b in blocks if isinstance(b, Figure) and b.name.startswith("terrain")).draw("zh")


@pytest.mark.parametrize(
    ("file", "column", "named"), [("泵站.gpkg", "排涝流量", "pump_capacity"), ("水闸.gpkg", "闸底高程", "gate_sill")]
)
def test_a_work_without_its_number_is_refused_not_left_out(tmp_path: Path, file: str, column: str, named: str) -> None:
    path = written(tmp_path / "a")
    frame = gpd.read_file(path.parent / file).drop(columns=column)
    (path.parent / file).unlink()
    frame.to_file(path.parent / file)
    with pytest.raises(PlanError) as caught:
        run_study(open_study(path), threads=1)
    assert caught.value.text == "flood.structure_value"
    assert named in caught.value.say("zh")


def test_away_the_drains_do_not_feel_the_canal(ran: Run, tmp_path: Path) -> None:
    text = STUDY.replace('drains = "coupled"', 'drains = "coupled"\noutfalls = "away"')
    away = run_study(open_study(written(tmp_path / "a", text=text)), threads=1)
    assert value(away, "drains_released") == 0.0
    net = value(ran, "drains_released") - value(ran, "node_taken")["O1"]
    assert value(away, "drains_discharged") > 1.2 * net > 0.0
