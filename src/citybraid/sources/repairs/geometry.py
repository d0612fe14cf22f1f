"""Shapes mended: empty ones out, self-crossings untied, wrong kinds and doubles out."""

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.layers import Layers
from citybraid.sources.rules import Repaired, Rules, Stage

STAGE: Stage = "geometry"
READS: tuple[str, ...] = ()
DIMENSIONS = {"parcels": 2, "buildings": 2, "units": 2, "study_area": 2, "ground": 2, "streets": 1}
"""What a table's shapes must be: areas (2) or lines (1)."""
SMALLEST = 1e-2
"""Areas below this are slivers of drawing [m2]."""


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Mend every table's shapes; each mending is told with the change of area."""
    del rules
    findings: list[Finding] = []
    for found in [each for each in layers if each.var.kind == "geometry"]:
        table = found.var.on
        shapes, notes = mended(found.value, table)
        findings += notes
        if shapes.empty:
            raise InputError("intake.layer_empty", name=table)
        layers = layers.kept_rows(table, shapes.index)
        current = layers.get(found.var.name, on=table)
        if current is not None:
            layers = layers.put(type(current)(**{**vars(current), "value": shapes}))
    return Repaired(layers, tuple(findings))


def mended(shapes: gpd.GeoSeries, table: str) -> tuple[gpd.GeoSeries, list[Finding]]:
    """Return shapes that are valid, of the table's kind, and stand once."""
    findings: list[Finding] = []
    empty = shapes.isna() | shapes.is_empty
    if empty.any():
        findings.append(Finding("rejected", "intake.shape_empty", table, int(empty.sum())))
    shapes = shapes[~empty]
    wanted = DIMENSIONS.get(table)
    if wanted == 2:  # noqa: PLR2004  (areas)
        shapes, notes = _valid(shapes, table)
        findings += notes
    if wanted is not None:
        wrong = (shapely.get_dimensions(shapes.to_numpy()) != wanted) | (
            (shapes.area < SMALLEST) if wanted > 1 else False
        )
        if wrong.any():
            findings.append(Finding("rejected", "intake.shape_kind", table, int(wrong.sum())))
        shapes = shapes[~np.asarray(wrong)]
    double = shapes.normalize().to_wkb().duplicated()
    if double.any():
        findings.append(Finding("rejected", "intake.shape_double", table, int(double.sum())))
    return shapes[~double], findings


def _valid(shapes: gpd.GeoSeries, table: str) -> tuple[gpd.GeoSeries, list[Finding]]:
    """Self-crossings untied; only the areas of what results are kept."""
    bad = ~shapes.is_valid
    if not bad.any():
        return shapes, []
    before = shapes[bad].area
    untied = shapely.make_valid(shapes[bad].to_numpy(), method="structure", keep_collapsed=False)
    mended_shapes = shapes.copy()
    mended_shapes[bad] = [_areas(shape) for shape in untied]
    change = (mended_shapes[bad].area - before).abs()
    share = (change / before.where(before > 0)).fillna(1.0)
    values = {"change": float(change.sum()), "worst": str(share.idxmax()), "share": float(share.max()) * 100}
    return mended_shapes, [Finding("repaired", "intake.shape_untied", table, int(bad.sum()), values)]


def _areas(shape: BaseGeometry) -> BaseGeometry:
    if shape.geom_type in ("Polygon", "MultiPolygon"):
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"])
