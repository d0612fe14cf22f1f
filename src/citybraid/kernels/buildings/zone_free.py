"""Operative temperature of zones without plant, their windows opened while it is cooler outdoors."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone import KEPT, conditioned, floating, free_response
from citybraid.kernels.buildings.zone_comfort import SurfaceRise
from citybraid.kernels.buildings.zone_hour import STRICT, controlled_matrix, links, response
from citybraid.kernels.buildings.zone_inputs import Exposure, Operation, Plant, Weather
from citybraid.kernels.buildings.zone_light import PANE, THROUGH, WALL, sunlight
from citybraid.kernels.buildings.zone_network import Network
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]

WITH_POWER, WITHOUT_POWER = 0, 1
"""Rows of Operation: the home as it is used, and the same with people only."""


class Airing(NamedTuple):
    """Opening of windows."""

    conductance: Array
    """Air flow through open windows of each zone [W K-1]."""
    above: float
    """Air temperature indoors above which windows are opened if it is cooler outdoors [degC]."""


class Course(NamedTuple):
    """What is run: hours of the year, which wraps around."""

    spin_up: int
    """Hours run before the first, their results not kept."""
    first: int
    """First hour kept, which is also the first without plant in a blackout."""
    hours: int
    """Hours kept."""
    blackout: bool
    """Whether plant and power work in the spin-up and fail at the first hour; else there is power and no plant."""


@compiled(fast=STRICT, inner=True)
def free_temperatures(
    zone: int, light: Array, net: Network, rise: SurfaceRise, weather: Weather, operation: Operation,
    plant: Plant, airing: Airing, course: Course, flows: Array, known: Array, operative: Array,
) -> None:  # fmt: skip
    """Write a zone's operative temperature of each hour of a course [degC].

    Air and mean radiant temperature count alike (EN ISO 7726, still air). Without plant, windows are open in an hour
    whose air would be warmer than `airing.above` and than outdoors with them shut; with plant they stay shut. `flows`
    and `known` are room for `free_response`.
    """
    year = weather.air.size
    area, part, leak = plant.area[zone], plant.part[zone], plant.leakage[zone]
    k, rad, sun = links(net, zone), net.radiant_split[zone], net.solar_split[zone]
    limits = (plant.heat_limit[zone], plant.cool_limit[zone])
    held, still = response(controlled_matrix(k), 1.0), k.g_ae + k.g_ai + k.g_aw
    kept = 0
    begin = course.first - course.spin_up
    mild = max(20.0, weather.air.mean())
    state = (mild, mild)
    for t in range(begin, course.first + course.hours):
        h = t % year
        cooled = course.blackout and t < course.first
        row = WITHOUT_POWER if course.blackout and not cooled else WITH_POWER
        out, pane, glass = weather.air[h], light[PANE, h], part * light[THROUGH, h]
        air_gain, shine = area * operation.convective[row, h], area * operation.radiative[row, h]
        vent = leak + area * operation.ventilation[row, h]
        free, kept = free_response(k, vent, flows, known, kept)
        inside = air_gain + rad[0] * shine + sun[0] * glass + k.g_aw * pane
        q_e = rad[1] * shine + sun[1] * glass + k.g_ew * pane + k.h_eo * light[WALL, h]
        q_i = rad[2] * shine + sun[2] * glass + k.g_iw * pane
        q = (inside + vent * out, q_e, q_i)
        if cooled:
            wanted = (operation.heat_below[row, h], operation.cool_above[row, h])
            air, _, mean, state = conditioned(k, free, held, q, state, wanted, limits, still + vent)
        else:
            air, mean, end = floating(k, free, q, state)
            if air > airing.above and air > out:
                vent += airing.conductance[zone]
                free, kept = free_response(k, vent, flows, known, kept)
                air, mean, end = floating(k, free, (inside + vent * out, q_e, q_i), state)
            state = end
        if t >= course.first:
            radiant = rad[0] * air + rad[1] * mean[0] + rad[2] * mean[1] + rad[3] * pane
            radiant += rise.radiant[zone] * shine + rise.solar[zone] * glass
            operative[t - course.first] = 0.5 * (air + radiant)


@compiled(fast=STRICT)
def courses(
    zones: NDArray[np.int64], net: Network, rise: SurfaceRise, exposure: Exposure, weather: Weather,
    operation: Operation, plant: Plant, airing: Airing, run: tuple[Course, ...], operative: tuple[Array, ...],
) -> None:  # fmt: skip
    """Write the operative temperatures of zones, one exposure each, in every course that is run.

    `operative` has one array for each course, (zones, hours of the course). The light of a zone, which is most of the
    work, is made once for all of them.
    """
    light, flows, known = np.empty((3, weather.air.size)), np.empty(KEPT), np.empty((KEPT, 13))
    for at in range(zones.size):
        sunlight(zones[at], exposure, weather, light)
        for which in range(len(run)):
            free_temperatures(
                zones[at], light, net, rise, weather, operation, plant, airing, run[which], flows, known,
                operative[which][at],
            )  # fmt: skip
