"""Low carbon of Xinhua Road and Yangpu Binjiang, from their lists of buildings and printed factors with a pencil.

Both pilots run on every so many buildings of their lists and on coarse cells. The whole lists give, as it is:

| number | Xinhua Road | another route |
|---|---|---|
| floor area | 3.33 million m2 | footprint times storeys of the rows |
| electricity | 184.3 GWh | its end uses; quotas by use in factors/plausible_range.csv |
| emissions of electricity | 105.7 kt | 0.5737 kg kWh-1, Shanghai 2023 (MEE and NBS, notice of 2025) |
| emissions a floor area | 35.6 kg m-2 | between 20 and 80 (CABEE 2022: 37.4 of all buildings in operation) |
| embodied carbon | 323 kg m-2 | years of life times the yearly part |
| keep, retrofit, rebuild | Yangpu: 51, 49, 0 % of the floor area | the alternative that renews all envelopes |
| pathway | 4 267 kt in 36 years without levers | 36 times the accounts |
| 2060 | 12.8 kt | gas alone: the grid is clean |
"""

import gzip
import shutil
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.report.answers import keep_or_rebuild, old_communities
from citybraid.report.carbon.flows import crosswalk, sector_links
from citybraid.report.carbon.life_cycle import cheapest_option
from citybraid.report.chapter import Figure, Paragraph, Table, in_words
from citybraid.report.chapters.c50_resilience import on_land
from citybraid.report.verdict.question import Answer
from citybraid.report.view import View
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.run.pipeline import run_study
from citybraid.study.run.run import Run

pytestmark = [pytest.mark.slow, pytest.mark.case("data/shanghai"), pytest.mark.case("data/epw")]

GRID, GAS = 0.5737, 55.54 * 0.0036
"""Shanghai's grid of 2023 and natural gas (55.54 kg GJ-1), CO2 [kg kWh-1]."""
METHANE, NITROUS = 28.0, 265.0
WEATHER = "epw/CHN_Shanghai.Shanghai.583620_CSWD.epw"
USES = ("heating", "cooling", "lighting", "equipment", "standby", "fan", "lift", "hot_water", "cooking")
RIVERSIDE = (310110001000, 310110006000, 310110018000)
PEOPLE = 89_600 + 57_800 + 95_400
"""Census of 2020: Dinghailu, Pinglianglu and Daqiao."""
IEA = {2025: 1.0, 2030: 0.746, 2055: 0.0, 2060: 0.0}
"""Grid factor of IEA (2021), announced pledges, over that of 2020; from 2025 here."""
Floats = NDArray[np.float64]


class Small(NamedTuple):
    """A pilot on one in `every` rows of its list, with as large a share of its people."""

    run: Run
    rows: pd.DataFrame
    folder: Path
    every: int


def smaller(name: str, file: str, every: int, cases: Path, folder: Path) -> Small:
    """Run a pilot on every so many rows of its list, without budget and draws."""
    data = folder / "data"
    (data / "shanghai").mkdir(parents=True)
    (data / "epw").mkdir()
    rows = pd.read_csv(cases / "data" / "shanghai" / file, low_memory=False)
    rows = rows[rows["region_id"].isin((310105004000, *RIVERSIDE))].iloc[::every]
    with gzip.open(data / "shanghai" / file, "wt", encoding="utf-8") as stream:
        rows.assign(region_id=rows["region_id"].astype(int)).to_csv(stream, index=False)
    for part in ("shanghai/subdistricts_pilots.geojson", WEATHER):
        shutil.copy(cases / "data" / part, data / part)
    path = copy_pilot(name, folder / "pilot")
    text = path.read_text(encoding="utf-8")
    first, last = (text.index(part) for part in ("[alternatives.within_budget]", "# No published target"))
    text = text[:first] + text[last : text.index("[budget]")]
    for size in (40, 20, 10):
        text = text.replace(f"resolution = {size}\n", f"resolution = {2 * size}\n")
    path.write_text(text, encoding="utf-8")
    study = open_study(path, data=data)
    generate(study)
    with_fewer_people(path.parent / "data", every, rows)
    return Small(run_study(study, threads=2), rows, data, every)


def with_fewer_people(folder: Path, every: int, rows: pd.DataFrame) -> None:
    """Leave as large a share of the people as of the buildings, in the blocks whose homes are among them."""
    path = next(each for each in folder.glob("*.gpkg") if "常住人口" in gpd.read_file(each))
    frame = gpd.read_file(path)
    homes = rows[rows["coarse_function"] == "住宅类"]
    living = (homes["footprint_m2"] * homes["floors"].fillna(3)).groupby(homes["grid_id"].astype(int).astype(str)).sum()
    share = living.reindex(frame["id"]).fillna(0.0).to_numpy() / living.sum()
    for name in ("常住人口", "65岁及以上人口"):
        if name in frame:
            frame[name] = share * frame[name].sum() / every
    path.unlink()
    frame.to_file(path)


@pytest.fixture(scope="module")
def xinhua(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Small:
    return smaller("shanghai-xinhua", "buildings_xinhua_road.csv.gz", 40, cases, tmp_path_factory.mktemp("xinhua"))


@pytest.fixture(scope="module")
def yangpu(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Small:
    return smaller("shanghai-yangpu", "buildings_yangpu.csv.gz", 150, cases, tmp_path_factory.mktemp("yangpu"))


@pytest.fixture(params=["xinhua", "yangpu"])
def small(request: pytest.FixtureRequest) -> Small:
    found: Small = request.getfixturevalue(request.param)
    return found


def value(small: Small, name: str, alternative: str = "as_is") -> pd.Series:
    column: pd.Series = small.run.value(small.run.layers(alternative)[name][""])
    return column


def number(small: Small, name: str, alternative: str = "as_is") -> float:
    return float(small.run.value(small.run.layers(alternative)[name][""]))


def whole(small: Small, indicator: str, alternative: str = "as_is") -> float:
    table = small.run.table(f"units/{alternative}")
    assert table is not None
    return float(table[indicator][WHOLE_AREA])


def weather(small: Small, column: int) -> Floats:
    """Return a column of the 8 760 rows of the weather file."""
    rows = (small.folder / WEATHER).read_text(encoding="latin1").splitlines()[8:]
    return np.array([float(row.split(",")[column]) for row in rows])


def homes(small: Small) -> pd.Series:
    return value(small, "building_use") == "residential"


def test_floor_area_is_footprint_times_storeys_of_the_list(small: Small) -> None:
    stated = small.rows[small.rows["floors"].notna()]
    rows = stated.set_index(stated["bldg_id"].astype(str))
    got = value(small, "floor_area").reindex(rows.index)
    assert got.to_numpy() == pytest.approx((rows["footprint_m2"] * rows["floors"]).to_numpy(), rel=1e-6)
    assert got.to_numpy() == pytest.approx(rows["floor_area_m2"].to_numpy(), rel=1e-2), "as the list itself has it"
    assert value(small, "buildings").area.sum() == pytest.approx(small.rows["footprint_m2"].sum(), rel=1e-9)


@pytest.mark.parametrize("alternative", ["as_is", "retrofit_pv"])
def test_electricity_and_gas_are_the_sums_of_their_end_uses(small: Small, alternative: str) -> None:
    power = sum(value(small, f"{use}_electricity", alternative) for use in USES)
    assert value(small, "electricity", alternative).to_numpy() == pytest.approx(np.asarray(power), rel=1e-9)
    gas = sum(value(small, f"{use}_gas", alternative) for use in ("heating", "hot_water", "cooking"))
    assert value(small, "gas", alternative).to_numpy() == pytest.approx(np.asarray(gas), rel=1e-9, abs=1e-9)


def test_emissions_are_electricity_and_gas_by_printed_factors(small: Small) -> None:
    power, gas = value(small, "electricity").sum(), value(small, "gas").sum()
    assert number(small, "energy_indirect_emissions") == pytest.approx(GRID * power, rel=1e-6)
    burnt = gas * (GAS + 1.8e-5 * METHANE + 3.6e-7 * NITROUS)
    assert value(small, "gas_emissions").sum() == pytest.approx(GAS * gas, rel=1e-3)
    assert value(small, "inventory_equivalent").filter(regex="/1/").filter(regex="residential|commercial").sum() == (
        pytest.approx(burnt, rel=1e-3)
    )
    area = value(small, "floor_area").sum()
    assert 20.0 < (GRID * power + burnt) / area < 80.0, "kg m-2 a year; China's buildings in operation 37 (2020)"


def test_parcels_and_outside_make_up_the_inventory(small: Small) -> None:
    total = number(small, "total_emissions")
    assert total == pytest.approx(value(small, "inventory_equivalent").sum(), rel=1e-9)
    scopes = sum(number(small, f"{name}_emissions") for name in ("direct", "energy_indirect", "other_indirect"))
    assert total == pytest.approx(scopes - number(small, "removals"), rel=1e-9), "trees of the synthetic ground"
    assert number(small, "removals") == pytest.approx(1e3 * whole(small, "green_sink"), rel=1e-6)
    assert value(small, "parcel_emissions").sum() + number(small, "outside_parcels") == pytest.approx(total, rel=1e-9)


def test_the_flow_chart_adds_up(small: Small) -> None:
    """No land use is known: sub-sectors flow to sectors, those to scopes, and both columns hold all but land's."""
    links = sector_links(View(small.run), "en")
    methane = value(small, "parcel_land").sum() + number(small, "removals")
    told = number(small, "total_emissions") + number(small, "removals") - methane
    for column in (0, 1):
        amount = sum(link.amount for link in links if link.column == column)
        assert 1e3 * amount == pytest.approx(told, rel=1e-9)
    (chart,) = [each for each in crosswalk(View(small.run)) if isinstance(each, Figure)]
    assert "no land use is known" in in_words(chart.caption, "en")


def test_new_envelopes_change_heating_and_cooling_alone(small: Small) -> None:
    before, after = (value(small, "electricity", name).sum() for name in ("as_is", "retrofit"))
    moved = sum(
        value(small, f"{use}_electricity").sum() - value(small, f"{use}_electricity", "retrofit").sum()
        for use in ("heating", "cooling", "fan")
    )
    assert before - after == pytest.approx(moved, rel=1e-6)
    assert 0.02 < (before - after) / before < 0.35
    for use in ("lighting", "equipment", "cooking", "hot_water", "lift"):
        assert value(small, f"{use}_electricity", "retrofit").sum() == pytest.approx(
            value(small, f"{use}_electricity").sum(), rel=1e-9
        )


def test_modules_give_what_the_sun_of_the_weather_file_does(small: Small) -> None:
    """Two in five square metres of roofs of homes, three of others', 0.175 kW m-2; 65 to 90 % of the sun's hours."""
    sun = weather(small, 13).sum() / 1e3
    share = np.where(value(small, "building_use").isin(["residential", "public", "school"]), 0.4, 0.3)
    peak = 0.175 * (share * value(small, "buildings").area).sum()
    assert value(small, "pv_capacity", "retrofit_pv").sum() == pytest.approx(peak, rel=1e-6)
    yearly = value(small, "pv_generation", "retrofit_pv").sum() / peak
    assert 0.65 * sun < yearly < 0.9 * sun
    assert 800.0 < yearly < 1200.0


def test_the_hourly_balance_closes_and_not_all_is_exported(small: Small) -> None:
    flows = {name: value(small, f"area_{name}", "retrofit_pv").to_numpy() for name in
             ("load", "generation", "self_used", "import", "export")}  # fmt: skip
    assert all(flow.size == 8760 for flow in flows.values())
    assert flows["load"] == pytest.approx(flows["self_used"] + flows["import"], rel=1e-9, abs=1e-6)
    assert flows["generation"] == pytest.approx(flows["self_used"] + flows["export"], rel=1e-9, abs=1e-6)
    assert flows["load"].sum() == pytest.approx(value(small, "electricity", "retrofit_pv").sum(), rel=1e-6)
    assert (flows["self_used"] <= np.minimum(flows["load"], flows["generation"]) + 1e-6).all()
    assert 0.3 < flows["self_used"].sum() / flows["generation"].sum() < 1.0
    bought = number(small, "energy_indirect_emissions", "retrofit_pv")
    assert bought == pytest.approx(GRID * flows["import"].sum(), rel=1e-6), "own power is not bought"
    assert value(small, "pv_avoided", "retrofit_pv").sum() == pytest.approx(GRID * flows["export"].sum(), rel=1e-6)


def test_the_pathway_follows_the_grid_and_ends_with_gas(small: Small) -> None:
    """Emissions stay those of the accounts without levers; the clean grid of 2055 leaves fuel."""
    path, without = value(small, "pathway_emissions"), value(small, "pathway_reference")
    total = number(small, "total_emissions")
    assert path.iloc[0] == pytest.approx(total, rel=1e-9)
    assert without.to_numpy() == pytest.approx(np.full(36, total), rel=1e-6)
    left = path["2060"]
    fuel = number(small, "direct_emissions") + number(small, "other_indirect_emissions")
    assert 0.6 * fuel < left <= 1.001 * fuel
    power = number(small, "energy_indirect_emissions")
    assert path["2030"] < total - 0.9 * power * (1 - IEA[2030] / grid_of(2025)) + 1.0
    made = value(small, "pv_generation", "retrofit_pv").sum()
    used = sum(value(small, name, "retrofit_pv").sum() for name in ("electricity", "gas", "district_heat"))
    told = number(small, "renewable_share", "retrofit_pv") * used / made
    assert 0.95 < told < 1.3, "new buildings use less by 2060; exports over bought energy alone would be half"
    wedges = sum(value(small, f"wedge_{name}").sum() for name in
                 ("grid", "turnover", "retrofit", "heat_pumps", "vehicles", "photovoltaics"))  # fmt: skip
    assert path.sum() == pytest.approx(36 * total - wedges, rel=1e-9)


def grid_of(year: int) -> float:
    """Return the grid factor of a year between 2020 and 2030 over that of 2020."""
    return 1.0 + (IEA[2030] - 1.0) * (year - 2020) / 10


def test_embodied_carbon_is_that_of_its_floor_area(small: Small) -> None:
    carbon, area = value(small, "embodied_carbon").sum(), value(small, "floor_area").sum()
    assert 250.0 < carbon / area < 550.0, "372 to 526 kg m-2 of complete dwellings (doi:10.3390/su15075717)"
    assert value(small, "embodied_yearly").sum() == pytest.approx(carbon / 50.0, rel=1e-9)


def years_of_grid() -> float:
    """Return how many years of the start's grid those of 2025 to 2060 emit together."""
    years = np.arange(2025, 2061)
    grid = np.interp(years, [2020, 2030, 2055, 2060], [1.0, IEA[2030], 0.0, 0.0])
    return float((grid / grid[0]).sum())


def protected(small: Small) -> pd.Series:
    """Tell which buildings may not be torn down: heritage, where the pilot has some."""
    area, layer = value(small, "floor_area"), small.run.layers("as_is").get("heritage")
    return area.lt(0.0) if layer is None else value(small, "heritage").reindex(area.index).gt(0.0)


def test_keep_retrofit_and_rebuild_follow_from_the_alternative_with_new_envelopes(small: Small) -> None:
    """The lists end in 2015. A new envelope is that of the alternative that renews all; gas goes on for 36 years.

    A new building adds its structure and 20 kg m-2 of demolition, insulation and windows cost some 80 kg m-2.
    """
    power, gas, area = (value(small, name) for name in ("electricity_emissions", "gas_emissions", "floor_area"))
    kept = value(small, "keep_carbon")
    assert kept.to_numpy() == pytest.approx((power * years_of_grid() + 36 * gas).to_numpy(), rel=1e-6)
    renewed = value(small, "envelope_standard", "retrofit") == "gb55015"
    assert renewed.mean() > 0.5
    saved = GRID * (value(small, "electricity") - value(small, "electricity", "retrofit"))
    fuel = GAS * (value(small, "gas") - value(small, "gas", "retrofit"))
    assert value(small, "renewed_saving")[renewed].to_numpy() == pytest.approx(
        (saved + fuel)[renewed].to_numpy(), rel=1e-3, abs=1.0
    )
    less = saved * years_of_grid() + 36 * fuel
    retrofit = kept + value(small, "retrofit_embodied") - less
    rebuild = kept + value(small, "rebuild_embodied") + 20.0 * area - less
    stays = protected(small)
    assert stays.mean() < 0.1
    for option, carbon in (("retrofit", retrofit), ("rebuild", rebuild.mask(stays))):
        found = value(small, f"{option}_carbon")
        assert (found.isna() == carbon.isna()).all()
        assert found[renewed].to_numpy() == pytest.approx(carbon[renewed].to_numpy(), rel=1e-4, nan_ok=True)
    courses = {"keep": kept, "retrofit": retrofit, "rebuild": rebuild.mask(stays)}
    best = pd.DataFrame(courses)[renewed].idxmin(axis=1)
    assert (best == value(small, "lowest_carbon")[renewed]).mean() > 0.99
    said, table = cheapest_option(View(small.run))
    assert isinstance(table, Table)
    assert isinstance(said, Paragraph)
    assert table.frame["best"].sum() == len(area)
    by_option = [area[value(small, "lowest_carbon") == option].sum() for option in ("keep", "retrofit", "rebuild")]
    assert table.frame["share"].to_numpy() == pytest.approx(100 * np.array(by_option) / area.sum(), rel=1e-9)
    assert table.frame["share"].iloc[2] == 0.0, "no new structure is made up for by an envelope that retrofit gives too"
    assert 40.0 < table.frame["share"].iloc[0] < 80.0
    assert (value(small, "lowest_carbon")[homes(small)] == "keep").all(), "a dwelling saves 1 kWh m-2 a year"
    assert "0% rebuilt" in in_words(said.text, "en")
    best = value(small, "lowest_carbon")
    fewer = value(small, "retrofit_carbon") < value(small, "keep_carbon")
    assert (best == np.where(fewer, "retrofit", "keep")).all()


def test_hot_homes_by_storey(small: Small) -> None:
    """Without cooling a home is warm for longer than the air outdoors; new envelopes and darkness keep the order."""
    air = weather(small, 6)
    hours = {level: value(small, f"hours_above_{level}")[homes(small)] for level in (26, 28, 30, 32)}
    assert (hours[26] >= hours[28]).all()
    assert (hours[28] >= hours[30]).all()
    assert (hours[30] >= hours[32]).all()
    assert hours[30].mean() > (air > 30.0).sum()
    peak = value(small, "blackout_peak")[homes(small)]
    assert (peak > 28.0).all()
    assert (peak < air.max() + 12.0).all()
    dwellings = value(small, "blackout_to_30")[homes(small)]
    assert np.nanmax(dwellings) <= 72.0
    assert value(small, "hours_above_30")[~homes(small)].isna().all()


def test_people_of_yangpu_are_those_of_the_census(yangpu: Small) -> None:
    people = value(yangpu, "residents").sum()
    assert people == pytest.approx(PEOPLE / yangpu.every, abs=58 / 2 / yangpu.every), "58 blocks of whole people"


def test_waste_of_the_people(small: Small) -> None:
    """0.92 kg a day and person, 65.2 % of it burnt: 4 374 t CO2e of the 70 110 residents of Xinhua Road."""
    people = value(small, "residents").sum()
    waste = 0.92 * 365 * people
    fossil = 0.652 * waste * (0.2 * 0.39 * 0.95 * 44 / 12 + 5e-5 * NITROUS)
    burnt = value(small, "incineration_carbon").sum() + NITROUS * value(small, "incineration_nitrous_oxide").sum()
    assert burnt == pytest.approx(fossil, rel=1e-6)
    assert value(small, "landfill_methane").sum() == 0.0, "Shanghai landfills no household waste"
    assert whole(small, "emissions_per_resident") == pytest.approx(whole(small, "net_emissions") / people, rel=1e-9)


def test_new_envelopes_cost_their_floor_area_times_the_price_of_the_study(xinhua: Small) -> None:
    """CNY 166 a square metre: 552 million for 3.33 million m2, 7 880 a head; homes alone 356 million, 5 080 a head."""
    table = xinhua.run.table("costs")
    assert table is not None
    row = table[table["alternative"] == "retrofit"].iloc[0]
    area = value(xinhua, "floor_area").sum()
    assert row["quantity"] == pytest.approx(area, rel=0.01)
    assert row["build"] == pytest.approx(166.0 * row["quantity"], rel=1e-9)


def test_damage_of_a_year_is_the_area_under_three_storms(xinhua: Small) -> None:
    """Nothing up to 1 year, then trapezia over the probability up to 2, 10 and 50 years, and 50 beyond."""
    layers = xinhua.run.layers("as_is")["building_damage"]
    damage = [0.0, *(float(np.nansum(xinhua.run.value(layers[event]))) for event in ("p2", "p10", "p50"))]
    assert damage == sorted(damage), "rarer storms flood more"
    chance = [1.0, 0.5, 0.1, 0.02]
    by_hand = sum((damage[at] + damage[at + 1]) / 2 * (chance[at] - chance[at + 1]) for at in range(3))
    assert 1e4 * whole(xinhua, "expected_annual_damage") == pytest.approx(by_hand + 0.02 * damage[3], rel=1e-6)


def test_the_curve_of_depths_passes_through_the_flooded_area(xinhua: Small) -> None:
    """The grid is twice the plan area: what lies beyond counts in neither."""
    view = View(xinhua.run)
    layer = view.layer("as_is", "max_depth")
    assert layer is not None
    assert layer.grid is not None
    depth = on_land(view, "as_is", view.raster(layer))
    wet = (depth > 0.15).sum() * abs(layer.grid.resolution.x * layer.grid.resolution.y) / 1e4
    assert wet == pytest.approx(whole(xinhua, "flooded_area"))
    assert (np.nan_to_num(view.raster(layer)) > 0.15).sum() > (depth > 0.15).sum(), "rain falls beyond it too"


def test_people_of_xinhua_are_the_homes_of_the_list_and_three_in_ten_are_old(xinhua: Small) -> None:
    """Shanghai's 30.58 m2 a person over 2.144 million m2 of homes; 0.21 are 65 and over."""
    people, elderly = value(xinhua, "residents").sum(), value(xinhua, "elderly").sum()
    assert people == pytest.approx(2_143_948 / 30.58 / xinhua.every, rel=1e-3)
    assert elderly / people == pytest.approx(0.21, abs=0.02)
    assert value(xinhua, "elderly")[~homes(xinhua)].sum() == 0.0


def test_the_blackout_counts_whom_it_leaves_above_35_degrees(xinhua: Small) -> None:
    """People of homes whose warmest room of the 72 hours passes 35 °C, by storey: no home counts more than its own."""
    unsafe, old = (value(xinhua, name).fillna(0.0) for name in ("blackout_people", "blackout_elderly"))
    assert value(xinhua, "blackout_people")[~homes(xinhua)].isna().all(), "nobody lives in offices"
    people, elderly = value(xinhua, "residents"), value(xinhua, "elderly")
    assert (unsafe <= people + 1e-9).all()
    shared = elderly > 0
    assert (old[shared] / elderly[shared]).to_numpy() == pytest.approx((unsafe / people)[shared].to_numpy(), rel=1e-6)
    cool = homes(xinhua) & (value(xinhua, "blackout_peak") < 33.0)
    assert unsafe[cool].sum() == 0.0


def test_page_one_ranks_communities_by_heat_water_and_age(xinhua: Small) -> None:
    found = old_communities.answer(View(xinhua.run))
    assert isinstance(found, Answer)
    assert isinstance(found.shown, Table)
    frame = found.shown.frame
    table = xinhua.run.table("units/as_is")
    assert table is not None
    lived = table.drop(index=WHOLE_AREA).loc[frame.index]
    assert frame["hot"].to_numpy() == pytest.approx((100 * lived["blackout_people"] / lived["residents"]).to_numpy())
    assert frame["wet"].to_numpy() == pytest.approx((100 * lived["people_exposed"] / lived["residents"]).to_numpy())
    rows = xinhua.rows[xinhua.rows["coarse_function"] == "住宅类"].dropna(subset=["floors"])
    area = rows["footprint_m2"] * rows["floors"]
    number = rows["grid_id"].astype(int).astype(str)
    low = 100 * area.where(rows["floors"] <= 3, 0.0).groupby(number).sum() / area.groupby(number).sum()
    assert frame["low"].to_numpy() == pytest.approx(low.reindex(frame.index).to_numpy(), abs=1.0)
    assert (frame["rank"].diff().dropna() >= 0.0).all()
    names = [in_words(each, "en") for each in frame["community"].head(3)]
    worst = in_words(found.sentences[0], "en").partition("Worst in all three together: ")[2]
    assert [name for name in names if name in worst] == names, "the map marks these as named above"
    same = (xinhua.rows["age"] == 1985).mean()
    assert same > 0.9
    assert f"{100 * value(xinhua, 'year_built').eq(1985).mean():.0f}% of the buildings carry one and the same year" in (
        in_words(found.sentences[1], "en")
    )
    tall = xinhua.rows.loc[xinhua.rows["age"] == 1985, "floors"].max()
    assert f"up to {tall:.0f} storeys" in in_words(found.sentences[1], "en"), "so 1985 is no year of completion"


def test_page_one_sums_options_over_blocks(yangpu: Small) -> None:
    found = keep_or_rebuild.answer(View(yangpu.run))
    assert isinstance(found, Answer)
    assert isinstance(found.shown, Table)
    frame, area = found.shown.frame, value(yangpu, "floor_area")
    assert frame["area"].sum() == pytest.approx(area.sum(), rel=1e-9)
    best = value(yangpu, "lowest_carbon")
    for option in ("keep", "retrofit", "rebuild"):
        share = float((frame[option] * frame["area"]).sum() / frame["area"].sum())
        assert share == pytest.approx(100.0 * area[best == option].sum() / area.sum(), abs=1e-6)
    kept, least = value(yangpu, "keep_carbon"), value(yangpu, "keep_carbon").combine(
        value(yangpu, "retrofit_carbon"), min
    ).combine(value(yangpu, "rebuild_carbon").fillna(np.inf), min)  # fmt: skip
    assert frame["saved"].sum() == pytest.approx((kept - least).sum() / 1e3, rel=1e-9)
    marked = value(yangpu, "heritage") > 0
    assert value(yangpu, "rebuild_carbon")[marked].isna().all(), "heritage is never rebuilt"


def test_damage_of_a_year_of_yangpu_rests_on_frequent_storms(yangpu: Small) -> None:
    """With the 100-year storm alone 98 % of it was the trapezium down to the year in which damage is taken to begin."""
    layers = yangpu.run.layers("as_is")["building_damage"]
    damage = [float(np.nansum(yangpu.run.value(layers[event]))) for event in ("often", "seldom", "cloudburst")]
    assert damage == sorted(damage), "rarer storms flood more"
    chance = [1.0, 0.5, 0.1, 0.01]
    whole_line = [0.0, *damage]
    by_hand = sum((whole_line[at] + whole_line[at + 1]) / 2 * (chance[at] - chance[at + 1]) for at in range(3))
    told = 1e4 * whole(yangpu, "expected_annual_damage")
    assert told == pytest.approx(by_hand + 0.01 * damage[-1], rel=1e-6), "the storm tide has no return period"
    assert 0.25 * damage[0] < 0.5 * told, "most of it is between storms that are computed"


def test_the_wall_keeps_the_storm_tide_out(yangpu: Small) -> None:
    """5.72 m outside a wall of 6.9 m and ground at 3.8 m: water inside is rain alone."""
    depth = {name: np.asarray(yangpu.run.value(layer), np.float64)
             for name, layer in yangpu.run.layers("as_is")["max_depth"].items()}  # fmt: skip
    assert set(depth) == {"often", "seldom", "cloudburst", "storm_tide"}
    ground = np.asarray(yangpu.run.value(yangpu.run.layers("as_is")["terrain"][""]), np.float64)
    inland = ground > 3.0
    assert np.nanmean(depth["storm_tide"][inland]) < np.nanmean(depth["cloudburst"][inland]), "20 against 100 years"
    assert np.nanmax(depth["storm_tide"][inland]) < 1.5, "nowhere the tide, which would stand 1.9 m over the ground"
    assert np.nanmax(depth["storm_tide"][~inland]) > 4.0, "the river itself stands high"
