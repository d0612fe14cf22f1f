"""Thermal zones of buildings: each building is divided into the programmes of its use."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Factors
from citybraid.kernels.buildings.zone_inputs import Exposure, Plant
from citybraid.kernels.buildings.zone_network import (
    Elements,
    Films,
    Network,
    fitted_films,
    inside_resistance,
    reduce_network,
)
from citybraid.kernels.climate.solar_glass import CLEAR_DOUBLE, solar_properties
from citybraid.lowcarbon.envelope import Envelope, Shape
from citybraid.lowcarbon.horizon import Surroundings
from citybraid.lowcarbon.shading import Shading

Array = NDArray[np.float64]


class ThermalZones(NamedTuple):
    """Programmes of buildings: one entry per zone, zones of a building contiguous."""

    starts: NDArray[np.int64]
    """First zone of each building, then the total number of zones."""
    owner: NDArray[np.int64]
    """Building of each zone."""
    kind: NDArray[np.int64]
    """Programme of each zone."""
    share: Array
    """Share of the building's floor."""


class Slab(NamedTuple):
    """Uninsulated slab on ground of each building."""

    transmittance: Array
    """Steady heat flow [W m-2 K-1]."""
    swing: Array
    """Share of the outdoor air's yearly swing that the slab feels [-]."""


def ground_slab(
    area: Array, perimeter: Array, *, soil: float, penetration: float, thickness: float, film: float
) -> Slab:
    """Return the U-value of slabs on ground, and how much of the year's swing outdoors they feel.

    EN ISO 13370:2007, eq. 2 to 4: B' = A / (P/2), d = w + soil (Rsi + Rse); eq. A.6: the yearly
    swing outdoors drives 0.37 P soil ln(delta/d + 1), `penetration` delta [m]. Indoors is taken as constant.
    """
    width = 2 * area / np.maximum(perimeter, 1e-6)
    depth = thickness + soil * (0.17 + 1 / film)
    shallow = 2 * soil / (np.pi * width + depth) * np.log(np.pi * width / depth + 1)
    steady = np.where(depth < width, shallow, soil / (0.457 * width + depth))
    periodic = 0.37 * perimeter * soil * np.log(penetration / depth + 1)
    return Slab(steady, np.minimum(periodic / np.maximum(steady * area, 1e-9), 1.0))


class Facades(NamedTuple):
    """Areas of each building's envelope and their conductances with both films, U times area."""

    walls: Array
    """Opaque walls by facing [m2], (buildings, 8)."""
    windows: Array
    """Windows by facing [m2], (buildings, 8)."""
    wall: Array
    """Conductance of walls by facing [W K-1], (buildings, 8)."""
    roof: Array
    floor: Array
    window: Array
    """Conductance of all windows [W K-1]."""
    above: Array
    """Roof [m2]."""
    below: Array
    """Floor on the ground [m2]."""

    @property
    def opaque(self) -> Array:
        """Conductance of walls, roof and floor [W K-1]."""
        return np.asarray(self.wall.sum(axis=1) + self.roof + self.floor, dtype=np.float64)


def zone_network(
    shape: Shape, envelope: Envelope, *, floor_area: Array, window_share: Array, capacity: Array, physics: Factors,
    roof_absorbs: Array, around: Surroundings, shading: Shading,
) -> tuple[Network, Exposure]:  # fmt: skip
    """Return the network and the exposure of each building as one zone.

    `window_share` is the windows' share of each facade, (buildings, 8), `roof_absorbs` the share of the sun that each
    roof absorbs. Walls, roof and ground floor form one
    external element with a common thermal mass, whose steady heat loss is that of their transmittances; internal
    surfaces are the rest of the surface area per floor area. Infiltration is not included.
    """
    slab = ground_slab(
        shape.footprint, shape.perimeter, soil=physics["soil_conductivity"], penetration=physics["soil_penetration"],
        thickness=physics["ground_wall_thickness"], film=physics["outside"],
    )  # fmt: skip
    windows = shape.walls * window_share
    walls = shape.walls - windows
    facades = Facades(
        walls, windows, walls * envelope.wall[:, None], shape.footprint * envelope.roof,
        shape.footprint * slab.transmittance, windows.sum(axis=1) * envelope.window, shape.footprint, shape.footprint,
    )  # fmt: skip
    elements, films = zone_elements(facades, floor_area=floor_area, capacity=capacity, physics=physics)
    exposure = zone_exposure(
        facades, envelope, slab, physics=physics, roof_absorbs=roof_absorbs, around=around, shading=shading
    )
    return reduce_network(elements, films), exposure


def zone_elements(facades: Facades, *, floor_area: Array, capacity: Array, physics: Factors) -> tuple[Elements, Films]:
    """Return elements whose steady conductance from air to outdoors is U times area, all others adiabatic."""
    wall, glass = facades.walls.sum(axis=1), facades.windows.sum(axis=1)
    outer = wall + (facades.above + facades.below)
    inner = np.maximum(physics["inner_surface"] * floor_area - outer - glass, np.maximum(floor_area, 1.0))
    convection = physics["convective_inside"] * (wall + facades.below) + physics["convective_ceiling"] * facades.above
    films = Films(
        convection / outer, physics["convective_inside"], physics["convective_window"], physics["radiant_inside"]
    )
    area = np.stack([outer, inner, glass], axis=1)
    conductance = np.stack([facades.opaque, facades.window], axis=1)
    size = np.maximum(np.stack([outer, glass], axis=1), 1e-9)
    outdoors, depth = 1 / physics["outside"] / size, physics["outer_depth"] / outer
    films = fitted_films(area, films, conductance=conductance, least=outdoors + np.stack([depth, 0 * depth], axis=1))
    inside = inside_resistance(area, films)
    glazed = glass > 0
    surface = capacity / physics["inner_surface"]
    elements = Elements(
        outer_area=outer, inner_area=inner, window_area=glass, outer_inside=depth,
        outer_rest=1 / facades.opaque - inside[:, 0] - depth, inner_inside=physics["inner_depth"] / inner,
        window_rest=np.where(glazed, 1 / np.where(glazed, facades.window, 1.0) - np.where(glazed, inside[:, 2], 0), 1),
        outer_capacity=surface * outer, inner_capacity=surface * inner,
    )  # fmt: skip
    return elements, films


def zone_exposure(
    facades: Facades, envelope: Envelope, slab: Slab, *, physics: Factors, roof_absorbs: Array, around: Surroundings,
    shading: Shading,
) -> Exposure:  # fmt: skip
    """Return what weather does to each zone's walls, roof, ground floor and windows."""
    total, nothing = facades.opaque[:, None], np.zeros_like(facades.roof)
    clear = through_of_gain()
    gain = facades.windows * envelope.gain[:, None]
    glazed = np.maximum(facades.window, 1e-9)[:, None]
    sky, seen = physics["radiant_outside"] / physics["outside"], around.sky_view[:, :-1]
    heated = np.column_stack(
        [physics["wall_absorptance"] * facades.wall, roof_absorbs * facades.roof]
    )  # fmt: skip
    glass = facades.windows.sum(axis=1)
    seen_by_glass = (facades.windows * seen).sum(axis=1) / np.maximum(glass, 1e-9)
    return Exposure(
        wall_solar=heated / physics["outside"] / total,
        window_through=np.column_stack([gain * clear, nothing]),
        window_absorbed=np.column_stack([gain * (1 - clear) / glazed, nothing]),
        sky_view=around.sky_view,
        overhang=shading.overhang, gap=shading.gap, fin=shading.fin, horizon=around.horizon,
        crown=around.crowns.height, crown_hides=around.crowns.hides,
        blind_above=shading.blind_above, blind_warm=shading.blind_warm,
        blind_through=shading.blind_through, blind_absorbed=shading.blind_absorbed,
        wall_sky=sky * (0.5 * (facades.wall * seen).sum(axis=1) + facades.roof) / total[:, 0],
        window_sky=0.5 * sky * seen_by_glass,
        ground=facades.floor / total[:, 0], ground_swing=slab.swing * facades.floor / total[:, 0],
    )  # fmt: skip


def through_of_gain() -> float:
    """Return the sun through two clear panes over all that enters by them, at normal incidence [-]."""
    normal = solar_properties(np.zeros(1), CLEAR_DOUBLE)
    return float((normal.transmittance / (normal.transmittance + normal.inward))[0])


def split_zones(net: Network, parts: ThermalZones) -> Network:
    """Divide buildings into zones: each gets its share of the building's conductances and masses."""
    owned = {name: values[parts.owner] for name, values in net._asdict().items()}
    return Network(
        **{name: values if name.endswith("_split") else values * parts.share for name, values in owned.items()}
    )


def parts_of(
    uses: pd.Series, floor_area: Array, programme: dict[str, dict[str, float]]
) -> tuple[ThermalZones, tuple[str, ...]]:
    """Return the zones of buildings and the sorted programme names; a building without floor area has no zone."""
    names = tuple(sorted({name for shares in programme.values() for name in shares}))
    rows = [
        (owner, names.index(name), part)
        for owner, (use, area) in enumerate(zip(uses, floor_area, strict=True))
        if area > 0
        for name, part in programme[str(use)].items()
    ]
    owner = np.array([row[0] for row in rows], dtype=np.int64)
    starts = np.searchsorted(owner, np.arange(len(uses) + 1)).astype(np.int64)
    kinds = np.array([row[1] for row in rows], dtype=np.int64)
    return ThermalZones(starts, owner, kinds, np.array([row[2] for row in rows], dtype=np.float64)), names


def plant(
    parts: ThermalZones, *, floor_area: Array, heat_power: Array, cool_power: Array, leakage: Array,
    heat_limit: Array, cool_limit: Array, system: NDArray[np.int64], heat_cycling: Array, cool_cycling: Array,
    heat_surface: Array, cool_surface: Array,
) -> Plant:  # fmt: skip
    """Return the zones' floor areas, air leakage [W K-1] and plant.

    `leakage` is that of the zones; electricity per heating and cooling demand, the plant's limits
    [W m-2 of floor; infinite: unlimited] its row and coefficients of performance, and shares of heat and
    cold given off by inner surfaces are those of the buildings.
    """
    area = floor_area[parts.owner] * parts.share
    return Plant(
        area=area,
        kind=parts.kind,
        part=parts.share,
        leakage=leakage,
        heat_power=heat_power[parts.owner],
        cool_power=cool_power[parts.owner],
        heat_limit=heat_limit[parts.owner] * area,
        cool_limit=cool_limit[parts.owner] * area,
        system=system[parts.owner],
        heat_cycling=heat_cycling[parts.owner],
        cool_cycling=cool_cycling[parts.owner],
        heat_surface=heat_surface[parts.owner],
        cool_surface=cool_surface[parts.owner],
    )
