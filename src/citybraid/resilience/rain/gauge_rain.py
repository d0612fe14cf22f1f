"""Areal rain from several gauges."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Over, Table, View
from citybraid.core.vocabulary.forcing import GAUGE_RAIN, RAIN_FIELD
from citybraid.core.vocabulary.water import RAIN_INTENSITY
from citybraid.resilience.rain.rain_blocks import Blocks, blocks

F64 = NDArray[np.float64]
NEAR = 1e-6
"""Distance below which a block is at a gauge [m]."""


class GaugeRainParams(Params):
    """Interpolation of rain between gauges; the method has no default."""

    method: Literal["thiessen", "idw"] = Field()
    """thiessen: each place has the rain of the nearest gauge; idw: all gauges', weighted by distance."""
    power: float | None = Field(None, gt=0.0, le=10.0)
    """Power of distance that weights fall with, for idw [-]."""
    block: float = Field(ge=1.0, le=20_000.0)
    """Side of the blocks of the rain field, whole cells [m]."""


class GaugeRain(NamedTuple):
    """Rain by time and place, and its mean over the grid."""

    rain_field: RAIN_FIELD
    rain_intensity: RAIN_INTENSITY


@model(
    version=1,
    cite="Thiessen (1911), Mon. Weather Rev. 39: 1082-1084; Shepard (1968), Proc. 23rd ACM Nat. Conf.: 517-524 "
    "(inverse distance weighting)",
    validity="Gauges closer to each other than storms are wide; neither method knows of hills or wind.",
)
def gauge_rain(
    *,
    gauges: Annotated[View, Table("gauges")],
    gauge_rain: Annotated[Mapping[str, pd.Series], Over(GAUGE_RAIN, "gauge")],
    grid: GeoBox,
    p: GaugeRainParams,
) -> GaugeRain:
    """Interpolate gauge rain over the grid, by Thiessen polygons or inverse distance weighting.

    The weights of a block's gauges add up to 1, so rain is within the range of the gauges. Rain in
    mm h⁻¹ at the gauges' own time steps. Raises InputError where a gauge has no location or no series, where
    series differ in their times, or where idw has no power.
    """
    series = _with_common_times(gauge_rain)
    if lacking := [name for name in series if name not in gauges.index]:
        raise InputError("rain.gauge_placeless", gauges=lacking, known=[str(name) for name in gauges.index])
    if silent := [str(name) for name in gauges.index if str(name) not in series]:
        raise InputError("rain.gauge_silent", gauges=silent)
    if p.method == "idw" and p.power is None:
        raise InputError("rain.no_power")
    rates = np.stack([series[str(name)].to_numpy(np.float64) for name in gauges.index])
    hours = next(iter(series.values())).index.to_numpy(np.float64)
    field_blocks = blocks(grid, p.block, steps=len(hours), model="resilience.gauge_rain")
    points = gauges.geometry.representative_point()
    weights = _weights(field_blocks, points.x.to_numpy(), points.y.to_numpy(), p.power if p.method == "idw" else None)
    rain = np.einsum("gt,gyx->tyx", rates, weights).astype(np.float32)
    mean = rain.mean(axis=(1, 2), dtype=np.float64)
    return GaugeRain(field_blocks.field(hours, rain), pd.Series(mean, index=pd.Index(hours, name="hours")))


def _with_common_times(series_by_gauge: Mapping[str, pd.Series]) -> Mapping[str, pd.Series]:
    first = next(iter(series_by_gauge.values()))
    for name, series in series_by_gauge.items():
        if len(series) != len(first) or not np.allclose(
            series.index.to_numpy(np.float64), first.index.to_numpy(np.float64)
        ):
            raise InputError("rain.gauge_times", gauge=name, first=next(iter(series_by_gauge)))
    return series_by_gauge


def _weights(field_blocks: Blocks, x: F64, y: F64, power: float | None) -> F64:
    """Return each gauge's weight on each block; all weight on the nearest where there is no power."""
    distance: F64 = np.hypot(
        field_blocks.x[None, None, :] - x[:, None, None], field_blocks.y[None, :, None] - y[:, None, None]
    )
    nearest: F64 = np.equal(np.arange(len(x))[:, None, None], distance.argmin(axis=0)[None]).astype(np.float64)
    if power is None:
        return nearest
    weight = np.maximum(distance, NEAR) ** -power
    at_gauge = np.asarray((distance < NEAR).any(axis=0))[None]
    weight = np.where(at_gauge, nearest, weight / weight.sum(axis=0)[None])
    return np.asarray(weight, dtype=np.float64)
