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
    Links,
    Pair,
    Response,
    controlled_matrix,
    ends,
    free_matrix,
    links,
    means,
    response,
)
from citybraid.kernels.buildings.zone_inputs import Exposure, Operation, Plant, Rates, Weather
from citybraid.kernels.buildings.zone_light import PANE, THROUGH, WALL, sunlight
from citybraid.kernels.buildings.zone_network import Network
from citybraid.kernels.buildings.zone_panel import Panel, panel_of, panelled
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]
Heat = tuple[float, float, float]
"""Heat on air, outer and inner mass [W]."""

(
    HEATING, COOLING, LATENT, ELECTRICITY, PEAK_HEATING, PEAK_COOLING, REJECTED, RESIDUAL, SUPPLIED,
    UNMET_HEATING, UNMET_COOLING, HEATING_INPUT, COOLING_INPUT, PEAK,
) = range(14)  # fmt: skip
"""Columns of a year's result [W h], peaks [W], hours in which the plant cannot keep the set point, weighted by
floor [h], electricity of heating and of cooling [W h]; the last is written by `years`."""
COLUMNS = 14
AIR, HEAT, WET = range(3)
"""Rows of a zone's course: air temperature [degC], plant heat [W, negative for cooling] and moisture removed [W]."""
SLACK = 0.01
"""Distance from the set point that counts as not kept [K]."""
KEPT = 48
"""Air flows of a zone whose response is kept."""


@compiled(fast=STRICT, inner=True)
def free_response(k: Links, vent: float, flows: Array, known: Array, kept: int) -> tuple[Response, int]:
    """Return a zone's response with free-floating air at an air flow [W K-1], and how many are kept by then.

    A schedule has few air flows: their responses are computed once and kept.
    """
    for at in range(min(kept, KEPT)):
        if flows[at] == vent:
            row = known[at]
            return Response(
                row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8], row[9], row[10], row[11],
                row[12],
            ), kept  # fmt: skip
    r = response(free_matrix(k, vent), k.g_ae + k.g_ai + k.g_aw + vent)
    flows[kept % KEPT] = vent
    row = known[kept % KEPT]
    row[0], row[1], row[2], row[3], row[4], row[5] = (
        r.power_ee,
        r.power_ei,
        r.power_ie,
        r.power_ii,
        r.gain_ee,
        r.gain_ei,
    )
    row[6], row[7], row[8], row[9], row[10], row[11] = (
        r.gain_ie,
        r.gain_ii,
        r.drift_ee,
        r.drift_ei,
        r.drift_ie,
        r.drift_ii,
    )
    row[12] = r.air
    return r, kept + 1


@compiled(fast=STRICT, inline=True)
def floating(k: Links, r: Response, q: Heat, state: Pair) -> tuple[float, Pair, Pair]:
    """Return the hour's mean air temperature, and the masses' means and ends, with given heat on each node."""
    push = ((q[1] + k.g_ae * r.air * q[0]) / k.c_e, (q[2] + k.g_ai * r.air * q[0]) / k.c_i)
    mean = means(r, state, push)
    return (k.g_ae * mean[0] + k.g_ai * mean[1] + q[0]) * r.air, mean, ends(r, state, push)


@compiled(fast=STRICT, inline=True)
def conditioned(
    k: Links, free: Response, held: Response, q: Heat, state: Pair, wanted: Pair, limits: Pair, total: float
) -> tuple[float, float, Pair, Pair]:
    """Return air temperature, plant heat [W, negative for cooling], and the masses' means and ends of an hour.

    `wanted` are the set points of heating and cooling, `limits` the plant's powers, `total` the air's conductance.
    """
    air, mean, end = floating(k, free, q, state)
    # Branches, not a minimum and a maximum: the next hour then need not wait for this hour's air.
    if air < wanted[0]:
        point = min(wanted[0], wanted[1])
    elif air > wanted[1]:
        point = wanted[1]
    else:
        return air, 0.0, mean, end
    push = ((q[1] + k.g_ae * point) / k.c_e, (q[2] + k.g_ai * point) / k.c_i)
    kept = means(held, state, push)
    heat = total * point - (k.g_ae * kept[0] + k.g_ai * kept[1] + q[0])
    if heat * (point - air) <= 0.0:
        return air, 0.0, mean, end
    if -limits[1] <= heat <= limits[0]:
        return point, heat, kept, ends(held, state, push)
    heat = min(max(heat, -limits[1]), limits[0])
    air, mean, end = floating(k, free, (q[0] + heat, q[1], q[2]), state)
    return air, heat, mean, end


@compiled(fast=STRICT, inner=True)
def given_off(course: Array, panel: Panel) -> float:
    """Return the plant heat of inner surfaces that is lost outdoors in all hours [W h].

    In the course, moisture is left to the share of the cold that goes to the air.
    """
    lost, warm, cold = 0.0, panel.warm.to[3], panel.cold.to[3]
    for h in range(course.shape[1]):
        heat = course[HEAT, h]
        lost += warm * heat if heat > 0.0 else cold * heat
        course[WET, h] *= panel.dried
    return lost


@compiled(fast=STRICT, inner=True)
def demand(
    zone: int, light: Array, net: Network, weather: Weather, operation: Operation, plant: Plant,
    warm_up: int, flows: Array, known: Array, year: Array, course: Array, panel: Panel | None,
) -> None:  # fmt: skip
    """Run one zone through the year: write its course (3, hours), and add its heat balance and what is unmet to `year`.

    `light` is that of the zone's building, `flows` and `known` are room for `free_response`; `panel` are the surfaces
    that heat or cool, None where all plant heat goes to the air. The year's last `warm_up` hours are run first as
    spin-up.
    """
    hours, kind, area, part, leak = (
        weather.air.size, plant.kind[zone], plant.area[zone], plant.part[zone], plant.leakage[zone]
    )  # fmt: skip
    k, rad, sun = links(net, zone), net.radiant_split[zone], net.solar_split[zone]
    rad_a, rad_e, rad_i, rad_o = rad[0], rad[1], rad[2], rad[3]
    sun_a, sun_e, sun_i, sun_o = sun[0], sun[1], sun[2], sun[3]
    limits = (plant.heat_limit[zone], plant.cool_limit[zone])
    convective, radiative, latent = operation.convective[kind], operation.radiative[kind], operation.latent[kind]
    fresh, low, high = operation.ventilation[kind], operation.heat_below[kind], operation.cool_above[kind]
    air_out, moisture, walls, panes, sunny = weather.air, weather.moisture, light[WALL], light[PANE], light[THROUGH]
    held, still = response(controlled_matrix(k), 1.0), k.g_ae + k.g_ai + k.g_aw
    vent = leak + area * fresh[0]
    free, kept = free_response(k, vent, flows, known, 0)
    first = air_out.mean()
    for h in range(hours):
        first = max(first, low[h])
    state, start, balance, supplied = (first, first), (first, first), 0.0, 0.0
    for t in range(-warm_up, hours):
        h = t if t >= 0 else hours + t
        start = state if t == 0 else start
        if leak + area * fresh[h] != vent:
            vent = leak + area * fresh[h]
            free, kept = free_response(k, vent, flows, known, kept)
        out, wall, pane, glass = air_out[h], walls[h], panes[h], part * sunny[h]
        air_gain, shine = area * convective[h], area * radiative[h]
        q = (
            air_gain + rad_a * shine + sun_a * glass + k.g_aw * pane + vent * out,
            rad_e * shine + sun_e * glass + k.g_ew * pane + k.h_eo * wall,
            rad_i * shine + sun_i * glass + k.g_iw * pane,
        )
        if panel is None:
            air, heat, mean, state = conditioned(k, free, held, q, state, (low[h], high[h]), limits, still + vent)
        else:
            air, heat, mean, state = panelled(k, free, panel, q, state, (low[h], high[h]), limits, still + vent)
        if t < 0:
            continue
        course[AIR, h], course[HEAT, h] = air, heat
        course[WET, h] = max(vent * moisture[h] + area * latent[h], 0.0) if heat < 0.0 else 0.0
        gain = air_gain + shine + glass
        lost = vent * (air - out) + k.h_eo * (mean[0] - wall) + rad_o * shine + sun_o * glass
        lost += k.g_aw * (air - pane) + k.g_ew * (mean[0] - pane) + k.g_iw * (mean[1] - pane)
        balance += gain + heat - lost
        supplied += gain + abs(heat)
        if not low[h] - SLACK <= air <= high[h] + SLACK:
            year[UNMET_HEATING] += part if air < low[h] else 0.0
            year[UNMET_COOLING] += part if air > high[h] else 0.0
    if panel is not None:
        balance -= given_off(course, panel)
    balance -= (k.c_e * (state[0] - start[0]) + k.c_i * (state[1] - start[1])) / HOUR
    year[RESIDUAL] += abs(balance)
    year[SUPPLIED] += supplied


@compiled(fast=STRICT, inner=True)
def supply(
    zone: int, course: Array, operation: Operation, plant: Plant, rates: Rates, summer: tuple[int, int],
    year: Array, load: Array,
) -> None:  # fmt: skip
    """Add what a zone's plant delivers and what that takes to `year`, and each hour's electricity [W] to `load`.

    Heat is rejected in the hours of `summer`, first and one after the last, which may lie in the next year. The plant
    is as large as its highest load of the year. What it takes per heat follows the hour's rate, and the load:
    at a share r of the highest, over 1 - c (1 - r) where c is the coefficient of cycling (EN 14825, part load).
    """
    hours, area, plugs, row = course.shape[1], plant.area[zone], operation.plugs[plant.kind[zone]], plant.system[zone]
    heat_power, cool_power = plant.heat_power[zone], plant.cool_power[zone]
    heat_loss, cool_loss = plant.heat_cycling[zone], plant.cool_cycling[zone]
    heat_rate, cool_rate = rates.heating[row], rates.cooling[row]
    heat, wet = course[HEAT], course[WET]
    most_heat, most_cold = 0.0, 0.0
    for h in range(hours):
        most_heat, most_cold = max(most_heat, heat[h]), max(most_cold, wet[h] - heat[h])
    heated, cooled, dried, heat_input, cool_input, rejected, drawn = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for h in range(hours):
        power = area * plugs[h]
        if heat[h] > 0.0:
            taken = heat[h] * heat_power * heat_rate[h] / (1.0 - heat_loss * (1.0 - heat[h] / most_heat))
            heated, heat_input, power = heated + heat[h], heat_input + taken, power + taken
        elif heat[h] < 0.0:
            removed = wet[h] - heat[h]
            taken = removed * cool_power * cool_rate[h] / (1.0 - cool_loss * (1.0 - removed / most_cold))
            cooled, dried, cool_input, power = cooled - heat[h], dried + wet[h], cool_input + taken, power + taken
            rejected += removed + taken if summer[0] <= h < summer[1] or h < summer[1] - hours else 0.0
        drawn += power
        load[h] += power
    year[ELECTRICITY] += drawn
    year[HEATING] += heated
    year[COOLING] += cooled
    year[LATENT] += dried
    year[HEATING_INPUT] += heat_input
    year[COOLING_INPUT] += cool_input
    year[REJECTED] += rejected
    year[PEAK_HEATING] = max(year[PEAK_HEATING], most_heat)
    year[PEAK_COOLING] = max(year[PEAK_COOLING], most_cold)


@compiled(fast=STRICT, inline=True)
def simulate(
    zone: int, light: Array, net: Network, weather: Weather, operation: Operation, plant: Plant, rates: Rates,
    warm_up: int, summer: tuple[int, int], year: Array, load: Array, course: Array,
) -> None:  # fmt: skip
    """Run one zone through the year: add its columns to `year` and its electricity [W] to `load`, write its course."""
    flows, known = np.empty(KEPT), np.empty((KEPT, 13))
    heats, cools = plant.heat_surface[zone], plant.cool_surface[zone]
    if heats > 0.0 or cools > 0.0:
        panel = panel_of(net, zone, heats, cools)
        demand(zone, light, net, weather, operation, plant, warm_up, flows, known, year, course, panel)
    else:
        demand(zone, light, net, weather, operation, plant, warm_up, flows, known, year, course, None)
    supply(zone, course, operation, plant, rates, summer, year, load)


@compiled(fast=STRICT)
def years(
    first: int, last: int, starts: NDArray[np.int64], net: Network, exposure: Exposure, weather: Weather,
    operation: Operation, plant: Plant, rates: Rates, warm_up: int, summer: tuple[int, int], result: Array,
) -> None:  # fmt: skip
    """Run buildings `first` to `last` (exclusive) and write their columns into `result`.

    Building b has the zones `starts[b]` to `starts[b + 1] - 1`; its peak of electricity
    is that of their sum.
    """
    load, light = np.empty(weather.air.size), np.empty((3, weather.air.size))
    course, zone_year = np.empty((3, weather.air.size)), np.empty(COLUMNS)
    for building in range(first, last):
        load[:] = 0.0
        result[building, :] = 0.0
        if starts[building] < starts[building + 1]:
            sunlight(building, exposure, weather, light)
        for zone in range(starts[building], starts[building + 1]):
            zone_year[:] = 0.0
            simulate(zone, light, net, weather, operation, plant, rates, warm_up, summer, zone_year, load, course)
            for column in range(COLUMNS):
                result[building, column] += zone_year[column]
        most = load[0]
        for h in range(load.size):
            most = max(most, load[h])
        result[building, PEAK] = most
