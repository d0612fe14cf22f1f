"""The building model on real buildings of Shanghai, beside the EnergyPlus weeks that came with them."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from shapely.geometry import box

from citybraid.core.factor import resolve
from citybraid.lowcarbon.climate import energy_weather, volume_heat
from citybraid.lowcarbon.operation import Loads
from citybraid.lowcarbon.stock import Fabric, Stock, building_stock, hours_of
from tests.energy_year import FACTORS
from tests.validation.energyplus_settings import SENSIBLE, fabric_rows, operation_rows

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
SETTINGS = "data/china_building_settings"
TYPICAL = {"typical summer": "their cold", "typical winter": "their heat"}
DRY = -1e3
"""Moisture of outdoor air of which nothing condenses [K]."""
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


def _stock_of_use(
    table: gpd.GeoDataFrame, use: str, given: Mapping[str, Any], settings: Path | None, *, elevation: float
) -> Stock:
    """Return the buildings of a use as zones, with the envelope of the data set's settings where these are given."""
    fabric = Fabric(given["envelope"], given["standard_since"], given["window_share"], given["zone_capacity"])
    if settings is not None:
        skin = fabric_rows(settings, use, UNKNOWN_YEAR)
        heads = {key.rsplit("/", 1)[0] for key in given["envelope"]}
        theirs = {f"{head}/{name}": skin[name] for head in heads for name in ("wall", "roof", "window", "solar_gain")}
        fabric = fabric._replace(envelope=dict(given["envelope"]) | theirs, window_share=skin["window_share"])
    return building_stock(
        table, zone="3A", calendar_year=2023, volume_heat=volume_heat(elevation), fabric=fabric,
        loads=Loads(*(given[name] for name in Loads._fields)), shares=given["program_share"],
        conditioned=given["conditioned_share"], system=given["heat_system"],
    )  # fmt: skip


def compare(buildings: Path, epw: Path, settings: Path | None = None) -> Compared:
    """Compare with our own archetypes, or with those of a folder of settings."""
    table, rows = stock_of(buildings)
    head = epw.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    raw = np.genfromtxt(epw, delimiter=",", skip_header=8, usecols=(6, 8, 13, 14, 15), encoding="latin1").T
    names = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal")
    raw[1] /= 100
    year = {name: pd.Series(values) for name, values in zip(names, raw, strict=True)}
    place = dict(zip(("latitude", "longitude", "time_zone", "elevation"), map(float, head[6:10]), strict=True))
    given = {name: resolve(factor, region="CN-SH") for name, factor in FACTORS.items()}
    weather = energy_weather(year=year, place=place, calendar_year=2023, physics=given["physics"])
    if settings is not None:
        weather = weather._replace(moisture=np.full_like(weather.moisture, DRY))
    total = SENSIBLE if settings is not None else 1.0
    ours = {name: np.zeros(len(table)) for name in WEEKS}
    rows = rows.reset_index(drop=True)
    theirs_of = operation_rows(settings) if settings is not None else {}
    for use in sorted(set(table["building_use"])):
        here = np.flatnonzero(table["building_use"] == use)
        stock = _stock_of_use(table.iloc[here], use, given | theirs_of, settings, elevation=place["elevation"])
        for at, building in enumerate(here):
            hours = hours_of(stock, weather, at, warm_up=20)
            for name, (day, kind) in WEEKS.items():
                ours[name][building] = hours[day * 24 : (day + 7) * 24, 1 - kind].sum() / 1000
                ours[name][building] /= 1.0 if kind else total
    frame = pd.DataFrame(
        {"use": table["building_use"].to_numpy(), "area": table["floor_area"].to_numpy(), **ours,
         "their cold": rows["cooling_tmy_kwh"].to_numpy(), "their heat": rows["heating_tmy_kwh"].to_numpy()}
    )  # fmt: skip
    sums = frame.groupby("use").sum()
    by_use = sums.drop(columns="area").div(sums["area"], axis=0).assign(count=frame.groupby("use").size())
    error = (
        pd.DataFrame({theirs: (frame[ours] / frame[theirs] - 1).abs() for ours, theirs in TYPICAL.items()})
        .groupby(frame["use"])
        .median()
    )
    by_use = by_use.join(error.add_suffix(" error"))
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


MEDIAN_ERROR = {
    "office": (0.17, 0.30), "public": (0.26, 0.18), "residential": (0.63, 0.05), "retail": (0.26, 0.34),
    "school": (0.36, 0.46),
}  # fmt: skip
"""Median absolute error of buildings in the typical weeks, cold and heat, as on the method page."""


@pytest.mark.case(BUILDINGS)
@pytest.mark.case(WEATHER)
@pytest.mark.case(SETTINGS)
def test_shanghai_weeks(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the archetypes of the data set's own settings, fixed beforehand: nothing is fitted.

    Which week and which weather year theirs are is not said. For each use, in both seasons, theirs lies between our
    typical and our extreme week of the header of the EPW file.
    """
    found = compare(cases / BUILDINGS, cases / WEATHER, cases / SETTINGS)
    with capsys.disabled():
        sys.stdout.write("\n".join(lines(found)))
    assert found.table["count"].sum() == 1934
    for season, theirs in (("summer", "their cold"), ("winter", "their heat")):
        assert (found.table[theirs] > 0.95 * found.table[f"typical {season}"]).all()
        assert (found.table[theirs] < 1.05 * found.table[f"extreme {season}"]).all()
    assert found.correlation > 0, "of single buildings, only the direction is theirs"
    for use, (cold, heat) in MEDIAN_ERROR.items():
        row = found.table.loc[use]
        assert (row["their cold error"], row["their heat error"]) == pytest.approx((cold, heat), abs=0.006), use


@pytest.mark.case(BUILDINGS)
@pytest.mark.case(WEATHER)
def test_shanghai_as_operated(cases: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Our own archetypes: homes use two rooms a few hours a day, theirs all rooms all night; offices agree."""
    found = compare(cases / BUILDINGS, cases / WEATHER)
    with capsys.disabled():
        sys.stdout.write("\n".join(lines(found)))
    for use in ("office", "public", "retail"):
        row = found.table.loc[use]
        assert 1 / 2.5 < row["typical summer"] / row["their cold"] < 2.5
        assert 1 / 2.5 < row["typical winter"] / row["their heat"] < 2.5
    homes = found.table.loc["residential"]
    assert homes["typical summer"] < 0.5 * homes["their cold"]
