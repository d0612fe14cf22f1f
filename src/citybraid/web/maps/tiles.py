"""Tiles of a raster in Web Mercator as small PNG pictures, one palette entry for each class."""

import io
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image
from rio_tiler.errors import TileOutsideBounds
from rio_tiler.io import Reader

from citybraid.report.drawing.palettes import Scale
from citybraid.web.maps.catalogue import COVER, Chart, Found
from citybraid.web.maps.cells import cells
from citybraid.web.maps.classes import NONE, Classes, classes_of
from citybraid.web.maps.kept import kept
from citybraid.web.maps.pyramid import SIDE, write_pyramid, zoom_file, zooms

QUICK = 2
"""Level of compression: the usual one makes tiles a tenth smaller in several times the time."""
MOST = 2048
"""Tiles that are at hand."""


def tile(study: Path, chart: Chart, layer: Found, at: tuple[int, int, int], moment: int = 0) -> bytes:
    """Return the tile of a layer at zoom, column and row; transparent where nothing is coloured.

    The colour of a pixel is that of the cell under its middle, at a zoom where cells are wider than pixels. Raises
    NotFound where a field has no such moment.
    """
    return _tile(_levels(study, chart, layer, classes_of(chart, layer.quantity), moment),
                 classes_of(chart, layer.quantity).colours, *at)  # fmt: skip


def water_tile(study: Path, chart: Chart, layer: Found, at: tuple[int, int, int], water: Scale) -> bytes:
    """Return the tile of open water of a land cover."""
    classes = Classes(layer.quantity, water, (), ())
    return _tile(_levels(study, chart, layer, classes, 0), (water.colours[0],) * len(water.codes), *at)


def water_of(chart: Chart, alternative: str) -> str:
    """Return the id of the land cover that shows an alternative's water, '' where there is none."""
    cover = chart.quantities.get(COVER)
    layers = {} if cover is None else cover.layers.get(alternative, {})
    return layers[""].key if "" in layers else ""


def _levels(study: Path, chart: Chart, layer: Found, classes: Classes, moment: int) -> Path:
    crs = chart.run.about.crs

    def make(folder: Path) -> None:
        write_pyramid(folder, cells(layer.layer, chart.value(layer.layer), moment), classes, crs)

    return kept(study, f"{layer.layer.key}-{moment}-{classes.digest}", make)


@lru_cache(maxsize=MOST)
def _tile(folder: Path, colours: tuple[str, ...], zoom: int, column: int, row: int) -> bytes:
    try:
        with Reader(str(_nearest_file(folder, zoom))) as file:
            image = file.tile(column, row, zoom, tilesize=SIDE, resampling_method="nearest", reproject_method="nearest")
    except TileOutsideBounds:
        return _png(np.full((1, 1), NONE, dtype=np.uint8), colours)
    data = np.where(np.ma.getmaskarray(image.array)[0], NONE, image.data[0]).astype(np.uint8)
    return _png(data, colours)


@lru_cache(maxsize=MOST)
def _nearest_file(folder: Path, zoom: int) -> Path:
    """Return the file of a zoom, else of the closest or the widest one there is."""
    known = zooms(folder)
    return zoom_file(folder, min(max(zoom, known[0]), known[-1]))


def _png(codes: np.ndarray[tuple[int, int], np.dtype[np.uint8]], colours: tuple[str, ...]) -> bytes:
    image = Image.frombytes("P", (codes.shape[1], codes.shape[0]), codes.tobytes())
    palette = [part for colour in colours for part in bytes.fromhex(colour.lstrip("#"))]
    image.putpalette([*palette, *(0 for _ in range(3 * (256 - len(colours))))])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=NONE, compress_level=QUICK)
    return out.getvalue()
