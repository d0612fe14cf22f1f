"""Proxies of emissions: what a sector's total follows, on each parcel and outside them."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.rows.carbon import DownscalingProxy
from citybraid.core.tables import read_table
from citybraid.lowcarbon.accounts.entries import OUTSIDE_AREA

F64 = NDArray[np.float64]


class Ground(NamedTuple):
    """Buildings and parcels of a study area, and the parcel of each building (-1 on none, -2 outside the area)."""

    buildings: gpd.GeoDataFrame
    parcels: gpd.GeoDataFrame
    holder: NDArray[np.int64]
    own: NDArray[np.int64]


class Spread(NamedTuple):
    """A usable proxy of a sector and the share of the total on each parcel; the last share is outside them."""

    row: DownscalingProxy
    share: F64

    @property
    def name(self) -> str:
        """Proxy with its rank where it is not the first: a sector may have one proxy over two sets of plots."""
        return f"{self.row.proxy}.{self.row.rank}"


def sector_rows() -> Mapping[str, tuple[DownscalingProxy, ...]]:
    """Return the proxies of each sector, the first rank first."""
    rows: dict[str, list[DownscalingProxy]] = {}
    for row in sorted(read_table(DownscalingProxy), key=lambda each: each.rank):
        rows.setdefault(row.sector, []).append(row)
    return {sector: tuple(each) for sector, each in rows.items()}


def spreads(sector: str, ground: Ground, name: str | None) -> tuple[Spread, ...]:
    """Return the usable proxies of a sector, the one that counts first: the one asked for, else the lowest rank.

    Raises InputError where the one asked for is none of the sector's, has no column or no amount, and where no proxy
    of the sector has an amount.
    """
    rows = sector_rows()[sector]
    spread_by_rank = {row.rank: _spread(row, ground) for row in rows}
    if name is not None:
        return _named_spreads(sector, name, rows, spread_by_rank)
    usable = tuple(Spread(row, share) for row in rows if (share := spread_by_rank[row.rank]) is not None)
    if not usable or (usable[0].row.proxy == "outside" and rows[0].proxy != "outside"):
        needs = [_columns(row) for row in rows]
        raise InputError("downscaling.no_proxy", sector=sector, needs=list(dict.fromkeys(needs)))
    return usable


def _named_spreads(
    sector: str, name: str, rows: Iterable[DownscalingProxy], spread_by_rank: Mapping[int, F64 | None]
) -> tuple[Spread, ...]:
    chosen = next((row for row in rows if row.proxy == name), None)
    if chosen is None:
        raise InputError("downscaling.unknown_proxy", sector=sector, got=name, needs=sorted({r.proxy for r in rows}))
    if spread_by_rank[chosen.rank] is None:
        raise InputError("downscaling.proxy_empty", sector=sector, got=name, needs=_columns(chosen))
    ordered = [chosen, *(row for row in rows if row is not chosen)]
    return tuple(Spread(row, share) for row in ordered if (share := spread_by_rank[row.rank]) is not None)


def _columns(row: DownscalingProxy) -> str:
    """Return what a proxy needs: its column, with the uses or land uses that count."""
    name = "parcels.land_use" if row.proxy == "plot_area" else f"buildings.{row.proxy}"
    kinds = row.land_uses or row.uses
    return f"{name} ({kinds})" if kinds else name


def _spread(row: DownscalingProxy, ground: Ground) -> F64 | None:
    """Return the share of each parcel and of what is outside; None without the column or any amount."""
    amounts = _amounts(row, ground)
    if amounts is None or not amounts.sum() > 0.0:
        return None
    share: F64 = amounts / amounts.sum()
    return share


def _amounts(row: DownscalingProxy, ground: Ground) -> F64 | None:
    count = len(ground.parcels)
    if row.proxy == "outside":
        return np.append(np.zeros(count), 1.0)
    if row.proxy == "plot_area":
        if "land_use" not in ground.parcels:
            return None
        kinds = ground.parcels["land_use"].astype(str).str.startswith(tuple(row.land_uses.split()))
        area = shapely.area(ground.parcels.geometry.to_numpy())
        return np.append(np.where(kinds.to_numpy() & (ground.own > OUTSIDE_AREA), area, 0.0), 0.0)
    if row.proxy not in ground.buildings:
        return None
    counted = ground.holder > OUTSIDE_AREA
    if row.uses:
        counted &= ground.buildings["building_use"].astype(str).isin(row.uses.split()).to_numpy()
    amount = ground.buildings[row.proxy].to_numpy(dtype=np.float64)
    if unknown := int(np.isnan(amount[counted]).sum()):
        raise InputError("downscaling.unknown_amount", column=row.proxy, count=unknown)
    place = np.where(ground.holder < 0, count, ground.holder)
    return np.bincount(place[counted], weights=amount[counted], minlength=count + 1).astype(np.float64)
