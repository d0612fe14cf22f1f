"""Weighted energy balance of a building or a site (EN ISO 52000-1:2017, ch. 9.6 and 11.6).

Delivered energy is weighted by carrier. Exported electricity is credited first with the resources that made it
(step A), then, by the share `k_exp`, with what it saves outside (step B).
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Weights(NamedTuple):
    """Weighting of 1 kWh: renewable and non-renewable primary energy [kWh], CO2 [kg]."""

    renewable: float
    nonrenewable: float
    carbon: float


class Electricity(NamedTuple):
    """Electricity of the balance [kWh], summed over its steps of time."""

    delivered: Array
    """From the grid."""
    produced: Array
    """On site."""
    exported: Array
    """What the site makes and does not use in the step."""


class Weighted(NamedTuple):
    """Weighted energy: renewable and non-renewable primary energy [kWh], CO2 [kg]; last axis as in Weights."""

    step_a: Array
    step_b: Array


def matching_factor(produced: Array, used: Array) -> Array:
    """Return the share of simultaneous production and use in a step longer than an hour [-].

    EN ISO 52000-1, eq. 32 with n = 1: (x + 1/x - 1) / (x + 1/x), x being production over use; 1 where one of them is 0.
    As x and 1/x give the same, the lesser is taken over the greater, which cannot overflow: 1 - x / (1 + x²).
    """
    lesser, greater = np.minimum(produced, used), np.maximum(produced, used)
    ratio = np.divide(lesser, greater, out=np.zeros_like(greater), where=greater > 0.0)
    return 1.0 - ratio / (1.0 + ratio**2)


def electricity_balance(produced: Array, used: Array, *, matched: bool) -> Electricity:
    """Return the balance of electricity over the last axis, the steps of time (hours or months).

    `matched` applies the matching factor: for months, whose hours of sun and use do not coincide.
    """
    share = matching_factor(produced, used) if matched else np.ones_like(produced)
    own = np.minimum(produced, used) * share
    return Electricity((used - own).sum(-1), produced.sum(-1), (produced - own).sum(-1))


def weighted_energy(
    electricity: Electricity, others: tuple[tuple[Array, Weights], ...], *, grid: Weights, on_site: Weights,
    k_exp: float,
) -> Weighted:  # fmt: skip
    """Return the weighted energy of a balance; the last axis is that of Weights.

    `others` are further carriers as delivered energy [kWh] and weights. What is exported is worth what made it
    (`on_site`) in step A, and in step B also `k_exp` times the difference to what it saves (`grid`).
    """
    made, saved = np.array(on_site), np.array(grid)
    delivered = electricity.delivered[..., None] * saved + electricity.produced[..., None] * made
    for amount, weights in others:
        delivered = delivered + amount[..., None] * np.array(weights)
    exported = electricity.exported[..., None]
    step_a = delivered - exported * made
    return Weighted(step_a, step_a - k_exp * exported * (saved - made))
