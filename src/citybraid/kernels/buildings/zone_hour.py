"""One hour of a zone: boundary conditions, and the exact response of air and masses to constant ones."""

import math
from typing import NamedTuple

from citybraid.kernels.buildings.zone_inputs import Exposure, Operation, Plant, Weather
from citybraid.kernels.buildings.zone_network import Network
from citybraid.kernels.compiled import compiled

HOUR = 3600.0
STRICT = frozenset({"contract"})

Matrix = tuple[float, float, float, float]
Pair = tuple[float, float]


class Links(NamedTuple):
    """Conductances of one zone [W K-1] and its capacities [J K-1]."""

    g_ae: float
    g_ai: float
    g_aw: float
    g_ei: float
    g_ew: float
    g_iw: float
    h_eo: float
    c_e: float
    c_i: float


class Drive(NamedTuple):
    """Boundary conditions of a zone in an hour."""

    q_a: float
    """Heat on the air from gains and from temperatures outside [W]."""
    q_e: float
    """The same on the outer walls' mass."""
    q_i: float
    """The same on the inner mass."""
    vent: float
    """Conductance of infiltration and fresh air [W K-1]."""
    wall: float
    """Equivalent outdoor temperature of walls, roof and floor, with sun and sky [degC]."""
    pane: float
    """Equivalent outdoor temperature of windows [degC]."""
    gain: float
    """Internal gains and sun, together [W]."""
    through: float
    """Part of the gains lost through the windows [W]."""


@compiled(fast=STRICT)
def links(net: Network, zone: int) -> Links:
    """Return the conductances and capacities of one zone."""
    return Links(
        net.air_outer[zone], net.air_inner[zone], net.air_window[zone], net.outer_inner[zone],
        net.outer_window[zone], net.inner_window[zone], net.outer_outdoor[zone],
        net.outer_capacity[zone], net.inner_capacity[zone],
    )  # fmt: skip


@compiled(fast=STRICT)
def exponential(m: Matrix) -> Matrix:
    """Return exp(M · 1 h) of a two-by-two matrix, row by row, with real eigenvalues [s-1]."""
    a, b, c, d = m
    middle = 0.5 * (a + d)
    spread = math.sqrt(max(0.25 * (a - d) * (a - d) + b * c, 0.0))
    slow, fast = math.exp((middle + spread) * HOUR), math.exp((middle - spread) * HOUR)
    even = 0.5 * (slow + fast)
    odd = 0.5 * (slow - fast) / spread if spread * HOUR > 1e-9 else HOUR * slow
    return even + odd * (a - middle), odd * b, odd * c, even + odd * (d - middle)


@compiled(fast=STRICT)
def controlled_matrix(k: Links) -> Matrix:
    """Return the masses' matrix [s-1] with the air at set point."""
    d_e, d_i = k.g_ae + k.g_ei + k.g_ew + k.h_eo, k.g_ai + k.g_ei + k.g_iw
    return -d_e / k.c_e, k.g_ei / k.c_e, k.g_ei / k.c_i, -d_i / k.c_i


@compiled(fast=STRICT)
def free_matrix(k: Links, vent: float) -> Matrix:
    """Return the masses' matrix [s-1] with free-floating air: that at set point plus the coupling through the air."""
    a, b, c, d = controlled_matrix(k)
    total = k.g_ae + k.g_ai + k.g_aw + vent
    across = k.g_ae * k.g_ai / total
    return (
        a + k.g_ae * k.g_ae / total / k.c_e,
        b + across / k.c_e,
        c + across / k.c_i,
        d + k.g_ai * k.g_ai / total / k.c_i,
    )


@compiled(fast=STRICT)
def advance(m: Matrix, power: Matrix, push: Pair, state: Pair) -> Matrix:
    """Return the solution of x' = M x + b, b constant, after an hour, and its mean over the hour."""
    a, b, c, d = m
    det = a * d - b * c
    rest_e, rest_i = (b * push[1] - d * push[0]) / det, (c * push[0] - a * push[1]) / det
    off_e, off_i = state[0] - rest_e, state[1] - rest_i
    new_e, new_i = power[0] * off_e + power[1] * off_i, power[2] * off_e + power[3] * off_i
    step_e, step_i = (new_e - off_e) / HOUR, (new_i - off_i) / HOUR
    mean_e = rest_e + (d * step_e - b * step_i) / det
    mean_i = rest_i + (a * step_i - c * step_e) / det
    return rest_e + new_e, rest_i + new_i, mean_e, mean_i


@compiled(fast=STRICT)
def drive(
    zone: int, h: int, k: Links, net: Network, exposure: Exposure, weather: Weather, operation: Operation, plant: Plant
) -> Drive:
    """Return the boundary conditions of a zone in an hour."""
    kind, area = plant.kind[zone], plant.area[zone]
    wall_rise, window_heat = 0.0, 0.0
    for face in range(weather.facing.shape[1]):
        wall_rise += exposure.wall_solar[zone, face] * weather.facing[h, face]
        window_heat += exposure.window_solar[zone, face] * weather.glazed[h, face]
    out, ground_share = weather.air[h], exposure.ground[zone]
    wall = (
        (1 - ground_share) * out
        + ground_share * weather.ground[h]
        + wall_rise
        - exposure.wall_sky[zone] * weather.sky[h]
    )
    pane = out - exposure.window_sky[zone] * weather.sky[h]
    vent = exposure.leakage[zone] + area * operation.ventilation[kind, h]
    convective, radiative = area * operation.convective[kind, h], area * operation.radiative[kind, h]
    rad, sun = net.radiant_split[zone], net.solar_split[zone]
    return Drive(
        q_a=convective + rad[0] * radiative + sun[0] * window_heat + k.g_aw * pane + vent * out,
        q_e=rad[1] * radiative + sun[1] * window_heat + k.g_ew * pane + k.h_eo * wall,
        q_i=rad[2] * radiative + sun[2] * window_heat + k.g_iw * pane,
        vent=vent, wall=wall, pane=pane, gain=convective + radiative + window_heat,
        through=rad[3] * radiative + sun[3] * window_heat,
    )  # fmt: skip


@compiled(fast=STRICT)
def controlled_heat(
    k: Links, drives: Drive, controlled: Matrix, controlled_power: Matrix, state: Pair, air: float
) -> tuple[float, Matrix]:
    """Return the plant's heat [W] at set point, and the masses at the end of and over the hour."""
    source = ((drives.q_e + k.g_ae * air) / k.c_e, (drives.q_i + k.g_ai * air) / k.c_i)
    masses = advance(controlled, controlled_power, source, state)
    heat = (k.g_ae + k.g_ai + k.g_aw + drives.vent) * air - (k.g_ae * masses[2] + k.g_ai * masses[3] + drives.q_a)
    return heat, masses


@compiled(fast=STRICT)
def float_free(k: Links, drives: Drive, free: Matrix, free_power: Matrix, state: Pair) -> tuple[float, Matrix]:
    """Return the hour's mean air temperature without plant, and the masses at its end and over it."""
    total = k.g_ae + k.g_ai + k.g_aw + drives.vent
    source = ((drives.q_e + k.g_ae * drives.q_a / total) / k.c_e, (drives.q_i + k.g_ai * drives.q_a / total) / k.c_i)
    masses = advance(free, free_power, source, state)
    return (k.g_ae * masses[2] + k.g_ai * masses[3] + drives.q_a) / total, masses


@compiled(fast=STRICT)
def loss(k: Links, drives: Drive, masses: Matrix, air: float, out: float) -> float:
    """Return the heat loss of a zone in an hour [W]: by air, through walls and through windows."""
    windows = k.g_aw * (air - drives.pane) + k.g_ew * (masses[2] - drives.pane) + k.g_iw * (masses[3] - drives.pane)
    return drives.vent * (air - out) + k.h_eo * (masses[2] - drives.wall) + windows + drives.through
