"""MSPA of the example image of GuidosToolbox Workbench, against the table of classes that its documentation prints."""

from pathlib import Path

import numpy as np
import pytest
import rasterio
from numpy.typing import NDArray
from scipy import ndimage

from citybraid.kernels.ecology.mspa import (
    BORDER_OPENING,
    BRANCH,
    BRIDGE,
    CORE,
    CORE_OPENING,
    EDGE,
    ISLET,
    LOOP,
    PERFORATION,
    Pattern,
    cell_counts,
    segmented,
)
from tests.validation.publishing import Published

EIGHT = np.ones((3, 3), bool)
PRINTED = {
    "core": (CORE, 75.09, 1196), "islet": (ISLET, 3.26, 2429), "perforation": (PERFORATION, 2.17, 423),
    "edge": (EDGE, 13.54, 890), "loop": (LOOP, 0.60, 541), "bridge": (BRIDGE, 1.42, 765),
    "branch": (BRANCH, 3.93, 4685),
}  # fmt: skip
"""Share of the foreground [%] and number of pieces, as printed for 8-connectivity and edges one pixel wide.

Its edges and perforations are closed where bridges and loops cross them.
"""
OPENINGS = {"core-opening": (CORE_OPENING, 5927, 717), "border-opening": (BORDER_OPENING, 51189, 1574)}
"""Pixels and pieces, as printed."""
POINTS, PIECES, OPEN = 0.15, 0.05, 0.06
"""Percentage points by which shares may differ, and shares by which pieces and openings may.

The printed method is told in words, not in steps: how a strip is thinned to a line, and what counts as enclosed
beside the frame and missing pixels, is ours.
"""


@pytest.fixture
def example(cases: Path) -> NDArray[np.uint8]:
    with rasterio.open(cases / "validation/mspa_accounting/example.tif") as file:
        image: NDArray[np.uint8] = file.read(1)
    return image


def pieces(mask: NDArray[np.bool_], joined: NDArray[np.bool_]) -> int:
    return int(ndimage.label(mask, joined)[1])


@pytest.mark.case("validation/mspa_accounting")
def test_objects_of_the_example(example: NDArray[np.uint8], published: Published) -> None:
    labels, count = ndimage.label(example == 2, EIGHT)
    sizes = np.bincount(labels.ravel())[1:]
    published.near("objects", count, 2850, share=1e-12)
    published.near("foreground", int(sizes.sum()), 428_490, share=1e-12, unit="px")
    bounds = np.searchsorted((200, 2000, 20000, 100_000), sizes, side="left")
    found = [(int((bounds == k).sum()), int(sizes[bounds == k].sum())) for k in range(5)]
    assert found == [(2789, 31190), (44, 23643), (14, 98972), (2, 59874), (1, 214_811)]


@pytest.mark.case("validation/mspa_accounting")
def test_classes_of_the_example(example: NDArray[np.uint8], published: Published) -> None:
    classes = segmented(example, Pattern(transition=False, internal=False))
    total = int((example == 2).sum())
    counts = cell_counts(classes)
    assert sum(counts[code] for code, _, _ in PRINTED.values()) == total
    for name, (code, share, number) in PRINTED.items():
        found = 100.0 * counts[code] / total
        separate = pieces(classes == code, EIGHT)
        exact = name == "core"
        published.near(f"share of {name}", found, share, share=(0.005 if exact else POINTS) / share, unit="%")
        published.near(f"pieces of {name}", separate, number, share=1e-12 if exact else PIECES)
    for name, (code, cells, number) in OPENINGS.items():
        published.near(name, counts[code], cells, share=OPEN, unit="px")
        published.near(f"pieces of {name}", pieces(classes == code, ndimage.generate_binary_structure(2, 1)), number,
                       share=OPEN)  # fmt: skip


@pytest.mark.case("validation/mspa_accounting")
def test_core_of_the_example_to_the_pixel(example: NDArray[np.uint8]) -> None:
    core = segmented(example, Pattern(internal=False)) == CORE
    assert 100.0 * core.sum() / (example == 2).sum() == pytest.approx(75.093, abs=5e-4)
    assert pieces(core, EIGHT) == 1196
