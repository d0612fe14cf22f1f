"""Numbers read on the pages of a report, from the files and with a pencil.

| number on a page | by another route |
|---|---|
| parcels, buildings, planning units, plan area | lines of the drawing, rows of files, sides of the outline |
| residents of today | the sum that the sheet of communities gives itself |
| tree canopy | mean of the pixels of the canopy file |
| evacuation road per resident | lengths of main roads in the file of streets over that sum |
| net emissions, and per resident | energy and travel less uptake and exported solar power, over residents |
| the whole inventory | scopes one to three less uptake and what is avoided |
| carbon of flood debris | half a tonne a tonne |
| people without a second fire station | all: the file has one |
| mean miss of the targets on page one | each miss over the larger of its target and of what holds today |
| what a value must change by for an objective to turn | its target over it |
| benefit over cost, and cost over budget | the rows of the table of totals |
| share of flooded land | cells at 0.15 m and deeper that are no water, over all cells that are none |
"""

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
from ezdxf.filemanagement import readfile

from citybraid.report.annex.provenance import Codes
from citybraid.report.annex.write import annex_of
from citybraid.report.chapter import in_words
from citybraid.report.verdict.summary import verdict
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow
BUDGET = 120e6
PLAN = "with_measures"


@pytest.fixture(scope="module")
def codes(ran: Run) -> Codes:
    return Codes(View(ran))


@pytest.fixture(scope="module")
def files(town: Path) -> Path:
    return town.parent / "data"


def told(codes: Codes, name: str, alternative: str = "as_is") -> float:
    return codes.indicator(name, alternative).raw


def people(files: Path) -> int:
    """The sum at the foot of the sheet of communities."""
    sheet = pd.read_excel(files / "社区人口_合成.xlsx", engine="calamine", header=None)
    return int(sheet.loc[sheet[1] == "合计", 3].iloc[0])


def test_parcels_buildings_units_and_area_are_those_of_the_files(codes: Codes, files: Path) -> None:
    drawing = readfile(files / "用地规划图_合成.dxf").modelspace()
    drawn = [line for line in drawing.query("LWPOLYLINE") if line.dxf.layer.startswith("用地-")]
    assert codes.counts["parcels"].amount == len(drawn)
    shapes = gpd.read_file(files / "现状建筑_合成.shp", engine="pyogrio", encoding="gbk")
    assert codes.counts["buildings"].amount == len(shapes)
    assert codes.counts["units"].amount == len(gpd.read_file(files / "社区_合成.gpkg", engine="pyogrio"))
    left, bottom, right, top = gpd.read_file(files / "规划范围_合成.gpkg", engine="pyogrio").total_bounds
    assert codes.counts["plan_area"].amount == pytest.approx((right - left) * (top - bottom) / 1e4, rel=1e-6)


def test_residents_of_today_are_the_sum_of_the_sheet(codes: Codes, files: Path) -> None:
    assert codes.indicator("residents", "as_is").amount == people(files)


def test_tree_canopy_is_the_mean_of_the_pixels(codes: Codes, files: Path) -> None:
    with rasterio.open(files / "树冠覆盖_合成.tif") as source:
        mean = float(source.read(1, masked=True).mean())
    assert told(codes, "canopy_cover") == pytest.approx(100.0 * mean, rel=1e-3)


def test_a_resident_has_half_a_metre_of_main_road_to_leave_by(codes: Codes, files: Path) -> None:
    """5 435 m of arterials and 14 016 m of collector roads for 39 710 people: 0.4898 m each."""
    streets = gpd.read_file(files / "道路中心线_合成.gpkg", engine="pyogrio")
    length = float(streets[streets["道路等级"].isin(["主干路", "次干路"])].length.sum())
    assert told(codes, "evacuation_road_per_head") == pytest.approx(length / people(files), rel=1e-4)


@pytest.mark.parametrize("alternative", ["as_is", PLAN])
def test_net_emissions_are_the_sum_of_the_lines_above_them(codes: Codes, alternative: str) -> None:
    energy, travel, sink, exported = (
        told(codes, name, alternative)
        for name in ("building_emissions", "transport_emissions", "green_sink", "pv_avoided")
    )
    net = energy + travel - sink - exported
    assert told(codes, "net_emissions", alternative) == pytest.approx(net, rel=1e-9)
    each = net / told(codes, "residents", alternative)
    assert told(codes, "emissions_per_resident", alternative) == pytest.approx(each, rel=1e-9)


def test_the_three_scopes_make_the_inventory(codes: Codes) -> None:
    scopes = sum(told(codes, f"{scope}_emissions") for scope in ("direct", "energy_indirect", "other_indirect"))
    assert told(codes, "inventory_emissions") == pytest.approx(scopes - told(codes, "green_sink"), rel=1e-6)


def test_debris_costs_a_quarter_of_its_weight_in_carbon_where_it_is_burned(codes: Codes) -> None:
    """A fifth of it is carbon, 39 % of that fossil, 95 % of it burns: 0.27 kg CO2 a kg. Zhejiang landfills none."""
    burned = round(0.2 * 0.39 * 0.95 * 44.0 / 12.0, 2)
    assert told(codes, "debris_carbon", PLAN) == pytest.approx(burned * told(codes, "flood_debris", PLAN), rel=1e-9)


def test_one_fire_station_leaves_nobody_a_second(codes: Codes, files: Path) -> None:
    sites = gpd.read_file(files / "救援设施_合成.gpkg", engine="pyogrio")
    assert (sites["设施类型"] == "消防救援站").sum() == 1
    assert told(codes, "people_without_second_station") == pytest.approx(people(files), abs=0.5)


def test_flooded_land_is_counted_in_cells(ran: Run, codes: Codes) -> None:
    layers = ran.layers("as_is")
    depth = np.asarray(ran.value(layers["max_depth"]["p50"]))
    water = np.asarray(ran.value(layers["water_body"][""])) > 0.5
    inside = codes.view.inside
    wet = (np.nan_to_num(depth) >= 0.15) & ~water & inside
    assert told(codes, "flooded_share") == pytest.approx(100.0 * wet.sum() / (inside & ~water).sum(), rel=1e-6)


def test_the_verdict_misses_its_targets_by_the_mean_of_their_misses(ran: Run, codes: Codes) -> None:
    """Each as a share of the larger of its target and of what holds today; the reached objective counts as nothing."""
    score = ran.table("scorecard")
    assert score is not None
    today = score[score["alternative"] == "as_is"].set_index("objective")["value"]
    misses = [
        0.0 if row["state"] == "green"
        else abs(row["value"] - row["target"]) / max(abs(row["target"]), abs(today[row["objective"]]))
        for row in score[score["alternative"] == PLAN].to_dict("records")
    ]  # fmt: skip
    mean = 100.0 * sum(misses) / len(misses)
    texts = [in_words(getattr(block, "text", ""), "en") for block in verdict(codes.view)]
    (share,) = {each for text in texts for each in re.findall(r"lies (\d+)% from the targets on average", text)}
    assert int(share) == round(mean)


def test_a_decision_turns_where_the_value_reaches_the_target(codes: Codes) -> None:
    """2.23 t a person may rise by 34 % to 3; a canopy of 9.7 % must grow by 3 % of itself to 10."""
    ranked = annex_of(codes.view).ranked
    seen = 0
    for each in ranked:
        if each.value.known and each.value.raw:
            share = abs(each.target.raw - each.value.raw) / abs(each.value.raw)
            assert each.margin == pytest.approx(share, rel=1e-6)
            seen += 1
    assert seen > 10


def test_benefit_over_cost_and_cost_over_budget(ran: Run, codes: Codes) -> None:
    table: Any = ran.table("appraisal")
    totals = table.set_index("alternative")
    ratio = totals["annual_benefit"][PLAN] / totals["annual_cost"][PLAN]
    assert codes.total("ratio", PLAN).amount == pytest.approx(ratio, rel=1e-6)
    assert totals["present"][PLAN] <= BUDGET * (1 + 1e-6)
    texts = [in_words(getattr(block, "text", ""), "en") for block in verdict(codes.view)]
    found = {each for text in texts for each in re.findall(r"([\d.]+) times the budget", text)}
    assert found == {f"{totals['present']['scheme_b'] / BUDGET:.1f}"}
