"""Low-carbon models by pencil, each asked of the command line on a case small enough for a sheet of paper.

Waste of a year, warming potentials of three reports, green power, freight, sewage, a canopy, two equal roads, a panel
on a clear day (beside pvlib), pipes along two streets, gas of a home, a pathway of one house. Coefficients are typed in
from the cited tables; nothing is computed by what it checks.
"""

import csv
import math
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pvlib
import pytest
import rasterio
from rasterio.transform import from_origin
from shapely.geometry import LineString, box

from tests.commands import citybraid
from tests.plausibility.plain_year import PLACE, still_year, weather_of

CRS = "EPSG:4549"
HEADER = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
EAST, NORTH = 500_000.0, 3_400_000.0


def table(folder: Path, name: str, shapes: list[Any], **columns: list[Any]) -> str:
    path = folder / f"{name}.gpkg"
    ids = [f"{name}{at}" for at in range(len(shapes))]
    gpd.GeoDataFrame({"id": ids, **columns}, geometry=shapes, crs=CRS).to_file(path, engine="pyogrio")
    return str(path)


def squares(count: int, side: float = 20.0, step: float = 100.0) -> list[Any]:
    return [box(EAST + step * at, NORTH, EAST + step * at + side, NORTH + side) for at in range(count)]


def asked(folder: Path, model: str, *words: str) -> Path:
    out = folder / f"out{len(list(folder.iterdir()))}"
    done = citybraid("model", f"lowcarbon.{model}", "--region", "CN", *words, "--out", str(out))
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def number(out: Path, name: str) -> float:
    with (out / f"{name}.csv").open(encoding="utf-8") as lines:
        return float(next(iter(csv.DictReader(lines)))["value"] or "nan")


def column(out: Path, name: str) -> list[float]:
    return [float(value) for value in gpd.read_file(out / f"{name}.gpkg")[name]]


def labelled(out: Path, name: str) -> dict[str, float]:
    frame = pd.read_csv(out / f"{name}.csv", dtype=str)
    return dict(zip(frame.iloc[:, 0], frame.iloc[:, 1].astype(float), strict=True))


def test_a_tonne_of_waste_rots_by_nine_percent_a_year(tmp_path: Path) -> None:
    """DOC 0.15, half of it decomposes, half of that to methane, a tenth oxidised: 45 kg; k = 0.09 after 6 months."""
    whole = 1000.0 * 0.15 * 0.5 * 0.5 * 16.0 / 12.0 * 0.9
    for years in (1, 10, 40):
        out = asked(tmp_path, "landfill_methane", "--landfilled-waste", "1000", "--years", str(years))
        assert number(out, "committed_methane") == pytest.approx(whole) == pytest.approx(45.0)
        left = math.exp(-0.09 * (years - 1))
        assert number(out, "methane_in_year") == pytest.approx(whole * left * (1.0 - math.exp(-0.09)))
        assert number(out, "methane_until_year") == pytest.approx(whole * (1.0 - math.exp(-0.09 * years)))


@pytest.mark.parametrize(
    ("report", "fossil", "other", "nitrous"),
    [("AR4", 25.0, 25.0, 298.0), ("AR5", 30.0, 28.0, 265.0), ("AR6", 29.8, 27.0, 273.0)],
)
def test_gases_weigh_what_the_report_says(
    tmp_path: Path, report: str, fossil: float, other: float, nitrous: float
) -> None:
    """A home that burns gas (1 t of CO2, 2 kg of CH4, 3 kg of N2O) and throws away 5 kg of CH4."""
    homes = table(tmp_path, "homes", squares(1), use=["residential"], gas_emissions=[1000.0], gas_methane=[2.0],
                  gas_nitrous_oxide=[3.0], landfill_methane=[5.0])  # fmt: skip
    area = table(tmp_path, "area", [box(EAST - 50, NORTH - 50, EAST + 50, NORTH + 50)])
    plots = table(tmp_path, "plots", [box(EAST - 10, NORTH - 10, EAST + 30, NORTH + 30)])
    out = asked(tmp_path, "emission_accounts", "--buildings", homes, "--parcels", plots, "--study-area", area,
                "--gwp", report, "--cell", "10")  # fmt: skip
    whole = 1000.0 + 2.0 * fossil + 3.0 * nitrous + 5.0 * other
    assert number(out, "total_emissions") == pytest.approx(whole)
    assert sum(column(out, "parcel_emissions")) == pytest.approx(whole)
    assert number(out, "direct_emissions") == pytest.approx(whole - 5.0 * other)


def test_green_power_counts_nothing_and_the_rest_at_the_residual_mix(tmp_path: Path) -> None:
    """National grid 0.5306 and without traded green power 0.6096 kg/kWh (2023): 1 GWh, of it 0.25 GWh green."""
    homes = table(tmp_path, "homes", squares(2), electricity=[4e5, 6e5])
    out = asked(tmp_path, "market_electricity", "--buildings", homes, "--green-power", "250000")
    assert number(out, "location_electricity") == pytest.approx(1e6 * 0.5306)
    assert number(out, "market_electricity") == pytest.approx(750e3 * 0.6096)


def test_goods_emit_by_mass_and_way(tmp_path: Path) -> None:
    """1000 t over 50 km by lorries of 30 t (0.078 kg/(t km)), a fifth of the way here; 2000 t over 100 km by barge."""
    sites = table(tmp_path, "sites", squares(2), freight_mass=[1000.0, 2000.0], freight_distance=[50e3, 100e3],
                  freight_vehicle=["heavy_truck", "barge"])  # fmt: skip
    out = asked(tmp_path, "freight", "--freight", sites, "--inside", "0.2")
    assert sum(column(out, "freight_emissions")) == pytest.approx(0.2 * 1000.0 * 50.0 * 0.078)
    assert sum(column(out, "freight_outside_emissions")) == pytest.approx(0.8 * 1000.0 * 50.0 * 0.078)
    assert sum(column(out, "waterborne_freight_emissions")) == pytest.approx(2000.0 * 100.0 * 0.015)


def test_sewage_of_a_hundred_people(tmp_path: Path) -> None:
    """BOD 40 g a day; 98.1 % to a plant (MCF 0.03, a tenth left), all that is left to water (MCF 0.11)."""
    homes = table(tmp_path, "homes", squares(1), residents=[100.0])
    out = asked(tmp_path, "wastewater", "--buildings", homes)
    bod = 100.0 * 0.040 * 365.0
    assert column(out, "wastewater_bod")[0] == pytest.approx(bod)
    methane = 0.6 * bod * (0.981 * (0.03 + 0.1 * 0.11) + 0.019 * 0.11)
    assert column(out, "wastewater_methane")[0] == pytest.approx(methane)
    nitrogen = 100.0 * 0.094 * 0.16 * 365.0
    nitrous = nitrogen * 44.0 / 28.0 * (0.981 * (0.016 + 0.2 * 0.005) + 0.019 * 0.005)
    assert column(out, "wastewater_nitrous_oxide")[0] == pytest.approx(nitrous)


def test_a_hectare_of_trees_and_a_hectare_of_lawn(tmp_path: Path) -> None:
    """Trees 0.578 tC/ha, lawn 0.021; a lawn half under crowns takes up the mean of both."""
    cover, canopy = np.array([[10, 30, 30]], np.uint8), np.array([[1.0, 0.0, 0.5]], np.float32)
    for name, values in (("cover", cover), ("canopy", canopy)):
        with rasterio.open(
            tmp_path / f"{name}.tif", "w", driver="GTiff", height=1, width=3, count=1, dtype=values.dtype, crs=CRS,
            transform=from_origin(EAST, NORTH, 100.0, 100.0),
        ) as made:  # fmt: skip
            made.write(values, 1)
    out = asked(tmp_path, "green_sink", "--land-cover", str(tmp_path / "cover.tif"),
                "--canopy-cover", str(tmp_path / "canopy.tif"))  # fmt: skip
    with rasterio.open(out / "green_sink.tif") as found:
        taken = found.read(1)[0] * 10.0
    trees, lawn = 0.578 * 44.0 / 12.0, 0.021 * 44.0 / 12.0
    assert taken.tolist() == pytest.approx([trees, lawn, (trees + lawn) / 2.0], rel=1e-4)


def test_cars_divide_evenly_between_two_equal_roads(tmp_path: Path) -> None:
    """Homes west and shops east, two roads of one length around a block: as many cars take each; none is left out."""
    west, east = (EAST, NORTH), (EAST + 2000.0, NORTH)
    ways = [LineString([west, (EAST, NORTH + 500.0), (EAST + 2000.0, NORTH + 500.0), east]),
            LineString([west, (EAST, NORTH - 500.0), (EAST + 2000.0, NORTH - 500.0), east]),
            LineString([(EAST - 300.0, NORTH), west]), LineString([east, (EAST + 2300.0, NORTH)])]  # fmt: skip
    streets = table(tmp_path, "streets", ways, road_class=["secondary"] * 4)
    ends = [box(EAST - 300, NORTH - 10, EAST - 280, NORTH + 10), box(EAST + 2280, NORTH - 10, EAST + 2300, NORTH + 10)]
    people = table(tmp_path, "people", ends, residents=[20000.0, 0.0], use=["residential", "retail"],
                   floor_area=[800000.0, 200000.0])  # fmt: skip
    out = asked(tmp_path, "travel", "--buildings", people, "--streets", streets, "--outside-reach", "0")
    upper, lower, west_end, east_end = column(out, "car_flow")
    assert upper == pytest.approx(lower, rel=0.02)
    assert upper + lower == pytest.approx(west_end, rel=1e-3)
    assert upper + lower == pytest.approx(east_end, rel=1e-3)
    assert number(out, "assignment_gap") < 1e-4


def test_gas_of_homes_is_their_households_and_lifts_their_storeys(tmp_path: Path) -> None:
    """Census: 2.62 people a household; 1861 kWh of gas for hot water and 722 for cooking in Shanghai's zone."""
    homes = table(tmp_path, "homes", squares(1), use=["residential"], floors=[6.0], height=[18.0], year=[2008],
                  floor_area=[2400.0], residents=[262.0])  # fmt: skip
    year = still_year(tmp_path / "year.epw", air=20.0)
    out = asked(tmp_path, "building_energy", "--buildings", homes, *weather_of(year), *PLACE, "--climate-zone", "3A")
    assert column(out, "hot_water_gas")[0] == pytest.approx(100.0 * 1861.0)
    assert column(out, "cooking_gas")[0] == pytest.approx(100.0 * 722.0)
    assert column(out, "lift_electricity") == [0.0], "six storeys have none"


def test_one_flat_panel_on_one_day_is_that_of_pvlib(tmp_path: Path) -> None:
    """A square metre of 175 W flat on a roof on 21 June at 31 degrees north, light and air of a made clear day."""
    hours = pd.date_range("2023-06-21 00:30", periods=24, freq="h", tz="Etc/GMT-8")
    sun = pvlib.solarposition.get_solarposition(hours, 31.0, 120.0, altitude=0.0)
    up = np.cos(np.radians(sun["apparent_zenith"]))
    whole = pvlib.clearsky.haurwitz(sun["apparent_zenith"])["ghi"]
    diffuse = (0.2 * whole).round()
    direct = (0.8 * whole / up).where(up > 0.1, 0.0).round()
    lit = {(6, 21, at + 1): (float(round(whole.iloc[at])), float(direct.iloc[at]), float(diffuse.iloc[at]))
           for at in range(24)}  # fmt: skip
    year = still_year(tmp_path / "year.epw", air=25.0, wind=2.0, sun=lit)
    roof = table(tmp_path, "roof", [box(EAST, NORTH, EAST + 10, NORTH + 10)], pv_roof=[0.01], height=[10.0])
    words = [word for pair in zip(weather_of(year)[::2], weather_of(year)[1::2], strict=True)
             if pair[0] != "--relative-humidity" for word in pair]  # fmt: skip
    out = asked(tmp_path, "pv_generation", "--buildings", roof, *words, "--wind-speed", str(year), *PLACE,
                "--tilt", "0")  # fmt: skip

    beam = direct * up.clip(lower=0.0)
    passed = pvlib.iam.physical(sun["apparent_zenith"], n=1.526, K=4.0, L=0.002, n_ar=1.3)
    open_rack = pvlib.temperature.TEMPERATURE_MODEL_PARAMETERS["sapm"]["open_rack_glass_polymer"]
    warm = pvlib.temperature.sapm_cell(beam + diffuse, 25.0, 2.0, **open_rack)
    power = pvlib.pvsystem.pvwatts_dc(beam * passed + diffuse, warm, 175.0, -0.0047) * (1.0 - 0.1408)
    made = pvlib.inverter.pvwatts(power, 175.0 / 1.2 / 0.96, eta_inv_nom=0.96, eta_inv_ref=0.9637).sum() / 1000.0
    assert 0.9 < made < 1.2, "a clear day in June gives about a kilowatt-hour from a square metre"
    assert column(out, "pv_generation")[0] == pytest.approx(made, rel=1e-3)


def test_heat_along_two_streets_and_what_their_pipes_cost(tmp_path: Path) -> None:
    """A street of 500 m with 1 GWh and one of 200 m with 20 MWh: 2000 and 100 kWh/m; pipes of 3000 a metre, 30 years
    at 5 %: an annuity of 0.06505, so 0.0976 and 1.95 a kWh; 0.3 is allowed.
    """
    streets = table(tmp_path, "streets", [LineString([(EAST, NORTH), (EAST + 500, NORTH)]),
                                          LineString([(EAST, NORTH + 400), (EAST + 200, NORTH + 400)])])  # fmt: skip
    near = [box(EAST + 10, NORTH + 5, EAST + 40, NORTH + 30), box(EAST + 50, NORTH + 405, EAST + 70, NORTH + 420),
            box(EAST + 300, NORTH + 200, EAST + 310, NORTH + 210)]  # fmt: skip
    homes = table(tmp_path, "homes", near, heating_demand=[1e6, 2e4, 7e3])
    whole = box(EAST - 50, NORTH - 50, EAST + 550, NORTH + 450)
    area, plots = table(tmp_path, "area", [whole]), table(tmp_path, "plots", [whole])
    out = asked(tmp_path, "heat_density", "--buildings", homes, "--parcels", plots, "--streets", streets,
                "--study-area", area)  # fmt: skip
    assert column(out, "line_heat") == pytest.approx([2000.0, 100.0])
    assert column(out, "heat_density")[0] == pytest.approx(1.027e6 / (600.0 * 500.0))
    lines = gpd.read_file(out / "street_heat.gpkg")
    heated = table(tmp_path, "heated", list(lines.geometry), street_heat=list(lines["street_heat"]))
    out = asked(tmp_path, "heat_network", "--streets", heated, "--pipe-price", "3000", "--allowed-cost", "0.3")
    annuity = 0.05 / (1.0 - 1.05**-30)
    assert annuity == pytest.approx(0.06505, abs=1e-5)
    assert column(out, "network_cost") == pytest.approx([3000.0 * annuity / 2000.0, 3000.0 * annuity / 100.0])
    assert column(out, "network_pays") == [1.0, 0.0]


GRID = (("2025", 1.0), ("2035", 0.5), ("2045", 0.0), ("2060", 0.0))


def pathway(folder: Path, *, lifetime: float, built: int, rate: str = "0") -> Path:
    """Ask for the pathway of one house of 1000 m2: 50 t of electricity, 10 t of gas, a grid that is clean in 2045."""
    rows = [f"grid_path,by_hand/{year},{value},,,,1,,,,user,by hand," for year, value in GRID]
    rows += [f"building_lifetime,{key},{value},,,,{unit},,,,user,by hand,"
             for key, value, unit in (("residential", lifetime, "year"), ("any", lifetime, "year"))]  # fmt: skip
    (folder / "rows.csv").write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    house = table(
        folder, "house", squares(1), use=["residential"], floor_area=[1000.0], year=[built], gas_emissions=[1e4],
        electricity_emissions=[5e4], heat_emissions=[0.0], rebuild_embodied=[0.0], retrofit_embodied=[2e4],
        demolition_carbon=[0.0], renewed_electricity_saving=[1e4], renewed_heat_saving=[0.0], renewed_gas_saving=[2e3],
    )  # fmt: skip
    area = table(folder, "area", [box(EAST - 50, NORTH - 50, EAST + 50, NORTH + 50)])
    lines = folder / "lines.csv"
    lines.write_text(
        "id,inventory_equivalent\nresidential/2/CO2/emission,50000\nresidential/1/CO2/emission,10000\n",
        encoding="utf-8",
    )
    return asked(
        folder, "pathway", "--buildings", house, "--operated", house, "--renewed", house, "--study-area", area,
        "--inventory-equivalent", str(lines), "--start", "2025", "--scenario", "by_hand", "--retrofit-rate", rate,
        "--factors", str(folder / "rows.csv"),
    )  # fmt: skip


def test_a_house_that_stands_follows_the_grid_and_keeps_its_gas(tmp_path: Path) -> None:
    """Electricity falls by 2.5 t a year to nothing in 2045; gas of 10 t stays: the budget is 525 + 360 t."""
    out = pathway(tmp_path, lifetime=1e6, built=2020)
    course = labelled(out, "pathway_emissions")
    grid = [max(50e3 - 2.5e3 * year, 0.0) for year in range(36)]
    assert list(course.values()) == pytest.approx([10e3 + power for power in grid])
    assert number(out, "cumulative_emissions") == pytest.approx(525e3 + 360e3)
    assert number(out, "emissions_peak_year") == 2025.0
    assert labelled(out, "stock_floor_area")["2060"] == pytest.approx(1000.0)
    assert sum(labelled(out, "stock_demolished").values()) == pytest.approx(0.0, abs=1e-3)
    assert number(out, "near_zero_year") != number(out, "near_zero_year"), "a sixth is left: it is never near zero"


def test_retrofit_of_all_in_a_year_saves_from_then_on(tmp_path: Path) -> None:
    """All is retrofitted in 2026: a fifth of electricity and of gas is saved; 20 t of materials in that year."""
    out = pathway(tmp_path, lifetime=1e6, built=2020, rate="1")
    course, built = labelled(out, "pathway_emissions"), labelled(out, "pathway_construction")
    assert course["2025"] == pytest.approx(60e3)
    for year in range(1, 36):
        assert course[str(2025 + year)] == pytest.approx(0.8 * (10e3 + max(50e3 - 2.5e3 * year, 0.0)))
    assert built["2026"] == pytest.approx(20e3)
    assert sum(built.values()) == pytest.approx(20e3, rel=1e-6)


def test_what_the_accounts_write_the_pathway_reads(tmp_path: Path) -> None:
    """A home throws away 5 kg of CH4 a year: 140 kg CO2e (AR5) in the accounts and in each year of its pathway."""
    home = table(tmp_path, "home", squares(1), use=["residential"], floor_area=[100.0], year=[2000],
                 landfill_methane=[5.0])  # fmt: skip
    area = table(tmp_path, "area", [box(EAST - 50, NORTH - 50, EAST + 50, NORTH + 50)])
    accounts = asked(tmp_path, "emission_accounts", "--buildings", home, "--parcels", area, "--study-area", area,
                     "--cell", "10")  # fmt: skip
    out = asked(
        tmp_path, "pathway", "--buildings", home, "--study-area", area, "--start", "2025", "--scenario", "present",
        "--inventory-equivalent", str(accounts / "inventory_equivalent.csv"),
        "--inventory-mass", str(accounts / "inventory_mass.csv"),
    )  # fmt: skip
    assert list(labelled(out, "pathway_waste").values()) == pytest.approx([5.0 * 28.0] * 36)
