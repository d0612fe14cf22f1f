"""Carbon dioxide uptake of vegetation and water."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.emissions import GREEN_SINK
from citybraid.core.vocabulary.surface import CANOPY_COVER, LAND_COVER

TREES = "10"


class GreenSink(NamedTuple):
    green_sink: GREEN_SINK


@model(
    version=2,
    cite="IPCC (2006), Guidelines, vol. 4, ch. 2, eq. 2.7 (annual change of carbon stock, as a rate by cover)",
    validity="Rates of whole stands by cover, not by species, age or care; soil and cropland count as neither.",
)
def green_sink(
    land_cover: LAND_COVER,
    sink_rate: Annotated[Factors, Fact("sink_rate")],
    canopy_cover: CANOPY_COVER | None = None,
) -> GreenSink:
    """Uptake of each cell by its cover, and by the tree canopy over it [kg CO2 per m2 and year].

    Canopy has the uptake rate of trees, the rest of the cell that of its cover.
    Tree cells count as closed canopy where no canopy is given. Raises InputError for a
    cover that has no rate. Cells without cover have no value.
    """
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
