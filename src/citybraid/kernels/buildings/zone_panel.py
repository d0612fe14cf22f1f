"""An hour of a zone whose plant heats or cools through an inner surface: floor heating, a cooling ceiling.

VDI 6007-1 lets heat of plant enter at the air or at a surface of a building part (its case 11). Heat on the inner
surface divides among air, masses and outdoors as the network says (`inner_split`); the power that keeps the air at its
set point follows from the air's balance, so it changes with the masses within the hour and is part of their matrix.
"""

import math
from typing import NamedTuple

from citybraid.kernels.buildings.zone_hour import (
    HOUR,
    STRICT,
    Links,
    Matrix,
    Pair,
    Response,
    controlled_matrix,
    ends,
    links,
    means,
    solved,
)
from citybraid.kernels.buildings.zone_network import Network
from citybraid.kernels.compiled import compiled

Shares = tuple[float, float, float, float]
"""Shares of the plant's heat that reach air, outer mass, inner mass and outdoors [-]."""


class Emitter(NamedTuple):
    """Where the heat of a plant goes, and the masses' response while it keeps the air at the set point."""

    to: Shares
    held: Response


class Panel(NamedTuple):
    """Emitters of heat and of cold of a zone, and the share of the cold that goes to the air and dries it."""

    warm: Emitter
    cold: Emitter
    dried: float


@compiled(fast=STRICT, inner=True)
def shares_of(surface: float, split: Shares) -> Shares:
    """Return the shares of plant heat of which `surface` is given off at the inner surface, the rest to the air."""
    return 1.0 - surface + surface * split[0], surface * split[1], surface * split[2], surface * split[3]


@compiled(fast=STRICT, inner=True)
def any_exponential(m: Matrix) -> Matrix:
    """Return exp(M · 1 h) of a two-by-two matrix, row by row, its eigenvalues real or not [s-1]."""
    a, b, c, d = m
    middle, half = 0.5 * (a + d), 0.5 * (a - d)
    square, scale = half * half + b * c, math.exp(middle * HOUR)
    turn = math.sqrt(abs(square)) * HOUR
    if turn < 1e-6:
        even, odd = scale, scale * HOUR
    elif square > 0.0:
        slow, fast = math.exp(middle * HOUR + turn), math.exp(middle * HOUR - turn)
        even, odd = 0.5 * (slow + fast), 0.5 * (slow - fast) / turn * HOUR
    else:
        even, odd = scale * math.cos(turn), scale * math.sin(turn) / turn * HOUR
    return even + odd * half, odd * b, odd * c, even - odd * half


@compiled(fast=STRICT, inner=True)
def emitter(k: Links, to: Shares) -> Emitter:
    """Return an emitter of a zone: a warmer mass spares plant heat, of which both masses then get less."""
    a, b, c, d = controlled_matrix(k)
    outer, inner = to[1] / to[0] / k.c_e, to[2] / to[0] / k.c_i
    m = (a - outer * k.g_ae, b - outer * k.g_ai, c - inner * k.g_ae, d - inner * k.g_ai)
    p = any_exponential(m)
    q = solved(m, (p[0] - 1.0, p[1], p[2], p[3] - 1.0))
    n = solved(m, (q[0] / HOUR - 1.0, q[1] / HOUR, q[2] / HOUR, q[3] / HOUR - 1.0))
    held = Response(p[0], p[1], p[2], p[3], q[0], q[1], q[2], q[3], n[0], n[1], n[2], n[3], 1.0)
    return Emitter(to, held)


@compiled(fast=STRICT, inner=True)
def panel_of(net: Network, zone: int, heats: float, cools: float) -> Panel:
    """Return the panel of a zone whose inner surface gives off shares of the heat and of the cold."""
    k, split = links(net, zone), net.inner_split[zone]
    inner = (split[0], split[1], split[2], split[3])
    return Panel(emitter(k, shares_of(heats, inner)), emitter(k, shares_of(cools, inner)), 1.0 - cools)


@compiled(fast=STRICT, inner=True)
def afloat(
    k: Links, r: Response, q: tuple[float, float, float], heat: float, to: Shares, state: Pair
) -> tuple[float, Pair, Pair]:
    """Return the hour's mean air temperature, and the masses' means and ends, with given plant heat [W]."""
    at_air, at_outer, at_inner = q[0] + to[0] * heat, q[1] + to[1] * heat, q[2] + to[2] * heat
    push = ((at_outer + k.g_ae * r.air * at_air) / k.c_e, (at_inner + k.g_ai * r.air * at_air) / k.c_i)
    mean = means(r, state, push)
    return (k.g_ae * mean[0] + k.g_ai * mean[1] + at_air) * r.air, mean, ends(r, state, push)


@compiled(fast=STRICT, inner=True)
def panelled(
    k: Links, free: Response, panel: Panel, q: tuple[float, float, float], state: Pair, wanted: Pair, limits: Pair,
    total: float,
) -> tuple[float, float, Pair, Pair]:  # fmt: skip
    """Return air temperature, plant heat [W, negative for cooling], and the masses' means and ends of an hour.

    As `zone.conditioned`, with heat and cold going where the panel says. `total` is the air's conductance.
    """
    air, mean, end = afloat(k, free, q, 0.0, panel.warm.to, state)
    if air < wanted[0]:
        point, by = min(wanted[0], wanted[1]), panel.warm
    elif air > wanted[1]:
        point, by = wanted[1], panel.cold
    else:
        return air, 0.0, mean, end
    steady = (total * point - q[0]) / by.to[0]
    push = (
        (q[1] + k.g_ae * point + by.to[1] * steady) / k.c_e,
        (q[2] + k.g_ai * point + by.to[2] * steady) / k.c_i,
    )
    kept = means(by.held, state, push)
    heat = steady - (k.g_ae * kept[0] + k.g_ai * kept[1]) / by.to[0]
    if heat * (point - air) <= 0.0:
        return air, 0.0, mean, end
    if -limits[1] <= heat <= limits[0]:
        return point, heat, kept, ends(by.held, state, push)
    heat = min(max(heat, -limits[1]), limits[0])
    air, mean, end = afloat(k, free, q, heat, by.to, state)
    return air, heat, mean, end
