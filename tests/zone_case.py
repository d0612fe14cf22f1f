"""Plain inputs of the zone kernel for tests: one building, one facade and a roof, some hours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone import AIR, COLUMNS, simulate
from citybraid.kernels.buildings.zone_inputs import SECTORS, Exposure, Operation, Plant, Rates, Weather
from citybraid.kernels.buildings.zone_light import sunlight
from citybraid.kernels.buildings.zone_network import Network
from citybraid.lowcarbon.stock import heat_and_cold

Array = NDArray[np.float64]


def one(value: float) -> Array:
    return np.array([value])


def row(value: Array | float, hours: int) -> Array:
    return np.broadcast_to(np.asarray(value, dtype=np.float64), hours).copy()


def weather(hours: int, *, air: Array | float = 0.0, sun: Array | float = 0.0, **changes: Any) -> Weather:
    """Return weather with direct light on the facade (south) and the roof, and half as much from the sky."""
    light, still = row(sun, hours), np.zeros(hours)
    lit = np.flatnonzero(light > 0)
    plain: dict[str, Any] = {
        "air": row(air, hours), "ground": row(air, hours), "ground_swing": still, "sky": still, "moisture": still,
        "diffuse": 0.5 * light, "diffuse_roof": light, "reflected": 0.1 * light, "direct": np.stack([light, light]),
        "through": np.stack([0.9 * light, 0.9 * light]), "absorbed": np.stack([light, light]),
        "diffuse_glass": np.array([0.8, 1.1]), "profile": still[None] + 1.0, "side": still[None] + 0.5,
        "elevation": row(np.pi / 4, hours), "sector": np.full(hours, 18),
        "lit": np.concatenate([lit, lit]), "lit_start": np.array([0, lit.size, 2 * lit.size]),
    }  # fmt: skip
    return Weather(**(plain | changes))


def exposure(**changes: Any) -> Exposure:
    """Return a building with a facade to the south and a roof, nothing before it."""
    none, unseen = np.zeros((1, 1)), np.zeros((1, 1, SECTORS, 0), dtype=np.float32)
    plain: dict[str, Any] = {
        "wall_solar": np.array([[0.004, 0.008]]), "window_through": np.array([[8.0, 0.0]]),
        "window_absorbed": np.array([[0.03, 0.0]]), "sky_view": np.ones((1, 2)), "overhang": none, "gap": none,
        "fin": none, "horizon": unseen, "crown": unseen, "crown_hides": unseen, "blind_above": one(np.inf),
        "blind_warm": one(-np.inf),
        "blind_through": one(1.0), "blind_absorbed": one(1.0), "wall_sky": one(0.1), "window_sky": one(0.08),
        "ground": one(0.2), "ground_swing": one(0.0),
    }  # fmt: skip
    return Exposure(**(plain | changes))


def plant(
    *, leakage: float = 0.0, area: float = 100.0, heat: float = np.inf, cool: float = np.inf,
    floor: float = 0.0, ceiling: float = 0.0,
) -> Plant:  # fmt: skip
    return Plant(
        one(area), np.array([0]), one(1.0), one(leakage), one(0.4), one(0.3), one(heat), one(cool), np.array([0]),
        one(0.0), one(0.0), one(floor), one(ceiling),
    )  # fmt: skip


def operation(hours: int, *, gain: Array | float = 0.0, low: float = 20.0, high: float = 26.0) -> Operation:
    rows = (np.asarray(gain) / 2, np.asarray(gain) / 2, 1.0, 0.3, low, high, 5.0)
    return Operation(*(row(value, hours)[None] for value in rows))


def light_of(where: Exposure, sky: Weather) -> Array:
    light = np.empty((3, sky.air.size))
    sunlight(0, where, sky, light)
    return light


def run(
    net: Network, where: Exposure, sky: Weather, how: Operation, what: Plant, *, warm_up: int = 0
) -> tuple[Array, Array]:
    """Return the year's columns and the hours' air, heating and cooling."""
    hours = sky.air.size
    year, course, plain = np.zeros(COLUMNS), np.empty((3, hours)), np.ones((1, hours))
    light, rates = light_of(where, sky), Rates(plain, plain)
    simulate(0, light, net, sky, how, what, rates, warm_up, (0, 0), year, np.zeros(hours), course)
    return year, np.column_stack([course[AIR], *heat_and_cold(course)])
