"""Hourly operation of each space programme: occupancy, lighting, equipment, fresh air, set points."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.var import Fact, Factors
from citybraid.kernels.buildings.zone_inputs import Operation
from citybraid.lowcarbon.rows import first_match, rows_with_prefix, value_or, zones

Array = NDArray[np.float64]


LEAP_DAY = "02-29"
SATURDAY = 5


class Loads(NamedTuple):
    """Factor tables of building operation."""

    program_load: Annotated[Factors, Fact("program_load")]
    """People, lights, equipment and fresh air by programme."""
    schedule: Annotated[Factors, Fact("schedule")]
    set_point: Annotated[Factors, Fact("set_point")]
    physics: Annotated[Factors, Fact("building_physics")]


def programmes(use: str, zone: str, share: Factors) -> dict[str, float]:
    """Return the programmes of a building's use and their shares of its floor, which sum to 1.

    Raises InputError for a use without rows in the zone.
    """
    for place in (*zones(zone), ""):
        if shares := rows_with_prefix(share, f"{use}/{place}/"):
            total = sum(shares.values())
            return {name: part / total for name, part in sorted(shares.items()) if part > 0}
    first_match(share, (f"{use}/{zone}/",), factor="program_share")
    return {}


def calendar(year: int) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the hour of the day and whether it is a weekend, for 8 760 hours of a year; 29 February is left out."""
    clock = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    clock = clock[clock.strftime("%m-%d") != LEAP_DAY]
    return clock.hour.to_numpy(dtype=np.int64), clock.day_of_week.to_numpy() >= SATURDAY


def operation(names: tuple[str, ...], loads: Loads, *, calendar_year: int, volume_heat: float) -> Operation:
    """Return the operation of programmes, one row each.

    `volume_heat` is the heat capacity of air [J m-3 K-1]; fresh air is proportional to occupancy.
    """
    hour, weekend = calendar(calendar_year)

    def day(table: Factors, name: str, quantity: str, *, factor: str) -> Array:
        kinds = [
            [
                first_match(table, (f"{name}/{quantity}/{kind}/{h:02d}", f"{name}/{quantity}/{h:02d}"), factor=factor)
                for h in range(24)
            ]
            for kind in ("weekday", "weekend")
        ]
        return np.where(weekend, np.array(kinds[1])[hour], np.array(kinds[0])[hour])

    def rows(quantity: str) -> Array:
        return np.stack([day(loads.schedule, name, quantity, factor="schedule") for name in names])

    def points(quantity: str) -> Array:
        return np.stack([day(loads.set_point, name, quantity, factor="set_point") for name in names])

    def density(quantity: str) -> Array:
        return np.array([[loads.program_load[f"{name}/{quantity}"]] for name in names])

    people = density("people") * rows("occupancy")
    plugs = density("lights") * rows("lighting") + density("equipment") * rows("equipment")
    gains = plugs + people * loads.physics["people_sensible"]
    supply = np.array([[value_or(loads.program_load, f"{name}/fresh_air", 0.0)] for name in names])
    radiant = loads.physics["radiant_gain"]
    return Operation(
        convective=(1 - radiant) * gains,
        radiative=radiant * gains,
        latent=people * loads.physics["people_latent"],
        ventilation=people * supply / 3600 * volume_heat,
        heat_below=points("heating"),
        cool_above=points("cooling"),
        plugs=plugs,
    )
