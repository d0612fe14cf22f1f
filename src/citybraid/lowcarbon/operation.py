"""Hourly operation of each space programme: occupancy, lighting, equipment, fresh air, set points."""

from typing import Annotated, NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.remembered import remembered
from citybraid.core.var import Fact, Factors
from citybraid.kernels.buildings.zone_inputs import Operation
from citybraid.lowcarbon.rows import first_match, rows_with_prefix, value_or, zones
from citybraid.lowcarbon.working_days import SEASONS, clock, closed_hours, rest_hours, season_hours

Array = NDArray[np.float64]

KEPT = 16
"""Calendars of programmes that are remembered: each model of a study has its own programmes [-]."""
SUMS = 1e-6
"""How far shares of a floor may be from a sum of 1."""


class Loads(NamedTuple):
    """Factor tables of building operation."""

    program_load: Annotated[Factors, Fact("program_load")]
    """People, lights, equipment (scheduled and at all hours), standby, fresh air and its fans by programme."""
    schedule: Annotated[Factors, Fact("schedule")]
    set_point: Annotated[Factors, Fact("set_point")]
    physics: Annotated[Factors, Fact("building_physics")]
    working_calendar: Annotated[Factors, Fact("working_calendar")]
    """Weekends, holidays and the closed weeks of programmes."""
    conditioning_season: Annotated[Factors, Fact("conditioning_season")]
    """Days of the year in which programmes are heated and cooled, by climate zone."""


class Draw(NamedTuple):
    """Electricity of programmes by end use, but for heat and cold [W m-2 of floor]; (programmes, hours)."""

    lighting: Array
    equipment: Array
    standby: Array
    fans: Array


class Ventilation(NamedTuple):
    """Fresh air of programmes where some of it passes an exchanger; its fans are counted."""

    fresh_air: Array
    """Air through fans [m3 h-1 m-2 of floor]; (programmes, hours)."""
    fans: Array
    """Electricity of fans [W m-2 of floor]; (programmes, hours)."""
    passed: Array
    """Heat difference outdoors that the air still brings in: 1 less what is recovered [-]; (programmes, hours)."""
    shut: NDArray[np.bool_]
    """Whether fans took the place of windows, so that no airing comes on top of leaks, by programme."""


def programmes(use: str, zone: str, share: Factors, conditioned: Factors) -> dict[str, float]:
    """Return the programmes of a building's use and their shares of its floor, which sum to 1.

    Where a row `residential/3/other_b` states the conditioned share of a use, the programmes divide that, and the
    named one has the rest. Raises InputError for a use without rows in the zone, and where shares do not sum to 1.
    """
    parts = _rows_of(use, zone, share)
    if not parts:
        first_match(share, (f"{use}/{zone}/",), factor="program_share")
    total = sum(parts.values())
    if abs(total - 1) > SUMS or min(parts.values()) < 0:
        raise InputError("energy.shares", use=use, zone=zone, got=round(total, 6))
    for rest, held in _rows_of(use, zone, conditioned).items():
        parts = {name: part * held for name, part in parts.items()} | {rest: 1 - held}
    return {name: part for name, part in sorted(parts.items()) if part > 0}


def _rows_of(use: str, zone: str, table: Factors) -> dict[str, float]:
    for place in (*zones(zone), ""):
        if rows := rows_with_prefix(table, f"{use}/{place}/"):
            return dict(rows)
    return {}


class _Year(NamedTuple):
    """A year's hours, and which of them are of rest, for each of some programmes."""

    hour: NDArray[np.int64]
    rest: NDArray[np.bool_]

    def day(self, table: Factors, names: tuple[str, ...], quantity: str, *, factor: str) -> Array:
        """Return the hourly values of programmes from rows `office/lighting/weekday/08` or `hotel/lighting/08`."""
        return np.stack(
            [
                np.where(
                    self.rest[at],
                    _hours(table, name, quantity, kind="weekend", factor=factor)[self.hour],
                    _hours(table, name, quantity, kind="weekday", factor=factor)[self.hour],
                )
                for at, name in enumerate(names)
            ]
        )


def _hours(table: Factors, name: str, quantity: str, *, kind: str, factor: str) -> Array:
    keys = [(f"{name}/{quantity}/{kind}/{hour:02d}", f"{name}/{quantity}/{hour:02d}") for hour in range(24)]
    values = np.array([first_match(table, each, factor=factor) for each in keys])
    if factor == "schedule" and ((values < 0) | (values > 1) | ~np.isfinite(values)).any():
        raise InputError("energy.schedule", key=f"{name}/{quantity}", low=float(values.min()), high=float(values.max()))
    return values


def _year_of(names: tuple[str, ...], loads: Loads, calendar_year: int) -> _Year:
    hours = clock(calendar_year).hour.to_numpy(dtype=np.int64)
    return _Year(hours, _closed(names, calendar_year, loads.working_calendar))


@remembered(KEPT)
def _closed(names: tuple[str, ...], calendar_year: int, calendar: Factors) -> NDArray[np.bool_]:
    """Return whether programmes rest or are closed in each hour of a year, which models of one study ask alike."""
    rest = rest_hours(calendar_year, calendar)
    return np.stack([rest | closed_hours(name, calendar_year, calendar) for name in names])


def draw(
    names: tuple[str, ...], loads: Loads, *, calendar_year: int, lighting: Array | None = None,
    equipment: Array | None = None, ventilation: Ventilation | None = None,
) -> Draw:  # fmt: skip
    """Return the electricity of programmes by end use, but for heating and cooling.

    Fans move the fresh air of the people present, that of `ventilation` where it is given. `lighting` and `equipment`
    are what renewal leaves of these loads [-]; (programmes, 1).
    """
    year = _year_of(names, loads, calendar_year)

    def rows(quantity: str) -> Array:
        return year.day(loads.schedule, names, quantity, factor="schedule")

    lights = density(names, loads, "lights") * rows("lighting")
    return Draw(
        lighting=_left(lights, lighting),
        equipment=_left(
            density(names, loads, "equipment") * rows("equipment") + optional(names, loads, "base"), equipment
        ),
        standby=optional(names, loads, "standby") * np.ones_like(lights),
        fans=(
            optional(names, loads, "fan_power") * fresh_air(names, loads, calendar_year=calendar_year)
            if ventilation is None
            else ventilation.fans
        ),
    )


def _left(load: Array, share: Array | None) -> Array:
    return load if share is None else load * share


def operation(
    names: tuple[str, ...], loads: Loads, *, calendar_year: int, zone: str, volume_heat: float,
    used: Draw | None = None, ventilation: Ventilation | None = None,
) -> Operation:  # fmt: skip
    """Return the operation of programmes, one row each; `used` is their electricity where equipment was renewed.

    `volume_heat` is the heat capacity of air [J m-3 K-1]; fresh air is proportional to occupancy, and counts by the
    heat that an exchanger lets pass where `ventilation` has one. Heat and cold are off outside their season in the
    climate zone, and set back on days of rest where the tables say so.
    """
    used = used or draw(names, loads, calendar_year=calendar_year)

    def points(quantity: str) -> Array:
        values = set_points(names, loads, quantity, calendar_year=calendar_year)
        kept = [
            season_hours(name, quantity, year=calendar_year, zone=zone, seasons=loads.conditioning_season)
            for name in names
        ]
        return np.where(np.stack(kept), values, SEASONS[quantity])

    people = _present(names, loads, calendar_year=calendar_year)
    plugs = used.lighting + used.equipment + used.standby
    gains = plugs + people * loads.physics["people_sensible"]
    radiant = loads.physics["radiant_gain"]
    fresh = (
        fresh_air(names, loads, calendar_year=calendar_year)
        if ventilation is None
        else ventilation.fresh_air * ventilation.passed
    )
    return Operation(
        convective=(1 - radiant) * gains,
        radiative=radiant * gains,
        latent=people * loads.physics["people_latent"],
        ventilation=fresh / 3600 * volume_heat,
        heat_below=points("heating"),
        cool_above=points("cooling"),
        plugs=plugs + used.fans,
    )


def set_points(names: tuple[str, ...], loads: Loads, quantity: str, *, calendar_year: int) -> Array:
    """Return the set points of heating or cooling in each hour of a year as if it were in season [degC]."""
    return _year_of(names, loads, calendar_year).day(loads.set_point, names, quantity, factor="set_point")


def fresh_air(names: tuple[str, ...], loads: Loads, *, calendar_year: int) -> Array:
    """Return the fresh air of the people present in each hour of a year [m3 h-1 m-2 of floor]."""
    return _present(names, loads, calendar_year=calendar_year) * optional(names, loads, "fresh_air")


def _present(names: tuple[str, ...], loads: Loads, *, calendar_year: int) -> Array:
    """Return the people present in each hour of a year [person m-2]."""
    year = _year_of(names, loads, calendar_year)
    return density(names, loads, "people") * year.day(loads.schedule, names, "occupancy", factor="schedule")


def density(names: tuple[str, ...], loads: Loads, quantity: str) -> Array:
    """Return a load that every programme has; (programmes, 1)."""
    return np.array([[loads.program_load[f"{name}/{quantity}"]] for name in names])


def optional(names: tuple[str, ...], loads: Loads, quantity: str) -> Array:
    """Return a load that not every programme has; none is 0; (programmes, 1)."""
    return np.array([[value_or(loads.program_load, f"{name}/{quantity}", 0.0)] for name in names])
