"""Published cases of energy by public names alone, as a stranger states them: BESTEST and PVWatts."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import citybraid as cb
from citybraid.api.rooms import RoomCourse
from tests.validation.bestest import (
    CEILING_IN,
    CORE,
    FLAT,
    FLOOR_IN,
    GLASS_IN,
    GLASS_OUT,
    HEAVY,
    LIGHT,
    RADIANT_IN,
    RADIANT_OUT,
    ROOF,
    ROOF_DEPTH,
    ROOF_MASS,
    ROOF_OUT,
    SIDES,
    STEFAN,
    UPRIGHT,
    WALL_IN,
    WALL_OUT,
    WALLS,
    Build,
)  # fmt: skip
from tests.validation.test_bestest import FOLDER, WEATHER, named

PVWATTS = "validation/solar_pvwatts/pvwatts_8760_rackmount.csv"
WINDOW, AIR_HEAT = 12.0, 1006.0 * 101325.0 * (1 - 2.25577e-5 * 1650.0) ** 5.2559 / (287.05 * 293.15)
"""South window [m2]; heat capacity of air at 1 650 m [J m-3 K-1]."""
INWARD = 1 / (CORE + 1 / 7.53 + 1 / GLASS_OUT)


def weather_of(file: Path) -> tuple[pd.DataFrame, dict[str, float]]:
    """Return the columns of an EPW file and where it was measured."""
    words = {6: "air", 12: "long_wave", 13: "whole", 14: "direct", 15: "diffuse"}
    table = pd.read_csv(file, skiprows=8, header=None, usecols=[*words], encoding="latin1").rename(columns=words)
    head = file.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    return table, dict(zip(("latitude", "longitude", "time_zone", "elevation"), map(float, head[6:10]), strict=True))


def course_of(file: Path, build: Build, *, free: bool = False) -> RoomCourse:
    """Return the hours of case 600 or 900, without plant where free."""
    year, place = weather_of(file)
    glass = cb.Glazing(0.834, 0.075, 2, INWARD, 7.53, GLASS_OUT)
    given: dict[str, Any] = {"global_horizontal": year["whole"], "glazing": glass, **place}
    faces = [
        cb.plane_light(year["direct"], year["diffuse"], tilt=tilt, azimuth=azimuth, **given)
        for tilt, azimuth in [*((90.0, side) for side in SIDES), (0.0, 0.0)]
    ]
    walls = WALLS - [0.0, 0.0, WINDOW, 0.0]
    lost = np.append(walls / (build.wall - build.wall_depth + 1 / WALL_OUT), FLAT / (ROOF - ROOF_DEPTH + 1 / ROOF_OUT))
    films = np.array([WALL_OUT] * 4 + [ROOF_OUT])
    whole = lost.sum() + FLAT / (build.floor - build.floor_depth + 0.04)
    cold = year["air"] - ((year["long_wave"] / STEFAN) ** 0.25 - 273.15)
    sun = sum(0.6 * share / film * face["total"] for share, film, face in zip(lost, films, faces, strict=True))
    radiant = RADIANT_OUT * (UPRIGHT * lost[:4].sum() / WALL_OUT + lost[4] / ROOF_OUT)
    area = walls.sum() + FLAT
    room = cb.Room(
        area, 1 / (walls.sum() / build.wall_depth + FLAT / ROOF_DEPTH), 1 / whole,
        walls.sum() * build.wall_mass + FLAT * ROOF_MASS, FLAT, build.floor_depth / FLAT, FLAT * build.floor_mass,
        (WALL_IN * walls.sum() + CEILING_IN * FLAT) / area, FLOOR_IN, RADIANT_IN, WINDOW,
        (CORE + 1 / GLASS_OUT) / WINDOW, GLASS_IN,
    )  # fmt: skip
    return cb.room_course(
        room, year["air"] + (sun - radiant * cold) / whole, outdoor_air=year["air"],
        window_outdoors=year["air"] + faces[2]["absorbed"] / INWARD - UPRIGHT * RADIANT_OUT / GLASS_OUT * cold,
        convective=80.0, radiative=120.0, sun=0.965 * WINDOW * faces[2]["passed"], sun_to_outer=0.323 / 0.965,
        air_change=0.5 * 129.6 / 3600 * AIR_HEAT, heat_below=None if free else 20.0, cool_above=None if free else 27.0,
    )  # fmt: skip


@pytest.mark.case(WEATHER)
def test_bestest_by_public_names(cases: Path) -> None:
    """Cases 600, 900 and 600FF: as many of the 11 quantities inside as by the model of buildings, none 10 % beyond."""
    found: dict[str, float] = {}
    for name, build in (("600", LIGHT), ("900", HEAVY)):
        plant = course_of(cases / WEATHER, build).plant
        heat, cool = np.maximum(plant, 0.0), np.maximum(-plant, 0.0)
        found |= {
            f"{name} annual_heating_MWh": heat.sum() * 1e-6, f"{name} annual_cooling_MWh": cool.sum() * 1e-6,
            f"{name} peak_heating_kW": heat.max() * 1e-3, f"{name} peak_cooling_kW": cool.max() * 1e-3,
        }  # fmt: skip
    air = course_of(cases / WEATHER, LIGHT, free=True).air
    found |= {"600FF Tmax": air.max(), "600FF Tmin": air.min(), "600FF Tavg": air.mean()}
    ranges = named(cases / FOLDER)
    assert {name for name, each in ranges.items() if not each.holds(found[name], beyond=0.1)} == set()
    assert sum(each.holds(found[name]) for name, each in ranges.items()) >= 9


@pytest.mark.case(PVWATTS)
def test_pvwatts_by_public_names(cases: Path) -> None:
    """Hours of plane and cell, and the year, of 4 kW in Denver."""
    table = np.genfromtxt(cases / PVWATTS, delimiter=",", skip_header=18, max_rows=8760)
    direct, diffuse, air, wind, plane, cell, _, output = table[:, 3:11].T
    light = cb.plane_light(
        direct, diffuse, latitude=39.73, longitude=-105.18, elevation=1819.6, time_zone=-7.0, tilt=20.0, azimuth=180.0
    )  # fmt: skip
    found = cb.module_course(light, air=air, wind=wind, power=4.0)
    assert found["alternating"].sum() == pytest.approx(output.sum() / 1000, rel=0.03)
    assert np.sqrt(np.mean((found["plane"] - plane) ** 2)) < 25
    assert np.sqrt(np.mean((found["cell"] - cell) ** 2)) < 2
