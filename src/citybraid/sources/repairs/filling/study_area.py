"""The study area as one shape; the extent of other layers where no file supplies it."""

from dataclasses import replace

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 2

STAGE: Stage = "area"
READS = ("study_area", "units", "parcels", "buildings")
HULLS = ("parcels", "buildings")


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Create one shape: the file's, else the units', else the hull of parcels or buildings, else the grid."""
    stated = layers.get("study_area", on="study_area")
    if stated is not None:
        boundary = _row(stated.value.union_all(), stated.value.crs)
        others = layers.without(tables=("study_area",))
        return RepairResult(others.put(replace(stated, value=boundary)))
    for table in ("units", *HULLS):
        shapes = layers.get(table, on=table)
        if shapes is not None:
            collection = shapely.geometrycollections(shapes.value.to_numpy())
            shape = shapes.value.union_all() if table == "units" else collection.convex_hull
            return _guessed(layers, shape, shapes.value.crs, table)
    outline = rules.target.outline
    if outline is None:
        raise InputError("intake.no_grid")
    return _guessed(layers, outline, rules.target.crs, "grid")


def _guessed(layers: Layers, shape: BaseGeometry, crs: object, source: str) -> RepairResult:
    layer = SourceLayer(vocabulary()["study_area"], _row(shape, crs), stated=0.0)
    values = {"source": source, "hectares": shape.area / 1e4}
    return RepairResult(layers.put(layer), (Finding("guessed", "intake.area_guessed", "study_area", 1, values),))


def _row(shape: BaseGeometry, crs: object) -> gpd.GeoSeries:
    return gpd.GeoSeries([shape], index=pd.Index(["study_area"], dtype=object, name="id"), crs=crs)
