"""Sun on a building's walls and windows: neighbours, overhangs, fins and blinds; hour by hour."""

import math

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone_inputs import Exposure, Weather
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]
STRICT = frozenset({"contract"})

WALL, THROUGH, PANE = range(3)
"""Rows of a building's light: outer temperature of its walls [degC], sun through its windows [W], and outer
temperature of its windows [degC]."""


@compiled(fast=STRICT)
def sunlight(building: int, exposure: Exposure, weather: Weather, light: Array) -> None:
    """Write a building's equivalent outdoor temperatures and the sun through its windows into `light`, (3, hours).

    Direct light (the sun's, and the sky's around it) is blocked where the horizon of a band of storeys stands higher
    than the sun, and on windows by overhangs and fins; that of the rest of the sky by the share of it that is seen.
    """
    _diffuse(building, exposure, weather, light)
    for face in range(weather.direct.shape[0]):
        _direct(building, face, exposure, weather, light)
    if exposure.blind_above[building] < np.inf:
        for face in range(weather.profile.shape[0]):
            if exposure.window_through[building, face] > 0.0:
                _blind(building, face, exposure, weather, light)


@compiled(fast=STRICT)
def _diffuse(building: int, exposure: Exposure, weather: Weather, light: Array) -> None:
    facades = weather.profile.shape[0]
    wall_sky, through_sky, absorbed_sky = 0.0, 0.0, 0.0
    wall_ground, through_ground, absorbed_ground = 0.0, 0.0, 0.0
    for face in range(facades):
        sky_share, ground_share = window_shares(building, face, exposure)
        wall_ground += exposure.wall_solar[building, face]
        through_ground += exposure.window_through[building, face] * ground_share
        absorbed_ground += exposure.window_absorbed[building, face] * ground_share
        wall_sky += exposure.wall_solar[building, face] * exposure.sky_view[building, face]
        through_sky += exposure.window_through[building, face] * sky_share
        absorbed_sky += exposure.window_absorbed[building, face] * sky_share
    view = exposure.sky_view[building, facades]
    wall_roof, through_roof = exposure.wall_solar[building, facades] * view, exposure.window_through[building, facades] * view
    absorbed_roof = exposure.window_absorbed[building, facades] * view
    ground, swing = exposure.ground[building], exposure.ground_swing[building]
    wall_cold, pane_cold = exposure.wall_sky[building], exposure.window_sky[building]
    clear, dark = weather.diffuse_glass[0], weather.diffuse_glass[1]
    for h in range(weather.air.size):
        out, sky, roof, below = weather.air[h], weather.diffuse[h], weather.diffuse_roof[h], weather.reflected[h]
        light[WALL, h] = (
            (1 - ground) * out + ground * weather.ground[h] + swing * weather.ground_swing[h]
            + wall_sky * sky + wall_ground * below + wall_roof * roof - wall_cold * weather.sky[h]
        )  # fmt: skip
        light[THROUGH, h] = clear * (through_sky * sky + through_ground * below + through_roof * roof)
        light[PANE, h] = (
            out + dark * (absorbed_sky * sky + absorbed_ground * below + absorbed_roof * roof)
            - pane_cold * weather.sky[h]
        )  # fmt: skip


@compiled(fast=STRICT)
def seen(building: int, face: int, h: int, exposure: Exposure, weather: Weather) -> float:
    """Return the share of a facade's bands of storeys that the sun reaches over the horizon."""
    bands = exposure.horizon.shape[3]
    if bands == 0 or face >= exposure.horizon.shape[1]:
        return 1.0
    sector, elevation, count = weather.sector[h], weather.elevation[h], 0
    for band in range(bands):
        count += elevation > exposure.horizon[building, face, sector, band]
    return count / bands


@compiled(fast=STRICT)
def window_shares(building: int, face: int, exposure: Exposure) -> tuple[float, float]:
    """Return the shares of the sky's and the ground's even light that a window gets beside overhang, fins and horizon.

    View factors of long strips, averaged over the window: sqrt((1 + g)² + d²) - sqrt(g² + d²) below an overhang
    of depth d and gap g, in heights of the window; sqrt(1 + f²) - f between fins of depth f, in its widths.
    """
    deep, gap, fin = exposure.overhang[building, face], exposure.gap[building, face], exposure.fin[building, face]
    below = math.sqrt((1 + gap) * (1 + gap) + deep * deep) - math.sqrt(gap * gap + deep * deep)
    between = math.sqrt(1 + fin * fin) - fin
    return below * between * exposure.sky_view[building, face], between


@compiled(fast=STRICT)
def unshaded(building: int, face: int, h: int, exposure: Exposure, weather: Weather) -> float:
    """Return the share of a window that its overhang and fins leave in the sun: strips of shade along its edges."""
    if face >= weather.profile.shape[0]:
        return 1.0
    above = exposure.overhang[building, face] * weather.profile[face, h] - exposure.gap[building, face]
    beside = exposure.fin[building, face] * weather.side[face, h]
    return (1.0 - min(max(above, 0.0), 1.0)) * (1.0 - min(beside, 1.0))


@compiled(fast=STRICT)
def _direct(building: int, face: int, exposure: Exposure, weather: Weather, light: Array) -> None:
    wall, through = exposure.wall_solar[building, face], exposure.window_through[building, face]
    absorbed = exposure.window_absorbed[building, face]
    if wall == 0.0 and through == 0.0 and absorbed == 0.0:
        return
    for at in range(weather.lit_start[face], weather.lit_start[face + 1]):
        h = weather.lit[at]
        reached = seen(building, face, h, exposure, weather)
        light[WALL, h] += wall * reached * weather.direct[face, h]
        if through > 0.0:
            reached *= unshaded(building, face, h, exposure, weather)
            light[THROUGH, h] += through * reached * weather.through[face, h]
            light[PANE, h] += absorbed * reached * weather.absorbed[face, h]


@compiled(fast=STRICT)
def _blind(building: int, face: int, exposure: Exposure, weather: Weather, light: Array) -> None:
    through, absorbed = exposure.window_through[building, face], exposure.window_absorbed[building, face]
    (view, ground_share), limit = window_shares(building, face, exposure), exposure.blind_above[building]
    less, other = exposure.blind_through[building] - 1.0, exposure.blind_absorbed[building] - 1.0
    clear, dark = weather.diffuse_glass[0], weather.diffuse_glass[1]
    for h in range(weather.air.size):
        even = view * weather.diffuse[h] + ground_share * weather.reflected[h]
        reached = 0.0
        if weather.direct[face, h] > 0.0:
            reached = seen(building, face, h, exposure, weather) * unshaded(building, face, h, exposure, weather)
        if even + reached * weather.direct[face, h] > limit:
            light[THROUGH, h] += less * through * (clear * even + reached * weather.through[face, h])
            light[PANE, h] += other * absorbed * (dark * even + reached * weather.absorbed[face, h])
