"""One hour of a zone: the exact response of its two masses and its air to constant boundary conditions."""

import math
from typing import NamedTuple

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


class Response(NamedTuple):
    """An hour's response of x' = A x + b: end = power x + gain b, mean = (gain / HOUR) x + drift b.

    Matrices row by row; `air` is the inverse of the air's conductance [K W-1].
    """

    power_ee: float
    power_ei: float
    power_ie: float
    power_ii: float
    gain_ee: float
    gain_ei: float
    gain_ie: float
    gain_ii: float
    drift_ee: float
    drift_ei: float
    drift_ie: float
    drift_ii: float
    air: float


@compiled(fast=STRICT, inner=True)
def links(net: Network, zone: int) -> Links:
    """Return the conductances and capacities of one zone."""
    return Links(
        net.air_outer[zone], net.air_inner[zone], net.air_window[zone], net.outer_inner[zone],
        net.outer_window[zone], net.inner_window[zone], net.outer_outdoor[zone],
        net.outer_capacity[zone], net.inner_capacity[zone],
    )  # fmt: skip


@compiled(fast=STRICT, inner=True)
def exponential(m: Matrix) -> Matrix:
    """Return exp(M · 1 h) of a two-by-two matrix, row by row, with real eigenvalues [s-1]."""
    a, b, c, d = m
    middle = 0.5 * (a + d)
    spread = math.sqrt(max(0.25 * (a - d) * (a - d) + b * c, 0.0))
    slow, fast = math.exp((middle + spread) * HOUR), math.exp((middle - spread) * HOUR)
    even = 0.5 * (slow + fast)
    odd = 0.5 * (slow - fast) / spread if spread * HOUR > 1e-9 else HOUR * slow
    return even + odd * (a - middle), odd * b, odd * c, even + odd * (d - middle)


@compiled(fast=STRICT, inner=True)
def controlled_matrix(k: Links) -> Matrix:
    """Return the masses' matrix [s-1] with the air at set point."""
    d_e, d_i = k.g_ae + k.g_ei + k.g_ew + k.h_eo, k.g_ai + k.g_ei + k.g_iw
    return -d_e / k.c_e, k.g_ei / k.c_e, k.g_ei / k.c_i, -d_i / k.c_i


@compiled(fast=STRICT, inner=True)
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


@compiled(fast=STRICT, inner=True)
def solved(m: Matrix, x: Matrix) -> Matrix:
    """Return inverse(M) · X of two-by-two matrices."""
    a, b, c, d = m
    det = a * d - b * c
    return (
        (d * x[0] - b * x[2]) / det,
        (d * x[1] - b * x[3]) / det,
        (a * x[2] - c * x[0]) / det,
        (a * x[3] - c * x[1]) / det,
    )


@compiled(fast=STRICT, inner=True)
def response(m: Matrix, air_conductance: float) -> Response:
    """Return the response to constant conditions over an hour; the mean is the integral over the hour, exactly."""
    p = exponential(m)
    q = solved(m, (p[0] - 1.0, p[1], p[2], p[3] - 1.0))
    n = solved(m, (q[0] / HOUR - 1.0, q[1] / HOUR, q[2] / HOUR, q[3] / HOUR - 1.0))
    return Response(
        p[0], p[1], p[2], p[3], q[0], q[1], q[2], q[3], n[0], n[1], n[2], n[3], 1.0 / air_conductance
    )  # fmt: skip


@compiled(fast=STRICT, inline=True)
def ends(r: Response, state: Pair, push: Pair) -> Pair:
    """Return the masses' temperatures at the end of the hour; `push` is heat over capacity [K s-1]."""
    return (
        r.power_ee * state[0] + r.power_ei * state[1] + r.gain_ee * push[0] + r.gain_ei * push[1],
        r.power_ie * state[0] + r.power_ii * state[1] + r.gain_ie * push[0] + r.gain_ii * push[1],
    )


@compiled(fast=STRICT, inline=True)
def means(r: Response, state: Pair, push: Pair) -> Pair:
    """Return the masses' mean temperatures over the hour."""
    return (
        (r.gain_ee * state[0] + r.gain_ei * state[1]) * (1 / HOUR) + r.drift_ee * push[0] + r.drift_ei * push[1],
        (r.gain_ie * state[0] + r.gain_ii * state[1]) * (1 / HOUR) + r.drift_ie * push[0] + r.drift_ii * push[1],
    )
