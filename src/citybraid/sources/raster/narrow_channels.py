"""Channels that a terrain alone tells, and that are narrower than a cell: resampling fills them with their banks."""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rasterio import features
from rasterio.transform import Affine
from rasterio.windows import Window

from citybraid.core.finding import Finding
from citybraid.sources.raster.narrow_water import lengths_of
from citybraid.sources.raster.warp import Band, clean_values

DEEP = 0.5
"""Depth below both banks from which a cut is told [m]: above the steps of stitched or whole-metre surveys' noise."""
PLAIN = 0.5
"""Most that banks may rise beyond, over three widths, for each metre of depth: valleys of hills are no canals [-]."""
WIDER = 3
FEWEST = 1.5
"""Pixels to a cell from which resampling may fill a channel [-]."""
SHORT = 2.0
"""Least length over the width of a cell of a channel that is told [-]."""
MOST = 0.25
"""Share of a block of rows beyond which cuts are its roughness, or noise, no channels: they are not measured [-]."""
SIDES = 4
"""Sides of a pixel: no outline is longer than those of all its pixels [-]."""

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


class Channels(NamedTuple):
    """Which pixels are channels narrower than a cell, their depth below the banks, and how far means lie above [m]."""

    cut: Mask
    depth: Floats
    raised: Floats


def channels(heights: Floats, *, pixels: float) -> Channels:
    """Return the cuts of a terrain that are narrower than a cell of so many pixels.

    A grey closing by a square fills what the square does not enter; where one three times as wide fills much more, the
    banks go on rising, and the cut is the floor of a valley. Pixels near no data are left out.
    """
    from scipy import ndimage

    known = np.isfinite(heights)
    if not known.any():
        return Channels(np.zeros(heights.shape, bool), np.zeros(heights.shape), np.zeros(heights.shape))
    filled = np.where(known, heights, np.max(heights[known]))
    side = math.ceil(pixels) + 1
    near = ndimage.grey_closing(filled, size=(side, side), mode="nearest")
    far = ndimage.grey_closing(filled, size=(WIDER * side, WIDER * side), mode="nearest")
    depth = near - filled
    safe = ~ndimage.maximum_filter(~known, size=2 * side + 1, mode="nearest")
    cut = safe & (depth >= DEEP) & (far - near <= PLAIN * depth)
    return Channels(cut, depth, ndimage.uniform_filter(filled, size=max(round(pixels), 1), mode="nearest") - filled)


def narrow_channels(
    band: Band, *, pixel: float, cell: float, low: float, high: float, block_pixels: float, layer: str, name: str
) -> list[Finding]:
    """Tell how long, wide and deep the channels of a terrain are that its cells fill; nothing where none is.

    Lengths and widths [m] are of square pixels of the same area: of a raster in degrees they are about right.
    """
    if cell < FEWEST * pixel:
        return []
    length = area = 0.0
    depths: list[Floats] = []
    raised: list[Floats] = []
    for window, inner in _blocks(band, margin=WIDER * (math.ceil(cell / pixel) + 1), block_pixels=block_pixels):
        channels_found = channels(
            clean_values(band.raw(window), band.meaning, low=low, high=high).values, pixels=cell / pixel
        )
        cut = channels_found.cut & inner
        if channels_found.cut.mean() > MOST:  # of the block with its margins, which a single canal never fills
            continue
        along, own = _long(cut, pixel=pixel, cell=cell)
        length, area = length + along, area + own
        if along:
            depths.append(channels_found.depth[cut])
            raised.append(channels_found.raised[cut])
    if not length:
        return []
    details = {"name": name, "length": round(length), "width": round(area / length, 1), "cell": cell,
               "depth": round(float(np.concatenate(depths).mean()), 1),
               "raised": round(float(np.concatenate(raised).mean()), 1)}  # fmt: skip
    return [Finding("warning", "intake.channels_narrow", layer, round(area / pixel**2), details)]


def _long(cut: Mask, *, pixel: float, cell: float) -> tuple[float, float]:
    """Return length [m] and area [m²] of the channels that are longer than two cells.

    Cuts of a few pixels, of which rough ground has thousands, are not drawn: half their outline is shorter than that.
    """
    from scipy import ndimage

    label, count = ndimage.label(cut, structure=np.ones((3, 3), bool))
    if not count:
        return 0.0, 0.0
    pixels = np.bincount(label.ravel(), minlength=count + 1)
    worth = cut & (0.5 * SIDES * pixels * pixel > SHORT * cell)[label]
    outlines = features.shapes(worth.astype(np.uint8), mask=worth, connectivity=8, transform=Affine.scale(pixel))
    along, area = lengths_of((outline for outline, _ in outlines), sample=pixel)
    long = along > SHORT * cell
    return sum(along[long].tolist()), sum(area[long].tolist())


def _blocks(band: Band, *, margin: int, block_pixels: float) -> Iterator[tuple[Window, Mask]]:
    """Yield windows of whole rows with a margin above and below, and which of their pixels are their own."""
    rows, columns = band.shape
    step = max(margin, int(block_pixels // max(columns, 1)) - 2 * margin, 1)
    for first in range(0, rows, step):
        top, bottom = max(0, first - margin), min(rows, first + step + margin)
        inner = np.zeros((bottom - top, columns), bool)
        inner[first - top : min(first + step, rows) - top] = True
        yield Window(0, top, columns, bottom - top), inner
