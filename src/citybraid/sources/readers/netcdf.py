"""NetCDF: classic files through scipy, NetCDF-4 through h5py; one variable, one time, on a regular grid."""

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np
from scipy.io import netcdf_file

from citybraid.core.errors import InputError
from citybraid.sources.protocol.discovery import kind_of
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.raster.axes import Axis, DataSet, Variable, VariableRequest, band_of, bands_of
from citybraid.sources.raster.rasters import band_preview, raster_reading
from citybraid.sources.raster.rasters import extent as extent_of
from citybraid.sources.series.rain_fields import FieldOptions, field_reading
from citybraid.sources.series.rain_fields import FieldRequest as AskedField
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".nc", ".nc4", ".cdf")
VERSION = 12
CLASSIC = (b"CDF\x01", b"CDF\x02")
FOUR = b"\x89HDF\r\n\x1a\n"
MOST_AXIS = 1_000_000
MOST_CHUNK = 1 << 29
"""Largest chunk that is unpacked at once [byte]."""
PHONY = b"This is a netCDF dimension but not a netCDF variable"


class Options(FieldOptions):
    """Options of a NetCDF file in the study file."""


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read one variable of a NetCDF file, at one time, as the raster that the role names.

    Raises InputError where the file is no NetCDF, refers to other files, or it is ambiguous
    which variable or time is meant.
    """
    with _opened(path) as data:
        if kind_of(role) == "field":
            return _field(data, role, options, AskedField(options.event or path.stem, path.name, target, limits))
        band, _, notes = band_of(data, VariableRequest(role, options.variable, options.time, path.name))
        read_band = raster_reading(band, role, options, target, limits=limits, name=path.name)
        return Reading(read_band.layers, findings(notes, read_band.findings))


def _field(data: DataSet, role: str, options: Options, request: AskedField) -> Reading:
    hours, band, notes = bands_of(data, VariableRequest(role, options.variable, "", request.name))
    field = field_reading(hours, band, options, request)
    return Reading(field.layers, findings(notes, field.findings))


def extent(path: Path, options: Options, target: Target) -> Bounds:
    """Return the bounds of the variable in the study's CRS [m]; raises InputError as `read` does."""
    with _opened(path) as data:
        band, _, _ = band_of(data, VariableRequest("", options.variable, options.time, path.name))
        return extent_of(band, options, target, name=path.name)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return the kind of values of the first variable on a grid; raises InputError where there is none."""
    with _opened(path) as data:
        band, variable, _ = band_of(data, VariableRequest("", "", "", path.name))
        return (band_preview(band, layer=variable),)


@contextmanager
def _opened(path: Path) -> Iterator[DataSet]:
    with path.open("rb") as stream:
        head = stream.read(8)
    try:
        if head.startswith(CLASSIC):
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with netcdf_file(str(path), "r", mmap=False) as source:
                    yield _classic(source)
            return
        if head.startswith(FOUR):
            with h5py.File(path, "r") as source:
                yield _four(source, path)
            return
    except (OSError, TypeError, ValueError, KeyError, IndexError, RuntimeError, AttributeError) as fault:
        why = (str(fault).replace(str(path), path.name).splitlines() or ["?"])[0][:160]
        raise InputError("intake.raster_broken", name=path.name, why=why) from fault
    raise InputError("intake.not_this_format", name=path.name, format="NetCDF")


def _classic(source: netcdf_file) -> DataSet:
    attrs = {name: _attrs(dict(getattr(each, "_attributes", {}))) for name, each in source.variables.items()}
    axes = {
        name: Axis(np.array(source.variables[name][:]), attrs[name])
        for name in source.dimensions
        if name in source.variables and len(source.variables[name].shape) == 1
    }
    variables = tuple(
        Variable(name, tuple(each.dimensions), tuple(each.shape), attrs[name], each.data.__getitem__)
        for name, each in source.variables.items()
        if name not in axes and len(each.shape) > 1 and each.data.dtype.kind in "fiu"
    )
    return DataSet(variables, axes, attrs)


def _four(source: h5py.File, path: Path) -> DataSet:
    """The variables of the root group; references to other files are refused, not followed."""
    datasets: dict[str, h5py.Dataset] = {}
    for name in source:
        if not isinstance(source.get(name, getlink=True), h5py.HardLink):
            raise InputError("intake.grid_foreign", name=path.name, piece=str(name)[:60])
        if isinstance(each := source[name], h5py.Dataset):
            if each.external or each.is_virtual or int(np.prod(each.chunks or (1,))) * each.dtype.itemsize > MOST_CHUNK:
                raise InputError("intake.grid_foreign", name=path.name, piece=str(name)[:60])
            datasets[str(name)] = each
    attrs = {name: _attrs(_plain(each)) for name, each in datasets.items()}
    axes = {
        name: Axis(np.asarray(each[:]), attrs[name])
        for name, each in datasets.items()
        if each.ndim == 1
        and each.is_scale
        and each.size <= MOST_AXIS
        and not _is_dimension_only(each)
        and each.dtype.kind in "fiu"
    }
    variables = tuple(
        Variable(name, _dims(each), tuple(each.shape), attrs[name], each.__getitem__)
        for name, each in datasets.items()
        if name not in axes and each.ndim > 1 and each.dtype.kind in "fiu"
    )
    return DataSet(variables, axes, attrs)


def _is_dimension_only(each: h5py.Dataset) -> bool:
    name = each.attrs.get("NAME", b"")
    return bytes(name).startswith(PHONY) if isinstance(name, bytes) else False


def _dims(each: h5py.Dataset) -> tuple[str, ...]:
    return tuple(dim[0].name.rpartition("/")[2] if len(dim) else f"?{place}" for place, dim in enumerate(each.dims))


def _plain(each: h5py.Dataset) -> dict[str, object]:
    """Attributes other than the internal ones of HDF5 and NetCDF-4."""
    internal = (
        "DIMENSION_LIST",
        "REFERENCE_LIST",
        "CLASS",
        "NAME",
        "_Netcdf4Dimid",
        "_Netcdf4Coordinates",
        "_NCProperties",
    )
    return {str(name): each.attrs[name] for name in each.attrs if name not in internal}


def _attrs(raw: Mapping[str, object]) -> dict[str, object]:
    """Attributes decoded: texts as `str`, single numbers as Python numbers."""
    attrs: dict[str, object] = {}
    for name, value in raw.items():
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
        array = np.asarray(text)
        if array.dtype.kind in "SO":
            attrs[name] = str(array.ravel()[0]) if array.size else ""
        else:
            attrs[name] = array.ravel()[0].item() if array.size == 1 else array
    return attrs
