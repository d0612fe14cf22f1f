"""The building model on real buildings of Shanghai, beside the EnergyPlus weeks that came with them."""

import sys
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.climate import energy_weather, volume_heat
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.stock import Fabric, building_stock, hours_of
from tests.energy_year import FACTORS

Array = NDArray[np.float64]

BUILDINGS = "data/shanghai/buildings_xinhua_road.csv.gz"
WEATHER = "data/epw/CHN_Shanghai.Shanghai.583620_CSWD.epw"
USE = {
    "住宅类": "residential",
    "办公就业类": "office",
    "商业服务类": "retail",
    "公共服务类": "public",
    "学校类": "school",
}
UNKNOWN_YEAR = 1990.0
"""Taken where the table says 0: 1 907 of 1 960 say 1985, and both are older than any standard."""
WEEKS = {"extreme summer": (179, 0), "typical summer": (235, 0), "extreme winter": (5, 1), "typical winter": (47, 1)}
"""First day and kind (0 cold, 1 heat) of the weeks named in the weather file's header."""


class Compared(NamedTuple):
    """Theirs and ours [kWh per m2 and week], by use."""

    table: pd.DataFrame
    correlation: float
    left_out: int


def stock_of(file: Path) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Return the buildings on square footprints of their area, and the rows they come from."""
    rows = pd.read_csv(file)
    rows = rows[rows["floors"].notna() & rows["cooling_tmy_kwh"].notna()]
    side = np.sqrt(rows["footprint_m2"].to_numpy())
    table = {
        "building_use": rows["coarse_function"].map(USE).to_numpy(),
        "year_built": np.where(rows["age"] > 0, rows["age"], UNKNOWN_YEAR),
        "floors": rows["floors"].to_numpy(dtype=float), "height": rows["height_m"].to_numpy(dtype=float),
        "floor_area": rows["floor_area_m2"].to_numpy(dtype=float), "envelope_standard": "as_built",
    }  # fmt: skip
    ids = rows["bldg_id"].astype(str).to_numpy()
    return gpd.GeoDataFrame(table, geometry=[box(0, 0, a, a) for a in side], index=ids, crs="EPSG:32651"), rows


def compare(buildings: Path, epw: Path) -> Compared:
    table, rows = stock_of(buildings)
    head = epw.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    raw = np.genfromtxt(epw, delimiter=",", skip_header=8, usecols=(6, 8, 13, 14, 15), encoding="latin1").T
    names = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal")
    raw[1] /= 100
    year = {name: pd.Series(values) for name, values in zip(names, raw, strict=True)}
    place = dict(zip(("latitude", "longitude", "time_zone", "elevation"), map(float, head[6:10]), strict=True))
    given = {name: resolve(factor, region="CN-SH") for name, factor in FACTORS.items()}
    weather = energy_weather(year=year, place=place, calendar_year=2023, physics=given["physics"])
    stock = building_stock(
        table, zone="3A", calendar_year=2023, volume_heat=volume_heat(place["elevation"]),
        fabric=Fabric(given["envelope"], given["standard_since"], given["window_share"], given["zone_capacity"]),
        loads=Loads(*(given[name] for name in Loads._fields)),
        shares=given["program_share"], conditioned=given["conditioned_share"], system=given["heat_system"],
    )  # fmt: skip
    ours = {name: np.zeros(len(table)) for name in WEEKS}
    for at in range(len(table)):
        hours = hours_of(stock, weather, at, warm_up=20)
        for name, (day, kind) in WEEKS.items():
            ours[name][at] = hours[day * 24 : (day + 7) * 24, 1 - kind].sum() / 1000
    frame = pd.DataFrame(
        {"use": table["building_use"].to_numpy(), "area": table["floor_area"].to_numpy(), **ours,
         "their cold": rows["cooling_tmy_kwh"].to_numpy(), "their heat": rows["heating_tmy_kwh"].to_numpy()}
    )  # fmt: skip
    sums = frame.groupby("use").sum()
    by_use = sums.drop(columns="area").div(sums["area"], axis=0).assign(count=frame.groupby("use").size())
    together = (frame["typical summer"] / frame["area"]).corr(frame["their cold"] / frame["area"])
    return Compared(by_use, float(together), 1960 - len(table))


def lines(found: Compared) -> list[str]:
    """Return the comparison as a table of text."""
    told = [
        "",
        f"Xinhua Road: useful heat and cold [kWh/m2 and week]; {found.left_out} rows without floors left out",
        "  use          n  their cold  typical (error)  extreme (error)  their heat  typical (error)  extreme (error)",
    ]
    for use, row in found.table.iterrows():
        cells = [f"  {use!s:12s}{row['count']:4.0f}"]
        for season, theirs in (("summer", "their cold"), ("winter", "their heat")):
            cells.append(f"{row[theirs]:11.2f}")
            for kind in ("typical", "extreme"):
                ours = row[f"{kind} {season}"]
                cells.append(f"{ours:8.2f} ({ours / row[theirs] - 1:+5.0%})")
        told.append(" ".join(cells))
    told.append(f"  correlation of buildings' cold per floor area, typical week: {found.correlation:.2f}")
    return [*told, ""]


@pytest.mark.case(BUILDINGS)
@pytest.mark.case(WEATHER)
def test_shanghai_weeks(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Which week and which weather year theirs are is not said: shown against both weeks of the EPW header."""
    found = compare(cases / BUILDINGS, cases / WEATHER)
    with capsys.disabled():
        sys.stdout.write("\n".join(lines(found)))
    assert found.table["count"].sum() == 1934
    for season, theirs in (("summer", "their cold"), ("winter", "their heat")):
        ratio = found.table[f"typical {season}"] / found.table[theirs]
        assert ratio.between(1 / 2.5, 2.5).all(), "the same order of magnitude for every use"
    assert found.correlation > 0, "of single buildings, only the direction is theirs"
