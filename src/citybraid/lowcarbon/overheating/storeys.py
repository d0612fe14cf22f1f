"""Storeys of homes as thermal zones: ground storey, middle storeys, top storey under the roof."""

from collections.abc import Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.kernels.buildings.zone_comfort import SurfaceRise, surface_rise
from citybraid.kernels.buildings.zone_free import Airing
from citybraid.kernels.buildings.zone_inputs import Exposure, Operation, Plant
from citybraid.kernels.buildings.zone_network import Network, reduce_network
from citybraid.lowcarbon.envelope import Envelope, Leaks, Shape, air_leaks, envelopes, roof_absorptance, shapes
from citybraid.lowcarbon.horizon import Surroundings, sky_view
from citybraid.lowcarbon.landscape import Crowns
from citybraid.lowcarbon.operation import Loads, operation
from citybraid.lowcarbon.rows import value_or
from citybraid.lowcarbon.shading import no_shading
from citybraid.lowcarbon.stock import Fabric, window_shares
from citybraid.lowcarbon.zones import Facades, ground_slab, zone_elements, zone_exposure

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

GROUND, MIDDLE, TOP = range(3)
"""Storeys of a home; a home of one storey has a top storey on the ground."""
HOME = "residential"
LEAST_WALL = 1e-6
"""Facade of a storey by facing, at least [m2]."""


POWERED = frozenset({"lights", "equipment", "base", "standby", "fan_power"})
"""Loads that need electricity."""
Rooms = Mapping[str, float]
"""Programmes of a home and their shares of its floor."""


class Storeys(NamedTuple):
    """One zone a storey; a middle one stands for all middle storeys."""

    home: Indices
    """Row of the building in the table of homes."""
    level: Indices
    share: Array
    """Storeys that it stands for over those of the building, which sum to 1."""
    net: Network
    rise: SurfaceRise
    exposure: Exposure
    plant: Plant
    airing: Airing


def levels(floors: Array) -> tuple[Indices, Indices, Array]:
    """Return home, level and share of each storey zone of homes with a number of floors."""
    count = np.maximum(np.rint(floors), 1.0)
    shares = np.stack([np.where(count > 1, 1 / count, 0.0), np.maximum(count - 2, 0.0) / count, 1 / count], axis=1)
    home, level = np.nonzero(shares)
    return home.astype(np.int64), level.astype(np.int64), shares[home, level]


def home_operation(rooms: Rooms, loads: Loads, *, zone: str, calendar_year: int, volume_heat: float) -> Operation:
    """Return the operation of a home, its rooms by their shares of floor: as used, and without power.

    Without power only people are left. Living and bed rooms are one zone with open doors, which is cooled
    to the lowest of their set points.
    """
    names, part = tuple(rooms), np.array(list(rooms.values()))[:, None]
    unpowered = {key: 0.0 if key.rsplit("/", 1)[-1] in POWERED else value for key, value in loads.program_load.items()}
    both = [
        operation(names, each, calendar_year=calendar_year, zone=zone, volume_heat=volume_heat)
        for each in (loads, loads._replace(program_load=unpowered))
    ]
    mixed = {name: np.stack([(part * getattr(each, name)).sum(axis=0) for each in both]) for name in Operation._fields}
    mixed["heat_below"] = np.stack([each.heat_below.max(axis=0) for each in both])
    mixed["cool_above"] = np.stack([each.cool_above.min(axis=0) for each in both])
    return Operation(**mixed)


def storeys(
    homes: gpd.GeoDataFrame, *, zone: str, volume_heat: float, fabric: Fabric, loads: Loads, rooms: Rooms,
    around: Surroundings, limits: Factors,
) -> Storeys:  # fmt: skip
    """Return the storeys of homes as zones of the kernel.

    Facade, floor area and volume are divided evenly among storeys. The roof belongs to the top one, the slab to the
    ground one, floors between homes pass no heat; each storey has the horizon of its third of the facade.
    """
    floors = homes["floors"].to_numpy(dtype=np.float64)
    require_floors(homes)
    home, level, share = levels(floors)
    count = np.maximum(np.rint(floors), 1.0)[home]
    shape, skin = shapes(homes), envelopes(homes, zone=zone, since=fabric.standard_since, envelope=fabric.envelope)
    height = homes["height"].to_numpy(dtype=np.float64)
    changes = _leakage(air_leaks(shape, skin, height=height, physics=loads.physics), rooms, loads=loads)[home]
    skin = Envelope(*(values[home] for values in skin))
    under_roof, on_ground = level == TOP, (level == GROUND) | (count == 1)
    area = homes["floor_area"].to_numpy(dtype=np.float64)[home] / count
    volume = (shape.footprint * height)[home] / count
    # A middle storey of no height has no outer surface at all, and its film would be 0 over 0.
    shape = Shape(
        np.maximum(shape.walls[home] / count[:, None], LEAST_WALL), shape.footprint[home], shape.perimeter[home]
    )
    slab = ground_slab(
        shape.footprint, shape.perimeter, soil=loads.physics["soil_conductivity"],
        penetration=loads.physics["soil_penetration"], thickness=loads.physics["ground_wall_thickness"],
        film=loads.physics["outside"],
    )  # fmt: skip
    uses = homes["building_use"].astype(str)
    windows = shape.walls * window_shares(uses, fabric.window_share)[home]
    walls, above, below = shape.walls - windows, shape.footprint * under_roof, shape.footprint * on_ground
    facades = Facades(
        walls, windows, walls * skin.wall[:, None], above * skin.roof, below * slab.transmittance,
        windows.sum(axis=1) * skin.window, above, below,
    )  # fmt: skip
    elements, films = zone_elements(
        facades, floor_area=area, capacity=np.full(home.size, fabric.zone_capacity[HOME]), physics=loads.physics
    )
    exposure = zone_exposure(
        facades, skin, slab, physics=loads.physics, roof_absorbs=roof_absorptance(homes, loads.physics)[home],
        around=by_storey(around, home, level, count), shading=no_shading(home.size),
    )  # fmt: skip
    air_flow = changes * volume * volume_heat / 3600
    airing = Airing(limits["airing"] * volume * volume_heat / 3600, limits["open_above"])
    net, rise = reduce_network(elements, films), surface_rise(elements, films)
    return Storeys(home, level, share, net, rise, exposure, _plant(area, air_flow), airing)


def require_floors(homes: gpd.GeoDataFrame) -> None:
    """Raise InputError where a home has no number of floors."""
    missing = ~np.isfinite(homes["floors"].to_numpy(dtype=np.float64))
    if missing.any():
        first = str(homes.index[missing][0])
        raise InputError("energy.attribute", column="floors", count=int(missing.sum()), first=first)


def by_storey(around: Surroundings, home: Indices, level: Indices, count: Array) -> Surroundings:
    """Return the surroundings of storeys: the lower, middle or upper band of the facade, the middle one of a hut."""
    around = around.of(home)
    if around.horizon.shape[3] == 0:
        return around
    band = np.where(count == 1, MIDDLE, level)[:, None, None, None]
    one = np.take_along_axis(around.horizon, band, axis=3)
    crowns = around.crowns
    if crowns.height.shape[3]:
        crowns = Crowns(*(np.take_along_axis(values, band, axis=3) for values in crowns))
    return Surroundings(one, np.column_stack([sky_view(one, crowns), around.sky_view[:, -1]]), crowns)


def _leakage(leaks: Leaks, rooms: Rooms, *, loads: Loads) -> Array:
    """Return the air changes of homes with shut windows [h-1], as the energy of buildings takes them."""
    own = [(part, value_or(loads.program_load, f"{name}/air_change", np.nan)) for name, part in rooms.items()]
    rates = sum((part * np.where(np.isfinite(rate), rate, leaks.standard) for part, rate in own), np.zeros(1))
    return np.asarray(leaks.own + np.maximum(rates - leaks.standard, 0.0), dtype=np.float64)


def _plant(area: Array, leakage: Array) -> Plant:
    """Return zones with unlimited plant, which works until a blackout only."""
    none, unlimited = np.zeros(area.size), np.full(area.size, np.inf)
    return Plant(
        area=area, kind=np.zeros(area.size, dtype=np.int64), part=np.ones(area.size), leakage=leakage,
        heat_power=none, cool_power=none, heat_limit=unlimited, cool_limit=unlimited,
        system=np.zeros(area.size, dtype=np.int64), heat_cycling=none, cool_cycling=none, heat_surface=none,
        cool_surface=none,
    )  # fmt: skip
