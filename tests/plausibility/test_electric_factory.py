"""The estate renewed by another route: people, rain, money and years from its files, with a pocket calculator."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio

from citybraid.report.chapter import Table, in_words
from citybraid.report.drawing.cartography import MapFigure
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
    assert (value(ran, "building_use") == "residential").sum() == (table["用途"] == "住宅").sum(), (
        "a canteen is no home"
    )
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


def test_page_one_shows_what_begins_where_year_by_year(ran: Run) -> None:
    """One colour told nothing: all units began in 2026."""
    picture, works = answers_of(ran)["phased_renewal"].picture, ran.table("phases")
    assert picture is not None
    assert works is not None
    drawn = picture.draw("en")
    assert isinstance(drawn, MapFigure)
    assert [panel.name[:4] for panel in drawn.panels] == [
        str(year) for year in sorted(works["start"].astype(int).unique())
    ]
    assert len(drawn.sheet.legend) > 1


def test_the_renewal_does_not_flood_more_and_shades_more(ran: Run) -> None:
    before, after = (ran.table(f"units/{name}") for name in ("as_is", "within_budget"))
    assert before is not None
    assert after is not None
    assert after["flooded_buildings"].iloc[-1] <= before["flooded_buildings"].iloc[-1]
    assert after["canopy_cover"].iloc[-1] >= before["canopy_cover"].iloc[-1]


def cost(run: Run, measure: str) -> pd.Series:
    table = run.table("costs")
    assert table is not None
    row = table[(table["alternative"] == "within_budget") & (table["measure"] == measure)]
    assert len(row) == 1
    return row.iloc[0]


PRICES = (  # CNY per unit built and per unit and year, years: as published, brought to 2024 by consumer prices
    ("envelope_retrofit", 262.0, 0.0, 25.0), ("street_trees", 1500.0, 175.0, 23.5),
    ("rain_garden", 475.0 * 1.3245 / 1.1327, 28.0 * 1.3245 / 1.1327, 20.0),
    ("permeable_paving", 430.7 * 1.3245 / 1.3193, None, 19.0), ("cool_roof", 22.2 * 1.3245 / 1.3219, 0.0, 4.7),
)  # fmt: skip


@pytest.mark.parametrize(("measure", "price", "upkeep", "years"), PRICES)
def test_money_is_amount_times_price_and_upkeep_of_the_life(
    ran: Run, measure: str, price: float, upkeep: float | None, years: float
) -> None:
    """Upkeep of a measure's life is brought to today at 8 %: for 23.5 years, 10.45 times a year's."""
    row = cost(ran, measure)
    assert row["build"] == pytest.approx(row["quantity"] * price, rel=1e-3)
    yearly = row["upkeep"] if upkeep is None else row["quantity"] * upkeep
    assert row["present"] == pytest.approx(row["build"] + yearly * (1 - 1.08**-years) / 0.08, rel=1e-6)


def test_every_work_has_a_year_and_the_years_hold_all_the_money(ran: Run) -> None:
    """Half of the money had no year: envelopes, roofs and trees gain nothing for the objective of the phases."""
    works, choice = ran.table("phases"), ran.choice
    assert works is not None
    assert choice is not None
    assert works["start"].notna().all()
    assert works["cost"].sum() == pytest.approx(choice.cost, rel=1e-3)
    assert works.loc[works["later"].astype(bool), "gain"].max() <= 1e-9


def test_a_person_burns_the_gas_of_a_household_over_its_people(ran: Run) -> None:
    """1861 kWh of hot water and 722 of cooking (GB/T 51161-2016: 240 m3) in a household of 2.55."""
    homes = value(ran, "building_use") == "residential"
    burnt = float(value(ran, "gas")[homes].sum())
    assert burnt / float(value(ran, "residents").sum()) == pytest.approx((1861 + 722) / 2.55, rel=1e-3)
    assert 891 < burnt / float(value(ran, "residents").sum()) < 1279


def test_emissions_of_buildings_are_energy_times_published_factors(ran: Run) -> None:
    """Zhejiang's grid of 2023, 0.4974 kg a kWh; gas of 55.54 kg/GJ with 5 g of methane and 0.1 g of nitrous oxide."""
    burning = 55.54 * 3.6e-3 + 3.6e-6 * (5 * 28 + 0.1 * 265)
    by_hand = float(value(ran, "electricity").sum()) * 0.4974 + float(value(ran, "gas").sum()) * burning
    table = ran.table("units/as_is")
    assert table is not None
    assert table["building_emissions"].iloc[-1] == pytest.approx(by_hand / 1e3, rel=1e-3)


def test_an_envelope_saves_a_third_of_the_heating_and_little_of_the_bill(ran: Run) -> None:
    """Homes that heat two rooms for part of the day use 2 to 6 kWh a square metre: what a wall can save is less."""
    use = value(ran, "building_use") == "residential"
    floor = float(value(ran, "floor_area")[use].sum())
    before, after = (
        float(value(ran, "heating_electricity", name)[use].sum()) / floor for name in ("as_is", "within_budget")
    )
    assert 1.5 < before < 6.0
    assert 0.25 < 1 - after / before < 0.6
    saved = sum(
        float((value(ran, name) - value(ran, name, "within_budget"))[use].sum())
        for name in ("heating_electricity", "cooling_electricity")
    )
    assert saved * 0.538 < 0.01 * cost(ran, "envelope_retrofit")["build"], "a bill that never pays the wall"


def test_a_tree_shades_twenty_square_metres(ran: Run) -> None:
    """Crowns of 5 m: what planting adds to the canopy over its trees."""
    before, after = (ran.table(f"units/{name}") for name in ("as_is", "within_budget"))
    assert before is not None
    assert after is not None
    more = (after["canopy_cover"].iloc[-1] - before["canopy_cover"].iloc[-1]) / 100 * 320**2
    assert more / cost(ran, "street_trees")["quantity"] == pytest.approx(np.pi * 2.5**2, rel=0.05)


def test_waste_and_wastewater_follow_the_people(ran: Run) -> None:
    people = float(value(ran, "residents").sum())
    assert value(ran, "wastewater_flow").sum() == pytest.approx(people * 0.17 * 365)
    assert value(ran, "household_waste").sum() == pytest.approx(people * 0.98 * 365, rel=1e-3)


def test_everyone_can_cycle_to_the_kindergarten_and_the_canteen(ran: Run) -> None:
    """Corners of the block are 450 m apart: 15 minutes by cycle reach all, once its lanes meet its streets."""
    assert value(ran, "cycle_access_share") == pytest.approx(1.0)
    assert value(ran, "walk_access_share") == pytest.approx(1.0)


def test_damage_of_a_year_is_the_area_under_three_storms(ran: Run) -> None:
    """Nothing at one year; trapezoids to the storms of 2, 5 and 50 years; the last as far as rarer ones go."""
    yearly, common, rare = (float(value(ran, "building_damage", event=event).sum()) for event in ("p2", "p5", "p50"))
    by_hand = (1 - 1 / 2) * yearly / 2 + (1 / 2 - 1 / 5) * (yearly + common) / 2
    by_hand += (1 / 5 - 1 / 50) * (common + rare) / 2 + rare / 50
    assert float(value(ran, "expected_annual_damage").sum()) == pytest.approx(by_hand, rel=1e-6)


def test_a_wall_costs_its_annuity_a_year(ran: Run) -> None:
    """262 CNY/m2 over 25 years at 8 %: 24.5 CNY a year and square metre of floor, no upkeep."""
    parties = ran.table("parties")
    assert parties is not None
    joint = parties[(parties["alternative"] == "within_budget") & (parties["party"] == "joint")]["annual_cost"]
    floor = cost(ran, "envelope_retrofit")["quantity"]
    assert float(joint.iloc[0]) == pytest.approx(floor * 262.0 * 0.08 / (1 - 1.08**-25), rel=1e-3)


def test_carbon_of_the_works_is_a_hundred_times_what_they_save_a_year(ran: Run) -> None:
    """70 kg a square metre of renewed floor, 110 of paving, 205 of rain garden; 4 of roof, 1.1 of drains."""
    carbon = {"envelope_retrofit": 70.0, "permeable_paving": 110.3, "rain_garden": 204.8, "cool_roof": 4.0,
              "pipe_upgrade": 1.1, "street_trees": 4.6}  # fmt: skip
    choice, tables = ran.choice, [ran.table(f"units/{name}") for name in ("as_is", "within_budget")]
    assert choice is not None
    assert choice.carbon == pytest.approx(
        sum(cost(ran, name)["quantity"] * each for name, each in carbon.items()), rel=0.01
    )
    before, after = (float(table["net_emissions"].iloc[-1]) for table in tables if table is not None)
    assert choice.carbon is not None
    assert choice.carbon / 1e3 > 80 * (before - after) > 0
