"""PNG files of figures: fitted colours in unfiltered rows, compressed fast: a third of the size and of the time."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

SIGNATURE = b"\x89PNG\r\n\x1a\n"
DEPTH, INDEXED, PER_METRE = 8, 3, 1
"""Bits of a pixel, and the codes of indexed colours and of a resolution in metres (ISO/IEC 15948:2004)."""
INCH = 0.0254
"""An inch [m]."""
QUICK = 1
"""Level of compression of figures: the highest makes files a tenth smaller in several times the time."""


def png(indices: NDArray[np.uint8], colours: bytes, *, dpi: int) -> bytes:
    """Return rows of indices into colours (red, green, blue of each) as a PNG of a resolution [pixel per inch]."""
    height, width = indices.shape
    rows = np.zeros((height, 1 + width), dtype=np.uint8)  # each row begins with its filter: 0, none
    rows[:, 1:] = indices
    across = round(dpi / INCH)
    return (
        SIGNATURE
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, DEPTH, INDEXED, 0, 0, 0))
        + _chunk(b"pHYs", struct.pack(">IIB", across, across, PER_METRE))
        + _chunk(b"PLTE", colours)
        + _chunk(b"IDAT", zlib.compress(rows.data, QUICK))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(content, zlib.crc32(kind)))
