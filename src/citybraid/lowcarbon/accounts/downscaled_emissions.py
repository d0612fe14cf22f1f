"""City totals of emissions from activity data on the parcels of a plan, with the error of the proxies."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model, var_of
from citybraid.core.rows.carbon import EmissionSector
from citybraid.core.tables import read_table
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.activity import ACTIVITY_EQUIVALENT, ACTIVITY_YEAR
from citybraid.core.vocabulary.lowcarbon.downscaling import (
    DOWNSCALED_DIFFERENCE,
    DOWNSCALED_EMISSIONS,
    DOWNSCALED_HIGH,
    DOWNSCALED_LOW,
    DOWNSCALED_OUTSIDE,
    DOWNSCALED_TOTAL,
    DOWNSCALING_ERROR,
    DOWNSCALING_MAIN,
    DOWNSCALING_MODELLED,
    DOWNSCALING_MOVED,
    DOWNSCALING_ON_PARCELS,
    DOWNSCALING_PLAN,
    DOWNSCALING_RANK,
    DOWNSCALING_RMSE,
    DOWNSCALING_SHARE,
    PLAN_SHARE,
)
from citybraid.core.vocabulary.lowcarbon.emissions import accounted
from citybraid.core.vocabulary.lowcarbon.travel import CAR_DISTANCE
from citybraid.core.vocabulary.place import BUILDING_USE, FLOOR_AREA, LAND_USE, RESIDENTS, STUDY_AREA
from citybraid.kernels.numerics.scales import average_ranks
from citybraid.lowcarbon.accounts.entries import OUTSIDE_AREA, Entry, table_entries
from citybraid.lowcarbon.accounts.places import place_of_buildings
from citybraid.lowcarbon.accounts.proxies import Ground, Spread, spreads
from citybraid.lowcarbon.potentials import potential

F64 = NDArray[np.float64]
ON_BUILDINGS, ON_PARCELS = accounted("buildings"), accounted("parcels")
PLANTS = ("energy_industry", "1")
"""Sector and scope of plants that feed the grid, which the total from activity data leaves out."""
LINE = ("year", "sector", "scope", "gas", "fuel")
"""Parts of the name of a line of activity data's emissions."""
FEWEST = 3
"""Parcels below which a rank correlation is not given."""


class DownscaledEmissionsParams(Params):
    gwp: Literal["AR4", "AR5", "AR6"] = "AR5"
    """IPCC report whose global warming potentials over 100 years weigh the gases of the modelled emissions."""
    shares: Mapping[str, Annotated[float, Field(ge=0.0, le=1.0)]] = {}
    """Share of the city's total of a sector within the study area [-], by sector; the others have `plan_share`."""
    proxies: Mapping[str, str] = {}
    """Proxy that counts, by sector, of those in codes/downscaling_proxies; else the first one with values."""


class DownscaledEmissions(NamedTuple):
    downscaled_emissions: DOWNSCALED_EMISSIONS
    downscaled_low: DOWNSCALED_LOW
    downscaled_high: DOWNSCALED_HIGH
    downscaled_difference: DOWNSCALED_DIFFERENCE
    downscaling_plan: DOWNSCALING_PLAN
    downscaling_share: DOWNSCALING_SHARE
    downscaling_on_parcels: DOWNSCALING_ON_PARCELS
    downscaling_modelled: DOWNSCALING_MODELLED
    downscaling_main: DOWNSCALING_MAIN
    downscaling_moved: DOWNSCALING_MOVED
    downscaling_rmse: DOWNSCALING_RMSE
    downscaling_rank: DOWNSCALING_RANK
    downscaled_total: DOWNSCALED_TOTAL
    downscaled_outside: DOWNSCALED_OUTSIDE
    downscaling_error: DOWNSCALING_ERROR


class _Sector(NamedTuple):
    """A sector: its part within the study area [kg], its proxies, and modelled emissions by parcel [kg] if any."""

    name: str
    share: float
    plan: float
    spreads: tuple[Spread, ...]
    modelled: F64 | None


@model(
    version=1,
    cite=(
        "GPC (2014), Global Protocol for Community-Scale Inventories, ch. 5.3, eq. 5.2: scaling; "
        "Gately and Hutyra (2017), J. Geophys. Res. Atmos. 122(20): error of downscaled inventories by proxies"
    ),
    validity=(
        "Every unit of a proxy emits alike: what a parcel does better or worse than the city is not seen. The spread "
        "between proxies and the difference from modelled values are the error that is known, not all of it."
    ),
)
def downscaled_emissions(
    activity_equivalent: ACTIVITY_EQUIVALENT,
    activity_year: ACTIVITY_YEAR,
    plan_share: PLAN_SHARE,
    buildings: Annotated[
        View, Table("buildings", (BUILDING_USE,), optional=(RESIDENTS, FLOOR_AREA, CAR_DISTANCE, *ON_BUILDINGS))
    ],
    parcels: Annotated[View, Table("parcels", (), optional=(LAND_USE, *ON_PARCELS))],
    study_area: STUDY_AREA,
    gwp: Annotated[Factors, Fact("gwp")],
    p: DownscaledEmissionsParams,
) -> DownscaledEmissions:
    """Total of each sector times the plan's share, spread over parcels by a proxy [kg CO2e a year].

    Proxies of a sector stand beside each other: the share of the sector that another places elsewhere is half the sum
    of the absolute differences. Where a model gives a parcel's emissions of the sector (scopes 1 and 2), the root mean
    square difference and the rank correlation are given for each proxy. Raises InputError for unknown sectors, a
    proxy without column or amount, an unknown amount, and a line of another form.
    """
    _refuse_unknown(p)
    area = shapely.union_all(study_area.to_numpy())
    inside = shapely.covers(area, shapely.point_on_surface(parcels.geometry.to_numpy()))
    own = np.where(inside, np.arange(len(parcels)), OUTSIDE_AREA)
    ground = Ground(buildings, parcels, place_of_buildings(buildings.geometry, parcels.geometry, area), own)
    modelled = _modelled(ground, gwp, p.gwp)
    sectors = [
        _sector(name, total, ground, modelled.get(name), p.shares.get(name, plan_share), p.proxies.get(name))
        for name, total in _totals(activity_equivalent, int(activity_year)).items()
    ]
    return _result([each for each in sectors if each.plan > 0.0], parcels.index)


def _refuse_unknown(p: DownscaledEmissionsParams) -> None:
    known = [row.id for row in read_table(EmissionSector)]
    for field, named in (("shares", p.shares), ("proxies", p.proxies)):
        if unknown := sorted(set(named) - set(known)):
            raise InputError("downscaling.unknown_sector", field=field, got=unknown, needs=known)


def _totals(lines: pd.Series, year: int) -> dict[str, float]:
    """Return the city's total of each sector in a year [kg], plants that feed the grid left out."""
    known, totals = {row.id for row in read_table(EmissionSector)}, dict[str, float]()
    for line, value in lines.items():
        at, sector, scope = _line(str(line), known)
        if at == year and (sector, scope) != PLANTS:
            totals[sector] = totals.get(sector, 0.0) + float(value)
    return totals


def _line(line: str, known: Collection[str]) -> tuple[int, str, str]:
    """Return year, sector and scope of a line; raises InputError for one of another form or an unknown sector."""
    parts = line.split("/")
    if len(parts) != len(LINE) or not parts[0].isdecimal():
        raise InputError("activity.line", got=line, needs="/".join(LINE))
    if parts[1] not in known:
        raise InputError("downscaling.unknown_sector", field="activity_equivalent", got=[parts[1]], needs=sorted(known))
    return int(parts[0]), parts[1], parts[2]


def _sector(
    name: str, total: float, ground: Ground, modelled: F64 | None, share: float, wanted: str | None
) -> _Sector:  # fmt: skip
    plan = share * total
    return _Sector(name, share, plan, spreads(name, ground, wanted) if plan > 0.0 else (), modelled)


def _modelled(ground: Ground, gwp: Factors, report: str) -> dict[str, F64]:
    """Return the modelled emissions of scopes 1 and 2 by sector: of each parcel, and outside them [kg CO2e a year]."""
    tables = ((ground.buildings, ON_BUILDINGS, ground.holder), (ground.parcels, ON_PARCELS, ground.own))
    entries = (each for table, names, place in tables for each in table_entries(table, map(var_of, names), place))
    count = len(ground.parcels)
    sums: dict[str, F64] = {}
    for entry in entries:
        if entry.account.kind == "emission" and entry.account.scope in (1, 2):
            sums.setdefault(entry.account.sector, np.zeros(count + 1))
            sums[entry.account.sector] += _by_place(entry, count) * potential(entry.account.gas, report, gwp)
    return sums


def _by_place(entry: Entry, count: int) -> F64:
    place = np.where(entry.place < 0, count, entry.place)
    return np.bincount(place, weights=entry.amount, minlength=count + 1).astype(np.float64)


def _result(sectors: list[_Sector], parcels: pd.Index) -> DownscaledEmissions:
    count = len(parcels)
    placed = {each.name: [each.plan * one.share for one in each.spreads] for each in sectors}
    main = _sum([values[0] for values in placed.values()], count)
    low = _sum([np.minimum.reduce(values) for values in placed.values()], count)
    high = _sum([np.maximum.reduce(values) for values in placed.values()], count)
    both = [each.modelled - placed[each.name][0] for each in sectors if each.modelled is not None]
    total = sum(each.plan for each in sectors)
    rows = [row for each in sectors for row in _rows(each)]
    index = pd.Index([str(row.pop("line")) for row in rows], dtype=object, name="downscaling")
    table = pd.DataFrame(rows, index=index, columns=[*TABLE], dtype=np.float64)
    columns = {name: table[name] for name in TABLE}
    return DownscaledEmissions(
        downscaled_emissions=pd.Series(main[:-1], index=parcels),
        downscaled_low=pd.Series(low[:-1], index=parcels),
        downscaled_high=pd.Series(high[:-1], index=parcels),
        downscaled_difference=pd.Series(_sum(both, count)[:-1], index=parcels),
        **columns,
        downscaled_total=total,
        downscaled_outside=float(main[-1]),
        downscaling_error=(float(main.sum()) - total) / total if total > 0.0 else 0.0,
    )


TABLE = (
    "downscaling_plan", "downscaling_share", "downscaling_on_parcels", "downscaling_modelled", "downscaling_main",
    "downscaling_moved", "downscaling_rmse", "downscaling_rank",
)  # fmt: skip


def _sum(parts: list[F64], count: int) -> F64:
    return np.sum(parts, axis=0) if parts else np.zeros(count + 1)


def _rows(sector: _Sector) -> list[dict[str, Any]]:
    first = sector.spreads[0].share
    rows = []
    for number, spread in enumerate(sector.spreads):
        on_parcels = sector.plan * spread.share[:-1]
        error, rank = (np.nan, np.nan) if sector.modelled is None else _compared(on_parcels, sector.modelled[:-1])
        values = (
            sector.plan, sector.share, on_parcels.sum(),
            np.nan if sector.modelled is None else sector.modelled.sum(), float(number == 0),
            min(0.5 * float(np.abs(spread.share - first).sum()), 1.0), error, rank,
        )  # fmt: skip
        rows.append({"line": f"{sector.name}/{spread.name}", **dict(zip(TABLE, values, strict=True))})
    return rows


def _compared(placed: F64, modelled: F64) -> tuple[float, float]:
    """Return the root mean square difference and the rank correlation over parcels where either has emissions."""
    either = (placed > 0.0) | (modelled > 0.0)
    if not either.any():
        return np.nan, np.nan
    error = float(np.sqrt(np.mean((placed[either] - modelled[either]) ** 2)))
    one, other = average_ranks(placed[either]), average_ranks(modelled[either])
    if either.sum() < FEWEST or np.ptp(one) == 0.0 or np.ptp(other) == 0.0:
        return error, np.nan
    return error, float(np.clip(np.corrcoef(one, other)[0, 1], -1.0, 1.0))
