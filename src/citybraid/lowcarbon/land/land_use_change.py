"""Carbon that a change of land cover takes from, or adds to, biomass and soil."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.lowcarbon.emissions import LAND_CARBON_GAIN, LAND_CARBON_LOSS
from citybraid.core.vocabulary.lowcarbon.land_carbon import (
    BIOMASS_GROWTH,
    CARBON_STOCK_CHANGE,
    LAND_CARBON_ERROR,
    UNKNOWN_CHANGE,
)
from citybraid.core.vocabulary.surface import FORMER_LAND_COVER, LAND_COVER

CO2_PER_CARBON = 44.0 / 12.0
POOLS = ("biomass", "soil")
SEALED = frozenset({50, 51, 52})
"""Covers that seal the soil: paved, road, roof."""
F64 = NDArray[np.float64]


class LandUseChangeParams(Params):
    years: int = Field(20, ge=1, le=100)
    """Years over which a change of stock is spread, from one steady state to the next [year]."""


class LandUseChange(NamedTuple):
    land_carbon_loss: LAND_CARBON_LOSS
    land_carbon_gain: LAND_CARBON_GAIN
    biomass_growth: BIOMASS_GROWTH
    carbon_stock_change: CARBON_STOCK_CHANGE
    unknown_change: UNKNOWN_CHANGE
    land_carbon_error: LAND_CARBON_ERROR


@model(
    version=1,
    cite="IPCC (2006), Guidelines, vol. 4, ch. 2, eq. 2.5 and 2.25 (stock difference over a transition of 20 years); "
    "ch. 8.3.3 (soil under paving)",
    validity="Mean stocks by cover, at the end of the transition; what the biomass of new plants takes up is left to "
    "the yearly sink, so that it counts once; cells whose cover has no stock are left out and their area is told.",
)
def land_use_change(
    land_cover: LAND_COVER,
    former_land_cover: FORMER_LAND_COVER,
    carbon_stock: Annotated[Factors, Fact("carbon_stock")],
    grid: GeoBox,
    p: LandUseChangeParams,
) -> LandUseChange:
    """CO2 lost from and gained by biomass and soil where cover changes [kg m-2 a year], over the years of transition.

    Each pool's stock of the present cover less that of the former; soil that is sealed loses a share of its carbon, and
    gains it back unsealed. Losses of both pools are emissions, gains of soil
    are removals, gains of biomass are `biomass_growth`, which is no entry of the inventory. The three close with the
    difference of stocks. Raises InputError for a stock below 0.
    """
    before, after = (cover.to_numpy().astype(np.int64) for cover in (former_land_cover, land_cover))
    pairs, which, cells = np.unique(np.stack((before.ravel(), after.ravel())), axis=1, return_inverse=True,
                                    return_counts=True)  # fmt: skip
    of_pair = {pool: _changes(pairs, pool, carbon_stock) for pool in POOLS}
    known = np.isfinite(of_pair["biomass"] + of_pair["soil"])
    yearly = {
        pool: np.where(known, CO2_PER_CARBON * each / p.years, 0.0)[which].reshape(before.shape)
        for pool, each in of_pair.items()
    }
    loss = np.maximum(-yearly["biomass"], 0.0) + np.maximum(-yearly["soil"], 0.0)
    gain, growth = np.maximum(yearly["soil"], 0.0), np.maximum(yearly["biomass"], 0.0)
    cell = abs(grid.resolution.x * grid.resolution.y)
    moved = CO2_PER_CARBON * cell * float(((of_pair["biomass"] + of_pair["soil"]) * cells)[known].sum())
    booked = float((gain + growth - loss).sum()) * cell * p.years
    turned = float((gain + growth + loss).sum()) * cell * p.years
    unknown = ~known & (pairs[0] != pairs[1])

    def raster(values: F64) -> xr.DataArray:
        return xr.DataArray(values, dims=("y", "x"), coords=land_cover.coords)

    return LandUseChange(
        land_carbon_loss=raster(loss),
        land_carbon_gain=raster(gain),
        biomass_growth=raster(growth),
        carbon_stock_change=moved,
        unknown_change=float(cells[unknown].sum()) * cell,
        land_carbon_error=(booked - moved) / turned if turned > 0 else 0.0,
    )


def _changes(pairs: NDArray[np.int64], pool: str, stocks: Factors) -> F64:
    """Return the change of a pool from a former to a present cover, by pair [kg of carbon per m2].

    0 where the cover stays; NaN where a cover has no stock.
    """
    return np.array([_change(int(before), int(after), pool, stocks) for before, after in pairs.T], dtype=np.float64)


def _change(before: int, after: int, pool: str, stocks: Factors) -> float:
    """Return the change of a pool; soil under sealed cover holds a share of what it holds unsealed."""
    if before == after:
        return 0.0
    if pool != "soil" or not {before, after} & SEALED:
        return _stock(after, pool, stocks) - _stock(before, pool, stocks)
    if {before, after} <= SEALED:
        return 0.0
    lost = 1.0 - _stock("sealed", "soil_share", stocks)
    return lost * _stock(after, pool, stocks) if before in SEALED else -lost * _stock(before, pool, stocks)


def _stock(cover: int | str, pool: str, stocks: Factors) -> float:
    """Return the carbon of a pool under a cover [kg m-2]; NaN where there is none."""
    key = f"{cover}/{pool}"
    if key in stocks and stocks[key] < 0:
        raise InputError("land.negative_stock", key=key, got=stocks[key])
    return float(stocks.get(key, np.nan))
