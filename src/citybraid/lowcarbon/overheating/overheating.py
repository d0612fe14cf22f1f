"""Overheating of homes: hours above thresholds without cooling, and the course of a blackout."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.group import When
from citybraid.core.model import Params, model
from citybraid.core.remembered import content_digest, remembered_rows
from citybraid.core.var import Fact, Factors, Table, Tick, View
from citybraid.core.vocabulary.energy import COOL_ROOF, ENVELOPE_STANDARD
from citybraid.core.vocabulary.overheating import (
    ADAPTIVE_HOURS,
    BLACKOUT_ELDERLY,
    BLACKOUT_PEAK,
    BLACKOUT_PEOPLE,
    BLACKOUT_TO_30,
    BLACKOUT_TO_32,
    BLACKOUT_TO_35,
    HOT_NIGHT_HOURS,
    HOURS_ABOVE_26,
    HOURS_ABOVE_28,
    HOURS_ABOVE_30,
    HOURS_ABOVE_32,
    MIDDLE_HOURS_ABOVE_30,
    OVERHEATED_PERSON_HOURS,
    PEOPLE_OVERHEATED,
    TOP_HOURS_ABOVE_30,
)
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, FLOORS, HEIGHT, RESIDENTS, YEAR_BUILT
from citybraid.core.vocabulary.risk import ELDERLY
from citybraid.core.vocabulary.weather import DRY_BULB, RELATIVE_HUMIDITY
from citybraid.kernels.buildings.zone_free import Course, courses
from citybraid.kernels.buildings.zone_inputs import Operation, Weather
from citybraid.lowcarbon.climate import HOURS, Irradiance, Location, energy_weather, volume_heat
from citybraid.lowcarbon.envelope import kind_of
from citybraid.lowcarbon.horizon import surroundings
from citybraid.lowcarbon.landscape import LEVEL, Landscape
from citybraid.lowcarbon.operation import Loads, programmes
from citybraid.lowcarbon.overheating.comfort import (
    LEVELS,
    Comfort,
    Counts,
    comfort,
    counts,
    hottest_hours,
    hours_until,
)
from citybraid.lowcarbon.overheating.storeys import HOME, MIDDLE, TOP, Rooms, Storeys, home_operation, storeys
from citybraid.lowcarbon.stock import Fabric, require_attributes

Array = NDArray[np.float64]

TABLE = (BUILDING_USE, HEIGHT, FLOORS, YEAR_BUILT, FLOOR_AREA, ENVELOPE_STANDARD)
SLICE = 200
"""Storeys whose hours are held at a time."""
REMEMBERED = 50_000
"""Storeys whose results are kept while the process lasts: about 35 MiB with three days of blackout."""
FIXED = len(LEVELS) + 3
"""Columns of a storey's hours in the year: above each of LEVELS, adaptive, at night, above the threshold."""
BLACKOUT_LEVELS = (30.0, 32.0, 35.0)
"""Operative temperatures whose time is told in a blackout [degC]."""


class OverheatingParams(Params):
    climate_zone: str = Field(min_length=1, max_length=20)
    """Climate zone that factor rows are keyed by, as in the energy of buildings: 2B, 3A ..."""
    calendar_year: int = Field(2023, ge=1950, le=2100)
    """Year whose weekdays and sun the 8 760 hours take; 29 February is left out [year]."""
    warm_up: int = Field(20, ge=1, le=200)
    """Days run before the year and before the blackout, to fill the masses [day]."""
    threshold: float = Field(30.0, ge=20.0, le=45.0)
    """Operative temperature above which people without cooling are counted [degC]."""
    blackout_start: int | None = Field(None, ge=0, le=8759)
    """Hour of the year at which power fails; that of the hottest hours of the weather where not given [h]."""
    blackout_length: int = Field(72, ge=1, le=720)
    """Length of the blackout [h]."""
    blackout_threshold: float = Field(35.0, ge=20.0, le=45.0)
    """Operative temperature above which people in the blackout are counted [degC]."""


class Uncooled(NamedTuple):
    """A year without cooling."""

    hours_above_26: HOURS_ABOVE_26
    hours_above_28: HOURS_ABOVE_28
    hours_above_30: HOURS_ABOVE_30
    hours_above_32: HOURS_ABOVE_32
    top_hours_above_30: TOP_HOURS_ABOVE_30
    middle_hours_above_30: MIDDLE_HOURS_ABOVE_30
    adaptive_hours: ADAPTIVE_HOURS
    hot_night_hours: HOT_NIGHT_HOURS


class Blackout(NamedTuple):
    """A blackout on the hottest days, or from a stated hour."""

    blackout_peak: BLACKOUT_PEAK
    blackout_to_30: BLACKOUT_TO_30
    blackout_to_32: BLACKOUT_TO_32
    blackout_to_35: BLACKOUT_TO_35


class Residents(NamedTuple):
    """Residents of homes that are too hot."""

    overheated_person_hours: OVERHEATED_PERSON_HOURS
    people_overheated: PEOPLE_OVERHEATED
    blackout_people: BLACKOUT_PEOPLE


class Elderly(NamedTuple):
    """Old people in homes that are too hot."""

    blackout_elderly: BLACKOUT_ELDERLY


class Overheating(NamedTuple):
    uncooled: Uncooled
    blackout: Blackout
    people: Annotated[Residents | None, When("lived_in")]
    old: Annotated[Elderly | None, When("aged")]


@model(
    version=4,
    cite=(
        "VDI 6007-1 (2015), two-element zone; EN ISO 7726 (operative temperature); EN 16798-1:2019, B.2.2 (adaptive "
        "limit); CIBSE TM59 (2017), criteria of homes"
    ),
    validity=(
        "Homes of one zone a storey with open doors; air change through open windows is assumed and does not follow "
        "wind; no fans, blinds or humidity; trees in leaf all year. Compare storeys, buildings and packages "
        "rather than single homes."
    ),
)
def overheating(
    buildings: Annotated[View, Table("buildings", TABLE, optional=(COOL_ROOF,))],
    dry_bulb: DRY_BULB,
    relative_humidity: RELATIVE_HUMIDITY,
    irradiance: Irradiance,
    location: Location,
    fabric: Fabric,
    loads: Loads,
    program_share: Annotated[Factors, Fact("program_share")],
    conditioned_share: Annotated[Factors, Fact("conditioned_share")],
    limits: Annotated[Factors, Fact("overheating")],
    p: OverheatingParams,
    tick: Tick,
    lived_in: Annotated[View, Table("buildings", (RESIDENTS,))] | None = None,
    aged: Annotated[View, Table("buildings", (ELDERLY,))] | None = None,
    landscape: Landscape = LEVEL,
) -> Overheating:
    """Hours above 26 to 32 degC in homes without cooling, and their temperature in a blackout.

    Ground, middle and top storey of each home are zones of the kernel without plant, whose windows are opened while it
    is warm inside and cooler outdoors. In the blackout homes are cooled until power fails; then only people give
    heat. Means of a building are by storeys; residents are spread evenly over them. Other uses have no value.
    """
    require_attributes(buildings)
    lived = _homes(buildings)
    homes, hours = buildings.loc[lived], _HomeHours(np.zeros(0), np.zeros(0), np.zeros(0), {})
    if not homes.empty:
        zones, weather, used = _prepared(
            buildings, lived,
            year={"dry_bulb": dry_bulb, "relative_humidity": relative_humidity, **irradiance._asdict()},
            location=location, fabric=fabric, loads=loads, limits=limits, p=p, landscape=landscape,
            rooms=programmes(HOME, p.climate_zone, program_share, conditioned_share),
        )  # fmt: skip
        year, dark = _hours(zones, weather, used, limits=limits, latitude=location.latitude, p=p, tick=tick)
        hours = _hours_of_homes(len(homes), zones, year, dark, limits=limits, p=p)
    return _columns(
        buildings, lived, hours,
        residents=None if lived_in is None else lived_in["residents"],
        elderly=None if aged is None else aged["elderly"],
    )  # fmt: skip


class _HomeHours(NamedTuple):
    """Values of homes."""

    threshold_hours: Array
    """Hours above the threshold of people, mean of storeys [h]."""
    overheated: Array
    """Share of storeys above it for longer than is tolerated [-]."""
    dark: Array
    """Share of storeys too hot in the blackout [-]."""
    columns: dict[str, Array]


def _prepared(
    buildings: View, lived: NDArray[np.bool_], *, year: Mapping[str, pd.Series], location: Location, fabric: Fabric,
    loads: Loads, rooms: Rooms, limits: Factors, p: OverheatingParams, landscape: Landscape,
) -> tuple[Storeys, Weather, Operation]:  # fmt: skip
    """Return the storeys of homes among all buildings and the landscape, the weather and how homes are used."""
    heat, around = volume_heat(location.elevation), surroundings(buildings, landscape)
    weather = energy_weather(
        year=year, place=location._asdict(), calendar_year=p.calendar_year, physics=loads.physics
    )  # fmt: skip
    zones = storeys(
        buildings.loc[lived], zone=p.climate_zone, volume_heat=heat, fabric=fabric, loads=loads, rooms=rooms,
        around=around.of(lived), limits=limits,
    )  # fmt: skip
    used = home_operation(rooms, loads, zone=p.climate_zone, calendar_year=p.calendar_year, volume_heat=heat)
    return zones, weather, used


def _homes(buildings: View) -> NDArray[np.bool_]:
    """Return which buildings are homes with floor area."""
    kinds = np.array([kind_of(str(use)) == HOME for use in buildings["building_use"]], dtype=np.bool_)
    return np.asarray(kinds & (buildings["floor_area"].to_numpy(dtype=np.float64) > 0))


def temperatures(
    zones: Storeys, weather: Weather, used: Operation, run: tuple[Course, ...], which: NDArray[np.int64]
) -> tuple[Array, ...]:
    """Return the operative temperature of storeys in each hour of every course [degC], (storeys, hours)."""
    operative = tuple(np.zeros((which.size, course.hours)) for course in run)
    courses(
        which, zones.net, zones.rise, zones.exposure, weather, used, zones.plant, zones.airing, run, operative
    )  # fmt: skip
    return operative


def hours_run(weather: Weather, p: OverheatingParams) -> tuple[Course, Course]:
    """Return the year without cooling and the blackout."""
    start = hottest_hours(weather.air, p.blackout_length) if p.blackout_start is None else p.blackout_start
    year = Course(p.warm_up * 24, 0, HOURS, blackout=False)
    return year, Course(p.warm_up * 24, start, p.blackout_length, blackout=True)


def _hours(
    zones: Storeys, weather: Weather, used: Operation, *, limits: Factors, latitude: float, p: OverheatingParams,
    tick: Tick,
) -> tuple[Counts, Array]:  # fmt: skip
    """Return the hours of the year beyond the limits, and the operative temperature in each of the blackout [degC]."""
    run, limit = hours_run(weather, p), comfort(weather.air, limits, latitude=latitude)
    keys = _storey_keys(zones, content_digest(weather, used, run, limit, zones.airing.above, p.threshold))
    rows = _hours_of_storeys(keys, zones, weather, used, run=run, limit=limit, threshold=p.threshold, tick=tick)
    above, others = rows[:, : len(LEVELS)], rows[:, len(LEVELS) : FIXED].T
    return Counts(above, *others), rows[:, FIXED:]


@remembered_rows(REMEMBERED)
def _hours_of_storeys(
    storeys_asked: NDArray[np.intp], zones: Storeys, weather: Weather, used: Operation, *, run: tuple[Course, Course],
    limit: Comfort, threshold: float, tick: Tick,
) -> Array:  # fmt: skip
    """Return the hours of storeys beyond the limits, then their operative temperature in each hour of the blackout.

    Alternatives share most of their homes: a storey that was simulated before with the same walls, surroundings,
    operation and weather is not simulated again.
    """
    rows = np.zeros((storeys_asked.size, FIXED + run[1].hours))
    for done in range(0, storeys_asked.size, SLICE):
        tick(done / storeys_asked.size)
        which = storeys_asked[done : done + SLICE].astype(np.int64)
        year, dark = temperatures(zones, weather, used, run, which)
        rows[done : done + SLICE] = np.column_stack([*counts(year, limit, threshold=threshold), dark])
    return rows


def _storey_keys(zones: Storeys, shared: bytes) -> list[bytes]:
    """Return a digest of all that the kernel reads for each storey; `shared` is that of what all of them have."""
    parts: tuple[NDArray[np.generic], ...] = (
        *zones.net, *zones.rise, *zones.exposure, *zones.plant, zones.airing.conductance,
    )  # fmt: skip
    columns = np.column_stack([values.reshape(zones.home.size, -1).astype(np.float64) for values in parts])
    return [sha256(shared + row.tobytes()).digest() for row in columns]


def _hours_of_homes(
    count: int, zones: Storeys, year: Counts, dark: Array, *, limits: Factors, p: OverheatingParams
) -> _HomeHours:
    """Return the columns of homes from the hours of their storeys."""
    mean = {f"hours_above_{level:.0f}": year.above[:, at] for at, level in enumerate(LEVELS)}
    mean |= {"adaptive_hours": year.adaptive, "hot_night_hours": year.night}
    at_30, peak = year.above[:, LEVELS.index(30.0)], dark.max(axis=1)
    columns = {name: _mean(zones, count, hours) for name, hours in mean.items()}
    columns["top_hours_above_30"] = _at_level(zones, count, at_30, TOP)
    columns["middle_hours_above_30"] = _at_level(zones, count, at_30, MIDDLE)
    columns["blackout_peak"] = np.full(count, -np.inf)
    np.maximum.at(columns["blackout_peak"], zones.home, peak)
    for level in BLACKOUT_LEVELS:
        first = np.full(count, np.inf)
        np.fmin.at(first, zones.home, hours_until(dark, level))
        columns[f"blackout_to_{level:.0f}"] = np.where(np.isfinite(first), first, np.nan)
    return _HomeHours(
        _mean(zones, count, year.threshold),
        _mean(zones, count, year.threshold > limits["tolerated_share"] * HOURS),
        _mean(zones, count, peak > p.blackout_threshold),
        columns,
    )


def _mean(zones: Storeys, count: int, values: NDArray[np.generic]) -> Array:
    """Return the mean over the storeys of each home."""
    return np.asarray(np.bincount(zones.home, zones.share * values.astype(np.float64), count), dtype=np.float64)


def _at_level(zones: Storeys, count: int, values: Array, level: int) -> Array:
    """Return the value of one storey of each home, NaN where it has none."""
    column, there = np.full(count, np.nan), zones.level == level
    column[zones.home[there]] = values[there]
    return column


def _columns(
    buildings: View,
    lived: NDArray[np.bool_],
    hours: _HomeHours,
    *,
    residents: pd.Series | None,
    elderly: pd.Series | None,
) -> Overheating:
    """Return columns of all buildings; those that are no homes have no value, and nobody in them is counted."""

    def column(values: Array) -> pd.Series:
        whole = np.full(len(buildings), np.nan)
        whole[lived] = values
        return pd.Series(whole, index=buildings.index)

    def times(people: pd.Series, values: Array) -> pd.Series:
        return column(people.to_numpy(dtype=np.float64)[lived] * values)

    none = np.full(int(lived.sum()), np.nan)
    uncooled = Uncooled(*(column(hours.columns.get(name, none)) for name in Uncooled._fields))
    dark = Blackout(*(column(hours.columns.get(name, none)) for name in Blackout._fields))
    people, old = None, None
    if residents is not None:
        counted = (hours.threshold_hours, hours.overheated, hours.dark)
        people = Residents(*(times(residents, values) for values in counted))
    if elderly is not None:
        old = Elderly(times(elderly, hours.dark))
    return Overheating(uncooled, dark, people, old)
