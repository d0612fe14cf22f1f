"""The polder village by another route: its figures from its files and published factors, with a pocket calculator."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from citybraid.report.chapter import Table, in_words
from citybraid.study.run.run import Run
from tests.pilot_studies import answers_of, coarse_run

pytestmark = pytest.mark.slow

METHANE, NITROUS = 28.0, 265.0
"""Potentials of the fifth assessment report."""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("竹小汇") / "village"
    return coarse_run("jiaxing-zhuxiaohui", folder, cell=10, screening=40, without=("energy", "water_and_green"))


def value(run: Run, name: str, alternative: str = "as_is") -> Any:
    layers = run.layers(alternative)[name]
    return run.value(next(iter(layers.values())))


def file(run: Run, name: str) -> gpd.GeoDataFrame:
    return gpd.read_file(run.folder.parents[1] / "data" / f"{name}_合成.gpkg")


def balance(run: Run) -> pd.DataFrame:
    shown = answers_of(run)["carbon_balance"].shown
    assert isinstance(shown, Table)
    return shown.frame.assign(part=[in_words(part, "en") for part in shown.frame["part"]]).set_index("part")


def paddy(run: Run) -> float:
    """Hectares of rice, from the drawn plots."""
    plots = file(run, "村庄用地")
    return float(plots[plots["用地代码"] == "0101"].area.sum() / 1e4)


def test_fields_emit_215_kg_of_methane_and_6_kg_of_nitrous_oxide_a_hectare(ran: Run) -> None:
    """270 kg N a hectare lose 1.34 % as N2O-N (provincial guidelines, as the farming model's own test has it)."""
    by_hand = paddy(ran) * (215.5 * METHANE + 270 * 0.0134 * 44 / 28 * NITROUS) / 1e3
    assert balance(ran).loc["Agricultural inputs and soils", "as_is"] == pytest.approx(by_hand, rel=2e-3)
    assert 440 < by_hand < 490


def test_most_of_the_methane_of_manure_goes_with_digesters(ran: Run) -> None:
    """900 pigs: 1.0 kg enteric and 5.08 kg in store each; 80 % of the manure is digested, 5 % of its gas leaks."""
    before, after = (float(value(ran, "livestock_methane", name).sum()) for name in ("as_is", "zero_carbon"))
    poultry = 4000 * 0.02
    assert before == pytest.approx(900 * 6.08 + poultry)
    assert after == pytest.approx(900 * 1.0 + 180 * 5.08 + 0.05 * 720 * 110 * 0.29 * 0.67 + poultry)


def test_biogas_is_what_volatile_solids_give(ran: Run) -> None:
    assert value(ran, "biogas_made", "zero_carbon").sum() == pytest.approx(720 * 110 * 0.29 / 0.6)


def test_barges_and_trucks_carry_what_the_landing_lists(ran: Run) -> None:
    """8 t of rice a hectare, 45 km at 15 g; feed 650 t, 30 km at 78 g; daily goods 220 t, 20 km at 286 g."""
    rice = round(8 * paddy(ran))
    assert value(ran, "waterborne_freight_emissions").sum() == pytest.approx(rice * 45 * 0.015)
    road = value(ran, "freight_emissions").sum() + value(ran, "freight_outside_emissions").sum()
    assert road == pytest.approx(650 * 30 * 0.078 + 220 * 20 * 0.286)


def test_people_are_those_of_the_houses(ran: Run) -> None:
    """245 houses, nineteen of twenty lived in by 2.55 people."""
    houses = file(ran, "现状建筑")
    people = float(houses["居住人口"].sum())
    assert value(ran, "residents").sum() == pytest.approx(people)
    assert people == pytest.approx(245 * 0.95 * 2.55, rel=0.05)


def test_roofs_give_what_their_modules_make(ran: Run) -> None:
    """Modules of 1 kW stand on about 5 m2 and make 800 to 1200 kWh a year near Shanghai."""
    roofs = file(ran, "现状建筑")
    capacity = float(sum(value(ran, "pv_roof", "zero_carbon") * roofs.area.to_numpy())) * 0.2
    made = float(value(ran, "pv_generation", "zero_carbon").sum())
    assert 800 < made / capacity < 1250


def test_a_household_uses_as_much_electricity_as_homes_of_the_region_do(ran: Run) -> None:
    """Homes of Zhejiang: 1000 to 2500 kWh a person and year in all uses of a house that is kept warm and cool."""
    homes = value(ran, "building_use") == "residential"
    used = float(value(ran, "electricity")[homes].sum())
    assert 700 < used / float(value(ran, "residents").sum()) < 4000


def test_wastewater_is_170_litres_a_person_and_day(ran: Run) -> None:
    people = float(value(ran, "residents").sum())
    assert value(ran, "wastewater_flow").sum() == pytest.approx(people * 0.17 * 365)


def test_the_rain_falls_on_the_whole_square_and_the_pump_lifts_no_more_than_it_can(ran: Run) -> None:
    """Suzhou's 20-year rain of two hours: 17.969 (1 + 1.24 lg 20) / (120 + 18.415)^0.785 mm a minute."""
    depth = 120 * 17.969 * (1 + 1.24 * np.log10(20)) / (120 + 18.415) ** 0.785
    assert value(ran, "rain_volume") == pytest.approx(depth / 1e3 * 1e6, rel=0.01)
    assert 0 < value(ran, "pump_volume").sum() <= 1.2 * 6 * 3600 * (1 + 1e-9)
    assert value(ran, "levee_volume").sum() == 0.0, "the river stays below the wall"


def test_the_flap_keeps_the_river_out(ran: Run) -> None:
    """The river stands above the fields: no wave of it can pass the flap, and no house is flooded."""
    assert value(ran, "gate_volume").sum() < 2000
    assert (value(ran, "building_depth") < 0.15).all()


def test_page_one_says_how_far_the_village_is_from_zero(ran: Run) -> None:
    frame, sums = balance(ran), {}
    for name in ("as_is", "zero_carbon"):
        rows = frame[name].drop("Net")
        sums[name] = float(rows.sum())
        assert frame.loc["Net", name] == pytest.approx(sums[name], abs=2.0)
    said = in_words(answers_of(ran)["carbon_balance"].sentences[0], "en")
    assert f"{100 * (1 - sums['zero_carbon'] / sums['as_is']):.0f}%" in said
    assert sums["zero_carbon"] < 0.5 * sums["as_is"]


def test_the_scheme_joins_habitats(ran: Run) -> None:
    assert value(ran, "connected_area", "zero_carbon") > value(ran, "connected_area")


def test_every_answer_is_said_in_both_languages(ran: Run) -> None:
    for told in answers_of(ran).values():
        for sentence in told.sentences:
            assert in_words(sentence, "zh") != in_words(sentence, "en")
            assert "{" not in in_words(sentence, "zh") + in_words(sentence, "en")


def test_a_person_has_the_floor_of_rural_zhejiang(ran: Run) -> None:
    """60.48 m2 in 2008, 44.05 in Jiangsu and 62.30 around Shanghai (China Statistical Yearbook 2009, table 9-37).

    Houses of 11 by 9.5 m gave everyone 115 m2.
    """
    houses = file(ran, "现状建筑")
    homes = houses[houses["用途"] == "民居"]
    floor = float((homes.area * homes["层数"]).sum()) / float(houses["居住人口"].sum())
    assert floor == pytest.approx(60.48, rel=0.05)
    compared = ran.table("plausibility")
    assert compared is not None
    row = compared[(compared["quantity"] == "floor_area_per_person") & (compared["alternative"] == "as_is")].iloc[0]
    assert row["value"] == pytest.approx(floor)
    assert not row["outside"]


def test_a_person_burns_the_gas_of_a_household_over_its_people(ran: Run) -> None:
    """1861 kWh of hot water and 722 of cooking in a household of 2.55: little a square metre, the usual a person."""
    homes = value(ran, "building_use") == "residential"
    burnt = float(value(ran, "gas")[homes].sum())
    assert burnt / float(value(ran, "residents").sum()) == pytest.approx((1861 + 722) / 2.55, rel=1e-3)
    assert burnt / float(value(ran, "floor_area")[homes].sum()) < 24.4, "below the range of flats, and told so"


def test_electric_pots_need_half_the_energy_and_emit_more(ran: Run) -> None:
    """40 % of the gas heats the pot, 84 % of the power: 0.50 kg a kWh in the pot over gas, 0.59 by the grid of 2023."""
    before, after = (
        float(value(ran, "cooking_gas").sum()),
        float(value(ran, "cooking_electricity", "zero_carbon").sum()),
    )
    assert after == pytest.approx(before * 0.40 / 0.84, rel=1e-3)
    assert after * 0.4974 > before * 55.54 * 3.6e-3


def test_hot_water_by_heat_pumps_needs_a_quarter(ran: Run) -> None:
    before, after = (
        float(value(ran, "hot_water_gas").sum()), float(value(ran, "hot_water_electricity", "zero_carbon").sum())
    )  # fmt: skip
    assert after == pytest.approx(before * 0.86 / 3.4, rel=1e-3)


def test_emissions_of_buildings_are_energy_times_published_factors(ran: Run) -> None:
    """Zhejiang's grid of 2023, 0.4974 kg a kWh; gas of 55.54 kg/GJ with 5 g of methane and 0.1 g of nitrous oxide."""
    burning = 55.54 * 3.6e-3 + 3.6e-6 * (5 * 28 + 0.1 * 265)
    by_hand = float(value(ran, "electricity").sum()) * 0.4974 + float(value(ran, "gas").sum()) * burning
    rows = ("Residential buildings", "Commercial and public buildings", "Industrial energy")
    told = float(balance(ran)["as_is"][list(rows)].sum())
    stoves = float(value(ran, "stove_methane").sum()) * METHANE / 1e3
    assert told - stoves == pytest.approx(by_hand / 1e3, rel=5e-3)


def test_power_that_leaves_the_roofs_avoids_what_the_grid_would_emit(ran: Run) -> None:
    """A quarter of it is used under the roofs: that lowers what is bought and is not counted again."""
    made, avoided = (float(value(ran, name, "zero_carbon").sum()) for name in ("pv_generation", "pv_avoided"))
    assert 0.5 < avoided / 0.4974 / made < 0.95


def test_page_one_tells_the_balance_without_what_is_avoided_elsewhere(ran: Run) -> None:
    """Power that leaves the village and biogas avoid elsewhere; what houses send to neighbours is bought no more."""
    rows = balance(ran)["zero_carbon"].drop(["Net"])
    sent, avoided, away, lost, kept = (
        float(np.sum(value(ran, name, "zero_carbon")))
        for name in ("grid_export", "pv_avoided", "park_export", "park_storage_loss", "storage_loss")
    )
    assert 0.0 < away < sent
    assert avoided == pytest.approx(0.4974 * sent, rel=1e-3)
    neighbours = 0.4974 * (sent - away - (lost - kept)) / 1e3
    left = float(rows.sum() - rows["Avoided"]) - neighbours
    said = in_words(answers_of(ran)["carbon_balance"].sentences[0], "en")
    assert f"{left:,.0f} t CO₂e/a remain" in said


def test_wooded_banks_shade_two_thirds_of_their_ground(ran: Run) -> None:
    """9 ha of banks under young crowns: the canopy grows from 1.4 to 7 % of the square kilometre."""
    before, after = (float(np.nanmean(value(ran, "canopy_cover", name))) for name in ("as_is", "zero_carbon"))
    banks = ran.table("costs")
    assert banks is not None
    row = banks[(banks["measure"] == "riparian_buffer") & (banks["alternative"] == "zero_carbon")].iloc[0]
    assert 0.4 < (after - before) * 1e6 / row["quantity"] < 0.9
