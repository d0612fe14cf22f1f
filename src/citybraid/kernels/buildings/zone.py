"""Hourly heat balance of many zones: a two-capacity network solved exactly over each hour.

The network is that of VDI 6007-1 (two elements): outer walls and inner masses each
hold heat behind their surface; surfaces exchange radiation with each other and heat
with the air; windows and ventilation hold none. `zone_network` eliminates the surfaces.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone_hour import (
    HOUR,
    STRICT,
    drive,
    exponential,
    float_free,
    free_matrix,
    held_matrix,
    hold,
    links,
    loss,
)
from citybraid.kernels.buildings.zone_inputs import Exposure, Operation, Plant, Weather
from citybraid.kernels.buildings.zone_network import Network
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]

(HEATING, COOLING, LATENT, ELECTRICITY, PEAK_HEATING, PEAK_COOLING, REJECTED, RESIDUAL, SUPPLIED, PEAK) = range(10)
"""Columns of a year's result: W h, peaks in W; the last is written by `years`."""
COLUMNS = 10


@compiled(fast=STRICT)
def simulate(
    zone: int, net: Network, exposure: Exposure, weather: Weather, operation: Operation, plant: Plant,
    warm_up: int, summer: tuple[int, int], year: Array, load: Array, trace: Array,
) -> None:  # fmt: skip
    """Run one zone through the year and add its columns to `year` and each hour's electricity [W] to `load`.

    The last `warm_up` hours are run first. Where `trace` has rows, each hour's air
    temperature [degC], heating and cooling [W] are written to it.
    """
    hours, kind, area = weather.air.size, plant.kind[zone], plant.area[zone]
    k = links(net, zone)
    held = held_matrix(k)
    held_power = exponential(held)
    free, free_power, last = held, held_power, -1.0
    first = max(operation.heat_below[kind].max(), weather.air.mean())
    state, start = (first, first), (first, first)
    balance, supplied, hottest, coldest = 0.0, 0.0, 0.0, 0.0
    for t in range(-warm_up, hours):
        h = t if t >= 0 else hours + t
        if t == 0:
            start = state
        now = drive(zone, h, k, net, exposure, weather, operation, plant)
        if now.vent != last:
            last = now.vent
            free = free_matrix(k, last)
            free_power = exponential(free)
        air, masses = float_free(k, now, free, free_power, state)
        wanted = min(max(air, operation.heat_below[kind, h]), operation.cool_above[kind, h])
        heat = 0.0
        if wanted != air:
            needed, kept = hold(k, now, held, held_power, state, wanted)
            if needed * (wanted - air) > 0.0:
                heat, masses, air = needed, kept, wanted
        state = (masses[0], masses[1])
        if t < 0:
            continue
        up, down = max(heat, 0.0), max(-heat, 0.0)
        damp = max(now.vent * weather.moisture[h] + area * operation.latent[kind, h], 0.0) if down > 0.0 else 0.0
        power = area * operation.plugs[kind, h] + up * plant.heat_power[zone] + (down + damp) * plant.cool_power[zone]
        load[h] += power
        year[HEATING] += up
        year[COOLING] += down
        year[LATENT] += damp
        year[ELECTRICITY] += power
        hottest, coldest = max(hottest, up), max(coldest, down + damp)
        if summer[0] <= h < summer[1]:
            year[REJECTED] += (down + damp) * (1 + plant.cool_power[zone])
        balance += now.gain + heat - loss(k, now, masses, air, weather.air[h])
        supplied += now.gain + up + down
        if trace.shape[0] > 0:
            trace[h, 0], trace[h, 1], trace[h, 2] = air, up, down + damp
    balance -= (k.c_e * (state[0] - start[0]) + k.c_i * (state[1] - start[1])) / HOUR
    year[PEAK_HEATING] += hottest
    year[PEAK_COOLING] += coldest
    year[RESIDUAL] += abs(balance)
    year[SUPPLIED] += supplied


@compiled(fast=STRICT)
def years(
    first: int, last: int, starts: NDArray[np.int64], net: Network, exposure: Exposure, weather: Weather,
    operation: Operation, plant: Plant, warm_up: int, summer: tuple[int, int], result: Array,
) -> None:  # fmt: skip
    """Run buildings `first` to `last` (exclusive) and write their columns into `result`.

    Building b is made of the zones from `starts[b]` to `starts[b + 1]`; its electricity
    peaks where their sum does.
    """
    quiet = np.empty((0, 3))
    load = np.empty(weather.air.size)
    for building in range(first, last):
        load[:] = 0.0
        result[building, :] = 0.0
        for zone in range(starts[building], starts[building + 1]):
            simulate(zone, net, exposure, weather, operation, plant, warm_up, summer, result[building], load, quiet)
        result[building, PEAK] = load.max()
