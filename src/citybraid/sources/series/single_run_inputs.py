"""A raster's own grid and hourly series: input of a single model run without the intake."""

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
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.protocol.target import is_metric
from citybraid.sources.raster.warp import open_raster
from citybraid.sources.series.rain import unit_of, with_bracketed_unit
from citybraid.sources.text.units import compatible_unit_names, conversion_factor

SQUARE = 1e-6
TIMES: Mapping[str, float] = MappingProxyType(
    {
        "h": 1.0, "hour": 1.0, "hours": 1.0, "小时": 1.0, "时": 1.0, "d": 24.0, "day": 24.0, "days": 24.0, "天": 24.0,
        "日": 24.0, "min": 1.0 / 60.0, "minutes": 1.0 / 60.0, "分钟": 1.0 / 60.0, "分": 1.0 / 60.0, "s": 1.0 / 3600.0,
        "秒": 1.0 / 3600.0,
    }
)  # fmt: skip
"""Time units as headers write them [h]."""
LEAST = 2


def raster_grid(path: Path, *, crs: str = "") -> GeoBox:
    """Return the grid of a GeoTIFF in a projected CRS in metres with square pixels.

    Raises InputError where the file cannot be opened or its grid is another kind.
    """
    try:
        with open_raster(str(path)) as source:
            grid_crs = (
                parse_crs(crs, name=path.name) if crs else (CRS.from_wkt(source.crs.to_wkt()) if source.crs else None)
            )
            affine, shape = source.transform, (source.height, source.width)
    except (RasterioError, OSError) as fault:
        raise InputError("intake.not_this_format", name=path.name, format="GeoTIFF") from fault
    if grid_crs is None:
        raise InputError("single.no_crs", name=path.name)
    is_north_up = (
        affine.b == 0 and affine.d == 0 and affine.a > 0 > affine.e and abs(affine.a + affine.e) < SQUARE * affine.a
    )
    if not is_metric(grid_crs) or not is_north_up:
        raise InputError("single.grid", name=path.name, crs=grid_crs.to_string()[:60])
    return GeoBox(shape, affine, grid_crs.to_wkt())


def series(path: Path, var: Var) -> pd.Series:
    """Return a series from a CSV of two columns: times from the start, and values.

    Times are hours and values in the Var's unit, unless the headers' brackets state others (min, cm).
    Raises InputError where there are no two columns of numbers with a constant step, or a unit in the
    brackets does not fit.
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
    """Return the length of the time unit in a header's brackets [h]; 1 where it has none."""
    unit = unit_of(with_bracketed_unit(str(header)))
    if unit and unit not in TIMES:
        raise InputError("intake.series_unit", name=path.name, column=str(header), got=unit, needs=sorted(TIMES))
    return TIMES.get(unit, 1.0)


def _in_unit(path: Path, header: object, var: Var) -> float:
    """Return the factor to the Var's unit; 1 where the header's brackets state no unit."""
    unit = unit_of(with_bracketed_unit(str(header)))
    if not unit or unit == var.unit.casefold():
        return 1.0
    multiplier = conversion_factor(unit, var.unit)
    if multiplier is None:
        raise InputError(
            "intake.series_unit",
            name=path.name,
            column=str(header),
            got=unit,
            needs=[var.unit, *compatible_unit_names(var.unit)],
        )
    return multiplier
