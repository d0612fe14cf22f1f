"""ESRI ASCII grids: any order of the header, corners or centres, decimal commas, remarks, with or without .prj."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from affine import Affine
from rasterio.windows import Window

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.placement.prj import read_prj
from citybraid.sources.protocol.filespec import RasterOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.raster.rasters import band_preview, raster_reading
from citybraid.sources.raster.rasters import extent as extent_of
from citybraid.sources.raster.warp import Array, Band, ValueEncoding
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".asc",)
VERSION = 11
WORDS = frozenset(
    {"ncols", "nrows", "xllcorner", "yllcorner", "xllcenter", "yllcenter", "cellsize", "dx", "dy", "nodata_value"}
)
STARTS = re.compile(rb"^[\s\d.+\-]|^(?:nan|inf)\b", re.IGNORECASE)
REMARKS = (b"#", b"//", b";", b"/*")
BLOCK = 1 << 23
MOST_HEAD = 64
COMMA = re.compile(rb"\d,\d")
NUMBER = re.compile(rb"^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$")


class Options(RasterOptions):
    """Options of an ASCII grid in the study file."""


class Head(NamedTuple):
    """Header of a grid: its keywords, byte offset and line count before the numbers, remarks, decimal commas."""

    words: dict[str, float]
    start: int
    lines: int
    remarks: tuple[str, ...]
    comma: bool


def read(path: Path, role: str, options: Options, target: Target, *, limits: Limits) -> Reading:
    """Read an ASCII grid as the raster that the role names.

    Raises InputError where the header is incomplete, numbers are missing or malformed, or
    no CRS is known.
    """
    if options.variable not in ("", "band 1"):
        raise InputError("intake.raster_band", name=path.name, got=options.variable, needs=["band 1"])
    head = _head(path)
    band, notes = _band(path, head, limits=limits, layer=role)
    read_band = raster_reading(band, role, options, target, limits=limits, name=path.name)
    if head.remarks:
        values = {"name": path.name, "examples": [each[:40] for each in head.remarks[:2]]}
        notes.append(Finding("found", "intake.asc_remarks", role, len(head.remarks), values))
    if head.comma:
        notes.append(Finding("found", "intake.asc_comma", role, values={"name": path.name}))
    return Reading(read_band.layers, findings(notes, read_band.findings))


def extent(path: Path, options: Options, target: Target) -> Bounds:
    """Return a grid's bounds in the study's CRS [m]; raises InputError as `read` does."""
    head = _head(path)
    crs = read_prj(path).crs

    def nothing(window: Window) -> Array:
        return np.full((int(window.height), int(window.width)), np.nan)

    return extent_of(Band(_shape(head, path), _affine(head), nothing, crs), options, target, name=path.name)


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return a grid's kind of values; raises InputError where the file is no grid."""
    head = _head(path)
    return (band_preview(_band(path, head, limits=Limits(), layer="")[0]),)


def _band(path: Path, head: Head, *, limits: Limits, layer: str) -> tuple[Band, list[Finding]]:
    shape = _shape(head, path)
    if shape[0] * shape[1] > limits.grid_pixels:
        raise InputError("intake.raster_large", name=path.name, got=shape[0] * shape[1], limit=limits.grid_pixels)
    values = _values(path, head, shape)
    prj = read_prj(path)
    notes = (
        [Finding("advice", "intake.prj_lost", layer, values={"name": prj.name, "got": prj.lost})] if prj.lost else []
    )
    nodata = (head.words["nodata_value"],) if "nodata_value" in head.words else ()

    def raw(window: Window) -> Array:
        rows, columns = window.toslices()
        part: Array = values[rows, columns].astype(np.float64)
        return part

    return Band(shape, _affine(head), raw, prj.crs, ValueEncoding(nodata)), notes


def _shape(head: Head, path: Path) -> tuple[int, int]:
    rows, columns = head.words["nrows"], head.words["ncols"]
    if not (rows >= 1 and columns >= 1 and rows == int(rows) and columns == int(columns)):
        raise InputError("intake.asc_header", name=path.name, line=1, got=f"ncols {columns:g}, nrows {rows:g}")
    return int(rows), int(columns)


def _affine(head: Head) -> Affine:
    words = head.words
    wide, high = words.get("dx", words.get("cellsize", 0.0)), words.get("dy", words.get("cellsize", 0.0))
    west = words["xllcorner"] if "xllcorner" in words else words["xllcenter"] - wide / 2
    south = words["yllcorner"] if "yllcorner" in words else words["yllcenter"] - high / 2
    return Affine(wide, 0.0, west, 0.0, -high, south + words["nrows"] * high)


def _head(path: Path) -> Head:
    """Parse the header lines; raises InputError where one is malformed or a keyword is missing."""
    words: dict[str, float] = {}
    remarks: list[str] = []
    start = lines = 0
    comma = False
    with path.open("rb") as stream:
        for raw in _lines(stream.read(1 << 16)):
            line = raw.strip()
            word = line.split()[0].decode("ascii", "replace").casefold() if line else ""
            if line.startswith(REMARKS):
                remarks.append(_text(line))
            elif word in WORDS:
                parts = line.split(None, 1)
                value = parts[1].strip() if len(parts) > 1 else b""
                comma = comma or bool(COMMA.search(value))
                if not NUMBER.match(value.replace(b",", b".")):
                    raise InputError("intake.asc_header", name=path.name, line=lines + 1, got=_text(line)[:60])
                words[word] = float(value.replace(b",", b"."))
            elif line and STARTS.match(line) and words:
                comma = comma or bool(COMMA.search(line))
                break
            elif line:
                raise InputError("intake.asc_header", name=path.name, line=lines + 1, got=_text(line)[:60])
            start, lines = start + len(raw), lines + 1
            if lines > MOST_HEAD:
                break
    _check_complete(words, path, lines)
    return Head(words, start, lines, tuple(remarks), comma)


def _check_complete(words: dict[str, float], path: Path, lines: int) -> None:
    required = (
        ("ncols",),
        ("nrows",),
        ("xllcorner", "xllcenter"),
        ("yllcorner", "yllcenter"),
        ("cellsize", "dx"),
        ("cellsize", "dy"),
    )
    for each in required:
        if not any(word in words for word in each):
            raise InputError("intake.asc_header", name=path.name, line=lines + 1, got=f"- {each[0]}")
    if any(words.get(size, 1.0) <= 0.0 for size in ("cellsize", "dx", "dy")):
        raise InputError("intake.asc_header", name=path.name, line=1, got="cellsize 0")


def _lines(block: bytes) -> Iterator[bytes]:
    """Lines with their line endings, of any kind."""
    yield from re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", block)


def _text(line: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("ascii", "replace")


def _values(path: Path, head: Head, shape: tuple[int, int]) -> np.ndarray:
    """The numbers, read block by block; raises InputError where one is malformed or their count is wrong."""
    values = np.empty(shape[0] * shape[1], dtype=np.float32)
    at, lines, rest = 0, head.lines, b""
    with path.open("rb") as stream:
        stream.seek(head.start)
        while block := stream.read(BLOCK):
            block = rest + block
            cut = max(block.rfind(b" "), block.rfind(b"\n"), block.rfind(b"\t"), block.rfind(b"\r")) + 1
            part, rest = block[:cut], block[cut:]
            at = _store(values, at, part, head=head, path=path, line=lines + 1)
            lines += part.count(b"\n")
        at = _store(values, at, rest, head=head, path=path, line=lines + 1)
    if at != values.size:
        raise InputError("intake.asc_count", name=path.name, got=at, needs=values.size)
    return values.reshape(shape)


def _store(values: np.ndarray, at: int, part: bytes, *, head: Head, path: Path, line: int) -> int:
    if not part.strip():
        return at
    words = (part.replace(b",", b".") if head.comma else part).split()
    try:
        numbers = np.array(words).astype(np.float64)
    except ValueError as fault:
        wrong = next((word for word in words if not _is_number(word)), b"?")
        raise InputError("intake.asc_number", name=path.name, line=line, got=_text(wrong)[:40]) from fault
    if at + numbers.size > values.size:
        raise InputError("intake.asc_count", name=path.name, got=at + numbers.size, needs=values.size)
    values[at : at + numbers.size] = numbers
    return at + numbers.size


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True
