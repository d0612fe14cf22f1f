"""New buildings in Shanghai's weather beside the design energy of GB 55015-2021, App. A (recalled)."""

import csv
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.building_energy import BuildingEnergyParams, building_energy
from citybraid.lowcarbon.operation import Loads, operation, programmes
from tests.energy_year import FACTORS

APPENDIX = "facts/building_energy_gb55015_appA.csv"
WEATHER = "data/epw/CHN_Shanghai.Shanghai.583620_CSWD.epw"
ROWS = {
    "office": ("office_small_lt20000m2", "office_large_ge20000m2"), "hotel": ("hotel_large", "hotel_small"),
    "retail": ("mall_large",), "hospital": ("hospital",), "school": ("school_library", "school_teaching"),
}  # fmt: skip
"""Rows of the appendix for a use, lowest first; all heat, cold and light in electricity, equipment left out."""


def equipment(use: str) -> float:
    """Return the electricity of equipment that the programmes of a use prescribe [kWh per m2 and year]."""
    loads = Loads(*(resolve(FACTORS[name], region="CN") for name in Loads._fields))
    shares = programmes(use, "3A", resolve("program_share"), resolve("conditioned_share"))
    dark = {key: 0.0 if key.endswith("/lights") else value for key, value in loads.program_load.items()}
    names = tuple(shares)
    running = operation(names, loads._replace(program_load=dark), calendar_year=2023, zone="3A", volume_heat=1200.0)
    plugs = running.plugs.sum(axis=1)
    return float(sum(shares[name] * plug for name, plug in zip(names, plugs, strict=True))) / 1000


@pytest.mark.case(APPENDIX)
@pytest.mark.case(WEATHER)
def test_design_energy(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    epw = cases / WEATHER
    head = epw.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    raw = np.genfromtxt(epw, delimiter=",", skip_header=8, usecols=(6, 8, 13, 14, 15), encoding="latin1").T
    raw[1] /= 100
    names = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal")
    given: dict[str, Any] = dict(
        zip(("latitude", "longitude", "time_zone", "elevation"), map(float, head[6:10]), strict=True)
    )
    given |= {name: pd.Series(values) for name, values in zip(names, raw, strict=True)}
    given |= {name: resolve(factor, region="CN-SH") for name, factor in FACTORS.items()}
    buildings = gpd.GeoDataFrame(
        {"building_use": list(ROWS), "year_built": 2024.0, "height": 40.0, "floor_area": 20000.0,
         "envelope_standard": "as_built"},
        geometry=[box(0, 0, 80, 25)] * len(ROWS), index=list(ROWS), crs="EPSG:32651",
    )  # fmt: skip
    p = BuildingEnergyParams(climate_zone="3A")
    found = building_energy.of({"buildings": buildings, "p": p, "tick": lambda _: None, **given})
    table = list(csv.DictReader((cases / APPENDIX).read_text(encoding="utf-8").splitlines()))
    design = {row["type"]: row["value"] for row in table if row["climate_zone"] == "hot_summer_cold_winter"}
    told = ["", "Heat, cold and light in Shanghai [kWh/m2 a]: ours, new build, beside GB 55015 App. A (recalled)"]
    for use, rows in ROWS.items():
        ours = found.electricity[use] / 20000 - equipment(use)
        low, high = float(design[rows[0]]), float(design[rows[-1]])
        told.append(
            f"  {use:10s} {ours:6.1f}   {low:g} to {high:g}" if high > low else f"  {use:10s} {ours:6.1f}   {low:g}"
        )
        assert low / 2.5 < ours < high * 2.5, use
    with capsys.disabled():
        sys.stdout.write("\n".join([*told, ""]))
