"""A raster's own grid, and series by hours: what one model run on its own reads beside the ordinary intake."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.errors import RasterioError

from citybraid.core.errors import InputError
from citybraid.core.text import Phrase
from citybraid.core.var import Var
from citybraid.sources.placement.crs import parsed
from citybraid.sources.protocol.target import is_metric
from citybraid.sources.raster.warp import opened
from citybraid.sources.series.rain import bracketed, unit_of
from citybraid.sources.text.units import factor, names

SQUARE = 1e-6
TIMES: Mapping[str, float] = MappingProxyType(
    {
        "h": 1.0, "hour": 1.0, "hours": 1.0, "小时": 1.0, "时": 1.0, "d": 24.0, "day": 24.0, "days": 24.0, "天": 24.0,
        "日": 24.0, "min": 1.0 / 60.0, "minutes": 1.0 / 60.0, "分钟": 1.0 / 60.0, "分": 1.0 / 60.0, "s": 1.0 / 3600.0,
        "秒": 1.0 / 3600.0,
    }
)  # fmt: skip
"""Hours of a unit of time as headers write it."""
LEAST = 2


def raster_grid(path: Path, *, crs: str = "") -> GeoBox:
    """Return the grid of a GeoTIFF in a projected CRS in metres with square pixels.

    Raises InputError where the file cannot be opened or its grid is another kind.
    """
    try:
        with opened(str(path)) as source:
            named = parsed(crs, name=path.name) if crs else (CRS.from_wkt(source.crs.to_wkt()) if source.crs else None)
            affine, shape = source.transform, (source.height, source.width)
    except (RasterioError, OSError) as fault:
        raise InputError("intake.not_this_format", name=path.name, format="GeoTIFF") from fault
    if named is None:
        raise InputError("single.no_crs", name=path.name)
    upright = (
        affine.b == 0 and affine.d == 0 and affine.a > 0 > affine.e and abs(affine.a + affine.e) < SQUARE * affine.a
    )
    if not is_metric(named) or not upright:
        raise InputError("single.grid", name=path.name, crs=named.to_string()[:60])
    return GeoBox(shape, affine, named.to_wkt())


def series(path: Path, var: Var) -> pd.Series:
    """Return a series from a CSV of two columns: times from the start, and values.

    Times are hours and values in the Var's unit, or as the headers' brackets say (min, cm). Raises InputError where
    there are no two columns of numbers with a constant step, or a unit in the brackets does not fit.
    """
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", comment="#")
    except (OSError, ValueError) as fault:
        raise InputError("single.series", name=path.name, var=var.name, unit=var.unit, why=str(fault)[:120]) from fault
    numbers = table.iloc[:, :2].apply(pd.to_numeric, errors="coerce")
    if numbers.shape[1] < LEAST or len(numbers) < LEAST or not np.isfinite(numbers.to_numpy()).all():
        raise InputError(
            "single.series", name=path.name, var=var.name, unit=var.unit, why=Phrase("single.two_columns", {})
        )
    hours = numbers.iloc[:, 0].to_numpy(np.float64) * _hours(path, table.columns[0])
    steps = np.diff(hours)
    if steps[0] <= 0 or np.abs(steps - steps[0]).max() > SQUARE * steps[0]:
        raise InputError(
            "single.series", name=path.name, var=var.name, unit=var.unit, why=Phrase("single.constant_step", {})
        )
    values = numbers.iloc[:, 1].to_numpy(np.float64) * _in_unit(path, table.columns[1], var)
    return pd.Series(values, index=pd.Index(hours - hours[0], name="hours"), name=var.name)


def _hours(path: Path, header: object) -> float:
    """Return the hours of the unit in a header's brackets; hours where it has none."""
    said = unit_of(bracketed(str(header)))
    if said and said not in TIMES:
        raise InputError("intake.series_unit", name=path.name, column=str(header), got=said, needs=sorted(TIMES))
    return TIMES.get(said, 1.0)


def _in_unit(path: Path, header: object, var: Var) -> float:
    """Return what values are multiplied by to be in the Var's unit; 1 where the header's brackets name none."""
    said = unit_of(bracketed(str(header)))
    if not said or said == var.unit.casefold():
        return 1.0
    times = factor(said, var.unit)
    if times is None:
        raise InputError(
            "intake.series_unit", name=path.name, column=str(header), got=said, needs=[var.unit, *names(var.unit)]
        )
    return times
