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
    """Nine of twenty houses more or less: 245 of them, 85 % lived in by 2.55 people."""
    houses = file(ran, "现状建筑")
    people = float(houses["居住人口"].sum())
    assert value(ran, "residents").sum() == pytest.approx(people)
    assert people == pytest.approx(245 * 0.85 * 2.55, rel=0.05)


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
