"""Resistance of the ground to movement of wildlife, by land cover and roads."""

from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy import ndimage

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.var import Fact, Factors
from citybraid.core.vocabulary.biodiversity.crossings import CROSSING_SHARE
from citybraid.core.vocabulary.biodiversity.movement import MOVEMENT_RESISTANCE
from citybraid.core.vocabulary.surface import COVER, LAND_COVER
from citybraid.kernels.ecology.crossings import carried
from citybraid.kernels.numerics.classes import values_by_class

Floats = NDArray[np.float64]
ROAD = next(code for code, name in COVER if name == "road")


class ResistanceParams(Params):
    """Which published scheme, and whether roads reach beyond their own cells."""

    scheme: str = Field("beijing", min_length=1)
    """Table of resistances: beijing (1 to 500), haikou (1 to 500), xian (1 to 6, its land cover only), or a name of
    your own that rows of movement_resistance begin with."""
    near_roads: bool = False
    """Whether ground near roads resists as the table of distances to roads says (Beijing's, for every scheme)."""
    road_factor: float = Field(1.0, ge=1.0, le=100.0)
    """Times the resistance of road cells, for roads that carry more traffic than the scheme's."""


class ResistanceSurface(NamedTuple):
    """Resistance to movement."""

    movement_resistance: MOVEMENT_RESISTANCE


@model(
    version=1,
    cite="Beijing: Acta Ecologica Sinica 37(19): 6313 (2017); Haikou: Acta Ecologica Sinica 38(9): 3281 (2018); "
    "Xi'an: ChinaXiv-202110.00026, table 2",
    validity="Wildlife as a whole: expert scores of regional studies on ground of 30 m and more, not measured on any "
    "species. Ratios between covers matter, not the values; compare plans by one scheme only.",
    reach=lambda *, p, **_: None if p.near_roads else 0.0,
)
def resistance_surface(
    land_cover: LAND_COVER,
    resistances: Annotated[Factors, Fact("movement_resistance")],
    road_distances: Annotated[Factors, Fact("road_distance_resistance")],
    grid: GeoBox,
    p: ResistanceParams,
    crossing_share: CROSSING_SHARE | None = None,
) -> ResistanceSurface:
    """Return the resistance of each cell by its cover in a published scheme.

    Road cells resist `road_factor` times as much. With `near_roads` a cell has the larger of its cover's resistance
    and that of its distance to the nearest road. A wildlife crossing carries the ground beside the road over a share
    of the cell: both side by side, as resistors. Cells without land cover have no value: no wildlife passes them.
    Raises InputError where the scheme lacks the resistance of a cover, or it is not above 0.
    """
    rows = {code: resistances.get(f"{p.scheme}/{name}", 0.0) for code, name in COVER}
    if unusable := [f"movement_resistance,{p.scheme}/{name}" for code, name in COVER if not rows[code] > 0.0]:
        raise InputError("movement.resistance_rows", scheme=p.scheme, lacking=unusable)
    cover = land_cover.to_numpy()
    values = values_by_class(cover, rows)
    road = cover == ROAD
    values[road] *= p.road_factor
    if p.near_roads and road.any():
        cell = (abs(float(grid.resolution.y)), abs(float(grid.resolution.x)))
        values = np.maximum(values, _near(ndimage.distance_transform_edt(~road, sampling=cell), road_distances))
    if crossing_share is not None:
        values = carried(values, road, np.nan_to_num(crossing_share.to_numpy().astype(np.float64)))
    return ResistanceSurface(xr.DataArray(values, dims=land_cover.dims, coords=land_cover.coords))


def _near(distance: Floats, by_distance: Factors) -> Floats:
    """Return the resistance at distances [m]: the rows' names are the distances up to which their values hold."""
    ends = sorted(float(name) for name in by_distance if name != "beyond")
    values = np.array([*(by_distance[f"{end:g}"] for end in ends), by_distance["beyond"]])
    near: Floats = values[np.searchsorted(ends, distance, side="right")]
    return near
