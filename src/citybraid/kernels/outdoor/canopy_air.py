"""Air between buildings hour by hour: the energy balance of streets, walls and roofs of many blocks.

A block is a street canyon of all directions (Masson 2000, Boundary-Layer Meteorol. 94: 357-397): tiles of ground and
walls radiate to each other and to the sky, store heat, evaporate, and warm the air between them, which exchanges heat
with the air above (Broadbent et al. 2019, Geosci. Model Dev. 12: 785-803). Roofs warm the air above. The air above is
that which makes the station's air temperature come out over open grass; it is the same over all blocks.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F64 = NDArray[np.float64]

SIGMA, KELVIN, KARMAN = 5.670374419e-8, 273.15, 0.4
VOLUME_HEAT = 1206.0
"""Heat capacity of air [J m-3 K-1]: 1.2 kg m-3 times 1005 J kg-1 K-1."""
LAYERS = np.array([0.1, 0.2, 0.4, 0.8, 1.6])
"""Thickness of a solid's layers over the depth at which the daily wave has fallen to 1/e [-]."""
DAILY = 2.0 * math.pi / 86_400.0
STILL, ROUGH = 2.0, 0.03
"""Height of the air's node above ground without buildings, and roughness of open grass [m]."""
STABLE, UNSTABLE = 5.0, 5.0
"""b = d and c of Louis, Tiedtke and Geleyn (1982)."""
MOST_STABLE = 1.0
"""Bulk Richardson number beyond which air does not grow stiller [-]."""
ROUNDS, SETTLED = 200, 1e-9
"""Most rounds of an hour, and the change of the air [K] at which it has settled."""
FORCED = 3.8
"""Convection per wind at surfaces [W m-2 K-1 per m s-1] (McAdams 1954, p. 249)."""
UPRIGHT, WARM, COOL = 1.31, 1.52, 0.76
"""Natural convection over the cube root of the difference: walls, and level surfaces warmer and cooler than the air
[W m-2 K-4/3] (Walton 1983, NBSIR 83-2655)."""
EVEN = 0.1
"""Difference of surface and air below which natural convection no longer falls [K]: without it evaporation, which
follows convection, would have a cusp where both are equally warm."""


class Tiles(NamedTuple):
    """Kinds of surface, each (kinds,); the last but one is roof, the last is wall."""

    albedo: F64
    emissivity: F64
    effusivity: F64
    """[J m-2 K-1 s-1/2]"""
    day_resistance: F64
    """Of the surface to vapour while the sun shines [s m-1]; infinite where nothing evaporates."""
    night_resistance: F64


class Blocks(NamedTuple):
    """Form of blocks, each (blocks,), but `ground`."""

    ground: F64
    """Shares of the kinds of ground in the open area (blocks, kinds - 2); each row sums to 1."""
    roof: F64
    """Roof area over plan area, below 1."""
    aspect: F64
    """Height of the walls over the width between them [-]."""
    height: F64
    """Mean height of buildings [m]."""
    displacement: F64
    roughness: F64
    """[m]"""


class Forcing(NamedTuple):
    """Weather by hour, each (hours,)."""

    air: F64
    """Over open grass, at 2 m [degC]."""
    wind: F64
    """At 10 m over open grass, not 0 [m s-1]."""
    vapour: F64
    """[kPa]"""
    direct: F64
    """Direct irradiance of level ground [W m-2]."""
    diffuse: F64
    longwave: F64
    """From the sky [W m-2]."""
    zenith: F64
    """Of the sun, below a right angle where `direct` is above 0 [rad]."""
    psychrometric: float
    """[kPa K-1]"""
    above: float
    """Height of the air above that is the same over all blocks [m]."""
    buoyancy: float
    """Gravity over the temperature of the air [m s-2 K-1]."""


@compiled(inline=True)
def exchange(warmer: float, wind: float, above: float, displacement: float, roughness: float, buoyancy: float) -> float:
    """Return conductance between the air of a block and that above [W m-2 K-1] (Louis et al. 1982).

    `warmer` is the air above less that below [K], `wind` that at the height `above`, `buoyancy` as in Forcing.
    """
    return exchange_and_slope(warmer, mixing(wind, above, displacement, roughness, buoyancy))[0]


class Mixing(NamedTuple):
    """What mixes the air of a block with that above in an hour, whatever their temperatures."""

    neutral: float
    """Conductance where both are equally warm [W m-2 K-1]."""
    stability: float
    """Bulk Richardson number per difference [K-1]."""
    unstable: float
    """Growth of mixing in unstable air over the root of the Richardson number [-]."""


@compiled(inline=True)
def mixing(wind: float, above: float, displacement: float, roughness: float, buoyancy: float) -> Mixing:
    """Return what mixes the air of a block with that at the height `above` where the wind there is `wind`."""
    span = above - displacement
    node = max(roughness, STILL)
    neutral = KARMAN * KARMAN / (math.log(span / node) * math.log(span / roughness))
    return Mixing(
        VOLUME_HEAT * neutral * wind,
        buoyancy * (span - node) / (wind * wind),
        3.0 * STABLE * UNSTABLE * neutral * math.sqrt(span / roughness),
    )


@compiled(inline=True)
def exchange_and_slope(warmer: float, m: Mixing) -> tuple[float, float]:
    """Return the conductance, and by how much the heat carried grows with the difference `warmer` [W m-2 K-1]."""
    richardson = m.stability * warmer
    if richardson >= MOST_STABLE:
        still = m.neutral / (1.0 + 2.0 * STABLE * MOST_STABLE / math.sqrt(1.0 + STABLE * MOST_STABLE))
        return still, still
    if richardson >= 0.0:
        root = math.sqrt(1.0 + STABLE * richardson)
        damped = 1.0 + 2.0 * STABLE * richardson / root
        conductance = m.neutral / damped
        growth = 2.0 * STABLE * richardson / root * (1.0 - 0.5 * STABLE * richardson / (root * root))
        return conductance, conductance * (1.0 - growth / damped)
    mixed = m.unstable * math.sqrt(-richardson)
    lift = -3.0 * STABLE * richardson / (1.0 + mixed)
    conductance = m.neutral * (1.0 + lift)
    return conductance, conductance + m.neutral * lift * (1.0 - 0.5 * mixed / (1.0 + mixed))


@compiled(inline=True)
def upper_wind(wind: float, above: float) -> float:
    """Return the wind at the height `above` from that at 10 m over open grass."""
    return wind * math.log(above / ROUGH) / math.log(10.0 / ROUGH)


@compiled(inline=True)
def near_wind(wind: float, aspect: float) -> float:
    """Return the wind between walls from that at 10 m over open grass (Masson 2000, eq. 23)."""
    return wind * math.log(STILL / ROUGH) / math.log(10.0 / ROUGH) * math.exp(-0.25 * aspect)


@compiled(inline=True)
def saturation(air: float) -> float:
    """Return saturation vapour pressure [kPa] (Allen et al. 1998, eq. 11)."""
    return 0.6108 * math.exp(17.27 * air / (air + 237.3))


@compiled(inner=True)
def canyon_sun(direct: float, zenith: float, aspect: float) -> tuple[float, float]:
    """Return direct irradiance of the ground and of both walls, per their area, over all directions of streets.

    (Masson 2000, eq. 13 and 14.) Per width of the street, ground and walls together get `direct`.
    """
    if direct <= 0.0:
        return 0.0, 0.0
    if aspect <= 0.0:
        return direct, 0.0
    slant = math.tan(zenith)
    turn = math.asin(min(1.0 / (aspect * slant), 1.0)) if slant > 0.0 else 0.5 * math.pi
    lit = slant * (1.0 - math.cos(turn)) / math.pi
    return direct * (2.0 * turn / math.pi - 2.0 * aspect * lit), direct * ((0.5 - turn / math.pi) / aspect + lit)


@compiled(inner=True)
def mirrored(
    ground_own: float, wall_own: float, ground_back: float, wall_back: float, sky_ground: float, sky_wall: float
) -> tuple[float, float]:
    """Return the radiosity of ground and walls of a canyon, all reflections, from what each sends by itself.

    `ground_own` and `wall_own` leave them without the other's light, `_back` are reflectances, `sky_` view factors of
    the sky.
    """
    to_wall, between = 1.0 - sky_ground, 1.0 - 2.0 * sky_wall
    kept = 1.0 - wall_back * between - wall_back * sky_wall * ground_back * to_wall
    wall = (wall_own + wall_back * sky_wall * ground_own) / kept
    return ground_own + ground_back * to_wall * wall, wall


@compiled(inner=True)
def column(temperature: F64, effusivity: float, step: float, diagonal: F64, right: F64) -> tuple[float, float, float]:
    """Return p, q and the surface's conductance: an implicit step ends with the first layer at p + q G.

    `temperature` (layers,) is that before the step, `diagonal` and `right` keep the elimination from below for
    `settle`; G is the heat into the surface [W m-2].
    """
    capacity = effusivity * math.sqrt(2.0 / DAILY) / step
    conductance = effusivity * math.sqrt(0.5 * DAILY)
    last = LAYERS.size - 1
    for layer in range(last, -1, -1):
        up = conductance / (0.5 * (LAYERS[layer] + LAYERS[layer - 1])) if layer > 0 else 0.0
        down = conductance / (0.5 * (LAYERS[layer] + LAYERS[layer + 1])) if layer < last else 0.0
        diagonal[layer] = capacity * LAYERS[layer] + up + down
        right[layer] = capacity * LAYERS[layer] * temperature[layer]
        if layer < last:
            diagonal[layer] -= down * down / diagonal[layer + 1]
            right[layer] += down * right[layer + 1] / diagonal[layer + 1]
    return right[0] / diagonal[0], 1.0 / diagonal[0], 2.0 * conductance / LAYERS[0]


@compiled(inner=True)
def settle(heat: float, effusivity: float, step: float, temperature: F64, diagonal: F64, right: F64) -> float:
    """Write the temperatures at a step's end from the heat into the surface; return what the layers gained [W m-2]."""
    capacity = effusivity * math.sqrt(2.0 / DAILY) / step
    conductance = effusivity * math.sqrt(0.5 * DAILY)
    gained, above = 0.0, 0.0
    for layer in range(LAYERS.size):
        up = conductance / (0.5 * (LAYERS[layer] + LAYERS[layer - 1])) if layer > 0 else 0.0
        new = (right[layer] + (up * above if layer > 0 else heat)) / diagonal[layer]
        gained += capacity * LAYERS[layer] * (new - temperature[layer])
        temperature[layer] = above = new
    return gained
