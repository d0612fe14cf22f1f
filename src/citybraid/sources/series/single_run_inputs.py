"""A raster's own grid: the grid of a single model run."""

from pathlib import Path

from odc.geo.geobox import GeoBox
from pyproj import CRS
from rasterio.errors import RasterioError

from citybraid.core.errors import InputError
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.protocol.target import is_metric
from citybraid.sources.raster.warp import open_raster

SQUARE = 1e-6


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
