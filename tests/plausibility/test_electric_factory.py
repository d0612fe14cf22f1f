"""The estate renewed by another route: people, rain, money and years from its files, with a pocket calculator."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import rasterio

from citybraid.report.chapter import Table, in_words
from citybraid.study.run.run import Run
from tests.pilot_studies import answers_of, coarse_run

pytestmark = pytest.mark.slow

HOUSEHOLD_COST = 240e9 / 8.97e6
"""Money for old communities over households renewed, China 2023 [CNY]."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("电控厂") / "estate"
    return coarse_run("jiaxing-ecf", folder, cell=5, screening=10, without=("all_measures",))


def value(run: Run, name: str, alternative: str = "as_is", event: str = "") -> Any:
    layers = run.layers(alternative)[name]
    return run.value(layers[event] if event else next(iter(layers.values())))


def houses(run: Run) -> gpd.GeoDataFrame:
    return gpd.read_file(run.folder.parents[1] / "data" / "现状建筑_合成.gpkg")


def test_people_fill_the_flats(ran: Run) -> None:
    """48 slabs of 399 m2 in five or six storeys, less three that serve: 46 m2 a flat, 2.2 people in nine of ten."""
    table = houses(ran)
    floors = float((table.area * table["层数"])[table["用途"] == "住宅"].sum())
    assert value(ran, "residents").sum() == pytest.approx(floors / 46 * 2.2 * 0.9, rel=0.01)
    assert (value(ran, "building_use") == "residential").sum() == (table["用途"] == "住宅").sum(), "a canteen is no home"
    assert 0.25 < table["老年人口"].sum() / table["居住人口"].sum() < 0.37


def test_the_budget_is_the_nations_mean_for_as_many_households(ran: Run) -> None:
    choice = ran.choice
    assert choice is not None
    households = float(value(ran, "residents").sum()) / 2.2
    assert choice.budget.total == pytest.approx(HOUSEHOLD_COST * households, rel=0.02)
    assert choice.cost <= choice.budget.total * 1.001


def test_rain_of_fifty_years_falls_on_ten_hectares(ran: Run) -> None:
    depth = 120 * 17.969 * (1 + 1.24 * np.log10(50)) / (120 + 18.415) ** 0.785
    assert value(ran, "rain_volume", event="p50") == pytest.approx(depth / 1e3 * 320**2, rel=0.01)


def test_drains_take_no_more_than_20_mm_an_hour(ran: Run) -> None:
    assert 0 < value(ran, "drained_volume", event="p50") <= 0.020 * 320**2 * 6


def test_more_water_stands_in_the_rarer_storm(ran: Run) -> None:
    common, rare = (float(np.nansum(np.asarray(value(ran, "max_depth", event=event)))) for event in ("p5", "p50"))
    assert rare > common > 0


def test_trees_shade_what_the_raster_says(ran: Run) -> None:
    path = ran.folder.parents[1] / "data" / "树冠覆盖_合成.tif"
    with rasterio.open(path) as raster:
        share = 100 * float(raster.read(1).mean())
    table = ran.table("units/as_is")
    assert table is not None
    assert table["canopy_cover"].iloc[-1] == pytest.approx(share, rel=0.02)
    assert share < 4, "few trees between the slabs"


def test_listed_halls_stay_as_they_are(ran: Run) -> None:
    listed = houses(ran)["保护建筑"].astype(int) == 1
    assert listed.any()
    before, after = (value(ran, "envelope_standard", name).to_numpy() for name in ("as_is", "within_budget"))
    assert (before[listed.to_numpy()] == after[listed.to_numpy()]).all()


def test_homes_of_the_eighties_use_what_such_homes_do(ran: Run) -> None:
    """20 to 90 kWh a square metre and year with all uses, heated and cooled as in the hot-summer cold-winter zone."""
    homes = value(ran, "building_use") == "residential"
    used = sum(float(value(ran, name)[homes].sum()) for name in ("electricity", "gas"))
    assert 20 < used / float(value(ran, "floor_area")[homes].sum()) < 120


def test_works_fit_the_money_of_their_years(ran: Run) -> None:
    years, works = ran.table("phase_years"), ran.table("phases")
    assert years is not None
    assert works is not None
    assert (years["spent"].cumsum() <= years["budget"].cumsum() * 1.001).all()
    assert works["cost"][works["start"].notna()].sum() == pytest.approx(years["spent"].sum(), rel=1e-6)


def test_page_one_tells_years_and_who_lives_there(ran: Run) -> None:
    told = answers_of(ran)["phased_renewal"]
    assert isinstance(told.shown, Table)
    frame = told.shown.frame
    assert (frame["living"] <= value(ran, "residents").sum() + 1e-6).all()
    said, first = in_words(told.sentences[0], "en"), in_words(frame["year"].iloc[0], "en")
    assert 2026 <= int(first) <= 2030
    assert first in said
    assert "Nobody moves out" in said


def test_the_renewal_does_not_flood_more_and_shades_more(ran: Run) -> None:
    before, after = (ran.table(f"units/{name}") for name in ("as_is", "within_budget"))
    assert before is not None
    assert after is not None
    assert after["flooded_buildings"].iloc[-1] <= before["flooded_buildings"].iloc[-1]
    assert after["canopy_cover"].iloc[-1] >= before["canopy_cover"].iloc[-1]
