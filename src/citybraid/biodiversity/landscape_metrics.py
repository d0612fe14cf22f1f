"""Landscape metrics: how habitat is cut up, how its patches are shaped, and how diverse covers are."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.core.vocabulary.biodiversity.landscape import (
    COVER_DIVERSITY,
    HABITAT_AGGREGATION,
    HABITAT_EDGE_DENSITY,
    HABITAT_PATCHES,
    HABITAT_SHAPE,
    LARGEST_PATCH_SHARE,
    MEAN_PATCH_AREA,
)
from citybraid.core.vocabulary.surface import COVER, LAND_COVER
from citybraid.kernels.ecology.patches import patches

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

HECTARE = 1e4


class LandscapeMetricsParams(Params):
    """What is habitat."""

    suitable: float = Field(0.8, gt=0.0, le=1.0)
    """Suitability from which on a cell is habitat [-]; 0.8 takes trees, shrubs, water and wetland."""


class LandscapeMetrics(NamedTuple):
    """Metrics of habitat, and of all covers."""

    habitat_patches: HABITAT_PATCHES
    mean_patch_area: MEAN_PATCH_AREA
    largest_patch_share: LARGEST_PATCH_SHARE
    habitat_edge_density: HABITAT_EDGE_DENSITY
    habitat_shape: HABITAT_SHAPE
    habitat_aggregation: HABITAT_AGGREGATION
    cover_diversity: COVER_DIVERSITY


@model(
    version=1,
    cite="McGarigal (2015), FRAGSTATS help (NP, AREA_MN, LPI, ED, SHAPE_AM, SHDI); He, DeZonia and Mladenoff (2000), "
    "Landsc. Ecol. 15: 591-601, eq. 4 (aggregation index); Shannon and Weaver (1949), The Mathematical Theory of "
    "Communication",
    validity="Composition and shape of the map alone: no species, no movement. All depend on the size of cells and on "
    "the extent: compare maps of equal both. Patches are cut at the edge of the grid.",
)
def landscape_metrics(
    habitat_suitability: HABITAT_SUITABILITY, land_cover: LAND_COVER, grid: GeoBox, p: LandscapeMetricsParams
) -> LandscapeMetrics:
    """Return number [-] and mean area of patches [ha], share of the largest, edges [m ha-1], shape, aggregation.

    Habitat are cells of at least `suitable`; those that touch at sides or corners are one patch. The landscape are all
    cells with a suitability: the share of the largest patch and the edges, without those of the landscape itself, are
    over its area. Shape is a patch's perimeter over that of a square of its area, the mean weighted by area: 1 is
    compact. Aggregation is the share of the sides that habitat cells share with one another, of the most that so many
    cells can share. Diversity is Shannon's of the covers of the landscape. Without habitat all but diversity are 0.
    Raises InputError where cells are not square, or none has a value.
    """
    high, wide = abs(float(grid.resolution.y)), abs(float(grid.resolution.x))
    if not np.isclose(high, wide, rtol=1e-9):
        raise InputError("landscape.cells", width=wide, height=high)
    suitability = habitat_suitability.to_numpy().astype(np.float64)
    known = np.isfinite(suitability)
    if not known.any():
        raise InputError("landscape.no_cells")
    diversity = shannon(land_cover.to_numpy()[known])
    habitat = known & (np.nan_to_num(suitability) >= p.suitable)
    patch_table = patches(habitat.astype(np.uint8), cell=(high, wide), smallest=0.0)
    count = int(patch_table.area.size)
    if count == 0:
        return LandscapeMetrics(0, 0.0, 0.0, 0.0, 0.0, 0.0, diversity)
    landscape = float(known.sum()) * wide * high
    area = patch_table.area.astype(np.float64)
    shape = 0.25 * perimeters(patch_table.label.astype(np.int64), count) * wide / np.sqrt(area)
    return LandscapeMetrics(
        count,
        float(area.mean()) / HECTARE,
        float(area.max()) / landscape,
        inner_edges(habitat, known) * wide / (landscape / HECTARE),
        float((shape * area).sum() / area.sum()),
        aggregation(habitat),
        diversity,
    )


def perimeters(label: Ints, count: int) -> Floats:
    """Return the sides of cells at which each patch ends, the frame of the map included."""
    framed = np.pad(label, 1)
    sides = np.zeros(count + 1)
    for one, other in ((framed[1:], framed[:-1]), (framed[:, 1:], framed[:, :-1])):
        ends = one != other
        sides += np.bincount(one[ends], minlength=count + 1) + np.bincount(other[ends], minlength=count + 1)
    return sides[1:]


def inner_edges(habitat: Mask, known: Mask) -> float:
    """Return the sides of cells between habitat and other known ground."""
    return float(
        sum(
            int(((one != other) & both & also).sum())
            for one, other, both, also in (
                (habitat[1:], habitat[:-1], known[1:], known[:-1]),
                (habitat[:, 1:], habitat[:, :-1], known[:, 1:], known[:, :-1]),
            )
        )
    )


def aggregation(habitat: Mask) -> float:
    """Return the sides that habitat cells share, over the most that so many cells can share; 0 for a single cell."""
    cells = int(habitat.sum())
    side = int(np.sqrt(cells))
    left = cells - side**2
    most = 2 * side * (side - 1) + (0 if left == 0 else 2 * left - 1 if left <= side else 2 * left - 2)
    shared = int((habitat[1:] & habitat[:-1]).sum()) + int((habitat[:, 1:] & habitat[:, :-1]).sum())
    return shared / most if most else 0.0


def shannon(cover: NDArray[np.integer]) -> float:
    """Return Shannon's diversity of the covers of cells; cells of no known cover do not count."""
    counts = np.array([int((cover == code).sum()) for code, _ in COVER], dtype=np.float64)
    share = counts[counts > 0.0] / max(counts.sum(), 1.0)
    return float(max(0.0, -(share * np.log(share)).sum()))
