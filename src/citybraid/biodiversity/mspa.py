"""Morphological spatial pattern analysis (MSPA) of habitat: cores, edges, bridges, islets and openings."""

from typing import NamedTuple

import numpy as np
import xarray as xr
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.core.vocabulary.biodiversity.habitat_pattern import (
    MSPA_BORDER_OPENING_AREA,
    MSPA_BRANCH_AREA,
    MSPA_BRIDGE_AREA,
    MSPA_CLASS,
    MSPA_CORE_AREA,
    MSPA_CORE_OPENING_AREA,
    MSPA_EDGE_AREA,
    MSPA_EDGE_WIDTH,
    MSPA_ISLET_AREA,
    MSPA_LOOP_AREA,
    MSPA_PERFORATION_AREA,
)
from citybraid.kernels.ecology.mspa import (
    BORDER_OPENING,
    BRANCH,
    BRIDGE,
    CORE,
    CORE_OPENING,
    EDGE,
    GROUND,
    ISLET,
    LOOP,
    MISSING,
    PERFORATION,
    SHAPE,
    Pattern,
    cell_counts,
    segmented,
)

HECTARE = 1e4
SQUARE = 1e-6
"""Share by which the sides of a cell may differ."""


class MspaParams(Params):
    """What is habitat, and how it is segmented."""

    suitable: float = Field(0.8, gt=0.0, le=1.0)
    """Suitability from which on a cell is habitat [-]; 0.8 takes trees, shrubs, water and wetland."""
    edge_width: float | None = Field(None, gt=0.0, le=10000.0)
    """Width of edges [m], taken as whole cells, at least one; where not given, one cell."""
    eight_connected: bool = True
    """Whether habitat is joined at the corners of cells too, and other ground only at their sides; or the reverse."""
    transition: bool = False
    """Whether bridges and loops are shown, and counted, where they cross edges and perforations."""
    internal: bool = False
    """Whether classes within openings of core have codes of their own."""


class Mspa(NamedTuple):
    """Classes of habitat and of the openings in it, and their areas."""

    mspa_class: MSPA_CLASS
    mspa_core_area: MSPA_CORE_AREA
    mspa_islet_area: MSPA_ISLET_AREA
    mspa_perforation_area: MSPA_PERFORATION_AREA
    mspa_edge_area: MSPA_EDGE_AREA
    mspa_loop_area: MSPA_LOOP_AREA
    mspa_bridge_area: MSPA_BRIDGE_AREA
    mspa_branch_area: MSPA_BRANCH_AREA
    mspa_core_opening_area: MSPA_CORE_OPENING_AREA
    mspa_border_opening_area: MSPA_BORDER_OPENING_AREA
    mspa_edge_width: MSPA_EDGE_WIDTH


@model(
    version=2,
    cite="Soille and Vogt (2009), Pattern Recognit. Lett. 30: 456-459; Vogt et al. (2007), Landsc. Ecol. 22: 171-177",
    validity="The shape of habitat alone, of one kind: whether animals use a bridge is not seen. Classes depend on the "
    "width of edges and on the size of cells; compare maps of equal both. Objects are cut at the edge of the grid.",
)
def mspa(habitat_suitability: HABITAT_SUITABILITY, grid: GeoBox, p: MspaParams) -> Mspa:
    """Return the class of each cell of habitat by its place in the shape, and the areas of the classes [ha].

    Core lies farther than the width of edges from other ground; edge and perforation surround core outside and
    around openings within it; islets have no core; of the strips beyond, bridges connect different cores, loops
    the same one, and branches end. Other ground is a core-opening where core encloses it, a border-opening where
    habitat does. Cells without suitability count as habitat where core is measured, and as nothing else.
    The seven areas of habitat add up to the area of cells of at least `suitable`.
    Raises InputError where cells are not square.
    """
    height, width = abs(float(grid.resolution.y)), abs(float(grid.resolution.x))
    if abs(width - height) > SQUARE * width:
        raise InputError("mspa.cells", width=width, height=height)
    suitability = habitat_suitability.to_numpy().astype(np.float64)
    image = np.where(np.nan_to_num(suitability) >= p.suitable, SHAPE, GROUND)
    image = np.where(np.isfinite(suitability), image, MISSING).astype(np.uint8)
    edge = 1 if p.edge_width is None else max(round(p.edge_width / width), 1)
    classes = segmented(
        image, Pattern(edge, eight=p.eight_connected, transition=p.transition, internal=p.internal)
    )  # fmt: skip
    areas = {code: count * width * height / HECTARE for code, count in cell_counts(classes).items()}
    coded = xr.DataArray(classes.astype(np.int32), dims=habitat_suitability.dims, coords=habitat_suitability.coords)
    return Mspa(
        coded, areas[CORE], areas[ISLET], areas[PERFORATION], areas[EDGE], areas[LOOP], areas[BRIDGE], areas[BRANCH],
        areas[CORE_OPENING], areas[BORDER_OPENING], edge * width,
    )  # fmt: skip
