"""Habitat patches, their connectivity, and the contribution of each patch."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.biodiversity.ecology import (
    CONNECTED_AREA,
    HABITAT_AREA,
    HABITAT_COMPONENTS,
    HABITAT_PATCH,
    HABITAT_SUITABILITY,
    HALF_CHANCE_DISTANCE,
    INTEGRAL_CONNECTIVITY,
    LARGEST_COMPONENT,
    LINK_DISTANCE,
    PATCH_CONNECTOR,
    PATCH_IMPORTANCE,
    PROBABILITY_OF_CONNECTIVITY,
)
from citybraid.kernels.ecology.connectivity import Connectivity as Shares
from citybraid.kernels.ecology.connectivity import connectivity as connected
from citybraid.kernels.ecology.connectivity import dispersal_probability, half_chance_distance, integral_numerator
from citybraid.kernels.ecology.links import (
    components_of,
    integral_of,
    linked_connectivity,
    links_of,
    links_within,
    within,
)
from citybraid.kernels.ecology.patches import Patches, patch_distances, patches

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HECTARE = 1e4
MOST_PAIRED, MOST_LINKED = 4000, 20000
"""Patches that are compared pair by pair, and along links up to a widest gap."""


class ConnectivityParams(Params):
    """Patch delineation, and dispersal of wildlife."""

    suitable: float = Field(0.8, gt=0.0, le=1.0)
    """Suitability from which on a cell is habitat [-]; 0.8 takes trees, shrubs, water and wetland."""
    smallest: float = Field(0.25, ge=0.0, le=1000.0)
    """Area from which on joined habitat is a patch [ha]."""
    dispersal: str = Field("short", min_length=1)
    """Which of the dispersal distances wildlife has, where no `distance` is given: short, medium, long, or a species
    that rows of dispersal_distance name."""
    distance: float | None = Field(None, gt=0.0, le=1e6)
    """Gap [m] that wildlife crosses with the chance `probability`; where not given, the factor dispersal_distance."""
    probability: float = Field(0.5, gt=0.0, lt=1.0)
    """Chance of crossing a gap of that distance [-]: 0.5 for a median, 0.05 for a maximum dispersal distance."""
    link_distance: float | None = Field(None, ge=0.0, le=1e6)
    """Gap [m] up to which two patches are linked in IIC; where not given, the distance that PC is computed with."""
    widest_link: float | None = Field(None, gt=0.0, le=1e6)
    """Gap [m] up to which wildlife crosses straight from patch to patch, in PC and IIC; where not given, any gap."""
    most_patches: int | None = Field(None, ge=1, le=50000)
    """Patches from which on more are refused; where not given 4000, and 20 000 with a `widest_link`."""


class Connectivity(NamedTuple):
    """Patches and their connectivity."""

    habitat_patch: HABITAT_PATCH
    patch_importance: PATCH_IMPORTANCE
    patch_connector: PATCH_CONNECTOR
    connected_area: CONNECTED_AREA
    probability_of_connectivity: PROBABILITY_OF_CONNECTIVITY
    integral_connectivity: INTEGRAL_CONNECTIVITY
    habitat_area: HABITAT_AREA
    half_chance_distance: HALF_CHANCE_DISTANCE
    link_distance: LINK_DISTANCE
    habitat_components: HABITAT_COMPONENTS
    largest_component: LARGEST_COMPONENT


@model(
    version=4,
    cite="Saura and Pascual-Hortal (2007), Landsc. Urban Plan. 83: 91-103 (PC); Pascual-Hortal and Saura (2006), "
    "Landsc. Ecol. 21: 959-967 (IIC); Saura and Rubio (2010), Ecography 33: 523-537 (parts of dPC)",
    validity="Wildlife that crosses built-up ground as it flies or walks, straight and with one chance by distance; "
    "barriers and corridors between patches are not seen. Patches end at the edge of the grid.",
)
def connectivity(
    habitat_suitability: HABITAT_SUITABILITY,
    dispersal_distance: Annotated[Factors, Fact("dispersal_distance")],
    grid: GeoBox,
    p: ConnectivityParams,
) -> Connectivity:
    """Return habitat patches, their connectivity, and its loss on removal of each patch.

    Cells of at least `suitable` form patches by 8-connectivity. The dispersal probability
    between patches is p^(gap / distance), `probability` p at the dispersal distance (gap from
    edge to edge); for IIC two patches are linked where the gap is at most `link_distance`.
    With a `widest_link` only gaps up to it are crossed, and only these links are kept: ten thousand patches fit.
    PC = Σ a_i a_j p*_ij / A², p* the maximum product probability over all paths, A the area of cells with a
    value; ECA = √Σ is the area of a single patch with the same PC. `patch_importance` is the share
    of PC lost with the patch (dPC), `patch_connector` its fraction due to lost paths
    between other patches; outside patches both are 0.
    Components are of patches linked as for IIC.
    Raises InputError where there are more patches than `most_patches`, or no row gives the distance of `dispersal`.
    """
    suitability = habitat_suitability.to_numpy().astype(np.float64)
    cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
    habitat = (np.nan_to_num(suitability) >= p.suitable).astype(np.uint8)
    habitat_patches = patches(habitat, cell=cell, smallest=p.smallest * HECTARE)
    most = p.most_patches or (MOST_PAIRED if p.widest_link is None else MOST_LINKED)
    if habitat_patches.area.size > most:
        raise InputError("ecology.too_many_patches", got=habitat_patches.area.size, most=most, smallest=p.smallest)
    area = habitat_patches.area / HECTARE
    landscape = float(np.isfinite(suitability).sum()) * cell[0] * cell[1] / HECTARE
    distance = _distance(p, dispersal_distance)
    link_distance = distance if p.link_distance is None else p.link_distance
    pc, iic_numerator, component = _indices(habitat_patches, area, cell, distance, link_distance, p)
    joined = np.bincount(component, weights=area) if area.size else np.zeros(1)
    square = landscape**2 if landscape > 0.0 else 1.0
    return Connectivity(
        habitat_patch=xr.DataArray(
            habitat_patches.label, dims=habitat_suitability.dims, coords=habitat_suitability.coords
        ),
        patch_importance=_by_patch(pc.importance, habitat_patches, habitat_suitability),
        patch_connector=_by_patch(pc.connector, habitat_patches, habitat_suitability),
        connected_area=float(np.sqrt(pc.numerator)),
        probability_of_connectivity=min(pc.numerator / square, 1.0),
        integral_connectivity=min(iic_numerator / square, 1.0),
        habitat_area=float(area.sum()),
        half_chance_distance=half_chance_distance(distance, probability=p.probability),
        link_distance=float(link_distance),
        habitat_components=int(joined.size) if area.size else 0,
        largest_component=float(joined.max()),
    )


def _distance(p: ConnectivityParams, dispersal_distance: Factors) -> float:
    """Return the dispersal distance [m]; raises InputError where no row gives it."""
    if p.distance is not None:
        return p.distance
    if p.dispersal not in dispersal_distance:
        raise InputError("ecology.no_dispersal", got=p.dispersal, known=sorted(dispersal_distance))
    return dispersal_distance[p.dispersal]


def _indices(
    patches: Patches, area: Floats, cell: tuple[float, float], distance: float, link_distance: float,
    p: ConnectivityParams,
) -> tuple[Shares, float, Ints]:  # fmt: skip
    """Return PC's shares, IIC's numerator and the component of each patch, over all pairs or links up to the widest."""
    if p.widest_link is not None:
        links = links_within(patches.label, area.size, cell=cell, widest=p.widest_link)
        pc = linked_connectivity(area, links, decay=-float(np.log(p.probability)) / distance)
        short = within(links, link_distance)
        return pc, integral_of(area, short), components_of(short)
    gap = patch_distances(patches.label, area.size, cell=cell)
    pc = connected(area, dispersal_probability(gap, distance=distance, probability=p.probability))
    linked = gap <= link_distance
    return pc, integral_numerator(area, linked), _joined(linked)


def _joined(linked: NDArray[np.bool_]) -> Ints:
    """Return the component of each patch in a matrix of links."""
    first, second = np.nonzero(np.triu(linked, 1))
    return components_of(links_of(first, second, np.zeros(first.size), count=linked.shape[0]))


def _by_patch(values: Floats, habitat_patches: Patches, like: xr.DataArray) -> xr.DataArray:
    """Return each patch's value on its cells, 0 outside patches, NaN where there is no suitability."""
    cell_values = np.concatenate([[0.0], np.clip(values, 0.0, 1.0)])[habitat_patches.label]
    return xr.DataArray(np.where(np.isfinite(like.to_numpy()), cell_values, np.nan), dims=like.dims, coords=like.coords)
