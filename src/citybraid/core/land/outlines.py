"""Land that takes a measure: outlines to which its planning units are cut, so that it stays on them."""

from collections.abc import Mapping
from typing import Annotated, Any

import geopandas as gpd
import numpy as np
import shapely
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

UNITS = "units"
AREAS = ("Polygon", "MultiPolygon")


def _areas(outlines: tuple[str, ...]) -> tuple[str, ...]:
    """Refuse outlines that are no areas."""
    for outline, shape in zip(outlines, shapely.from_wkt(list(outlines), on_invalid="ignore"), strict=True):
        if shape is None or shape.geom_type not in AREAS or shape.is_empty or not shape.is_valid:
            raise PydanticCustomError("land", "it must be an area: {got}", {"got": outline[:40]})
    return outlines


Outlines = Annotated[tuple[str, ...], AfterValidator(_areas)]
"""Areas as WKT in the study's CRS."""


def on_land(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a measure's inputs with its units cut to the land that its parameters name; as they are where none.

    A measure is then placed by its own rules on that land alone, and what it installs counts in each unit. A unit
    without such land has an empty outline.
    """
    land: tuple[str, ...] = next((tuple(fields) for each in values.values() if (fields := _land(each))), ())
    if not land or UNITS not in values:
        return values
    units: gpd.GeoDataFrame = values[UNITS]
    whole = shapely.union_all(shapely.from_wkt(list(land)))
    cut = [_area(each) for each in shapely.intersection(units.geometry.to_numpy(), whole)]
    return {**values, UNITS: units.set_geometry(gpd.GeoSeries(cut, index=units.index, crs=units.crs))}


def _land(value: object) -> tuple[str, ...]:
    fields = getattr(value, "land", ())
    return fields if isinstance(fields, tuple) else ()


def _area(shape: shapely.Geometry) -> shapely.Geometry:
    """Return the areas of a shape, without the lines and points where outlines only touch."""
    parts = shapely.get_parts(shapely.get_parts([shape]))
    areas = parts[np.asarray(shapely.area(parts) > 0.0)]
    if len(areas) == 0:
        return shapely.Polygon()
    return areas[0] if len(areas) == 1 else shapely.MultiPolygon(list(areas))
