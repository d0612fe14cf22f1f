"""Variables on named axes (NetCDF, Zarr) as bands: choice of variable and time, and the pixels' geotransform."""

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
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.protocol.discovery import raster_settings
from citybraid.sources.raster.times import hours_of, select_time
from citybraid.sources.raster.warp import Array, Band, ValueEncoding

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
"""Largest offset of a pixel's centre from a regular grid [pixel]."""
FLAT = 2
HALF_TURN, FULL_TURN = 180.0, 360.0
EAST = ("degrees_east", "degree_east", "degrees_e")


@dataclass(frozen=True)
class Variable:
    """A variable: its dimensions, its attributes, and a reader of raw numbers by index."""

    name: str
    dims: tuple[str, ...]
    shape: tuple[int, ...]
    attrs: Mapping[str, object]
    read: Callable[[tuple[int | slice, ...]], np.ndarray] = field(repr=False)


class Axis(NamedTuple):
    """The coordinates along an axis, and its attributes."""

    values: np.ndarray
    attrs: Mapping[str, object]


@dataclass(frozen=True)
class DataSet:
    """Variables, axes and the attributes of every variable by name."""

    variables: tuple[Variable, ...]
    axes: Mapping[str, Axis]
    attrs: Mapping[str, Mapping[str, object]]


class VariableRequest(NamedTuple):
    """The requested variable and time of a data set."""

    role: str
    variable: str
    time: str
    name: str


def band_of(data: DataSet, request: VariableRequest) -> tuple[Band, str, list[Finding]]:
    """Return the requested band, the name of its variable, and findings.

    Raises InputError where the variable or the time is ambiguous, or pixels do not lie on a regular grid.
    """
    variable, notes = _variable(data, request)
    axes = {each: _axis(data, variable, each) for each in ("x", "y", "time")}
    index: list[int | slice] = [slice(None)] * len(variable.dims)
    for place, dim in enumerate(variable.dims):
        if dim in (axes["x"], axes["y"]):
            continue
        count = variable.shape[place]
        if dim == axes["time"]:
            index[place], more_notes = select_time(
                data.axes[dim], request.time, name=request.name, variable=variable.name, layer=request.role
            )
            notes += more_notes
        elif count == 1:
            index[place] = 0
        else:
            raise InputError("intake.grid_axis_more", name=request.name, variable=variable.name, axis=dim, count=count)
    band, more_notes = _oriented_band(data, variable, index, (axes["x"], axes["y"]), request)
    return band, variable.name, notes + more_notes


def bands_of(data: DataSet, request: VariableRequest) -> tuple[list[float], Callable[[int], Band], list[Finding]]:
    """Return the hours of a variable's times, the band of each by its index, and findings.

    Raises InputError where the variable is ambiguous, it has no time axis, or the times cannot be decoded.
    """
    variable, notes = _variable(data, request)
    axes = {each: _axis(data, variable, each) for each in ("x", "y", "time")}
    if not axes["time"]:
        raise InputError("intake.field_times", name=request.name, count=1)
    axis = data.axes[axes["time"]]
    hours = hours_of(np.asarray(axis.values), str(axis.attrs.get("units", "")), name=request.name)
    for place, dim in enumerate(variable.dims):
        if dim not in axes.values() and variable.shape[place] != 1:
            raise InputError(
                "intake.grid_axis_more",
                name=request.name,
                variable=variable.name,
                axis=dim,
                count=variable.shape[place],
            )

    def band(place: int) -> Band:
        index: list[int | slice] = [
            slice(None) if dim in (axes["x"], axes["y"]) else place if dim == axes["time"] else 0
            for dim in variable.dims
        ]
        return _oriented_band(data, variable, index, (axes["x"], axes["y"]), request)[0]

    return hours, band, notes


def _variable(data: DataSet, request: VariableRequest) -> tuple[Variable, list[Finding]]:
    """Return the variable that the study names, else the only one, else the only one whose names fit the role."""
    gridded = [each for each in data.variables if _axis(data, each, "x") and _axis(data, each, "y")]
    if request.variable:
        variable = next((each for each in gridded if each.name == request.variable), None)
        if variable is None:
            raise InputError(
                "intake.grid_variable", name=request.name, got=request.variable, needs=[each.name for each in gridded]
            )
        return variable, []
    if not gridded:
        multidimensional = [each.name for each in data.variables if len(each.dims) >= FLAT]
        if multidimensional:
            raise InputError("intake.grid_axes", name=request.name, variable=multidimensional[0], why="x, y / lon, lat")
        raise InputError("intake.grid_variable", name=request.name, got="-", needs=[])
    if len(gridded) == 1:
        return gridded[0], []
    fitting = [each for each in gridded if _fits(each, request.role)] if request.role else gridded[:1]
    if len(fitting) != 1:
        needs = [each.name for each in fitting or gridded]
        raise InputError("intake.grid_variables", name=request.name, role=request.role, needs=needs)
    details = {"name": request.name, "chosen": fitting[0].name}
    return fitting[0], [Finding("guessed", "intake.grid_variable_guessed", request.role, values=details)]


def _fits(variable: Variable, role: str) -> bool:
    texts = {
        variable.name.casefold(),
        *(str(variable.attrs.get(each, "")).casefold() for each in ("standard_name", "long_name")),
    }
    patterns = [row.pattern.casefold() for row in read_table(FileRole) if row.role == role and row.kind == "name"]
    return any(pattern in each for pattern in (role, *patterns) for each in texts) or bool(
        texts & set(raster_settings(role).names)
    )


def _axis(data: DataSet, variable: Variable, axis: str) -> str:
    """Return the name of a variable's x, y or time dimension; '' where it has none."""
    for dim in variable.dims:
        if dim not in data.axes:
            continue
        attrs = data.axes[dim].attrs
        unit = str(attrs.get("units", "")).casefold()
        if attrs.get("axis") == LETTERS[axis] or attrs.get("standard_name") in STANDARD[axis]:
            return dim
        if (axis == "time" and " since " in unit) or (axis == "x" and unit in EAST):
            return dim
        if dim.casefold() in NAMES[axis] and "axis" not in attrs:
            return dim
    return ""


def _oriented_band(
    data: DataSet, variable: Variable, index: list[int | slice], axes: tuple[str, str], request: VariableRequest
) -> tuple[Band, list[Finding]]:
    """Return the chosen plane of a variable, with rows from north to south and columns from west to east."""
    crs, notes = _crs(data, variable, axes, request)
    xs, ys = (np.asarray(data.axes[axis].values, dtype=np.float64) for axis in axes)
    if crs is not None and crs.is_geographic and xs.max() > HALF_TURN:
        xs = np.where(xs > HALF_TURN, xs - FULL_TURN, xs)
        notes.append(Finding("found", "intake.grid_wrapped", request.role, values={"name": request.name}))
    columns, lines = np.argsort(xs, kind="stable"), np.argsort(-ys, kind="stable")
    width = _step(xs[columns], variable, request, axis=axes[0])
    height = _step(-ys[lines], variable, request, axis=axes[1])
    affine = Affine(width, 0.0, xs[columns[0]] - width / 2, 0.0, -height, ys[lines[0]] + height / 2)
    transposed = variable.dims.index(axes[0]) < variable.dims.index(axes[1])
    low, top = _valid(variable)

    def raw(window: Window) -> Array:
        rows, cols = lines[window.toslices()[0]], columns[window.toslices()[1]]
        selection = dict(zip(variable.dims, index, strict=True))
        selection |= {
            axes[1]: slice(int(rows.min()), int(rows.max()) + 1),
            axes[0]: slice(int(cols.min()), int(cols.max()) + 1),
        }
        plane = variable.read(tuple(selection[dim] for dim in variable.dims)).astype(np.float64)
        plane = (plane.T if transposed else plane)[np.ix_(rows - rows.min(), cols - cols.min())]
        return np.where((plane < low) | (plane > top), np.nan, plane) if np.isfinite((low, top)).any() else plane

    unit = str(variable.attrs.get("units", ""))
    return Band((len(ys), len(xs)), affine, raw, crs, _meaning(variable), "" if unit in ("1", "") else unit), notes


def _step(coordinates: np.ndarray, variable: Variable, request: VariableRequest, *, axis: str) -> float:
    """Return the constant step between increasing coordinates; raises InputError where there is none."""
    if len(coordinates) < FLAT or not np.isfinite(coordinates).all():
        raise InputError("intake.grid_axes", name=request.name, variable=variable.name, why=axis)
    step = float(coordinates[-1] - coordinates[0]) / (len(coordinates) - 1)
    offset = np.abs(coordinates - np.linspace(coordinates[0], coordinates[-1], len(coordinates))).max()
    if step <= 0 or offset > UNEVEN * step:
        raise InputError("intake.grid_axes", name=request.name, variable=variable.name, why=axis)
    return step


def _crs(
    data: DataSet, variable: Variable, axes: tuple[str, str], request: VariableRequest
) -> tuple[CRS | None, list[Finding]]:
    """Return the CRS of a grid mapping, else WGS 84 for degrees, which is reported."""
    names = [str(variable.attrs.get("grid_mapping", "")).split(":")[0].strip(), "spatial_ref", "crs"]
    mapping = next((data.attrs[each] for each in names if data.attrs.get(each)), {})
    text = next((str(mapping[each]) for each in ("crs_wkt", "spatial_ref", "epsg_code") if mapping.get(each)), "")
    try:
        if text:
            return parse_crs(text, name=request.name), []
        if mapping.get("grid_mapping_name"):
            return CRS.from_cf(
                {key: value for key, value in mapping.items() if isinstance(value, str | int | float)}
            ), []
    except (PlanError, CRSError, KeyError, ValueError):
        details = {"name": request.name, "got": (text or str(mapping.get("grid_mapping_name")))[:80]}
        return None, [Finding("advice", "intake.prj_lost", request.role, values=details)]
    degrees = str(data.axes[axes[0]].attrs.get("units", "")).casefold() in EAST or axes[0].casefold() in NAMES["x"][1:4]
    if not degrees:
        return None, []
    return parse_crs("EPSG:4326", name=request.name), [
        Finding("guessed", "intake.grid_degrees", request.role, values={"name": request.name})
    ]


def _numbers(value: object) -> tuple[float, ...]:
    try:
        return tuple(float(each) for each in np.atleast_1d(np.asarray(value)))
    except (TypeError, ValueError):
        return ()


def _meaning(variable: Variable) -> ValueEncoding:
    nodata = (*_numbers(variable.attrs.get("_FillValue", ())), *_numbers(variable.attrs.get("missing_value", ())))
    scale = (*_numbers(variable.attrs.get("scale_factor", ())), 1.0)[0]
    offset = (*_numbers(variable.attrs.get("add_offset", ())), 0.0)[0]
    return ValueEncoding(tuple(dict.fromkeys(nodata)), scale, offset)


def _valid(variable: Variable) -> tuple[float, float]:
    """Return the range of raw numbers that the file declares valid."""
    valid_range = _numbers(variable.attrs.get("valid_range", ()))
    low = (*_numbers(variable.attrs.get("valid_min", ())), *valid_range[:1], -np.inf)[0]
    return float(low), float((*_numbers(variable.attrs.get("valid_max", ())), *valid_range[1:2], np.inf)[0])
