"""Hourly heat balance of many zones: a two-capacity network solved exactly over each hour.

The network is that of VDI 6007-1 (two elements): outer walls and inner masses each
store heat behind their surface; surfaces exchange long-wave radiation with each other and
heat with the air; windows and ventilation store none. `zone_network` eliminates the surfaces.
"""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone_hour import (
    HOUR,
    STRICT,
    controlled_heat,
    controlled_matrix,
    drive,
    exponential,
    float_free,
    free_matrix,
    links,
    loss,
)
from citybraid.kernels.buildings.zone_inputs import Exposure, Operation, Plant, Weather
from citybraid.kernels.buildings.zone_network import Network
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]

(HEATING, COOLING, LATENT, ELECTRICITY, PEAK_HEATING, PEAK_COOLING, REJECTED, RESIDUAL, SUPPLIED, PEAK) = range(10)
"""Columns of a year's result [W h], peaks [W]; the last is written by `years`."""
COLUMNS = 10


@compiled(fast=STRICT)
def simulate(
    zone: int, net: Network, exposure: Exposure, weather: Weather, operation: Operation, plant: Plant,
    warm_up: int, summer: tuple[int, int], year: Array, load: Array, trace: Array,
) -> None:  # fmt: skip
    """Run one zone through the year and add its columns to `year` and each hour's electricity [W] to `load`.

    The year's last `warm_up` hours are run first as spin-up. Where `trace` has rows, each hour's air
    temperature [degC], heating and cooling [W] are written to it.
    """
    hours, kind, area = weather.air.size, plant.kind[zone], plant.area[zone]
    k = links(net, zone)
    controlled = controlled_matrix(k)
    controlled_power = exponential(controlled)
    free, free_power, last_vent = controlled, controlled_power, -1.0
    first = max(operation.heat_below[kind].max(), weather.air.mean())
    state, start = (first, first), (first, first)
    balance, supplied, peak_heating, peak_cooling = 0.0, 0.0, 0.0, 0.0
    for t in range(-warm_up, hours):
        h = t if t >= 0 else hours + t
        if t == 0:
            start = state
        drives = drive(zone, h, k, net, exposure, weather, operation, plant)
        if drives.vent != last_vent:
            last_vent = drives.vent
            free = free_matrix(k, last_vent)
            free_power = exponential(free)
        air, masses = float_free(k, drives, free, free_power, state)
        set_point = min(max(air, operation.heat_below[kind, h]), operation.cool_above[kind, h])
        heat = 0.0
        if set_point != air:
            plant_heat, controlled_masses = controlled_heat(k, drives, controlled, controlled_power, state, set_point)
            if plant_heat * (set_point - air) > 0.0:
                heat, masses, air = plant_heat, controlled_masses, set_point
        state = (masses[0], masses[1])
        if t < 0:
            continue
        heating, cooling = max(heat, 0.0), max(-heat, 0.0)
        latent = (
            max(drives.vent * weather.moisture[h] + area * operation.latent[kind, h], 0.0) if cooling > 0.0 else 0.0
        )
        power = (
            area * operation.plugs[kind, h]
            + heating * plant.heat_power[zone]
            + (cooling + latent) * plant.cool_power[zone]
        )
        load[h] += power
        year[HEATING] += heating
        year[COOLING] += cooling
        year[LATENT] += latent
        year[ELECTRICITY] += power
        peak_heating, peak_cooling = max(peak_heating, heating), max(peak_cooling, cooling + latent)
        if summer[0] <= h < summer[1]:
            year[REJECTED] += (cooling + latent) * (1 + plant.cool_power[zone])
        balance += drives.gain + heat - loss(k, drives, masses, air, weather.air[h])
        supplied += drives.gain + heating + cooling
        if trace.shape[0] > 0:
            trace[h, 0], trace[h, 1], trace[h, 2] = air, heating, cooling + latent
    balance -= (k.c_e * (state[0] - start[0]) + k.c_i * (state[1] - start[1])) / HOUR
    year[PEAK_HEATING] += peak_heating
    year[PEAK_COOLING] += peak_cooling
    year[RESIDUAL] += abs(balance)
    year[SUPPLIED] += supplied


@compiled(fast=STRICT)
def years(
    first: int, last: int, starts: NDArray[np.int64], net: Network, exposure: Exposure, weather: Weather,
    operation: Operation, plant: Plant, warm_up: int, summer: tuple[int, int], result: Array,
) -> None:  # fmt: skip
    """Run buildings `first` to `last` (exclusive) and write their columns into `result`.

    Building b has the zones `starts[b]` to `starts[b + 1] - 1`; its peak of electricity
    is that of their sum.
    """
    no_trace = np.empty((0, 3))
    load = np.empty(weather.air.size)
    for building in range(first, last):
        load[:] = 0.0
        result[building, :] = 0.0
        for zone in range(starts[building], starts[building + 1]):
            simulate(zone, net, exposure, weather, operation, plant, warm_up, summer, result[building], load, no_trace)
        result[building, PEAK] = load.max()
