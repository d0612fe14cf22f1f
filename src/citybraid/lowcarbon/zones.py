"""Thermal zones of buildings: each building is divided into the programmes of its use."""

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Factors
from citybraid.kernels.buildings.zone_inputs import Exposure, Plant
from citybraid.kernels.buildings.zone_network import Elements, Films, Network, reduce_network
from citybraid.lowcarbon.envelope import Envelope, Shape

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


def ground_transmittance(area: Array, perimeter: Array, *, soil: float, thickness: float, film: float) -> Array:
    """Return the U-value of an uninsulated slab on ground [W m-2 K-1].

    EN ISO 13370:2007, eq. 2 to 4: B' = A / (P/2), d = w + soil (Rsi + Rse).
    """
    width = 2 * area / np.maximum(perimeter, 1e-6)
    depth = thickness + soil * (0.17 + 1 / film)
    shallow = 2 * soil / (np.pi * width + depth) * np.log(np.pi * width / depth + 1)
    return np.where(depth < width, shallow, soil / (0.457 * width + depth))


def zone_network(
    shape: Shape, envelope: Envelope, *, floor_area: Array, window_share: Array, capacity: Array, physics: Factors
) -> tuple[Network, Exposure]:
    """Return the network and the exposure of each building as one zone.

    Walls, roof and ground floor form one external element with a common thermal mass;
    internal surfaces are the rest of the surface area per floor area. Infiltration is not included.
    """
    inside = physics["convective_inside"] + physics["radiant_inside"]
    windows = shape.walls * window_share[:, None]
    walls = shape.walls - windows
    wall, roof = walls.sum(axis=1), shape.footprint
    under = ground_transmittance(
        roof,
        shape.perimeter,
        soil=physics["soil_conductivity"],
        thickness=physics["ground_wall_thickness"],
        film=physics["outside"],
    )
    outer = wall + 2 * roof
    inner = np.maximum(physics["inner_surface"] * floor_area - outer - windows.sum(axis=1), np.maximum(floor_area, 1.0))
    depth = physics["outer_depth"]

    def beyond(transmittance: Array) -> Array:
        return 1 / np.maximum(1 / transmittance - 1 / inside - depth, 0.02)

    out_wall, out_roof, out_floor = wall * beyond(envelope.wall), roof * beyond(envelope.roof), roof * beyond(under)
    total = out_wall + out_roof + out_floor
    surface = capacity / physics["inner_surface"]
    elements = Elements(
        outer_area=outer, inner_area=inner, window_area=windows.sum(axis=1), outer_inside=depth / outer,
        outer_rest=1 / total, inner_inside=physics["inner_depth"] / inner, window_u=envelope.window,
        outer_capacity=surface * outer, inner_capacity=surface * inner,
    )  # fmt: skip
    films = Films(
        physics["convective_inside"],
        physics["convective_inside"],
        physics["convective_inside"],
        physics["radiant_inside"],
    )
    per_wall = physics["wall_absorptance"] / physics["outside"] * walls * beyond(envelope.wall)[:, None]
    per_roof = physics["roof_absorptance"] / physics["outside"] * out_roof
    sky = physics["radiant_outside"] / physics["outside"]
    exposure = Exposure(
        wall_solar=np.column_stack([per_wall, per_roof]) / total[:, None],
        window_solar=np.column_stack([windows * envelope.gain[:, None], np.zeros_like(roof)]),
        wall_sky=sky * (0.5 * out_wall + out_roof) / total,
        window_sky=np.full_like(roof, 0.5 * sky),
        ground=out_floor / total,
        leakage=np.zeros_like(roof),
    )
    return reduce_network(elements, films), exposure


def split_zones(net: Network, exposure: Exposure, parts: ThermalZones, *, leakage: Array) -> tuple[Network, Exposure]:
    """Divide buildings into zones: each gets its share of the building's conductances and masses.

    `leakage` is that of the zones [W K-1].
    """
    owner, share = parts.owner, parts.share
    owned = {name: values[owner] for name, values in net._asdict().items()}
    scaled = {name: values if name.endswith("_split") else values * share for name, values in owned.items()}
    exposed = Exposure(*(values[owner] for values in exposure))
    return Network(**scaled), exposed._replace(window_solar=exposed.window_solar * share[:, None], leakage=leakage)


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


def plant(parts: ThermalZones, *, floor_area: Array, heat_power: Array, cool_power: Array) -> Plant:
    """Return the zones' floor areas and the electricity per heating and cooling demand."""
    return Plant(
        area=floor_area[parts.owner] * parts.share,
        kind=parts.kind,
        heat_power=heat_power[parts.owner],
        cool_power=cool_power[parts.owner],
    )
