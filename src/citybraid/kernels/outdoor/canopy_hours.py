"""Course of the air between buildings over many hours, block by block, and the energy balance of each hour."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled
from citybraid.kernels.outdoor.canopy_air import (
    COOL,
    EVEN,
    FORCED,
    KELVIN,
    LAYERS,
    ROUNDS,
    SETTLED,
    SIGMA,
    STILL,
    UPRIGHT,
    VOLUME_HEAT,
    WARM,
    Blocks,
    Forcing,
    Tiles,
    canyon_sun,
    column,
    exchange,
    exchange_and_slope,
    mirrored,
    mixing,
    near_wind,
    saturation,
    settle,
    upper_wind,
)

F64 = NDArray[np.float64]

HOUR = 3600.0
WIDEST = 80.0
"""Greatest difference between the air above and that below [K]."""
HALVINGS = 60
RADIATION, RELEASED, SENSIBLE, LATENT, STORED = range(5)
"""Terms of the balance: radiation + released = sensible + latent + stored [W m-2]."""
TERMS = 5


class Surfaces(NamedTuple):
    """What each kind of surface is and does in an hour, each (kinds,): linear in its temperature [K]."""

    present: NDArray[np.int64]
    """Kinds that the block has, and the roof."""
    share: F64
    """Area over open area; that of the roof is 0, as it does not face the street."""
    at: F64
    """Temperature [K]."""
    sun: F64
    """Sunlight that reaches it [W m-2]."""
    long: F64
    """Long-wave radiation that reaches it [W m-2]."""
    gain: F64
    """Net radiation is gain - slope T [W m-2]."""
    slope: F64
    convection: F64
    """It gives the air convection (T - air) - less [W m-2]: the tangent of its heat at its temperature [W m-2 K-1]."""
    less: F64
    """[W m-2]"""
    wet: F64
    """Evaporation is wet + wetter T [W m-2]."""
    wetter: F64
    past: F64
    """Conduction is conductance (T - past) [W m-2]."""
    conductance: F64


class Solid(NamedTuple):
    """Layers below each surface, each (kinds, layers)."""

    temperature: F64
    """[K]"""
    diagonal: F64
    right: F64


class Street(NamedTuple):
    """A canyon: aspect, sky view factors, and mean reflectance of its ground to sunlight and long waves."""

    aspect: float
    sky_ground: float
    sky_wall: float
    back: float
    grey: float


@compiled(inner=True)
def street_of(b: int, blocks: Blocks, tiles: Tiles, share: F64) -> Street:
    """Return a block's canyon and write the shares of its surfaces."""
    aspect, grounds = blocks.aspect[b], tiles.albedo.size - 2
    root = math.sqrt(aspect * aspect + 1.0)
    share[grounds], share[grounds + 1] = 0.0, 2.0 * aspect
    back, grey = 0.0, 0.0
    for k in range(grounds):
        share[k] = blocks.ground[b, k]
        back += share[k] * tiles.albedo[k]
        grey += share[k] * (1.0 - tiles.emissivity[k])
    return Street(aspect, root - aspect, 0.5 * (aspect + 1.0 - root) / aspect if aspect > 0.0 else 0.5, back, grey)


@compiled(inner=True)
def sunlit(t: int, street: Street, tiles: Tiles, weather: Forcing, s: Surfaces) -> None:
    """Write the sunlight that reaches the surfaces in an hour, all reflections followed."""
    wall, roof = tiles.albedo.size - 1, tiles.albedo.size - 2
    ground, wall_view, diffuse = street.sky_ground, street.sky_wall, weather.diffuse[t]
    direct, upright = canyon_sun(weather.direct[t], weather.zenith[t], street.aspect)
    lit, lit_wall = direct + ground * diffuse, upright + wall_view * diffuse
    white = tiles.albedo[wall]
    sent, sent_wall = mirrored(street.back * lit, white * lit_wall, street.back, white, ground, wall_view)
    s.sun[:roof] = lit + (1.0 - ground) * sent_wall
    s.sun[wall] = lit_wall + wall_view * sent + (1.0 - 2.0 * wall_view) * sent_wall
    s.sun[roof] = weather.direct[t] + diffuse


@compiled(inner=True)
def glowing(sky: float, street: Street, tiles: Tiles, s: Surfaces) -> None:
    """Write the long-wave radiation that reaches the surfaces at their temperatures."""
    wall, roof = tiles.albedo.size - 1, tiles.albedo.size - 2
    ground, wall_view, own = street.sky_ground, street.sky_wall, 0.0
    for k in range(roof):
        own += s.share[k] * tiles.emissivity[k] * SIGMA * s.at[k] ** 4
    dark = 1.0 - tiles.emissivity[wall]
    own_wall = tiles.emissivity[wall] * SIGMA * s.at[wall] ** 4 + dark * wall_view * sky
    sent, sent_wall = mirrored(own + street.grey * ground * sky, own_wall, street.grey, dark, ground, wall_view)
    s.long[:roof] = ground * sky + (1.0 - ground) * sent_wall
    s.long[wall] = wall_view * sky + wall_view * sent + (1.0 - 2.0 * wall_view) * sent_wall
    s.long[roof] = sky


@compiled(inline=True)
def natural(kind: int, last: int, warmer: float) -> tuple[float, float]:
    """Return natural convection of a surface that is warmer than the air by so much [W m-2 K-1], and its slope."""
    spread = math.sqrt(warmer * warmer + EVEN * EVEN)
    mean, half = (UPRIGHT, 0.0) if kind == last else (0.5 * (WARM + COOL), 0.5 * (WARM - COOL))
    rise, root = mean + half * warmer / spread, spread ** (1.0 / 3.0)
    turn = half * EVEN * EVEN / (spread * spread * spread) + rise * warmer / (3.0 * spread * spread)
    return rise * root, turn * root


@compiled(inner=True)
def prepare(k: int, t: int, tiles: Tiles, weather: Forcing, air: float, wind: float, s: Surfaces) -> None:
    """Write the coefficients of a surface around its temperature, beside air [K] and wind [m s-1]."""
    temperature = s.at[k]
    emitted = tiles.emissivity[k] * SIGMA * temperature**3
    s.slope[k] = 4.0 * emitted
    absorbed = (1.0 - tiles.albedo[k]) * s.sun[k] + tiles.emissivity[k] * s.long[k]
    s.gain[k] = absorbed + 3.0 * emitted * temperature
    warmer = temperature - air
    free, steeper = natural(k, tiles.albedo.size - 1, warmer)
    moved = FORCED * wind + free
    s.convection[k], s.less[k] = moved + steeper * warmer, steeper * warmer * warmer
    day = weather.direct[t] + weather.diffuse[t] > 0.0
    resistance = tiles.day_resistance[k] if day else tiles.night_resistance[k]
    s.wet[k] = s.wetter[k] = 0.0
    if resistance == math.inf:
        return
    celsius = temperature - KELVIN
    full = saturation(celsius)
    if full > weather.vapour[t]:
        still = VOLUME_HEAT / moved
        carried = VOLUME_HEAT / (weather.psychrometric * (still + resistance))
        lacking = full - weather.vapour[t]
        rise = full * 17.27 * 237.3 / (celsius + 237.3) ** 2 + lacking * max(steeper, 0.0) / moved * still / (
            still + resistance
        )
        s.wet[k] = carried * (lacking - rise * temperature)
        s.wetter[k] = carried * rise


@compiled(inline=True)
def stiffness(k: int, s: Surfaces) -> float:
    """Return the heat that a surface loses per its warmth [W m-2 K-1]."""
    return float(s.slope[k] + s.wetter[k] + s.conductance[k] + s.convection[k])


@compiled(inline=True)
def drive(k: int, s: Surfaces) -> float:
    """Return what warms a surface besides the air [W m-2]."""
    return float(s.gain[k] - s.wet[k] + s.conductance[k] * s.past[k] + s.less[k])


@compiled(inline=True)
def given_off(k: int, beside: float, s: Surfaces) -> float:
    """Return the heat that a surface gives the air beside it [W m-2]."""
    return float(s.convection[k] * (s.at[k] - beside) - s.less[k])


@compiled(inner=True)
def warmed(beside: float, above: float, s: Surfaces) -> float:
    """Write the surfaces' temperatures beside air [K], roofs beside that above; return the largest change."""
    moved, roof = 0.0, s.at.size - 2
    for k in s.present:
        new = (drive(k, s) + s.convection[k] * (above if k == roof else beside)) / stiffness(k, s)
        moved = max(moved, abs(new - s.at[k]))
        s.at[k] = new
    return moved


@compiled(inner=True)
def given_air(t: int, street: Street, tiles: Tiles, weather: Forcing, s: Surfaces) -> float:
    """Settle the surfaces beside the weather's air; return the heat they give it [W m-2 of open area]."""
    air, near = weather.air[t] + KELVIN, near_wind(weather.wind[t], street.aspect)
    for _ in range(ROUNDS):
        glowing(weather.longwave[t], street, tiles, s)
        for k in s.present:
            prepare(k, t, tiles, weather, air, near, s)
        if warmed(air, air, s) < SETTLED:
            break
    rising = 0.0
    for k in s.present:
        rising += s.share[k] * given_off(k, air, s)
    return rising


@compiled(inner=True)
def settled_air(
    t: int, street: Street, tiles: Tiles, weather: Forcing, s: Surfaces, before: float, held: float, heat: float,
    above: float, displacement: float, rough: float,
) -> tuple[float, float]:  # fmt: skip
    """Settle air and surfaces of a street together; return the air [K] and the heat that it gives that `above` [W m-2].

    `before` is the air of the hour before, `held` its heat capacity over an hour, `heat` what is released, all per open
    area. Each round follows the tangents of convection and exchange (Newton's method).
    """
    near = near_wind(weather.wind[t], street.aspect)
    mixed = mixing(upper_wind(weather.wind[t], weather.above), weather.above, displacement, rough, weather.buoyancy)
    here, rising, roof = before, 0.0, s.at.size - 2
    for _ in range(ROUNDS):
        conductance, slope = exchange_and_slope(above - here, mixed)
        glowing(weather.longwave[t], street, tiles, s)
        given, drawn, used = 0.0, 0.0, here
        for k in s.present:
            prepare(k, t, tiles, weather, above if k == roof else here, weather.wind[t] if k == roof else near, s)
            stiff, h = stiffness(k, s), s.convection[k]
            given += s.share[k] * (h * drive(k, s) / stiff - s.less[k])
            drawn += s.share[k] * h * (1.0 - h / stiff)
        base = conductance * (used - above)
        here = (given + heat - base + slope * used + held * before) / (drawn + slope + held)
        rising = base + slope * (here - used)
        if max(warmed(here, above, s), abs(here - used)) < SETTLED:
            break
    return here, rising


@compiled(inner=True)
def stored(k: int, tiles: Tiles, solid: Solid, s: Surfaces) -> float:
    """Warm the layers below a surface by the hour's conduction; return what they gained [W m-2]."""
    return settle(
        s.conductance[k] * (s.at[k] - s.past[k]), tiles.effusivity[k], HOUR, solid.temperature[k], solid.diagonal[k],
        solid.right[k],
    )  # fmt: skip


@compiled(inner=True)
def begin(tiles: Tiles, solid: Solid, s: Surfaces) -> None:
    """Write what the layers below the surfaces do in an hour."""
    for k in s.present:
        past, rise, face = column(solid.temperature[k], tiles.effusivity[k], HOUR, solid.diagonal[k], solid.right[k])
        s.past[k], s.conductance[k] = past, 1.0 / (rise + 1.0 / face)


@compiled()
def at_rest(share: F64, start: float) -> tuple[Surfaces, Solid]:
    """Return surfaces of these shares and layers at a temperature [K]."""
    kinds = share.size
    n = np.zeros((11, kinds))
    n[0] = start
    shape = (kinds, LAYERS.size)
    solid = Solid(np.full(shape, start), np.zeros(shape), np.zeros(shape))
    there = share > 0.0
    there[kinds - 2] = True
    present = np.flatnonzero(there)
    return Surfaces(present, share, n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7], n[8], n[9], n[10]), solid


@compiled(inner=True)
def upper_difference(
    heat: float, wind: float, above: float, displacement: float, roughness: float, buoyancy: float
) -> float:
    """Return how much warmer the air above is when `heat` rises from below [K]: exchange(d) d = -heat, by halving."""
    low, high = -WIDEST, WIDEST
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if exchange(middle, wind, above, displacement, roughness, buoyancy) * middle < -heat:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


@compiled(inline=True)
def block_course(
    b: int, blocks: Blocks, tiles: Tiles, weather: Forcing, released: F64, upper: F64, air: F64, balance: F64
) -> None:
    """Write a block's `air` (hours,) [degC] and `balance` (hours, TERMS) [W m-2 of plan area].

    `released` (hours,) is heat released between the buildings per plan area, `upper` (hours,) the air above [K].
    """
    top, height = blocks.roof[b], max(blocks.height[b], STILL)
    before, roof, held = weather.air[0] + KELVIN, tiles.albedo.size - 2, VOLUME_HEAT * height / HOUR
    share, openness = np.empty(tiles.albedo.size), 1.0 - top
    street = street_of(b, blocks, tiles, share)
    s, solid = at_rest(share, before)
    for t in range(weather.air.size):
        sunlit(t, street, tiles, weather, s)
        begin(tiles, solid, s)
        here, rising = settled_air(
            t, street, tiles, weather, s, before, held, released[t] / openness, upper[t], blocks.displacement[b],
            blocks.roughness[b],
        )  # fmt: skip
        row = balance[t]
        row[RELEASED] = released[t]
        row[SENSIBLE] = openness * rising + top * given_off(roof, upper[t], s)
        row[STORED] = openness * held * (here - before)
        for k in s.present:
            area = top if k == roof else openness * s.share[k]
            row[RADIATION] += area * (s.gain[k] - s.slope[k] * s.at[k])
            row[LATENT] += area * (s.wet[k] + s.wetter[k] * s.at[k])
            row[STORED] += area * stored(k, tiles, solid, s)
        before = here
        air[t] = here - KELVIN


@compiled()
def courses(blocks: Blocks, tiles: Tiles, weather: Forcing, released: F64, upper: F64, air: F64, balance: F64) -> None:
    """Write `air` (blocks, hours) [degC] and `balance` (blocks, hours, TERMS), all 0 before, under the air `upper`."""
    for b in range(blocks.roof.size):
        block_course(b, blocks, tiles, weather, released[b], upper, air[b], balance[b])


@compiled()
def over_open_ground(blocks: Blocks, tiles: Tiles, weather: Forcing, upper: F64) -> None:
    """Write the air above (hours,) [K] that gives the first block, without buildings, the weather's air."""
    before, held = weather.air[0] + KELVIN, VOLUME_HEAT * STILL / HOUR
    share = np.empty(tiles.albedo.size)
    street = street_of(0, blocks, tiles, share)
    s, solid = at_rest(share, before)
    for t in range(weather.air.size):
        sunlit(t, street, tiles, weather, s)
        begin(tiles, solid, s)
        here = weather.air[t] + KELVIN
        rising = given_air(t, street, tiles, weather, s) - held * (here - before)
        aloft = upper_wind(weather.wind[t], weather.above)
        upper[t] = here + upper_difference(
            rising, aloft, weather.above, blocks.displacement[0], blocks.roughness[0], weather.buoyancy
        )
        for k in s.present:
            stored(k, tiles, solid, s)
        before = here
