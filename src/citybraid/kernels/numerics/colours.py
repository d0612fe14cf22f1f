"""Colours of a picture by group: counts and sums of its pixels, and the number of each pixel's colour."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

GROUPS = 4096
"""Groups of colours that agree in the four highest bits of red, green and blue."""


@compiled(fast=frozenset(), inner=True)
def _group(pixel: np.uint32) -> np.unsignedinteger:
    """Return the group of a pixel, whose lowest byte is red, the next green, then blue."""
    return (pixel & 0xF0) << 4 | (pixel >> 8 & 0xF0) | (pixel >> 20 & 0xF)


@compiled(fast=frozenset())
def group_sums(pixels: NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the count of each group's pixels and the sums of their red, green and blue (4, 4096)."""
    sums = np.zeros((4, GROUPS), dtype=np.int64)
    start = 0
    for at in range(1, pixels.size + 1):
        if at < pixels.size and pixels[at] == pixels[start]:  # most pixels of a figure are as the one before
            continue
        pixel, length = pixels[start], at - start
        group = _group(pixel)
        sums[0, group] += length
        sums[1, group] += length * np.int64(pixel & 0xFF)
        sums[2, group] += length * np.int64(pixel >> 8 & 0xFF)
        sums[3, group] += length * np.int64(pixel >> 16 & 0xFF)
        start = at
    return sums


@compiled(fast=frozenset())
def colour_numbers(pixels: NDArray[np.uint32], numbers: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the number of each pixel's colour, given that of each group."""
    codes = np.empty(pixels.size, dtype=np.uint8)
    for at in range(pixels.size):
        codes[at] = numbers[_group(pixels[at])]
    return codes
