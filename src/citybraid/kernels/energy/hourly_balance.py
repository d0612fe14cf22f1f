"""Hourly balance of load, own generation and a battery, for many buildings over a year.

A building's own generation serves its load first, then its battery, and the rest is exported; the battery serves
what its own generation leaves (greedy dispatch for self-consumption). The grid never charges the battery.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]
STRICT = frozenset({"contract"})

(SELF_USED, IMPORTED, EXPORTED, LOST, STORED, PEAK_IMPORT, PEAK_EXPORT) = range(7)
"""Columns of a building's year [kWh], its peaks [kW]; STORED is what the battery holds at the end of the year."""
COLUMNS = 7
(AREA_LOAD, AREA_GENERATION, AREA_SELF_USED, AREA_IMPORT, AREA_EXPORT) = range(5)
"""Rows of the area's hours [kWh]."""
ROWS = 5


class Sites(NamedTuple):
    """Buildings, sorted by group."""

    load: Array
    """Annual load [kWh]."""
    profile: NDArray[np.int64]
    """Row of the load profile."""
    generation: Array
    """Annual generation [kWh]."""
    capacity: Array
    """Energy that the battery can hold [kWh]."""
    power: Array
    """Highest power of charging and of discharging, at its terminals [kW]."""


class Shapes(NamedTuple):
    """Shares of the year's energy by hour, each row with the sum 1."""

    load: Array
    """By load profile; (profiles, hours)."""
    generation: Array
    """By hour."""


@compiled(fast=STRICT)
def import_only(site: int, sites: Sites, shapes: Shapes, year: Array, area: Array, net: Array) -> None:
    """Run a building without generation through the year: all of its load is imported, its battery stays empty."""
    use, row = sites.load[site], sites.profile[site]
    imported, peak = 0.0, 0.0
    for hour in range(shapes.generation.size):
        load = use * shapes.load[row, hour]
        imported += load
        peak = max(peak, load)
        area[AREA_LOAD, hour] += load
        area[AREA_IMPORT, hour] += load
        net[hour] += load
    year[site, :] = 0.0
    year[site, IMPORTED], year[site, PEAK_IMPORT] = imported, peak


@compiled(fast=STRICT)
def balance_site(
    site: int, sites: Sites, shapes: Shapes, charging: float, discharging: float, year: Array, area: Array, net: Array,
) -> None:  # fmt: skip
    """Run one building through the year; write its columns to `year`, add its hours to `area` and to `net`.

    `charging` and `discharging` are efficiencies [-]; `net` is import less export [kW]. The battery is empty at first.
    """
    if sites.generation[site] == 0.0 and sites.load[site] >= 0.0:
        import_only(site, sites, shapes, year, area, net)
        return
    use, made = sites.load[site], sites.generation[site]
    row, capacity, power = sites.profile[site], sites.capacity[site], sites.power[site]
    stored, lost, peak_import, peak_export = 0.0, 0.0, 0.0, 0.0
    self_used, imported, exported = 0.0, 0.0, 0.0
    for hour in range(shapes.generation.size):
        load, generation = use * shapes.load[row, hour], made * shapes.generation[hour]
        direct = min(load, generation)
        surplus, wanting = generation - direct, load - direct
        charged = min(surplus, power, max(capacity - stored, 0.0) / charging)
        discharged = min(wanting, power, stored * discharging)
        stored = max(stored + charged * charging - discharged / discharging, 0.0)
        lost += charged * (1.0 - charging) + discharged * (1.0 / discharging - 1.0)
        used, bought, sold = direct + discharged, wanting - discharged, surplus - charged
        self_used += used
        imported += bought
        exported += sold
        peak_import, peak_export = max(peak_import, bought), max(peak_export, sold)
        area[AREA_LOAD, hour] += load
        area[AREA_GENERATION, hour] += generation
        area[AREA_SELF_USED, hour] += used
        area[AREA_IMPORT, hour] += bought
        area[AREA_EXPORT, hour] += sold
        net[hour] += bought - sold
    year[site, SELF_USED], year[site, IMPORTED], year[site, EXPORTED] = self_used, imported, exported
    year[site, LOST], year[site, STORED] = lost, stored
    year[site, PEAK_IMPORT], year[site, PEAK_EXPORT] = peak_import, peak_export


@compiled(fast=STRICT)
def balance_groups(
    first: int, last: int, starts: NDArray[np.int64], sites: Sites, shapes: Shapes, charging: float,
    discharging: float, year: Array, area: Array, peaks: Array,
) -> None:  # fmt: skip
    """Run groups `first` to `last` (exclusive); write each group's highest net import and export [kW] to `peaks`.

    Group g has the buildings `starts[g]` to `starts[g + 1] - 1`. Within a group, one building's export serves
    another's import in the same hour, as behind one transformer.
    """
    net = np.zeros(shapes.generation.size)
    for group in range(first, last):
        net[:] = 0.0
        for site in range(starts[group], starts[group + 1]):
            balance_site(site, sites, shapes, charging, discharging, year, area, net)
        peaks[group, 0] = max(net.max(), 0.0)
        peaks[group, 1] = max(-net.min(), 0.0)
