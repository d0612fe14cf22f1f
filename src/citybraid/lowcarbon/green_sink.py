"""Carbon dioxide uptake of vegetation and water."""

from typing import Annotated, Literal, NamedTuple

import numpy as np
import xarray as xr
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.lowcarbon.emissions import GREEN_SINK
from citybraid.core.vocabulary.surface import CANOPY_COVER, LAND_COVER

TREES = "10"


class GreenSinkParams(Params):
    trees: Literal["region", "broadleaf", "conifer", "mixed", "orchard", "crown"] = "region"
    """Rate of trees: the region's own, that of a kind of stand at `stand_age`, or growth per area of crown."""
    stand_age: float | None = Field(None, ge=0.0, le=1000.0)
    """Age of the trees [year]; needed by kinds of stand. Crowns older than their growing period take up nothing."""


class GreenSink(NamedTuple):
    green_sink: GREEN_SINK


@model(
    version=2,
    cite="IPCC (2006), Guidelines, vol. 4, ch. 2, eq. 2.7 (annual change of carbon stock, as a rate by cover)",
    validity="Rates of whole stands by cover; age and kind of trees where given, not by species or care; soil and "
    "cropland count as neither.",
    reach=0.0,
)
def green_sink(
    land_cover: LAND_COVER,
    sink_rate: Annotated[Factors, Fact("sink_rate")],
    p: GreenSinkParams,
    canopy_cover: CANOPY_COVER | None = None,
    stand_sink_rate: Annotated[Factors, Fact("stand_sink_rate")] | None = None,
    crown_growth: Annotated[Factors, Fact("crown_growth")] | None = None,
) -> GreenSink:
    """Uptake of each cell by its cover, and by the tree canopy over it [kg CO2 per m2 and year].

    Canopy has the uptake rate of trees, the rest of the cell that of its cover.
    Tree cells count as closed canopy where no canopy is given. Raises InputError for a
    cover that has no rate, and where the age of a kind of stand is not given. Cells without cover have no value.
    """
    if p.trees != "region":
        sink_rate = {**sink_rate, TREES: _tree_rate(p, stand_sink_rate or {}, crown_growth or {})}
    code = land_cover.to_numpy().astype(np.int64)
    rate = np.full(code.shape, np.nan)
    for cover in np.unique(code[code > 0]):
        if str(cover) not in sink_rate:
            raise InputError("factor.key_missing", factor="sink_rate", key=str(cover))
        rate[code == cover] = sink_rate[str(cover)]
    if canopy_cover is not None:
        crown = np.nan_to_num(canopy_cover.to_numpy())
        open_rate = np.where(code == int(TREES), 0.0, rate)
        crown = np.where((code == int(TREES)) & ~np.isfinite(canopy_cover.to_numpy()), 1.0, crown)
        rate = np.where(np.isfinite(rate), crown * sink_rate[TREES] + (1 - crown) * open_rate, np.nan)
    return GreenSink(xr.DataArray(rate, dims=("y", "x"), coords=land_cover.coords))


def _tree_rate(p: GreenSinkParams, stands: Factors, crown: Factors) -> float:
    """Return the uptake of closed canopy by the kind and age of stands, or by crowns [kg CO2 per m2 and year]."""
    if p.trees == "crown":
        growing = p.stand_age is None or p.stand_age <= _row(crown, "growing_period", factor="crown_growth")
        return _row(crown, "rate", factor="crown_growth") if growing else 0.0
    if p.stand_age is None:
        raise InputError("land.no_stand_age", stand=p.trees)
    ages = [float(age) for stand, _, age in (key.partition("/") for key in stands) if stand == p.trees]
    begun = max((age for age in ages if age <= p.stand_age), default=0.0)
    return _row(stands, f"{p.trees}/{begun:g}", factor="stand_sink_rate")


def _row(factors: Factors, key: str, *, factor: str) -> float:
    if key not in factors:
        raise InputError("factor.key_missing", factor=factor, key=key)
    return factors[key]
