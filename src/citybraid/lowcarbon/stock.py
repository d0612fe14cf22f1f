"""The building stock as thermal zones, and its annual simulation."""

from hashlib import sha256
from itertools import pairwise
from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.remembered import content_digest, remembered_rows
from citybraid.core.var import Fact, Factors, Tick
from citybraid.kernels.buildings.zone import COLUMNS, HEAT, WET, years
from citybraid.kernels.buildings.zone import simulate as simulate_zone
from citybraid.kernels.buildings.zone_inputs import Exposure, Operation, Plant, Weather
from citybraid.kernels.buildings.zone_light import sunlight
from citybraid.kernels.buildings.zone_network import Network
from citybraid.lowcarbon.climate import AZIMUTHS
from citybraid.lowcarbon.envelope import Leaks, air_leaks, envelopes, kind_of, roof_absorptance, shapes
from citybraid.lowcarbon.equipment import AS_BUILT, Standards, loads_left, operated, stated, with_standards
from citybraid.lowcarbon.horizon import Surroundings, open_surroundings
from citybraid.lowcarbon.operation import Draw, Loads, Ventilation, draw, operation, programmes
from citybraid.lowcarbon.plant_performance import KINDS, Performance, hourly_rates, performance
from citybraid.lowcarbon.rows import first_match, value_or, zones
from citybraid.lowcarbon.shading import given_shares, shading_of
from citybraid.lowcarbon.ventilation import ventilation, ventilation_of
from citybraid.lowcarbon.zones import ThermalZones, parts_of, plant, split_zones, through_of_gain, zone_network

Array = NDArray[np.float64]

SLICE = 200
"""Buildings between two progress ticks: about 0.3 s."""
REMEMBERED = 200_000
"""Buildings whose results are kept while the process lasts: about 50 MiB."""
NO_SUMMER = (0, 0)
"""Hours over which rejected heat is summed where it is not asked for: none."""
COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")
"""Names of AZIMUTHS in the keys of window shares by facing."""
NEEDED = ("height", "year_built", "floor_area")


class Fabric(NamedTuple):
    """Factor tables of the fabric: envelope by standard, years of standards, windows and masses by use."""

    envelope: Annotated[Factors, Fact("envelope")]
    standard_since: Annotated[Factors, Fact("standard_since")]
    window_share: Annotated[Factors, Fact("window_share")]
    zone_capacity: Annotated[Factors, Fact("zone_capacity")]


class Carriers(NamedTuple):
    """What each building's heating needs of other carriers per heat delivered [-]."""

    district_heat: Array
    gas: Array


class Stock(NamedTuple):
    """Zones of all buildings, and the energy that does not follow from their heat balance."""

    net: Network
    """By zone."""
    exposure: Exposure
    """By building."""
    operation: Operation
    plant: Plant
    parts: ThermalZones
    carriers: Carriers
    used: Array
    """Electricity by building and end use: lighting, equipment, standby, fans [W h]; (buildings, 4)."""
    floors: Array
    """Storeys of each building: floor area over footprint [-]."""
    performance: Performance
    """What plants take by outdoor temperature and load."""


def building_stock(
    buildings: gpd.GeoDataFrame,
    *,
    zone: str,
    calendar_year: int,
    volume_heat: float,
    fabric: Fabric,
    loads: Loads,
    shares: Factors,
    conditioned: Factors,
    system: Factors,
    around: Surroundings | None = None,
    limits: tuple[Array, Array] | None = None,
    standards: Standards | None = None,
    weather: Weather | None = None,
) -> Stock:
    """Return the buildings as zones of the kernel.

    `volume_heat` is the heat capacity of air [J m-3 K-1]. Without `around` nothing shades the buildings; their windows
    have the shares and devices of their columns. Without `limits` (heating and sensible cooling power by building,
    W per m2 of floor) their plant is unlimited, without `standards` no lighting or equipment is renewed, without
    `weather`, by which exchangers are bypassed, no heat of ventilation is recovered. Raises InputError where a
    building lacks an attribute or a use, a standard or a zone has no factor row.
    """
    require_attributes(buildings)
    uses = buildings["building_use"].astype(str)
    kinds = operated(
        buildings, ventilation_of(buildings, zone=zone, since=fabric.standard_since, envelope=fabric.envelope)
    )
    floor_area = buildings["floor_area"].to_numpy(dtype=np.float64)
    use_of = dict(zip(kinds, uses, strict=True))
    of_kind = {kind: with_standards(programmes(use, zone, shares, conditioned), kind) for kind, use in use_of.items()}
    parts, kind_names = parts_of(kinds, floor_area, of_kind)
    names, left, heads = loads_left(kind_names, loads, standards)
    air = ventilation(
        names, heads, loads, envelope=fabric.envelope, weather=weather, zone=zone, calendar_year=calendar_year
    )
    used = draw(
        names, loads, calendar_year=calendar_year, lighting=left.lighting, equipment=left.equipment, ventilation=air
    )
    shape = shapes(buildings)
    skin = envelopes(buildings, zone=zone, since=fabric.standard_since, envelope=fabric.envelope)
    glass = given_shares(buildings, window_shares(uses, fabric.window_share))
    devices = shading_of(buildings, skin, clear=through_of_gain())
    net, exposure = zone_network(
        shape, skin, floor_area=floor_area, window_share=glass, capacity=_by_use(uses, fabric.zone_capacity),
        physics=loads.physics, roof_absorbs=roof_absorptance(buildings, loads.physics),
        around=around or open_surroundings(len(buildings)), shading=devices,
    )  # fmt: skip
    height = buildings["height"].to_numpy(dtype=np.float64)
    leaks = air_leaks(shape, skin, height=height, physics=loads.physics)
    leakage = _leakage(parts, names, leaks, volume=shape.footprint * height, loads=loads, air=air) * volume_heat / 3600
    performs = performance(system)
    power = _systems(uses, stated(buildings, "heating_system"), zone, system)
    surfaces = _surfaces(uses, zone, system)
    return Stock(
        net=split_zones(net, parts),
        exposure=exposure,
        operation=operation(
            names, loads, calendar_year=calendar_year, zone=zone, volume_heat=volume_heat, used=used, ventilation=air
        ),
        plant=_plant(parts, uses, floor_area, (power, surfaces), leakage=leakage, limits=limits, performs=performs),
        parts=parts,
        carriers=Carriers(*power.T[2:]),
        used=_used(parts, floor_area, used),
        floors=floor_area / np.maximum(shape.footprint, 1e-9),
        performance=performs,
    )  # fmt: skip


def _plant(
    parts: ThermalZones, uses: pd.Series, floor_area: Array, systems: tuple[Array, Array], *, leakage: Array,
    limits: tuple[Array, Array] | None, performs: Performance,
) -> Plant:  # fmt: skip
    """Return the plant of each zone, of unlimited power where there are no limits."""
    power, surfaces = systems
    kind = np.array([KINDS.index(kind_of(str(use))) for use in uses], dtype=np.int64)
    heat_limit, cool_limit = limits or (np.full(floor_area.size, np.inf), np.full(floor_area.size, np.inf))
    return plant(
        parts, floor_area=floor_area, heat_power=power[:, 0], cool_power=power[:, 1], leakage=leakage,
        heat_limit=heat_limit, cool_limit=cool_limit, system=kind, heat_cycling=performs.heat_cycling[kind],
        cool_cycling=performs.cool_cycling[kind], heat_surface=surfaces[:, 0], cool_surface=surfaces[:, 1],
    )  # fmt: skip


def window_shares(uses: pd.Series, table: Factors) -> Array:
    """Return the windows' share of each facade, (buildings, 8).

    A row `use/south` is that of a facing (north, northeast ...), a row `use` that of all others.
    """
    known = sorted(set(uses))
    rows = [[table.get(f"{use}/{facing}", table[use]) for facing in COMPASS] for use in known]
    return np.array(rows, dtype=np.float64).reshape(-1, len(AZIMUTHS))[np.searchsorted(known, uses)]


def simulate(stock: Stock, weather: Weather, *, warm_up: int, tick: Tick, summer: tuple[int, int] = NO_SUMMER) -> Array:
    """Return the annual results of each building: the columns of the kernel.

    `warm_up` is in days; `summer` are the hours over which rejected heat is summed, which may lie in the next year;
    `tick` is called between slices of buildings. Alternatives share most of their buildings: one that was simulated
    before with the same zones, operation and weather is not simulated again.
    """
    return _simulate_buildings(
        _building_keys(stock, weather, warm_up, summer), stock, weather, warm_up=warm_up, tick=tick, summer=summer
    )


@remembered_rows(REMEMBERED)
def _simulate_buildings(
    buildings: NDArray[np.intp], stock: Stock, weather: Weather, *, warm_up: int, tick: Tick, summer: tuple[int, int]
) -> Array:
    result = np.zeros((stock.parts.starts.size - 1, COLUMNS))
    rates = hourly_rates(stock.performance, weather.air)
    for done in range(0, buildings.size, SLICE):
        tick(done / buildings.size)
        part = buildings[done : done + SLICE]
        for run in np.split(part, np.flatnonzero(np.diff(part) > 1) + 1):
            years(
                int(run[0]), int(run[-1]) + 1, stock.parts.starts, stock.net, stock.exposure, weather,
                stock.operation, stock.plant, rates, warm_up=warm_up * 24, summer=summer, result=result,
            )  # fmt: skip
    return result[buildings]


def _building_keys(stock: Stock, weather: Weather, warm_up: int, summer: tuple[int, int]) -> list[bytes]:
    """Return a digest of all that the kernel reads for each building."""
    starts, plants = stock.parts.starts, stock.plant
    rates = hourly_rates(stock.performance, weather.air)
    shared = content_digest(weather, warm_up, summer)
    systems = [content_digest(heating, cooling) for heating, cooling in zip(*rates, strict=True)]
    kinds = [content_digest(*(table[kind] for table in stock.operation)) for kind in range(len(stock.operation.plugs))]
    columns = [*stock.net, *(values for name, values in plants._asdict().items() if name not in ("kind", "system"))]
    zones_of = np.column_stack(columns).astype(np.float64)
    exposed = [np.ascontiguousarray(values) for values in stock.exposure]
    return [
        sha256(
            b"".join(
                [shared, *(values[building].tobytes() for values in exposed), zones_of[first:last].tobytes()]
                + [kinds[kind] for kind in plants.kind[first:last]]
                + [systems[system] for system in plants.system[first:last]]
            )
        ).digest()
        for building, (first, last) in enumerate(pairwise(starts.tolist()))
    ]


def hours_of(stock: Stock, weather: Weather, building: int, *, warm_up: int) -> Array:
    """Return a building's heating, cooling and electricity of each hour [W]; (hours, 3).

    They are not stored for every building but recomputed on request.
    """
    hours, rates = weather.air.size, hourly_rates(stock.performance, weather.air)
    result, sun = np.zeros((hours, 3)), np.empty((3, hours))
    sunlight(building, stock.exposure, weather, sun)
    for zone in range(stock.parts.starts[building], stock.parts.starts[building + 1]):
        course, load = np.empty((3, hours)), np.zeros(hours)
        simulate_zone(
            zone, sun, stock.net, weather, stock.operation, stock.plant, rates,
            warm_up * 24, NO_SUMMER, np.zeros(COLUMNS), load, course,
        )  # fmt: skip
        result += np.column_stack([*heat_and_cold(course), load])
    return result


def heat_and_cold(course: Array) -> tuple[Array, Array]:
    """Return what the plant delivers and removes in each hour of a zone's course [W]."""
    return np.maximum(course[HEAT], 0.0), np.maximum(-course[HEAT], 0.0) + course[WET]


def require_attributes(buildings: gpd.GeoDataFrame) -> None:
    """Raise InputError where a building lacks a value in a needed column that is there."""
    for name in (each for each in NEEDED if each in buildings):
        missing = ~np.isfinite(buildings[name].to_numpy(dtype=np.float64))
        if missing.any():
            first = str(buildings.index[missing][0])
            raise InputError("energy.attribute", column=name, count=int(missing.sum()), first=first)


def _by_use(uses: pd.Series, table: Factors) -> Array:
    return np.array([table[str(use)] for use in uses], dtype=np.float64)


def _leakage(
    parts: ThermalZones, names: tuple[str, ...], leaks: Leaks, *, volume: Array, loads: Loads, air: Ventilation | None
) -> Array:
    """Return the infiltration of each zone [m3 h-1], by airtightness.

    Where a programme has its own air change rate, infiltration and airing together, that stands for buildings as
    tight as the standard takes them; others exchange more or less by what their leaks differ. Where fans took the
    place of windows, leaks alone are left.
    """
    own_rate = np.array([value_or(loads.program_load, f"{name}/air_change", np.nan) for name in names])[parts.kind]
    airing = np.maximum(own_rate - leaks.standard[parts.owner], 0.0)
    shut = np.zeros(parts.kind.size, dtype=np.bool_) if air is None else air.shut[parts.kind]
    changes = leaks.own[parts.owner] + np.where(np.isfinite(own_rate) & ~shut, airing, 0.0)
    return np.asarray(changes * volume[parts.owner] * parts.share, dtype=np.float64)


def _used(parts: ThermalZones, floor_area: Array, drawn: Draw) -> Array:
    """Return the year's electricity of buildings by end use [W h]."""
    yearly = np.column_stack([hours.sum(axis=1) for hours in drawn])
    result = np.zeros((floor_area.size, yearly.shape[1]))
    np.add.at(result, parts.owner, yearly[parts.kind] * (floor_area[parts.owner] * parts.share)[:, None])
    return result


def _systems(uses: pd.Series, heating: list[str], zone: str, table: Factors) -> Array:
    """Return the carriers of each building's heating and cooling; (buildings, 4)."""
    of = {pair: _system(*pair, zone, table) for pair in set(zip(uses, heating, strict=True))}
    return np.array([of[pair] for pair in zip(uses, heating, strict=True)], dtype=np.float64).reshape(-1, 4)


def _surfaces(uses: pd.Series, zone: str, table: Factors) -> Array:
    """Return the shares of heat and of cold that inner surfaces give off, (buildings, 2); 0 where no row has one.

    Rows are `residential/2/surface_heating` and `public/3/surface_cooling`. Raises InputError for one outside 0 to 1.
    """
    shares = {use: [_surface(use, zone, name, table) for name in ("heating", "cooling")] for use in set(uses)}
    return np.array([shares[use] for use in uses], dtype=np.float64).reshape(-1, 2)


def _surface(use: str, zone: str, name: str, table: Factors) -> float:
    keys = (f"{kind_of(use)}/{place}/surface_{name}" for place in zones(zone))
    key = next((each for each in keys if each in table), "")
    share = value_or(table, key, 0.0)
    if not 0.0 <= share <= 1.0:
        raise InputError("energy.plant_surface", key=key, got=share)
    return share


def _system(use: str, heating: str, zone: str, table: Factors) -> tuple[float, float, float, float]:
    """Return electricity per heating and cooling, district heat and gas per heating of a use in a climate zone.

    Rows `residential/2/district_heat` or `residential/2/gas_heat` go before heat pumps; a renewed heating system has
    rows of its own, as `residential/2/heat_pump/heating_cop` or `residential/3/district_heat/district_heat`.
    """
    heads = [f"{kind_of(use)}/{place}" for place in zones(zone)]
    cold = 1 / first_match(table, [f"{head}/cooling_cop" for head in heads], factor="heat_system")
    if heating != AS_BUILT:
        for head in heads:
            if f"{head}/{heating}/district_heat" in table:
                return 0.0, cold, table[f"{head}/{heating}/district_heat"], 0.0
        renewed = first_match(table, [f"{head}/{heating}/heating_cop" for head in heads], factor="heat_system")
        return 1 / renewed, cold, 0.0, 0.0
    for head in heads:
        if f"{head}/district_heat" in table or f"{head}/gas_heat" in table:
            district, gas = (value_or(table, f"{head}/{name}", 0.0) for name in ("district_heat", "gas_heat"))
            return 0.0, cold, district, gas
    return 1 / first_match(table, [f"{head}/heating_cop" for head in heads], factor="heat_system"), cold, 0.0, 0.0
