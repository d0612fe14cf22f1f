"""The zone's network without its surfaces: conductances between air, masses and outdoors (VDI 6007-1)."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

AIR, OUTER, INNER, OUTDOORS = range(4)
"""Nodes that remain when the surfaces are eliminated."""
PAIRS = ((0, 1), (0, 2), (1, 2))
"""Surfaces that see each other: outer, inner, window."""


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
    window_rest: Array
    """Resistance from the windows' inner surface to the outdoors, outer film included [K W-1]."""
    outer_capacity: Array
    """Heat capacity of the outer walls, C1 [J K-1]."""
    inner_capacity: Array
    """Heat capacity of the inner masses, C1 [J K-1]."""


class Films(NamedTuple):
    """Coefficients of heat transfer at the inner surfaces [W m-2 K-1]; one value, or one per zone."""

    outer: float | Array
    """Convection at the outer walls."""
    inner: float | Array
    """Convection at the inner surfaces."""
    window: float | Array
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
    """The same for sun through the windows, distributed by `solar_to`; what is reflected out counts as outdoors."""
    inner_split: Array
    """The same for heat of a plant on the inner surface: floor heating, a cooling ceiling."""


def areas_of(elements: Elements) -> Array:
    """Return the areas of the outer, inner and window surface of each zone [m2]; (zones, 3)."""
    return np.stack([elements.outer_area, elements.inner_area, elements.window_area], axis=1)


def surface_system(area: Array, films: Films) -> Array:
    """Return the matrix of surfaces that exchange heat with the air at zero and with each other [W K-1].

    `area` is (zones, 3). Outer and inner surface exchange by the smaller of both (VDI 6007-1); a
    window radiates its own area's worth, divided between both by their areas, so that its film is counted once.
    """
    count = area.shape[0]
    convection = np.stack([np.broadcast_to(film, count) for film in films[:3]], axis=1)
    system = np.zeros((count, 3, 3))
    opaque = np.maximum(area[:, 0] + area[:, 1], 1e-9)
    exchange = (
        np.minimum(area[:, 0], area[:, 1]),
        area[:, 2] * area[:, 0] / opaque,
        area[:, 2] * area[:, 1] / opaque,
    )
    for (one, other), shared in zip(PAIRS, exchange, strict=True):
        system[:, one, other] -= films.radiant * shared
        system[:, other, one] -= films.radiant * shared
        system[:, one, one] += films.radiant * shared
        system[:, other, other] += films.radiant * shared
    system[:, range(3), range(3)] += area * convection
    return system


def inside_resistance(area: Array, films: Films) -> Array:
    """Return the resistance from the air to each surface, all others adiabatic [K W-1]; (zones, 3).

    Heat reaches a surface by convection and by radiation of the other surfaces, which the air
    warms in turn. A surface without area has an infinite resistance.
    """
    system = surface_system(area, films)
    bare = area <= 0
    system[:, range(3), range(3)] += np.where(bare, 1.0, 0.0)
    resistance = np.linalg.inv(system)[:, range(3), range(3)]
    return np.where(bare, np.inf, resistance)


def fitted_films(area: Array, films: Films, *, conductance: Array, least: Array) -> Films:
    """Return the films with more convection where they alone resist more than an element's transmittance allows.

    `conductance` is U·A of the outer walls and of the windows with both films [W K-1], `least`
    the least resistance of their other layers and outer film [K W-1]; (zones, 2).
    """
    count = area.shape[0]
    inside = inside_resistance(area, films)
    fitted = []
    for at, surface in enumerate((0, 2)):
        film = np.broadcast_to(np.asarray(films[surface], dtype=np.float64), count)
        there = (area[:, surface] > 0) & (conductance[:, at] > 0)
        size = np.where(there, area[:, surface], 1.0)
        needs = 1 / np.where(there, conductance[:, at], 1.0) - least[:, at]
        radiation = 1 / np.where(there, inside[:, surface], 1.0) - size * film
        raised = (1 / np.maximum(needs, 1e-9) - radiation) / size
        fitted.append(np.where(there, np.maximum(film, raised), film))
    return films._replace(outer=fitted[0], window=fitted[1])


def linked_surfaces(elements: Elements, films: Films) -> tuple[Array, Array]:
    """Return the surfaces' matrix with all that they are linked to, and their links to each node [W K-1].

    The temperatures T of the surfaces follow from those of the nodes and from heat on the surfaces [W]:
    matrix · T = links · nodes + heat; (zones, 3, 3) and (zones, 3, 4).
    """
    e = elements
    count, area = e.outer_area.size, areas_of(e)
    system = surface_system(area, films)
    links = np.zeros((count, 3, 4))
    links[:, :, AIR] = area * np.stack([np.broadcast_to(film, count) for film in films[:3]], axis=1)
    links[:, 0, OUTER] = 1 / e.outer_inside
    links[:, 1, INNER] = 1 / e.inner_inside
    links[:, 2, OUTDOORS] = np.where(e.window_area > 0, 1 / np.maximum(e.window_rest, 1e-9), 0.0)
    system[:, range(3), range(3)] += links[:, :, OUTER:].sum(axis=2)
    system[:, 2, 2] += np.where(e.window_area > 0, 0.0, 1.0)
    return system, links


def absorbed_shares(elements: Elements, solar_to: Array | None = None) -> Array:
    """Return the share of sun through the windows that each surface absorbs, by opaque area without `solar_to`."""
    area = areas_of(elements)
    if solar_to is not None:
        return np.broadcast_to(solar_to, area.shape)
    opaque = area * np.array([1.0, 1.0, 0.0])
    return np.asarray(opaque / opaque.sum(axis=1, keepdims=True))


def reduce_network(elements: Elements, films: Films, *, solar_to: Array | None = None) -> Network:
    """Eliminate the three surfaces (outer, inner, window) of each zone.

    `solar_to` is the share of solar gains absorbed by each surface, (3,) or (zones, 3), the rest
    being reflected out; by opaque area where None. VDI 6007-1 (2015) section 6; Kron reduction.
    """
    e = elements
    area = areas_of(e)
    system, links = linked_surfaces(e, films)
    reach = np.linalg.solve(system, links)
    between = np.einsum("nsj,nsk->njk", links, reach)
    spread = area / area.sum(axis=1, keepdims=True)
    sun = absorbed_shares(e, solar_to)
    solar_split = np.einsum("ns,nsj->nj", sun, reach)
    solar_split[:, OUTDOORS] += 1 - sun.sum(axis=1)
    return Network(
        air_outer=between[:, AIR, OUTER], air_inner=between[:, AIR, INNER], air_window=between[:, AIR, OUTDOORS],
        outer_inner=between[:, OUTER, INNER], outer_window=between[:, OUTER, OUTDOORS],
        inner_window=between[:, INNER, OUTDOORS], outer_outdoor=1 / e.outer_rest,
        outer_capacity=e.outer_capacity, inner_capacity=e.inner_capacity,
        radiant_split=np.einsum("ns,nsj->nj", spread, reach), solar_split=solar_split,
        inner_split=np.asarray(reach[:, 1, :], dtype=np.float64),
    )  # fmt: skip
