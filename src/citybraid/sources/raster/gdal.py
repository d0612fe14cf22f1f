"""Rasters through GDAL: one driver, named; one band, chosen; masks, scale, offset and units as the file states them."""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pyproj import CRS
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.raster.warp import Array, Band, ValueEncoding, open_raster

ADDRESS = re.compile(r"0x[0-9a-f]+")
"""An address in memory, which GDAL's messages hold: it tells nothing and differs from run to run."""

PICTURE = ({ColorInterp.red, ColorInterp.green, ColorInterp.blue}, {ColorInterp.cyan, ColorInterp.magenta})
VERTICAL = 3


class Format(NamedTuple):
    """A raster format: GDAL's driver, the magic bytes of its files, and its common name."""

    driver: str
    magics: tuple[bytes, ...]
    name: str


class OpenBand(NamedTuple):
    """An open raster: the chosen band, and findings on it."""

    band: Band
    findings: tuple[Finding, ...]


@contextmanager
def band_of(path: Path, kind: Format, *, variable: str, classes: bool, layer: str) -> Iterator[OpenBand]:
    """Open a raster and choose its band; `classes` is True where values are codes.

    Raises InputError where the file is of another format, is a picture, is not
    georeferenced, has no such band, refers to other files, or fails while it is read.
    """
    with path.open("rb") as stream:
        if not stream.read(16).startswith(kind.magics):
            raise InputError("intake.not_this_format", name=path.name, format=kind.name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            source = open_raster(str(path), kind.driver)
        with source:
            _refuse_external(source, path)
            number, notes = _chosen_band(source, variable, path=path, layer=layer)
            _refuse_picture(source, number, classes=classes, named=bool(variable), path=path)
            if str(source.dtypes[number - 1]).startswith("complex"):
                raise InputError("intake.raster_complex", name=path.name)
            yield OpenBand(_band(source, number), (*notes, *_peculiarities(source, number, path=path, layer=layer)))
    except (RasterioError, OSError) as fault:
        why = (str(fault.__cause__ or fault).replace(str(path), path.name).splitlines() or ["?"])[0]
        raise InputError("intake.raster_broken", name=path.name, why=ADDRESS.sub("file", why)[:160]) from fault


@contextmanager
def bands_of(path: Path, kind: Format) -> Iterator[tuple[list[str], Callable[[int], Band]]]:
    """Open a raster for all of its bands: their names, and each band by its index.

    Raises InputError where the file is of another format, is not georeferenced, or fails while it is read.
    """
    with band_of(path, kind, variable="band 1", classes=True, layer=""), open_raster(str(path), kind.driver) as source:
        names = [text or "" for text in source.descriptions]
        yield names, lambda place: _band(source, place + 1)


def _band(source: DatasetReader, number: int) -> Band:
    flags = source.mask_flag_enums[number - 1]
    masked = MaskFlags.per_dataset in flags or MaskFlags.alpha in flags

    def raw(window: Window) -> Array:
        values: Array = source.read(number, window=window).astype(np.float64)
        if masked:
            values[source.read_masks(number, window=window) == 0] = np.nan
        return values

    nodata = source.nodatavals[number - 1]
    meaning = ValueEncoding(
        (float(nodata),) if nodata is not None else (), source.scales[number - 1], source.offsets[number - 1]
    )
    crs = CRS.from_wkt(source.crs.to_wkt()) if source.crs else None
    unit = source.units[number - 1] or _height_unit(crs)
    return Band((source.height, source.width), source.transform, raw, crs, meaning, unit or "")


def _height_unit(crs: CRS | None) -> str:
    """Return the vertical unit of a compound CRS."""
    if crs is None or len(crs.axis_info) < VERTICAL:
        return ""
    return str(crs.axis_info[VERTICAL - 1].unit_name)


def _refuse_external(source: DatasetReader, path: Path) -> None:
    """Refuse references to other files, and rasters that are not georeferenced."""
    for file in source.files:
        companion = Path(file)
        if companion.parent.resolve() != path.parent.resolve() or not companion.name.startswith(path.stem):
            raise InputError("intake.raster_leads_out", name=path.name, piece=companion.name)
    if source.transform.is_identity:
        text = "intake.raster_tied" if source.gcps[0] else "intake.raster_unplaced"
        raise InputError(text, name=path.name)


def _refuse_picture(source: DatasetReader, number: int, *, classes: bool, named: bool, path: Path) -> None:
    """Refuse colour images, which hold no data; a palette is accepted where the values are codes."""
    if source.colorinterp[number - 1] is ColorInterp.palette and not classes:
        raise InputError("intake.raster_palette", name=path.name)
    if not named and any(colours <= set(source.colorinterp) for colours in PICTURE):
        raise InputError("intake.raster_picture", name=path.name, bands=source.count)


def _chosen_band(source: DatasetReader, band_name: str, *, path: Path, layer: str) -> tuple[int, list[Finding]]:
    """Return the number of the band that the study names, else of the first that is no mask."""
    data_bands = [number for number in source.indexes if source.colorinterp[number - 1] is not ColorInterp.alpha]
    if band_name:
        words = {f"band {number}": number for number in source.indexes}
        words |= {text: number for number, text in zip(source.indexes, source.descriptions, strict=True) if text}
        if (number := words.get(band_name.strip()) or words.get(band_name.strip().casefold())) is None:
            raise InputError("intake.raster_band", name=path.name, got=band_name, needs=list(words))
        return number, []
    if len(data_bands) == 1:
        return data_bands[0], []
    described = [text or f"band {number}" for number, text in zip(source.indexes, source.descriptions, strict=True)]
    details = {"name": path.name, "bands": described[:8], "chosen": described[data_bands[0] - 1]}
    return data_bands[0], [Finding("guessed", "intake.raster_first_band", layer, len(data_bands), details)]


def _peculiarities(source: DatasetReader, number: int, *, path: Path, layer: str) -> list[Finding]:
    """Return findings on uncommon features: masks, rotated or south-up pixels, values at points."""
    findings: list[Finding] = []
    details = {"name": path.name}
    flags = source.mask_flag_enums[number - 1]
    if MaskFlags.per_dataset in flags or MaskFlags.alpha in flags:
        findings.append(Finding("found", "intake.raster_masked", layer, values=details))
    if source.transform.b or source.transform.d:
        findings.append(Finding("found", "intake.raster_turned", layer, values=details))
    if source.transform.e > 0:
        findings.append(Finding("found", "intake.raster_south_up", layer, values=details))
    if source.tags().get("AREA_OR_POINT") == "Point":
        findings.append(Finding("found", "intake.raster_points", layer, values=details))
    return findings
