"""Access to nature from every place: green area within reach along streets, shared with all who live in reach."""

from typing import Annotated, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy.sparse import csr_array

from citybraid.biodiversity.access_to_green import AccessToGreenParams, green_areas
from citybraid.biodiversity.walking import ways_from_areas
from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.access import BRIDGE, ROAD_STRUCTURE, STREET_LAYER, TUNNEL
from citybraid.core.vocabulary.biodiversity.ecology import NATURE_ACCESS
from citybraid.core.vocabulary.place import LAND_USE, RESIDENTS, ROAD_CLASS
from citybraid.core.vocabulary.surface import COVER, LAND_COVER
from citybraid.kernels.transport.catchment import gaussian_weight, step_weight, two_step

Floats = NDArray[np.float64]


class NatureAccessParams(AccessToGreenParams):
    """What counts as green, how access falls with the way, and from where ways start."""

    block: float = Field(50.0, ge=1.0, le=500.0)
    """Side of the blocks from whose middle ways start, rounded to whole cells [m]."""


class NatureAccess(NamedTuple):
    """Access of each cell."""

    nature_access: NATURE_ACCESS


@model(
    version=2,
    cite="Luo and Wang (2003), Environ. Plan. B 30: 865-884, eq. 1 and 2; Dai (2011), Landsc. Urban Plan. 102: "
    "234-244, eq. 2 (Gaussian weight); access to nature as a service of places: Liu, Remme, Hamel, Nong and Ren "
    "(2020), Landsc. Urban Plan. 201: 103832",
    validity="Parks by land use, entered from any street beside them: walls and gates are not seen, nor parks and "
    "people beyond the study. What a resident would find who lived there; whether anybody does is not asked.",
)
def nature_access(
    *,
    land_cover: LAND_COVER,
    buildings: Annotated[View, Table("buildings", (RESIDENTS,))],
    parcels: Annotated[View, Table("parcels", (LAND_USE,))],
    streets: Annotated[View, Table("streets", (), optional=(ROAD_CLASS, BRIDGE, TUNNEL, ROAD_STRUCTURE, STREET_LAYER))],
    green_access: Annotated[Factors, Fact("green_access")],
    grid: GeoBox,
    p: NatureAccessParams,
) -> NatureAccess:
    """Return the green area within reach of each place for each person [m2 person-1].

    As for homes, by two-step floating catchment: each green area is shared among all residents whose way to it is
    within the catchment, weighted by the way; a place sums the shares of the areas that it reaches. All cells of a
    block have the value of its middle. Pocket parks count too, down to a least size of their own. Places without a
    street or a green area in reach have 0; cells without land cover have no value. Raises InputError where no street
    for people on foot has a line.
    """
    areas = green_areas(parcels, p.uses, least=green_access["least_shared"])
    catchment = green_access["catchment"]
    middles, size = block_middles(grid, block=p.block)
    weigh = gaussian_weight if p.decay == "gaussian" else step_weight

    def weights(places: gpd.GeoSeries) -> csr_array:
        ways = ways_from_areas(areas, places, streets, limit=max(catchment, green_access["distance"]), p=p)
        return csr_array((weigh(ways.data, reach=catchment), ways.indices, ways.indptr), shape=ways.shape)

    residents = np.nan_to_num(buildings["residents"].to_numpy(np.float64))
    shared = two_step(weights(buildings.geometry), supply=areas.area.to_numpy(np.float64), demand=residents).site
    at_middles = np.asarray(weights(gpd.GeoSeries(middles.ravel(), crs=parcels.crs)).T @ shared, np.float64)
    cells = at_middles.reshape(middles.shape).repeat(size[0], axis=0).repeat(size[1], axis=1)
    cells = cells[: land_cover.shape[0], : land_cover.shape[1]]
    known = np.isin(land_cover.to_numpy(), [code for code, _ in COVER])
    return NatureAccess(xr.DataArray(np.where(known, cells, np.nan), dims=land_cover.dims, coords=land_cover.coords))


def block_middles(grid: GeoBox, *, block: float) -> tuple[NDArray[np.object_], tuple[int, int]]:
    """Return the middles of blocks of about `block` [m] as points (blocks down, across), and cells of a block.

    Blocks that the edge cuts have the middle of what is left of them.
    """
    size = (
        max(1, round(block / abs(float(grid.resolution.y)))),
        max(1, round(block / abs(float(grid.resolution.x)))),
    )
    row, column = (
        np.array([0.5 * (first + min(first + step, count)) for first in range(0, count, step)])
        for step, count in zip(size, (int(grid.shape[0]), int(grid.shape[1])), strict=True)
    )
    across, down = np.meshgrid(column, row)
    x, y = grid.affine * (across, down)
    return np.asarray(shapely.points(x, y), dtype=np.object_), size
