"""Levels of a plan from files to report: profiles, targets, control zones, the planning database, refusals."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import box

from citybraid.core.errors import InputErrors
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.text import LANGUAGES
from citybraid.planning.cascade import REST
from citybraid.planning.profiles import totals
from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.exports.geopackage import write_geopackage
from citybraid.report.exports.planning_database import database_fields, database_layers, listed_layers, styled
from citybraid.report.levels.blocks import level_blocks
from citybraid.report.levels.database import database_blocks
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.study.made_study import CRS, SOUTH, WEST, Made

ROLES = ("parcels", "buildings", "terrain", "streets", "facilities")
SETTINGS = """
[files.units]
path = "units.gpkg"
[files.control_zones]
path = "zones.gpkg"
[files.jurisdictions]
path = "counties.gpkg"
[profiles.residential]
weights = { pervious_share = 2 }
[profiles.residential.thresholds]
pervious_share = 50
[[objectives]]
id = "pervious"
title = { zh = "透水", en = "Pervious ground" }
strategy = { zh = "透水铺装", en = "Paving" }
indicator = "pervious_share"
target = 40
cascade = "capacity"
measures = ["permeable_paving"]
[[objectives]]
id = "sink"
title = { zh = "碳汇", en = "Sink" }
strategy = { zh = "绿化", en = "Planting" }
indicator = "green_sink"
target = 0.3
measures = ["permeable_paving"]
"""

OBJECTIVE = (
    '[[objectives]]\nid = "o"\ntitle = { zh = "o", en = "o" }\nstrategy = { zh = "o", en = "o" }\n'
    'indicator = "canopy_cover"\ntarget = 1\n'
)


def written(folder: Path, kinds: tuple[str, str] = ("居住单元", "生态")) -> Path:
    """Write the small study with two units of stated profiles, three control zones and two counties."""
    path = Made(folder, ROLES, alternatives=("as_is", "paved"), measures=("permeable_paving",)).written()
    shapes = [box(WEST - 10, SOUTH - 10, WEST + 100, SOUTH + 310), box(WEST + 100, SOUTH - 10, WEST + 310, SOUTH + 310)]
    units = {"unit_name": ["西片", "东片"], "population": [120.0, 300.0], "单元类型": list(kinds)}
    gpd.GeoDataFrame(units, geometry=shapes, crs=CRS).to_file(folder / "units.gpkg")
    gpd.GeoDataFrame({"区县名称": ["甲县", "乙县"]}, geometry=shapes, crs=CRS).to_file(folder / "counties.gpkg")
    zones = [
        box(WEST, SOUTH, WEST + 220, SOUTH + 300), box(WEST + 200, SOUTH, WEST + 300, SOUTH + 150),
        box(WEST + 200, SOUTH + 150, WEST + 300, SOUTH + 300),
    ]  # fmt: skip
    lines = {"管控类型": ["城镇开发边界", "0102", "永久基本农田"]}
    gpd.GeoDataFrame(lines, geometry=zones, crs=CRS).to_file(folder / "zones.gpkg")
    path.write_text(path.read_text(encoding="utf-8") + SETTINGS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_study(open_study(written(tmp_path_factory.mktemp("levels"))))


def table(run: Run, name: str) -> pd.DataFrame:
    found = run.table(name)
    assert found is not None
    return found


def test_a_units_word_becomes_its_profile_and_its_thresholds_judge_it(run: Run) -> None:
    scores = table(run, "scores/as_is")
    assert scores.groupby("unit")["profile"].first().to_dict() == {"西片": "residential",
                                                                   "东片": "ecological"}  # fmt: skip
    row = scores[(scores["unit"] == "西片") & (scores["indicator"] == "pervious_share")].iloc[0]
    assert (row["threshold"], row["basis"], row["weight"]) == (50.0, "profile", 2.0)
    share = float(table(run, "units/as_is")["pervious_share"]["西片"])
    assert row["mark"] == pytest.approx(min(share / 50.0, 1.0))
    assert row["state"] == ("green" if share >= 50.0 else "red")
    own = scores[scores["unit"] == "西片"].dropna(subset="mark")
    told = totals(scores, ["西片"]).iloc[0]
    assert told["score"] == pytest.approx((own["mark"] * own["weight"]).sum() / own["weight"].sum())


def test_targets_of_units_and_parcels_add_up_to_the_citys(run: Run) -> None:
    targets = table(run, "targets")
    for objective, target in (("pervious", 40.0), ("sink", 0.3)):
        own = targets[targets["objective"] == objective]
        units = own[own["level"] == "unit"]
        mean = objective == "pervious"
        total = np.average(units["target"], weights=units["weight"]) if mean else units["target"].sum()
        assert total == pytest.approx(target, rel=1e-9)
        for unit, parts in own[own["level"] == "parcel"].groupby("parent"):
            wanted = float(units.set_index("zone")["target"][unit])
            made = np.average(parts["target"], weights=parts["weight"]) if mean else parts["target"].sum()
            assert made == pytest.approx(wanted, rel=1e-9)


def test_capacity_is_what_paving_changes_in_each_unit(run: Run) -> None:
    before, after = (table(run, f"units/{name}")["pervious_share"].drop(WHOLE_AREA) for name in ("as_is", "paved"))
    rows = table(run, "targets").query("objective == 'pervious' and level == 'unit'").set_index("zone")
    rows = rows.drop(index=REST, errors="ignore")
    asked = (rows["target"] - rows["present"]) / (after - before)
    assert asked.to_numpy() == pytest.approx(np.full(2, asked.iloc[0]))


def test_sums_of_levels_close_with_what_lies_outside(run: Run) -> None:
    sums = table(run, "level_sums/as_is")
    rows = sums[sums["rule"] == "sum"].dropna(subset="zones")
    assert (rows["zones"] + rows["outside"]).to_numpy() == pytest.approx(rows["whole"].to_numpy())
    # By another route: the residents of buildings whose middle lies on no parcel.
    buildings = run.value(run.layers("as_is")["buildings"][""])
    people = run.value(run.layers("as_is")["residents"][""])
    parcels = run.value(run.layers("as_is")["parcels"][""])
    inside = buildings.representative_point().within(parcels.union_all())
    outside = rows[(rows["indicator"] == "residents") & (rows["level"] == "parcel")]["outside"].iloc[0]
    assert outside == pytest.approx(float(people[~inside].sum()), abs=1e-9)
    assert set(table(run, "levels/as_is")["level"]) == {"jurisdiction", "unit", "parcel"}


def test_conflicts_of_zones_are_measured(run: Run) -> None:
    areas = table(run, "conflicts/as_is").groupby("conflict")["area"].sum()
    # 20 m of urban space reach into the redline and the farmland of 150 m each.
    assert areas["redline_urban"] == pytest.approx(20.0 * 150.0)
    assert areas["farmland_urban"] == pytest.approx(20.0 * 150.0)


def test_the_database_has_its_fields_and_names_the_missing_ones(run: Run, tmp_path: Path) -> None:
    layers = database_layers(View(run), "as_is")
    path = write_geopackage(tmp_path / "planning_database.gpkg", styled(layers))
    names = {name for name, _ in pyogrio.list_layers(path)}
    assert {"规划用地", "STBHHX", "YJJBNT", "CZKFBJ"} <= names
    plots = gpd.read_file(path, layer="规划用地").set_index("id")
    parcels = View(run).frame("as_is", "parcels")
    assert parcels is not None
    assert plots["YDYHDM"].to_dict() == parcels["land_use"].to_dict()
    assert plots["MJ"].to_numpy() == pytest.approx(parcels.area.round(2).to_numpy())
    assert plots["YDYHMC"]["P02"] == "公园绿地"
    assert plots["XZQMC"]["P00"] == "甲县"
    assert plots.geometry.area.sum() == pytest.approx(parcels.area.sum())
    redline = gpd.read_file(path, layer="STBHHX")
    assert (redline["MJ"].tolist(), redline["MC"].tolist()) == ([15000.0], ["生态保护红线"])
    missing = {each.name: each.missing for each in layers}
    assert missing["规划用地"] == ("YSDM", "XZQDM")


def test_counties_existing_land_and_ecosystems_are_layers_too(run: Run) -> None:
    layers = {each.name: each for each in database_layers(View(run), "paved")}
    counties = layers["县级行政区"].frame
    assert counties["XZQMC"].tolist() == ["甲县", "乙县"]
    assert counties["MJ"].tolist() == pytest.approx([110.0 * 320.0, 210.0 * 320.0])
    parcels = View(run).frame("as_is", "parcels")
    assert parcels is not None
    built = parcels[parcels["parcel_status"] == "built"] if "parcel_status" in parcels else parcels[:0]
    assert len(layers["现状用地用海"].frame if "现状用地用海" in layers else ()) == len(built)
    green = parcels["land_use"].astype(str).str[:2].isin(["03", "04", "05", "17"])
    assert len(layers["生态系统面"].frame if "生态系统面" in layers else ()) == int(green.sum())


def test_every_layer_of_the_standard_is_written_or_says_what_it_needs(run: Run) -> None:
    told = next(
        each for each in level_blocks(View(run)) if isinstance(each, Table) and each.name == "planning_database"
    )
    assert told.frame["no"].tolist() == [str(number) for number in range(1, 29)]
    known = set(database_fields())
    assert {name for row in listed_layers() for name in row.layers.split()} == known
    states = dict(zip(told.frame["no"], told.frame["state"], strict=True))
    assert in_words(states["1"], "en") == "2 features"
    assert in_words(states["13"], "zh") == "1 个图形"
    assert in_words(states["17"], "en") == "none here; needs parcels of land use 05"
    assert in_words(states["20"], "en") == "not written; needs the coastline by kind"


def test_the_report_tells_it_in_both_languages(run: Run) -> None:
    blocks = list(level_blocks(View(run)))
    tables = {each.name: each for each in blocks if isinstance(each, Table)}
    assert {"unit_scores", "targets_by_unit", "conflicts", "national_indicators", "capacity"} <= set(tables)
    assert not tables["unit_scores"].appendix
    assert tables["national_indicators"].appendix
    assert len(tables["national_indicators"].frame) == 35
    for language in LANGUAGES:
        for each in blocks:
            if isinstance(each, Paragraph):
                assert in_words(each.text, language)
            if isinstance(each, Figure):
                each.draw(language)
    warned = [in_words(each.text, "en") for each in blocks if isinstance(each, Paragraph) and each.kind == "warning"]
    assert any("Sink: all alternatives together change 0" in text for text in warned), warned


def test_an_unknown_word_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    path = written(tmp_path, ("居住单元", "Wohnen"))
    done = citybraid("run", str(path), "--no-report", "--quiet")
    assert done.returncode == 2
    assert "Wohnen" in done.stderr
    assert "ecological" in done.stderr
    assert "未知的单元类型" in done.stderr
    checked = citybraid("check", str(path), "--no-report", "--quiet")
    assert checked.returncode == 2
    assert "Wohnen" in checked.stdout + checked.stderr


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ('[profiles.industrial]\nindicators = ["nothing"]', "profile.indicator"),
        ("[profiles.industrial]\nthresholds = { residents = 5 }", "profile.direction"),
        ("[profiles.industrial]\nweights = { canopy_cover = 5 }", "profile.weight"),
        ('[profiles.campus]\nindicators = ["canopy_cover"]', "profile.own"),
        ('[profiles.renewal]\nwords = ["旧"]\n[profiles.industrial]\nwords = ["旧"]', "profile.word_twice"),
        (f'{OBJECTIVE}cascade = "wishes"', "cascade.rule"),
        (f'{OBJECTIVE}cascade = "portfolio"', "cascade.no_portfolio"),
    ],
)  # fmt: skip
def test_wrong_profiles_and_rules_are_told_before_anything_runs(tmp_path: Path, more: str, text: str) -> None:
    path = Made(tmp_path, ("parcels",)).written()
    path.write_text(path.read_text(encoding="utf-8") + more + "\n", encoding="utf-8")
    with pytest.raises(InputErrors) as fault:
        open_study(path)
    assert [each.text for each in fault.value.problems] == [text]
    assert fault.value.exit_code == 2


def test_a_study_abroad_writes_no_planning_database_of_china(run: Run) -> None:
    """Gothenburg's English report listed 28 layers of China's standard, with Chinese names of fields."""

    class Abroad:
        about = run.about.model_copy(update={"region": "SE"})

        def __getattr__(self, name: str) -> Any:
            return getattr(run, name)

    view = View(Abroad())  # type: ignore[arg-type]  # stands in for a run
    assert database_layers(view, "as_is") == []
    assert not list(database_blocks(view))
    assert list(database_blocks(View(run)))
