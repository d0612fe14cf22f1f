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
from citybraid.core.vocabulary.emissions import LAND_CARBON_GAIN, LAND_CARBON_LOSS
from citybraid.core.vocabulary.land_carbon import BIOMASS_GROWTH, CARBON_STOCK_CHANGE, LAND_CARBON_ERROR, UNKNOWN_CHANGE
from citybraid.core.vocabulary.surface import FORMER_LAND_COVER, LAND_COVER

CO2_PER_CARBON = 44.0 / 12.0
POOLS = ("biomass", "soil")
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

    Each pool's stock of the present cover less that of the former. Losses of both pools are emissions, gains of soil
    are removals, gains of biomass are `biomass_growth`, which is no entry of the inventory. The three close with the
    difference of stocks. Raises InputError for a stock below 0.
    """
    before, after = (cover.to_numpy().astype(np.int64) for cover in (former_land_cover, land_cover))
    changed = before != after
    change = {pool: _stock(after, pool, carbon_stock) - _stock(before, pool, carbon_stock) for pool in POOLS}
    known = np.isfinite(sum(change.values())) & (before > 0) & (after > 0)
    yearly = {pool: np.where(changed & known, CO2_PER_CARBON * each / p.years, 0.0) for pool, each in change.items()}
    loss = np.maximum(-yearly["biomass"], 0.0) + np.maximum(-yearly["soil"], 0.0)
    gain, growth = np.maximum(yearly["soil"], 0.0), np.maximum(yearly["biomass"], 0.0)
    cell = abs(grid.resolution.x * grid.resolution.y)
    moved = float(sum(_total(after, pool, known, carbon_stock) - _total(before, pool, known, carbon_stock)
                      for pool in POOLS)) * CO2_PER_CARBON * cell  # fmt: skip
    booked = float((gain + growth - loss).sum()) * cell * p.years
    turned = float((gain + growth + loss).sum()) * cell * p.years

    def raster(values: F64) -> xr.DataArray:
        return xr.DataArray(values, dims=("y", "x"), coords=land_cover.coords)

    return LandUseChange(
        land_carbon_loss=raster(loss),
        land_carbon_gain=raster(gain),
        biomass_growth=raster(growth),
        carbon_stock_change=moved,
        unknown_change=float((changed & ~known).sum()) * cell,
        land_carbon_error=(booked - moved) / turned if turned > 0 else 0.0,
    )


def _stock(cover: NDArray[np.int64], pool: str, stocks: Factors) -> F64:
    """Return the carbon of a pool by cover [kg m-2]; NaN where the cover has none."""
    found = np.full(cover.shape, np.nan)
    for code in np.unique(cover[cover > 0]):
        key = f"{code}/{pool}"
        if key not in stocks:
            continue
        if stocks[key] < 0:
            raise InputError("land.negative_stock", key=key, got=stocks[key])
        found[cover == code] = stocks[key]
    return found


def _total(cover: NDArray[np.int64], pool: str, known: NDArray[np.bool_], stocks: Factors) -> float:
    """Return a pool's carbon by area of each cover, counted without regard to cells [kg m-2 times cells]."""
    codes, counts = np.unique(cover[known], return_counts=True)
    return float(sum(stocks[f"{code}/{pool}"] * count for code, count in zip(codes, counts, strict=True)))
