"""Wind of a tropical cyclone over the plan area, from its track."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from pyproj import CRS, Transformer
from scipy.ndimage import map_coordinates

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors, Series
from citybraid.core.vocabulary.cyclone import (
    GALE_DURATION,
    PEAK_WIND,
    PEAK_WIND_FROM,
    SITE_PEAK_WIND,
    SITE_PRESSURE,
    SITE_WIND,
    SITE_WIND_FROM,
    TRACK_LATITUDE,
    TRACK_LONGITUDE,
    TRACK_PRESSURE,
    TRACK_RADIUS,
)
from citybraid.core.vocabulary.surface import LAND_COVER
from citybraid.kernels.climate.cyclone import KILOMETRE, Track, Vortex, coriolis, winds
from citybraid.resilience.areas.polygons import cell_area, drop_small, label_components, water_mask

Floats = NDArray[np.float64]

NODE = 500.0
"""Spacing of the nodes at which winds are computed; between nodes they are interpolated [m]."""
MOST_NODES = 60
"""Maximum number of nodes along a side of the grid."""


class TyphoonWindParams(Params):
    """Time step along the track, and the gale threshold."""

    threshold: float = Field(17.2, ge=0.0, le=100.0)
    """Mean wind from which on time counts; 17.2 is the lower end of force 8 [m s-1]."""
    step: float = Field(0.25, ge=0.001, le=6.0)
    """Time between two positions of the cyclone, interpolated on its track [h]."""
    open_water: float = Field(1e6, ge=0.0, le=1e10)
    """Water from this size on lets the wind run free; smaller ponds, canals and rivers count as land [m2]."""
    deficit_factor: float = Field(1.0, ge=0.5, le=2.0)
    """Factor on the pressure deficit of every fix, for a stronger cyclone on the same track [-]."""


class TyphoonWind(NamedTuple):
    """Winds of an event."""

    peak_wind: PEAK_WIND
    peak_wind_from: PEAK_WIND_FROM
    gale_duration: GALE_DURATION
    site_wind: SITE_WIND
    site_wind_from: SITE_WIND_FROM
    site_pressure: SITE_PRESSURE
    site_peak_wind: SITE_PEAK_WIND


@model(
    version=2,
    cite="Holland (1980), Mon. Weather Rev. 108: 1212-1218, eq. 5; Vickery and Wadhera (2008), J. Appl. Meteorol. "
    "Climatol. 47: 2497-2517 (radius and B); Lin and Chavas (2012), J. Geophys. Res. 117: D09120 (motion)",
    validity="The core of a typhoon over sea and flat coasts; not its rain bands, its weakening over land between "
    "fixes, hills, streets or gusts.",
)
def typhoon_wind(
    *,
    track_latitude: TRACK_LATITUDE,
    track_longitude: TRACK_LONGITUDE,
    track_pressure: TRACK_PRESSURE,
    typhoon: Annotated[Factors, Fact("typhoon_wind")],
    grid: GeoBox,
    p: TyphoonWindParams,
    track_radius: TRACK_RADIUS | None = None,
    land_cover: LAND_COVER | None = None,
) -> TyphoonWind:
    """Return the maximum mean wind, its direction and the duration of gales in each cell.

    Each fix of the track is a Holland vortex: the deficit below ambient pressure, the radius of
    maximum wind (the track's, else by deficit and latitude) and B by that radius. The
    gradient wind is reduced to 10 m over water or land, rotated by the inflow angle, and a share
    of the translation speed is added. Winds over water and pressure at the grid's middle are series from the
    first fix. All coefficients are rows of the factor `typhoon_wind`. Without land cover all
    cells are land. Raises InputError where the track's series differ or miss a value.
    """
    track = _track(track_latitude, track_longitude, track_pressure, track_radius, typhoon, p)
    latitude, longitude, rows, columns = _nodes(grid)
    by_cover = {
        cover: winds(
            latitude.ravel(), longitude.ravel(), track, density=typhoon["air_density"],
            factor=typhoon[f"surface_{cover}"], inflow=typhoon[f"inflow_{cover}"], share=typhoon["motion_share"],
        )
        for cover in ("water", "land")
    }  # fmt: skip
    wet = drop_small(label_components(water_mask(land_cover, grid)), least=p.open_water, cell=cell_area(grid)) > 0
    peaks = {cover: _peaks(vortex, p, latitude.shape) for cover, vortex in by_cover.items()}
    speed, east, north, hours = (
        np.where(wet, _spread(at_sea, grid, rows, columns), _spread(on_land, grid, rows, columns))
        for at_sea, on_land in zip(peaks["water"], peaks["land"], strict=True)
    )
    site = _site(grid, track, typhoon)
    index = pd.Index(np.arange(track.latitude.size) * track.step, name="hours")
    wind = np.hypot(site.east[:, 0], site.north[:, 0])
    return TyphoonWind(
        _raster(np.maximum(speed, 0.0)),
        _raster(_from(east, north)),
        _raster(np.maximum(hours, 0.0)),
        pd.Series(wind, index),
        pd.Series(_from(site.east[:, 0], site.north[:, 0]), index),
        pd.Series(typhoon["ambient_pressure"] - site.pressure[:, 0], index),
        float(wind.max()),
    )


def _track(
    latitude: Series, longitude: Series, pressure: Series, radius: Series | None, typhoon: Factors, p: TyphoonWindParams
) -> Track:
    """Return the track at the model's step; raises InputError where the series are incomplete or differ in length."""
    series = [latitude, longitude, pressure, *([] if radius is None else [radius])]
    hours = latitude.index.to_numpy(np.float64)
    for each in series:
        if len(each) != len(latitude) or not np.isfinite(each.to_numpy(np.float64)).all() or not len(each):
            raise InputError("track.values", name=str(each.name), got=int(each.notna().sum()), needs=len(latitude))
    count = int(np.floor((hours[-1] - hours[0]) / p.step + 1e-9)) + 1
    times = hours[0] + p.step * np.arange(count)
    # Unwrapped so that interpolation across the date line stays continuous.
    unwrapped = np.unwrap(longitude.to_numpy(np.float64), period=360.0)
    north, east, central_pressure = (
        np.interp(times, hours, each) for each in (latitude.to_numpy(), unwrapped, pressure.to_numpy())
    )
    deficit = np.maximum(typhoon["ambient_pressure"] - central_pressure, 0.0) * p.deficit_factor
    logarithm = typhoon["radius_constant"] + typhoon["radius_deficit"] * deficit**2
    wind_radius = np.exp(logarithm + typhoon["radius_latitude"] * np.abs(north)) * KILOMETRE
    if radius is not None:
        wind_radius = np.interp(times, hours, radius.to_numpy(np.float64)) * KILOMETRE
    shape = typhoon["shape_constant"] + typhoon["shape_turning"] * np.sqrt(coriolis(north) * wind_radius)
    return Track(
        north, east, deficit, wind_radius, np.clip(shape, typhoon["shape_least"], typhoon["shape_most"]), p.step
    )


def _nodes(grid: GeoBox) -> tuple[Floats, Floats, Floats, Floats]:
    """Return latitude and longitude of the nodes, and their row and column positions in cells."""
    sides = []
    for cells, size in zip(grid.shape, (abs(grid.resolution.y), abs(grid.resolution.x)), strict=True):
        count = int(np.clip(np.ceil(cells * size / NODE) + 1, 2, MOST_NODES))
        sides.append(np.linspace(0.0, float(cells), count))
    column, row = np.meshgrid(sides[1], sides[0])
    x, y = grid.affine * (column, row)
    longitude, latitude = _to_degrees(grid).transform(x, y)
    return np.asarray(latitude), np.asarray(longitude), sides[0], sides[1]


def _to_degrees(grid: GeoBox) -> Transformer:
    return Transformer.from_crs(CRS.from_user_input(str(grid.crs)), CRS.from_epsg(4326), always_xy=True)


def _peaks(vortex: Vortex, p: TyphoonWindParams, shape: tuple[int, ...]) -> tuple[Floats, Floats, Floats, Floats]:
    """Return the maximum wind at each node, its east and north components, and the hours above the threshold."""
    speed = np.hypot(vortex.east, vortex.north)
    peak_step = speed.argmax(axis=0)[None, :]
    parts = [np.take_along_axis(each, peak_step, axis=0).reshape(shape) for each in (speed, vortex.east, vortex.north)]
    hours = ((speed >= p.threshold).sum(axis=0) * p.step).reshape(shape)
    return parts[0], parts[1], parts[2], hours.astype(np.float64)


def _spread(values: Floats, grid: GeoBox, rows: Floats, columns: Floats) -> Floats:
    """Interpolate node values bilinearly to cell centres."""
    down = np.interp(np.arange(grid.shape[0]) + 0.5, rows, np.arange(rows.size))
    across = np.interp(np.arange(grid.shape[1]) + 0.5, columns, np.arange(columns.size))
    places = np.meshgrid(down, across, indexing="ij")
    return np.asarray(map_coordinates(values, places, order=1, mode="nearest"), dtype=np.float64)


def _site(grid: GeoBox, track: Track, typhoon: Factors) -> Vortex:
    x, y = grid.affine * (grid.shape[1] / 2.0, grid.shape[0] / 2.0)
    longitude, latitude = _to_degrees(grid).transform(x, y)
    return winds(
        np.array([latitude]), np.array([longitude]), track, density=typhoon["air_density"],
        factor=typhoon["surface_water"], inflow=typhoon["inflow_water"], share=typhoon["motion_share"],
    )  # fmt: skip


def _from(east: Floats, north: Floats) -> Floats:
    """Return the direction that a wind comes from [degree], clockwise from north."""
    return np.asarray(np.rad2deg(np.arctan2(-east, -north)) % 360.0, dtype=np.float64)


def _raster(values: Floats) -> xr.DataArray:
    return xr.DataArray(values, dims=("y", "x"))
