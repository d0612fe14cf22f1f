"""A building's heat by pencil, asked of the command line: steady air, no sun, no gains, so UA and leaks are all.

One slab of 20 by 10 m and 12 m, of four storeys, as built in 1985 in the zone of hot summers: walls 1.7, roof 1.26,
windows 6.4 W/(m2 K) (the reference of 1980). At 50 Pa 9 m3/h leak through each of its 1 120 m2 (category III of DIN V
18599-2 above 1 500 m3; it has 2 400), which is 4.2 air changes an hour; 0.07 of it in the usual wind.
"""

import math
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from tests.commands import citybraid
from tests.plausibility.plain_year import PLACE, still_year, weather_of

HEADER = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
YEAR = 8.760
"""Thousand hours of a year."""
WALLS, FOOT = 720.0, 200.0
AIR = 101325.0 / (287.05 * 293.15) * 1006.0 / 3600.0
"""Heat of a cubic metre of air [W h m-3 K-1]."""


def ground() -> float:
    """EN ISO 13370:2007, eq. 2 to 4: B' = 200 / 30, walls of 0.3 m, soil of 2.0 W/(m K), films 0.17 and 0.04."""
    width, depth = 200.0 / 30.0, 0.3 + 2.0 * 0.21
    return 2.0 * 2.0 / (math.pi * width + depth) * math.log(math.pi * width / depth + 1.0)


def rows(folder: Path, **changed: float | str) -> str:
    """Write factor rows of a hotel where nobody is, nothing burns, the plant runs at all hours and no sky is cold."""
    lines = [
        *(f"program_load,hotel/{name},{changed.get(name, 0)},,,,{unit},,,,user,by hand," for name, unit in
          (("people", "person m-2"), ("lights", "W m-2"), ("equipment", "W m-2"), ("fresh_air", "m3 h-1 person-1"))),
        *(f"set_point,hotel/{mode}/{hour:02d},{point},,,,degC,,,,user,by hand," for hour in range(24)
          for mode, point in (("heating", 20), ("cooling", 26))),
        *(f"schedule,hotel/{name}/{hour:02d},1,,,,1,,,,user,by hand," for hour in range(24)
          for name in ("occupancy", "lighting", "equipment")),
        "building_physics,sky_depression,0,,,,K,,,,user,by hand,",
        f"building_physics,wind_exposure,{changed.get('leaks', 0.07)},,,,1,,,,user,by hand,",
    ]  # fmt: skip
    if "u" in changed:
        shares = {"wall": changed["u"], "roof": changed["u"], "window": changed.get("glass", changed["u"])}
        lines += [f"envelope,public/benchmark_1980/3/{name},{value},,,,W m-2 K-1,,,,user,by hand,"
                  for name, value in shares.items()]  # fmt: skip
        lines += ["building_physics,soil_conductivity,1e-6,,,,W m-1 K-1,,,,user,by hand,"]
    path = folder / f"rows{abs(hash(tuple(sorted(changed.items()))))}.csv"
    path.write_text(HEADER + "\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def energy(folder: Path, *, air: float, windows: float = 0.35, factors: str, warm_up: int = 200) -> gpd.GeoDataFrame:
    homes = gpd.GeoDataFrame(
        {"id": ["a"], "use": ["hotel"], "floors": [4.0], "height": [12.0], "year": [1985], "floor_area": [800.0],
         "envelope_standard": ["as_built"], "window_share": [windows]},
        geometry=[box(500_000, 3_400_000, 500_020, 3_400_010)], crs="EPSG:4549",
    )  # fmt: skip
    homes.to_file(folder / "shop.gpkg", engine="pyogrio")
    year, out = still_year(folder / f"year{air}.epw", air=air), folder / f"out{air}{windows}{Path(factors).stem}"
    done = citybraid(
        "model", "lowcarbon.building_energy", *weather_of(year), *PLACE, "--region", "CN", "--climate-zone", "3A",
        "--buildings", str(folder / "shop.gpkg"), "--factors", factors, "--warm-up", str(warm_up), "--out", str(out),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return {name: float(gpd.read_file(out / f"{name}.gpkg")[name].iloc[0])
            for name in ("heating_demand", "cooling_demand")}  # fmt: skip


def test_steady_heat_is_conductance_and_leaks_by_difference(tmp_path: Path) -> None:
    found = energy(tmp_path, air=0.0, windows=0.0, factors=rows(tmp_path))
    conductance = WALLS * 1.7 + FOOT * (1.26 + ground())
    leaks = 9.0 * (WALLS + 2.0 * FOOT) * 0.07 * AIR
    assert found["heating_demand"] == pytest.approx((conductance + leaks) * 20.0 * YEAR, rel=1e-3)
    assert found["cooling_demand"] == 0.0


def test_a_window_s_transmittance_is_the_one_put_in(tmp_path: Path) -> None:
    found = energy(tmp_path, air=0.0, factors=rows(tmp_path, u=1e-4, glass=6.4, leaks=0.0))["heating_demand"]
    assert found / YEAR / 20.0 / (0.35 * WALLS) == pytest.approx(6.4, rel=0.01)


def test_cold_walls_and_cold_glass_lose_less_than_each_alone(tmp_path: Path) -> None:
    """Each gets less radiant heat from the other: 8 % below the sum of U A, as any balance of surfaces has it.

    The plain network of EN ISO 13790 (one star of 3.45 W/(m2 K) over all surfaces) has 18 % less; nothing has more.
    """
    found = energy(tmp_path, air=0.0, factors=rows(tmp_path, leaks=0.0))["heating_demand"] / YEAR / 20.0
    alone = WALLS * (0.65 * 1.7 + 0.35 * 6.4) + FOOT * (1.26 + ground())
    star = 1.0 / (1.0 / (3.45 * 4.5 * 4.0 * FOOT) + 1.0 / alone)
    assert star < found < alone
    assert found == pytest.approx(0.914 * alone, rel=0.01)


def test_leaks_are_the_heat_of_the_air_that_they_change(tmp_path: Path) -> None:
    once = energy(tmp_path, air=0.0, factors=rows(tmp_path))["heating_demand"]
    twice = energy(tmp_path, air=0.0, factors=rows(tmp_path, leaks=0.14))["heating_demand"]
    assert twice - once == pytest.approx(0.07 * 4.2 * 2400.0 * AIR * 20.0 * YEAR, rel=1e-6)


def test_in_a_box_that_loses_nothing_all_gains_are_cooled(tmp_path: Path) -> None:
    found = energy(tmp_path, air=0.0, factors=rows(tmp_path, u=1e-4, leaks=0.0, lights=4, equipment=6))
    assert found["heating_demand"] == 0.0
    assert found["cooling_demand"] == pytest.approx(10.0 * 800.0 * YEAR, rel=2e-3)


def test_at_the_set_point_nothing_is_needed(tmp_path: Path) -> None:
    found = energy(tmp_path, air=22.0, factors=rows(tmp_path))
    assert found == {"heating_demand": 0.0, "cooling_demand": 0.0}
