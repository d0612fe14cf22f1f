"""A raster's own grid, and series by hours: what one model run on its own reads beside the ordinary intake."""

from pathlib import Path

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.errors import RasterioError

from citybraid.core.errors import InputError
from citybraid.core.var import Var
from citybraid.sources.crs import parsed
from citybraid.sources.target import is_metric
from citybraid.sources.warp import opened

SQUARE = 1e-6
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
    """Return a series from a CSV of two columns: hours from the start, and values in the Var's unit.

    Raises InputError where there are no two columns of numbers with a constant step.
    """
    try:
        table = pd.read_csv(path, encoding="utf-8-sig", comment="#")
    except (OSError, ValueError) as fault:
        raise InputError("single.series", name=path.name, var=var.name, unit=var.unit, why=str(fault)[:120]) from fault
    numbers = table.iloc[:, :2].apply(pd.to_numeric, errors="coerce")
    if numbers.shape[1] < LEAST or len(numbers) < LEAST or not np.isfinite(numbers.to_numpy()).all():
        raise InputError("single.series", name=path.name, var=var.name, unit=var.unit, why="two columns of numbers")
    hours = numbers.iloc[:, 0].to_numpy()
    steps = np.diff(hours)
    if steps[0] <= 0 or np.abs(steps - steps[0]).max() > SQUARE * steps[0]:
        raise InputError("single.series", name=path.name, var=var.name, unit=var.unit, why="a constant step")
    return pd.Series(
        numbers.iloc[:, 1].to_numpy(np.float64), index=pd.Index(hours - hours[0], name="hours"), name=var.name
    )
