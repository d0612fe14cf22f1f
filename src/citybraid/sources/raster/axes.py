"""Variables on named axes (NetCDF, Zarr) as bands: which variable, which time, where its pixels lie."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from affine import Affine
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.windows import Window

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.core.rows.intake import FileRole
from citybraid.core.tables import read_table
from citybraid.sources.placement.crs import parsed
from citybraid.sources.protocol.discovery import pixels_of
from citybraid.sources.raster.times import hours_of, select
from citybraid.sources.raster.warp import Array, Band, Meaning

NAMES = {
    "x": ("x", "lon", "longitude", "long", "easting", "经度"),
    "y": ("y", "lat", "latitude", "northing", "纬度"),
    "time": ("time", "valid_time", "t", "date", "时间"),
}
STANDARD = {
    "x": ("projection_x_coordinate", "longitude", "grid_longitude"),
    "y": ("projection_y_coordinate", "latitude", "grid_latitude"),
    "time": ("time",),
}
LETTERS = {"x": "X", "y": "Y", "time": "T"}
UNEVEN = 0.25
"""How far a pixel's centre may lie off an even grid [pixel]."""
FLAT = 2
HALF_TURN, FULL_TURN = 180.0, 360.0
EAST = ("degrees_east", "degree_east", "degrees_e")


@dataclass(frozen=True)
class Variable:
    """A variable: its axes by name, its attributes, and its raw numbers by index."""

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    attrs: Mapping[str, object]
    read: Callable[[tuple[int | slice, ...]], np.ndarray] = field(repr=False)


class Axis(NamedTuple):
    """The places along an axis, and its attributes."""

    values: np.ndarray
    attrs: Mapping[str, object]


@dataclass(frozen=True)
class DataSet:
    """Variables, axes and the attributes of every variable by name."""

    variables: tuple[Variable, ...]
    axes: Mapping[str, Axis]
    attrs: Mapping[str, Mapping[str, object]]


class Asked(NamedTuple):
    """What is wanted of a data set."""

    role: str
    variable: str
    time: str
    name: str


def band_of(data: DataSet, asked: Asked) -> tuple[Band, str, list[Finding]]:
    """Return the band that is meant, the name of its variable, and what the user must know.

    Raises InputError where the variable or the time is not clear, or pixels do not lie on an even grid.
    """
    found, notes = _variable(data, asked)
    axes = {each: _axis(data, found, each) for each in ("x", "y", "time")}
    index: list[int | slice] = [slice(None)] * len(found.dims)
    for place, dim in enumerate(found.dims):
        if dim in (axes["x"], axes["y"]):
            continue
        count = found.shape[place]
        if dim == axes["time"]:
            index[place], more = select(
                data.axes[dim], asked.time, name=asked.name, variable=found.name, layer=asked.role
            )
            notes += more
        elif count == 1:
            index[place] = 0
        else:
            raise InputError("intake.grid_axis_more", name=asked.name, variable=found.name, axis=dim, count=count)
    band, more = _placed(data, found, index, (axes["x"], axes["y"]), asked)
    return band, found.name, notes + more


def bands_of(data: DataSet, asked: Asked) -> tuple[list[float], Callable[[int], Band], list[Finding]]:
    """Return the hours of a variable's times, the band of each by its place, and what the user must know.

    Raises InputError where the variable is not clear, it has no time axis, or times cannot be counted.
    """
    found, notes = _variable(data, asked)
    axes = {each: _axis(data, found, each) for each in ("x", "y", "time")}
    if not axes["time"]:
        raise InputError("intake.field_times", name=asked.name, count=1)
    axis = data.axes[axes["time"]]
    hours = hours_of(np.asarray(axis.values), str(axis.attrs.get("units", "")), name=asked.name)
    for place, dim in enumerate(found.dims):
        if dim not in axes.values() and found.shape[place] != 1:
            raise InputError(
                "intake.grid_axis_more", name=asked.name, variable=found.name, axis=dim, count=found.shape[place]
            )

    def band(place: int) -> Band:
        index: list[int | slice] = [
            slice(None) if dim in (axes["x"], axes["y"]) else place if dim == axes["time"] else 0 for dim in found.dims
        ]
        return _placed(data, found, index, (axes["x"], axes["y"]), asked)[0]

    return hours, band, notes


def _variable(data: DataSet, asked: Asked) -> tuple[Variable, list[Finding]]:
    """The variable that the study names, else the only one, else the only one whose names fit the role."""
    flat = [each for each in data.variables if _axis(data, each, "x") and _axis(data, each, "y")]
    if asked.variable:
        found = next((each for each in flat if each.name == asked.variable), None)
        if found is None:
            raise InputError(
                "intake.grid_variable", name=asked.name, got=asked.variable, needs=[each.name for each in flat]
            )
        return found, []
    if not flat:
        many = [each.name for each in data.variables if len(each.dims) >= FLAT]
        if many:
            raise InputError("intake.grid_axes", name=asked.name, variable=many[0], why="x, y / lon, lat")
        raise InputError("intake.grid_variable", name=asked.name, got="-", needs=[])
    if len(flat) == 1:
        return flat[0], []
    fitting = [each for each in flat if _fits(each, asked.role)] if asked.role else flat[:1]
    if len(fitting) != 1:
        needs = [each.name for each in fitting or flat]
        raise InputError("intake.grid_variables", name=asked.name, role=asked.role, needs=needs)
    told = {"name": asked.name, "chosen": fitting[0].name}
    return fitting[0], [Finding("guessed", "intake.grid_variable_guessed", asked.role, values=told)]


def _fits(variable: Variable, role: str) -> bool:
    said = {
        variable.name.casefold(),
        *(str(variable.attrs.get(each, "")).casefold() for each in ("standard_name", "long_name")),
    }
    patterns = [row.pattern.casefold() for row in read_table(FileRole) if row.role == role and row.kind == "name"]
    return any(pattern in each for pattern in (role, *patterns) for each in said) or bool(
        said & set(pixels_of(role).names)
    )


def _axis(data: DataSet, variable: Variable, which: str) -> str:
    """The name of a variable's x, y or time axis; '' where it has none."""
    for dim in variable.dims:
        if dim not in data.axes:
            continue
        attrs = data.axes[dim].attrs
        unit = str(attrs.get("units", "")).casefold()
        if attrs.get("axis") == LETTERS[which] or attrs.get("standard_name") in STANDARD[which]:
            return dim
        if (which == "time" and " since " in unit) or (which == "x" and unit in EAST):
            return dim
        if dim.casefold() in NAMES[which] and "axis" not in attrs:
            return dim
    return ""


def _placed(
    data: DataSet, found: Variable, index: list[int | slice], axes: tuple[str, str], asked: Asked
) -> tuple[Band, list[Finding]]:
    """The chosen plane of a variable, north up and west to east whatever its order."""
    crs, notes = _crs(data, found, axes, asked)
    xs, ys = (np.asarray(data.axes[axis].values, dtype=np.float64) for axis in axes)
    if crs is not None and crs.is_geographic and xs.max() > HALF_TURN:
        xs = np.where(xs > HALF_TURN, xs - FULL_TURN, xs)
        notes.append(Finding("found", "intake.grid_wrapped", asked.role, values={"name": asked.name}))
    columns, lines = np.argsort(xs, kind="stable"), np.argsort(-ys, kind="stable")
    wide = _step(xs[columns], found, asked, axis=axes[0])
    high = _step(-ys[lines], found, asked, axis=axes[1])
    affine = Affine(wide, 0.0, xs[columns[0]] - wide / 2, 0.0, -high, ys[lines[0]] + high / 2)
    turned = found.dims.index(axes[0]) < found.dims.index(axes[1])
    low, top = _valid(found)

    def raw(window: Window) -> Array:
        here, there = lines[window.toslices()[0]], columns[window.toslices()[1]]
        at = dict(zip(found.dims, index, strict=True))
        at |= {
            axes[1]: slice(int(here.min()), int(here.max()) + 1),
            axes[0]: slice(int(there.min()), int(there.max()) + 1),
        }
        plane = found.read(tuple(at[dim] for dim in found.dims)).astype(np.float64)
        plane = (plane.T if turned else plane)[np.ix_(here - here.min(), there - there.min())]
        return np.where((plane < low) | (plane > top), np.nan, plane) if np.isfinite((low, top)).any() else plane

    unit = str(found.attrs.get("units", ""))
    return Band((len(ys), len(xs)), affine, raw, crs, _meaning(found), "" if unit in ("1", "") else unit), notes


def _step(places: np.ndarray, found: Variable, asked: Asked, *, axis: str) -> float:
    """The even step between rising places; raises InputError where there is none."""
    if len(places) < FLAT or not np.isfinite(places).all():
        raise InputError("intake.grid_axes", name=asked.name, variable=found.name, why=axis)
    step = float(places[-1] - places[0]) / (len(places) - 1)
    off = np.abs(places - np.linspace(places[0], places[-1], len(places))).max()
    if step <= 0 or off > UNEVEN * step:
        raise InputError("intake.grid_axes", name=asked.name, variable=found.name, why=axis)
    return step


def _crs(data: DataSet, found: Variable, axes: tuple[str, str], asked: Asked) -> tuple[CRS | None, list[Finding]]:
    """The CRS of a grid mapping, else WGS-84 for degrees, which is told."""
    names = [str(found.attrs.get("grid_mapping", "")).split(":")[0].strip(), "spatial_ref", "crs"]
    mapping = next((data.attrs[each] for each in names if data.attrs.get(each)), {})
    text = next((str(mapping[each]) for each in ("crs_wkt", "spatial_ref", "epsg_code") if mapping.get(each)), "")
    try:
        if text:
            return parsed(text, name=asked.name), []
        if mapping.get("grid_mapping_name"):
            return CRS.from_cf(
                {key: value for key, value in mapping.items() if isinstance(value, str | int | float)}
            ), []
    except (PlanError, CRSError, KeyError, ValueError):
        told = {"name": asked.name, "got": (text or str(mapping.get("grid_mapping_name")))[:80]}
        return None, [Finding("advice", "intake.prj_lost", asked.role, values=told)]
    degrees = str(data.axes[axes[0]].attrs.get("units", "")).casefold() in EAST or axes[0].casefold() in NAMES["x"][1:4]
    if not degrees:
        return None, []
    return parsed("EPSG:4326", name=asked.name), [
        Finding("guessed", "intake.grid_degrees", asked.role, values={"name": asked.name})
    ]


def _numbers(value: object) -> tuple[float, ...]:
    try:
        return tuple(float(each) for each in np.atleast_1d(np.asarray(value)))
    except (TypeError, ValueError):
        return ()


def _meaning(found: Variable) -> Meaning:
    nodata = (*_numbers(found.attrs.get("_FillValue", ())), *_numbers(found.attrs.get("missing_value", ())))
    scale = (*_numbers(found.attrs.get("scale_factor", ())), 1.0)[0]
    offset = (*_numbers(found.attrs.get("add_offset", ())), 0.0)[0]
    return Meaning(tuple(dict.fromkeys(nodata)), scale, offset)


def _valid(found: Variable) -> tuple[float, float]:
    """The range of raw numbers that the file calls valid."""
    whole = _numbers(found.attrs.get("valid_range", ()))
    low = (*_numbers(found.attrs.get("valid_min", ())), *whole[:1], -np.inf)[0]
    return float(low), float((*_numbers(found.attrs.get("valid_max", ())), *whole[1:2], np.inf)[0])
