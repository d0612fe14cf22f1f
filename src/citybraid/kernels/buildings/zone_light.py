"""Sun on a building's walls and windows: neighbours, terrain and trees, overhangs, fins and blinds; hour by hour."""

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


@compiled(fast=STRICT, inline=True)
def sunlight(building: int, exposure: Exposure, weather: Weather, light: Array) -> None:
    """Write a building's equivalent outdoor temperatures and the sun through its windows into `light`, (3, hours).

    Direct light (the sun's, and the sky's around it) is blocked where the horizon of a band of storeys stands higher
    than the sun, in part where crowns of trees do, and on windows by overhangs and fins; that of the rest of the sky
    by the share of it that is seen.
    """
    _diffuse(building, exposure, weather, light)
    for face in range(weather.direct.shape[0]):
        _direct(building, face, exposure, weather, light)
    if exposure.blind_above[building] < np.inf:
        glass = np.empty(weather.air.size)
        for face in range(weather.profile.shape[0]):
            if exposure.window_through[building, face] > 0.0:
                _blind(building, face, exposure, weather, glass, light)


@compiled(fast=STRICT, inner=True)
def _diffuse(building: int, exposure: Exposure, weather: Weather, light: Array) -> None:
    facades = weather.profile.shape[0]
    wall_sky, through_sky, absorbed_sky = 0.0, 0.0, 0.0
    wall_ground, through_ground, absorbed_ground = 0.0, 0.0, 0.0
    for face in range(facades):
        sky_share, ground_share = window_shares(
            exposure.overhang[building, face], exposure.gap[building, face], exposure.fin[building, face],
            exposure.sky_view[building, face],
        )  # fmt: skip
        wall_ground += exposure.wall_solar[building, face]
        through_ground += exposure.window_through[building, face] * ground_share
        absorbed_ground += exposure.window_absorbed[building, face] * ground_share
        wall_sky += exposure.wall_solar[building, face] * exposure.sky_view[building, face]
        through_sky += exposure.window_through[building, face] * sky_share
        absorbed_sky += exposure.window_absorbed[building, face] * sky_share
    view = exposure.sky_view[building, facades]
    wall_roof, through_roof = (
        exposure.wall_solar[building, facades] * view,
        exposure.window_through[building, facades] * view,
    )
    absorbed_roof = exposure.window_absorbed[building, facades] * view
    ground, swing = exposure.ground[building], exposure.ground_swing[building]
    wall_cold, pane_cold = exposure.wall_sky[building], exposure.window_sky[building]
    clear, dark = weather.diffuse_glass[0], weather.diffuse_glass[1]
    air, soil, swing_of, cold = weather.air, weather.ground, weather.ground_swing, weather.sky
    sky, roof, below = weather.diffuse, weather.diffuse_roof, weather.reflected
    outer, inside, pane = light[WALL], light[THROUGH], light[PANE]
    for h in range(air.size):
        outer[h] = (
            (1 - ground) * air[h] + ground * soil[h] + swing * swing_of[h]
            + wall_sky * sky[h] + wall_ground * below[h] + wall_roof * roof[h] - wall_cold * cold[h]
        )  # fmt: skip
    for h in range(air.size):
        inside[h] = clear * (through_sky * sky[h] + through_ground * below[h] + through_roof * roof[h])
    for h in range(air.size):
        absorbed = absorbed_sky * sky[h] + absorbed_ground * below[h] + absorbed_roof * roof[h]
        pane[h] = air[h] + dark * absorbed - pane_cold * cold[h]


@compiled(fast=STRICT, inline=True)
def reached(
    sun: float, sector: int, horizon: NDArray[np.float32], crown: NDArray[np.float32], hides: NDArray[np.float32]
) -> float:
    """Return the share of the sun that comes to a facade over the horizon of its sector and through crowns of trees.

    `sun` is its height [rad]; the share is the mean of the bands of storeys, each of which is reached or not.
    """
    bands, crowned, count, held = horizon.shape[1], crown.shape[1] > 0, 0, 0.0
    for band in range(bands):
        if sun > horizon[sector, band]:
            count += 1
            if crowned and sun <= crown[sector, band]:
                held += hides[sector, band]
    share = 1.0 if count == bands else count / bands
    return share - held / bands if held > 0.0 else share


@compiled(fast=STRICT, inner=True)
def window_shares(deep: float, gap: float, fin: float, view: float) -> tuple[float, float]:
    """Return the shares of the sky's and the ground's even light that a window gets beside overhang, fins and horizon.

    View factors of long strips, averaged over the window: sqrt((1 + g)² + d²) - sqrt(g² + d²) below an overhang
    of depth d and gap g, in heights of the window; sqrt(1 + f²) - f between fins of depth f, in its widths.
    """
    below = math.sqrt((1 + gap) * (1 + gap) + deep * deep) - math.sqrt(gap * gap + deep * deep)
    between = math.sqrt(1 + fin * fin) - fin
    return below * between * view, between


@compiled(fast=STRICT, inner=True)
def unshaded(deep: float, gap: float, fin: float, profile: float, side: float) -> float:
    """Return the share of a window that its overhang and fins leave in the sun: strips of shade along its edges."""
    return (1.0 - min(max(deep * profile - gap, 0.0), 1.0)) * (1.0 - min(fin * side, 1.0))


@compiled(fast=STRICT, inner=True)
def _direct(building: int, face: int, exposure: Exposure, weather: Weather, light: Array) -> None:
    wall, through = exposure.wall_solar[building, face], exposure.window_through[building, face]
    absorbed = exposure.window_absorbed[building, face]
    if wall == 0.0 and through == 0.0 and absorbed == 0.0:
        return
    beam, passed, held = weather.direct[face], weather.through[face], weather.absorbed[face]
    outer, inside, pane = light[WALL], light[THROUGH], light[PANE]
    elevation, sectors, lit = weather.elevation, weather.sector, weather.lit
    facade = min(face, weather.profile.shape[0] - 1)  # That of a roof is not read.
    hidden = face == facade and exposure.horizon.shape[3] > 0
    horizon, crown, hides = (
        exposure.horizon[building, facade], exposure.crown[building, facade], exposure.crown_hides[building, facade]
    )  # fmt: skip
    deep, gap, fin = exposure.overhang[building, facade], exposure.gap[building, facade], exposure.fin[building, facade]
    shaded = face == facade and (deep > 0.0 or fin > 0.0)
    profile, side = weather.profile[facade], weather.side[facade]
    for at in range(weather.lit_start[face], weather.lit_start[face + 1]):
        h = lit[at]
        walls = reached(elevation[h], sectors[h], horizon, crown, hides) if hidden else 1.0
        if walls == 0.0:
            continue
        outer[h] += wall * walls * beam[h]
        if through > 0.0:
            glass = walls * unshaded(deep, gap, fin, profile[h], side[h]) if shaded else walls
            inside[h] += through * glass * passed[h]
            pane[h] += absorbed * glass * held[h]


@compiled(fast=STRICT, inner=True)
def _blind(building: int, face: int, exposure: Exposure, weather: Weather, glass: Array, light: Array) -> None:
    """Draw a facade's blinds in the hours that ask for it; `glass` is room for its sunlit share in each hour."""
    through, absorbed = exposure.window_through[building, face], exposure.window_absorbed[building, face]
    horizon, crown, hides = (
        exposure.horizon[building, face], exposure.crown[building, face], exposure.crown_hides[building, face]
    )  # fmt: skip
    deep, gap, fin = exposure.overhang[building, face], exposure.gap[building, face], exposure.fin[building, face]
    shaded = deep > 0.0 or fin > 0.0
    glass[:] = 0.0
    for at in range(weather.lit_start[face], weather.lit_start[face + 1]):
        h = weather.lit[at]
        glass[h] = 1.0
        if exposure.horizon.shape[3] > 0:
            glass[h] = reached(weather.elevation[h], weather.sector[h], horizon, crown, hides)
        if shaded:
            glass[h] *= unshaded(deep, gap, fin, weather.profile[face, h], weather.side[face, h])
    view, ground_share = window_shares(deep, gap, fin, exposure.sky_view[building, face])
    less, other = exposure.blind_through[building] - 1.0, exposure.blind_absorbed[building] - 1.0
    clear, dark = weather.diffuse_glass[0], weather.diffuse_glass[1]
    limit, warm = exposure.blind_above[building], exposure.blind_warm[building]
    for h in range(weather.air.size):
        even = view * weather.diffuse[h] + ground_share * weather.reflected[h]
        if weather.air[h] >= warm and even + glass[h] * weather.direct[face, h] > limit:
            light[THROUGH, h] += less * through * (clear * even + glass[h] * weather.through[face, h])
            light[PANE, h] += other * absorbed * (dark * even + glass[h] * weather.absorbed[face, h])
