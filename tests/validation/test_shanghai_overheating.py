"""Heat in the homes of Xinhua Road, Shanghai, in the typical year of its weather file; nothing measured to compare."""

from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import affinity

from citybraid.core.factor import resolve
from citybraid.lowcarbon.overheating.overheating import Overheating, OverheatingParams, overheating
from tests.energy_year import FACTORS
from tests.validation.test_shanghai_buildings import BUILDINGS, WEATHER, YEAR, simulated, stock_of

NAMES = ("dry_bulb", "relative_humidity", "global_horizontal", "direct_normal", "diffuse_horizontal")


def homes(file: Path) -> gpd.GeoDataFrame:
    """Return every fifth home, a kilometre apart, since their places are not known."""
    rows = simulated(file)
    rows = rows[rows["coarse_function"] == "住宅类"]
    rows = rows.assign(use="residential", built=np.where(rows["age"] > 0, rows["age"], YEAR))
    as_listed = {"floors": rows["floors"].to_numpy(dtype=float), "floor_area": rows["floor_area_m2"].to_numpy()}
    table = stock_of(rows).assign(**as_listed).iloc[::5]
    apart = [affinity.translate(shape, 1000.0 * at) for at, shape in enumerate(table.geometry)]
    return table.set_geometry(apart).assign(residents=table["floor_area"] / 40.0)


def year(epw: Path) -> dict[str, Any]:
    head = epw.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    raw = np.genfromtxt(epw, delimiter=",", skip_header=8, usecols=(6, 8, 13, 14, 15), encoding="latin1").T
    raw[1] /= 100
    place = dict(zip(("latitude", "longitude", "time_zone", "elevation"), map(float, head[6:10]), strict=True))
    return {name: pd.Series(values) for name, values in zip(NAMES, raw, strict=True)} | place


def run(buildings: gpd.GeoDataFrame, weather: dict[str, Any]) -> Overheating:
    tables = FACTORS | {"limits": "overheating"}
    rows = {name: resolve(factor, region="CN-SH") for name, factor in tables.items() if name in overheating.needs}
    given = {"buildings": buildings, "lived_in": buildings, "tick": lambda _: None, **weather, **rows}
    result: Overheating = overheating.of({**given, "p": OverheatingParams(climate_zone="3A")})
    return result


@pytest.mark.slow
@pytest.mark.case(BUILDINGS)
@pytest.mark.case(WEATHER)
def test_homes_are_hotter_than_the_air_outdoors_and_retrofit_delays_the_blackout(cases: Path) -> None:
    buildings, weather = homes(cases / BUILDINGS), year(cases / WEATHER)
    old = run(buildings, weather)
    new = run(buildings.assign(envelope_standard="nearly_zero"), weather)
    outdoors = int((weather["dry_bulb"] > 30).sum())
    hours = old.uncooled.hours_above_30.mean()
    assert outdoors == 299
    assert 1.5 * outdoors < hours < 5 * outdoors
    assert (old.blackout.blackout_peak > weather["dry_bulb"].max() - 1.0).mean() > 0.5
    assert (new.blackout.blackout_to_32 > old.blackout.blackout_to_32).mean() > 0.9
    assert old.people is not None
    assert new.people is not None
    assert new.people.blackout_people.sum() < 0.3 * old.people.blackout_people.sum()
    storeys = buildings["floors"] >= 3
    top, middle = (
        column[storeys].mean() for column in (old.uncooled.top_hours_above_30, old.uncooled.middle_hours_above_30)
    )
    assert top == pytest.approx(middle, rel=0.15)
