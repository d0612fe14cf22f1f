"""The zone's network without its surfaces: conductances between air, masses and outdoors (VDI 6007-1)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

AIR, OUTER, INNER, OUTDOORS = range(4)
"""Nodes that remain when the surfaces are eliminated."""


class Elements(NamedTuple):
    """Building elements of each zone; one entry per zone."""

    outer_area: Array
    """Inner surface of the outer walls, roof and floor [m2]."""
    inner_area: Array
    """Surface of inner walls and ceilings [m2]."""
    window_area: Array
    """Windows [m2]."""
    outer_inside: Array
    """Resistance from the outer walls' surface to their mass, R1 [K W-1]."""
    outer_rest: Array
    """Resistance from the outer walls' mass to the outdoors, outer film included [K W-1]."""
    inner_inside: Array
    """Resistance from the inner surfaces to their mass, R1 [K W-1]."""
    window_u: Array
    """Thermal transmittance of the windows with both films [W m-2 K-1]."""
    outer_capacity: Array
    """Heat capacity of the outer walls, C1 [J K-1]."""
    inner_capacity: Array
    """Heat capacity of the inner masses, C1 [J K-1]."""


class Films(NamedTuple):
    """Coefficients of heat transfer at the inner surfaces [W m-2 K-1]."""

    outer: float
    """Convection at the outer walls."""
    inner: float
    """Convection at the inner surfaces."""
    window: float
    """Convection at the windows."""
    radiant: float
    """Long-wave exchange between surfaces."""


class Network(NamedTuple):
    """Conductances between air, masses and outdoors [W K-1], capacities [J K-1], shares of gains [-]."""

    air_outer: Array
    air_inner: Array
    air_window: Array
    outer_inner: Array
    outer_window: Array
    inner_window: Array
    outer_outdoor: Array
    outer_capacity: Array
    inner_capacity: Array
    radiant_split: Array
    """Share of heat on the surfaces, distributed by area, that reaches each node; (zones, 4)."""
    solar_split: Array
    """The same for sun through the windows, distributed by `solar_to`."""


def reduce_network(elements: Elements, films: Films, *, solar_to: Array | None = None) -> Network:
    """Eliminate the three surfaces (outer, inner, window) of each zone.

    `solar_to` is the share of solar gains on each surface, (3,) or (zones, 3); by opaque
    area where None. VDI 6007-1 (2015) section 6; Kron reduction.
    """
    e = elements
    count = e.outer_area.size
    area = np.stack([e.outer_area, e.inner_area, e.window_area], axis=1)
    to_air = area * np.array([films.outer, films.inner, films.window])
    outside = 1 / e.window_u - 1 / (films.window + films.radiant)
    links = np.zeros((count, 3, 4))
    links[:, :, AIR] = to_air
    links[:, 0, OUTER] = 1 / e.outer_inside
    links[:, 1, INNER] = 1 / e.inner_inside
    links[:, 2, OUTDOORS] = e.window_area / np.maximum(outside, 1e-3)
    system = np.zeros((count, 3, 3))
    for one, other in ((0, 1), (0, 2), (1, 2)):
        exchange = films.radiant * np.minimum(area[:, one], area[:, other])
        system[:, one, other] -= exchange
        system[:, other, one] -= exchange
        system[:, one, one] += exchange
        system[:, other, other] += exchange
    own = links.sum(axis=2)
    own[:, 2] = np.where(e.window_area > 0, own[:, 2], 1.0)
    system[:, range(3), range(3)] += own
    reach = np.linalg.solve(system, links)
    between = np.einsum("nsj,nsk->njk", links, reach)
    spread = area / area.sum(axis=1, keepdims=True)
    opaque = area * np.array([1.0, 1.0, 0.0])
    sun = opaque / opaque.sum(axis=1, keepdims=True) if solar_to is None else np.broadcast_to(solar_to, (count, 3))
    return Network(
        air_outer=between[:, AIR, OUTER], air_inner=between[:, AIR, INNER], air_window=between[:, AIR, OUTDOORS],
        outer_inner=between[:, OUTER, INNER], outer_window=between[:, OUTER, OUTDOORS],
        inner_window=between[:, INNER, OUTDOORS], outer_outdoor=1 / e.outer_rest,
        outer_capacity=e.outer_capacity, inner_capacity=e.inner_capacity,
        radiant_split=np.einsum("ns,nsj->nj", spread, reach), solar_split=np.einsum("ns,nsj->nj", sun, reach),
    )  # fmt: skip
