"""The cases of BESTEST (ANSI/ASHRAE 140-2020, section 7) for the zone kernel: one room of 8 by 6 by 2.7 m."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone import AIR, COLUMNS, RESIDUAL, SUPPLIED, simulate
from citybraid.kernels.buildings.zone_inputs import SECTORS, Exposure, Operation, Plant, Rates, Weather
from citybraid.kernels.buildings.zone_light import sunlight
from citybraid.kernels.buildings.zone_network import Elements, Films, Network, reduce_network
from citybraid.kernels.climate.solar import Sky, sun_of_year
from citybraid.kernels.climate.solar_facade import light_of_year
from citybraid.kernels.climate.solar_glass import Glazing, solar_properties
from citybraid.lowcarbon.climate import volume_heat
from citybraid.lowcarbon.stock import heat_and_cold

Array = NDArray[np.float64]

STEFAN = 5.67e-8
SIDES = (0.0, 90.0, 180.0, 270.0)
WALLS = np.array([21.6, 16.2, 21.6, 16.2])
FLAT = 48.0


def one(value: float) -> Array:
    return np.array([value])


class Run(NamedTuple):
    """A year and its hours: air [degC], heating and cooling [W]."""

    year: Array
    trace: Array


def run(net: Network, exposure: Exposure, weather: Weather, operation: Operation, plant: Plant, *, warm_up: int) -> Run:
    hours = weather.air.size
    year, course, light, plain = np.zeros(COLUMNS), np.empty((3, hours)), np.empty((3, hours)), np.ones((1, hours))
    sunlight(0, exposure, weather, light)
    rates = Rates(plain, plain)
    simulate(0, light, net, weather, operation, plant, rates, warm_up, (0, 0), year, np.zeros(hours), course)
    assert year[RESIDUAL] < 1e-9 * year[SUPPLIED]
    return Run(year, np.column_stack([course[AIR], *heat_and_cold(course)]))


def plant_of(*, leakage: float = 0.0) -> Plant:
    return Plant(
        one(1.0), np.array([0]), one(1.0), one(leakage), one(0.0), one(0.0), one(np.inf), one(np.inf),
        np.array([0]), one(0.0), one(0.0), one(0.0), one(0.0),
    )  # fmt: skip


class Build(NamedTuple):
    """Layers of a case: resistances [m2 K W-1], heat held by the inner side [J m-2 K-1] and its depth."""

    wall: float
    wall_mass: float
    wall_depth: float
    floor: float
    floor_mass: float
    floor_depth: float


LIGHT = Build(
    0.012 / 0.16 + 0.066 / 0.04 + 0.009 / 0.14, 0.012 * 950 * 840 + 0.033 * 12 * 840, 0.006 / 0.16,
    0.025 / 0.14 + 1.003 / 0.04, 0.025 * 650 * 1200, 0.0125 / 0.14,
)  # fmt: skip
HEAVY = Build(
    0.1 / 0.51 + 0.0615 / 0.04 + 0.009 / 0.14, 0.1 * 1400 * 1000, 0.05 / 0.51,
    0.08 / 1.13 + 1.007 / 0.04, 0.08 * 1400 * 1000, 0.04 / 1.13,
)  # fmt: skip
ROOF, ROOF_MASS, ROOF_DEPTH = 0.010 / 0.16 + 0.1118 / 0.04 + 0.019 / 0.14, 8.0e3 + 0.0559 * 12 * 840, 0.005 / 0.16
RADIANT_OUT = 0.9 * 4 * STEFAN * 283.0**3
WALL_OUT, ROOF_OUT, GLASS_OUT = 11.9 + RADIANT_OUT, 14.4 + RADIANT_OUT, 8.0 + RADIANT_OUT * 0.84 / 0.9
WALL_IN, CEILING_IN, FLOOR_IN, GLASS_IN, RADIANT_IN = 2.2, 1.8, 2.2, 2.4, 5.13
UPRIGHT = 0.5 * 0.5**0.5
SUN_TO = np.array([0.323, 0.642, 0.0])
PANE = 0.003048 / 1.0
GAP = 0.0244 / 0.012 + 4 * STEFAN * 283.0**3 / (2 / 0.84 - 1)
CORE = 2 * PANE + 1 / GAP


class Case(NamedTuple):
    """What a case changes of case 600."""

    build: Build = LIGHT
    south: bool = True
    shaded: bool = False
    free: bool = False
    setback: bool = False
    night: bool = False
    strict: bool = False


CASES = {
    "600": Case(), "610": Case(shaded=True), "620": Case(south=False), "630": Case(south=False, shaded=True),
    "640": Case(setback=True), "650": Case(night=True), "685": Case(strict=True),
    "900": Case(HEAVY), "910": Case(HEAVY, shaded=True), "920": Case(HEAVY, south=False),
    "930": Case(HEAVY, south=False, shaded=True), "940": Case(HEAVY, setback=True), "950": Case(HEAVY, night=True),
    "985": Case(HEAVY, strict=True),
    "600FF": Case(free=True), "650FF": Case(free=True, night=True), "900FF": Case(HEAVY, free=True),
    "950FF": Case(HEAVY, free=True, night=True),
}  # fmt: skip
GLAZING = Glazing(0.834, 0.075, 2, 1 / (CORE + 1 / 7.53 + 1 / GLASS_OUT), 7.53, GLASS_OUT)


@cache
def weather_of(file: Path) -> Weather:
    columns = np.genfromtxt(file, delimiter=",", skip_header=8, usecols=(6, 12, 13, 14, 15), encoding="latin1").T
    air, long_wave, whole, direct, diffuse = np.ascontiguousarray(columns)
    head = file.read_text(encoding="latin1").split("\n", 1)[0].split(",")
    latitude, longitude, zone, elevation = map(float, head[6:10])
    sun = sun_of_year(latitude=latitude, longitude=longitude, elevation=elevation, time_zone=zone, year=2023)
    light = light_of_year(
        sun, Sky(whole, direct, diffuse), azimuths=SIDES, ground_albedo=0.2, glazing=GLAZING, sectors=SECTORS
    )
    still = np.zeros(air.size)
    sky = air - ((long_wave / STEFAN) ** 0.25 - 273.15)
    return Weather(air, still + 10.0, still, sky, still, **light._asdict())


def exposure_of(windows: Array, case: Case, *, out: tuple[Array, float, float], window_ua: float) -> Exposure:
    """Return the exposure; `out` is the conductance of walls by side, roof and floor."""
    total = out[0].sum() + out[1] + out[2]
    facing, unseen = np.zeros((1, 5)), np.zeros((1, 4, SECTORS, 0), dtype=np.float32)
    shade = 1.0 * case.shaded * (windows > 0)
    sun = solar_properties(np.zeros(1), GLAZING)
    wall_solar, through, absorbed, overhang, gap, fin = (facing.copy() for _ in range(6))
    wall_solar[0] = np.append(0.6 / WALL_OUT * out[0], 0.6 / ROOF_OUT * out[1]) / total
    through[0, :4] = windows * sun.transmittance[0]
    absorbed[0, :4] = windows * sun.inward[0] / window_ua
    overhang[0, :4], gap[0, :4] = shade / 2.0, 0.25 * shade
    fin[0, :4] = shade / 3.0 * (not case.south)
    return Exposure(
        wall_solar, through, absorbed, np.ones((1, 5)), overhang, gap, fin,
        unseen, unseen, unseen, one(np.inf), one(-np.inf), one(1.0), one(1.0),
        one(RADIANT_OUT * (UPRIGHT * out[0].sum() / WALL_OUT + out[1] / ROOF_OUT) / total),
        one(UPRIGHT * RADIANT_OUT / GLASS_OUT), one(0.0), one(0.0),
    )  # fmt: skip


def operation_of(case: Case, *, air_heat: float) -> Operation:
    clock = np.arange(8760) % 24
    night = (clock >= 18) | (clock < 7)
    low = np.full(8760, 20.0)
    high = np.full(8760, 20.0 if case.strict else 27.0)
    if case.setback:
        low = np.where((clock >= 23) | (clock < 7), 10.0, 20.0)
    if case.night:
        low, high = np.full(8760, -200.0), np.where(night, 200.0, 27.0)
    if case.free:
        low, high = np.full(8760, -200.0), np.full(8760, 200.0)
    fan = np.where(night & case.night, 1703.16 / 3600 * air_heat, 0.0)
    rows = (np.full(8760, 80.0), np.full(8760, 120.0), np.zeros(8760), fan, low, high, np.zeros(8760))
    return Operation(*(row[None].copy() for row in rows))


def bestest(file: Path, case: Case) -> Run:
    build, glass = case.build, 12.0
    windows = np.array([0.0, 0.0, 12.0, 0.0]) if case.south else np.array([0.0, 6.0, 0.0, 6.0])
    walls = WALLS - windows
    out_wall = walls / (build.wall - build.wall_depth + 1 / WALL_OUT)
    out_roof, out_floor = FLAT / (ROOF - ROOF_DEPTH + 1 / ROOF_OUT), FLAT / (build.floor - build.floor_depth + 0.04)
    total = out_wall.sum() + out_roof + out_floor
    window_rest = (CORE + 1 / GLASS_OUT) / glass
    elements = Elements(
        one(walls.sum() + FLAT), one(FLAT), one(glass),
        one(1 / (walls.sum() / build.wall_depth + FLAT / ROOF_DEPTH)), one(1 / total), one(build.floor_depth / FLAT),
        one(window_rest), one(walls.sum() * build.wall_mass + FLAT * ROOF_MASS), one(FLAT * build.floor_mass),
    )  # fmt: skip
    convection = (WALL_IN * walls.sum() + CEILING_IN * FLAT) / (walls.sum() + FLAT)
    net = reduce_network(elements, Films(convection, FLOOR_IN, GLASS_IN, RADIANT_IN), solar_to=SUN_TO)
    exposure = exposure_of(windows, case, out=(out_wall, out_roof, out_floor), window_ua=glass * GLAZING.u)
    air_heat = volume_heat(1650.0)
    plant = plant_of(leakage=0.5 * 129.6 / 3600 * air_heat)
    return run(net, exposure, weather_of(file), operation_of(case, air_heat=air_heat), plant, warm_up=720)
