from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.energy import PV_ROOF
from citybraid.core.vocabulary.weather import (
    DIFFUSE_HORIZONTAL,
    DIRECT_NORMAL,
    DRY_BULB,
    ELEVATION,
    GLOBAL_HORIZONTAL,
    LATITUDE,
    LONGITUDE,
    TIME_ZONE,
    WIND_SPEED,
)
from citybraid.lowcarbon.pv_generation import PvGenerationParams, pv_generation
from tests.energy_year import energy_year, row_of_buildings
from tests.examples import at_most
from tests.ranges import ends

BUILDINGS = row_of_buildings(("office", "retail"))
FEW = at_most(10)
Given = dict[str, Any]


def generated(share: list[float], given: Given, *, tilt: float = 20.0, azimuth: float = 180.0) -> pd.Series:
    year = {name: value for name, value in given.items() if name != "relative_humidity"}
    return pv_generation.of({
        "buildings": BUILDINGS.assign(pv_roof=share), "power_density": resolve("pv_power_density"),
        "loss": resolve("pv_loss"), "physics": resolve("building_physics"),
        "p": PvGenerationParams(tilt=tilt, azimuth=azimuth), **year,
    }).pv_generation  # fmt: skip


def clear(light: float = 1.0) -> Given:
    year = energy_year() | {"wind_speed": pd.Series(np.full(8760, 3.0))}
    for name in ("global_horizontal", "direct_normal", "diffuse_horizontal"):
        year[name] = year[name] * light
    return year


@FEW
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 90), st.floats(0, 359))
def test_generation_goes_with_the_modules(one: float, other: float, tilt: float, azimuth: float) -> None:
    found = generated([one, other], clear(), tilt=tilt, azimuth=azimuth)
    assert (found >= 0).all()
    assert found["b0"] * other == pytest.approx(found["b1"] * one, rel=1e-9, abs=1e-6)
    assert found.max() <= 560 * 0.175 * 8760 / 1.2


@FEW
@given(st.floats(0, 1), st.floats(0.05, 0.3))
def test_more_light_never_gives_less(light: float, more: float) -> None:
    low, high = (generated([0.5, 0.5], clear(value)) for value in (light, light + more))
    assert (high >= low - 1e-6).all()


SERIES = {
    "dry_bulb": DRY_BULB, "wind_speed": WIND_SPEED, "global_horizontal": GLOBAL_HORIZONTAL,
    "direct_normal": DIRECT_NORMAL, "diffuse_horizontal": DIFFUSE_HORIZONTAL,
}  # fmt: skip
NUMBERS = {"latitude": LATITUDE, "longitude": LONGITUDE, "time_zone": TIME_ZONE, "elevation": ELEVATION}


def corners() -> list[Given]:
    both: list[Given] = []
    for end in (0, 1):
        held: Given = {name: pd.Series(np.full(8760, ends(alias)[end])) for name, alias in SERIES.items()}
        both += [held | {name: ends(alias)[other] for name, alias in NUMBERS.items()} for other in (0, 1)]
    return both


@pytest.mark.parametrize("weather", corners())
def test_corners(weather: Given) -> None:
    found = generated(list(ends(PV_ROOF)), weather)
    assert np.isfinite(found).all()
    assert found["b0"] == 0.0
    assert found["b1"] >= 0.0
