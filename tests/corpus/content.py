"""Bytes and shapes that many cases start from, and the ways in which files break."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np

from tests.sources.planner_files import CRS, SOUTH, WEST, parcels

LONLAT = "EPSG:4326"
SIZE = 80


def heights() -> np.ndarray:
    """A slope of terrain, 80 by 80 pixels [m]."""
    return np.add.outer(np.linspace(9, 2, SIZE), np.linspace(0, 3, SIZE)).astype(np.float32)


def lonlat() -> gpd.GeoDataFrame:
    """The parcels in degrees."""
    return parcels().to_crs(LONLAT)


def geojson(frame: gpd.GeoDataFrame | None = None, **members: object) -> dict[str, Any]:
    """The parcels as GeoJSON, with further members."""
    told: dict[str, Any] = json.loads((lonlat() if frame is None else frame).to_json(drop_id=True))
    told.pop("crs", None)
    return {**told, **members}


def written(path: Path, content: str | bytes | Mapping[str, object], encoding: str = "utf-8") -> Path:
    """Write text, bytes or JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.write_text(content, encoding=encoding, newline="")
    else:
        path.write_text(json.dumps(content, ensure_ascii=False), encoding=encoding)
    return path


def cut(path: Path, share: float) -> Path:
    """Keep the first share of a file, as a copy that broke off."""
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    return path


def patched(path: Path, at: int, content: bytes) -> Path:
    """Overwrite some bytes of a file."""
    whole = bytearray(path.read_bytes())
    whole[at : at + len(content)] = content
    path.write_bytes(bytes(whole))
    return path


def packed(path: Path, members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Pack members into a ZIP."""
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def repacked(path: Path, changes: Mapping[str, bytes]) -> Path:
    """Replace or add members of a ZIP such as a workbook."""
    content = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(content) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as sink:
        for name in source.namelist():
            if name not in changes:
                sink.writestr(name, source.read(name))
        for name, change in changes.items():
            sink.writestr(name, change)
    return path


def kml(body: str, head: str = "") -> str:
    """A KML document around placemarks."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<name>地块</name>{body}</Document></kml>"
    )


def placemark(name: str = "A-01", data: str = "") -> str:
    """One square parcel in KML."""
    x, y = lonlat().total_bounds[:2]
    ring = f"{x},{y},0 {x + 0.001},{y},0 {x + 0.001},{y + 0.001},0 {x},{y + 0.001},0 {x},{y},0"
    border = f"<outerBoundaryIs><LinearRing><coordinates>{ring}</coordinates></LinearRing></outerBoundaryIs>"
    shape = f"<Polygon>{border}</Polygon>"
    return f"<Placemark><name>{name}</name>{data}{shape}</Placemark>"


def asc_head(columns: int = SIZE, rows: int = SIZE, cell: str = "2.5") -> str:
    """The head of an ASCII grid over the town."""
    return f"ncols {columns}\nnrows {rows}\nxllcorner {WEST}\nyllcorner {SOUTH}\ncellsize {cell}\nNODATA_value -9999\n"


def asc_rows() -> str:
    """The terrain's numbers."""
    return "\n".join(" ".join(f"{number:.2f}" for number in row) for row in heights()) + "\n"


TOWN = CRS
