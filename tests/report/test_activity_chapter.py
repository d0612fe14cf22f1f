"""The tables of activity data in the low-carbon chapter: years, modelled beside stated, factors and sources."""

import pandas as pd
import pytest

from citybraid.report.carbon import activity as chapter
from citybraid.report.chapter import Table, in_words
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow
AREA = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a"},"geometry":{"type":"Polygon",'
    '"coordinates":[[[118.08,24.45],[118.085,24.45],[118.085,24.455],[118.08,24.455],[118.08,24.45]]]}}]}'
)
STUDY = """
[study]
name = "city"
title = { zh = "某市", en = "A city" }
crs = "EPSG:4549"
region = "CN-FJ"
year = 2023
resolution = 50

[files.parcels]
path = "area.geojson"

[files.energy]
path = "能源.csv"
role = "activity"
"""
ENERGY = """年份,部门,能源品种,消费量,单位
2022,公路,汽油,800,吨
2023,居民生活,电力,2000,万千瓦时
2023,居民生活,天然气,300,万立方米
2023,火力发电,原煤,10,万吨
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of a study that has nothing but an area and statistics."""
    folder = tmp_path_factory.mktemp("能源 统计")
    for name, text in (("area.geojson", AREA), ("能源.csv", ENERGY), ("study.toml", STUDY)):
        (folder / name).write_text(text, encoding="utf-8")
    return run_study(open_study(folder / "study.toml"), threads=1)


@pytest.fixture(scope="module")
def tables(ran: Run) -> dict[str, Table]:
    """Tables of the chapter by id."""
    return {block.name: block for block in chapter.activity(View(ran)) if isinstance(block, Table)}


def test_sectors_by_year_leave_empty_what_no_year_states(tables: dict[str, Table]) -> None:
    frame = tables["activity_years"].frame
    homes = frame[[in_words(each, "en") == "Residential buildings" for each in frame["sector"]]]
    power = homes[homes["scope"] == "2"]
    assert power["2023"].iloc[0] == pytest.approx(20e6 * 0.4211 / 1e3)
    assert pd.isna(power["2022"].iloc[0])


def test_every_line_has_factor_source_and_place(tables: dict[str, Table]) -> None:
    frame = tables["activity_sources"].frame
    assert len(frame) == 7
    assert frame["origin"].str.contains("fuel_|grid_").all()
    assert frame["data"].str.startswith("能源.csv").all()
    assert all(in_words(each, "zh") for each in frame["status"])
    weights = {in_words(gas, "en"): weight for gas, weight in zip(frame["gas"], frame["potential"], strict=True)}
    assert weights == pytest.approx({"CO₂": 1.0, "CH₄ (fossil)": 30.0, "N₂O": 265.0})


def test_the_total_of_the_run_is_that_of_the_file(ran: Run) -> None:
    view = View(ran)
    gas = 3e6 * 38.931e-6
    want = 20e6 * 0.4211 + gas * (55539 + 5 * 30 + 0.1 * 265)
    assert view.number(view.base, "activity_total") == pytest.approx(want, rel=1e-6)
    plants = 1e5 * 20.908e-3 * (26.37 * 0.94 * 44 / 12 * 1e3 + 30 + 1.5 * 265)
    assert view.number(view.base, "activity_generation") == pytest.approx(plants, rel=1e-6)


def test_modelled_and_stated_stand_side_by_side(ran: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    modelled = pd.DataFrame(
        {"sector": ["residential", "road"], "scope": ["2", "1"], "kind": "emission", "equivalent": [9000.0, 50.0]}
    )
    monkeypatch.setattr(chapter, "lines", lambda _view, _alternative: modelled)
    found = {block.name: block for block in chapter.activity(View(ran)) if isinstance(block, Table)}["activity_beside"]
    rows = {in_words(row["sector"], "en") + row["scope"]: row for row in found.frame.to_dict("records")}
    homes = rows["Residential buildings2"]
    assert homes["difference"] == pytest.approx(9000 - 8422)
    assert "differs" in in_words(homes["reason"], "en")
    assert "only in the activity data" in in_words(rows["Residential buildings1"]["reason"], "en")
    assert "仅模型有" in in_words(rows["Road transport1"]["reason"], "zh")
    assert found.note is not None
    for language, word in (("en", "Road transport"), ("zh", "道路交通")):
        assert word in in_words(found.note, language)
    assert "Energy industries1" not in rows
