"""Places of a case: bounds and outlines of planning units, exact, rounded to so many metres, or left out."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Literal, Protocol

import shapely
from odc.geo.geobox import GeoBox
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from citybraid.commons.form.archive import Content
from citybraid.commons.form.card import Loss, Reduction
from citybraid.commons.packing.features import first_alternative
from citybraid.commons.packing.provenance import json_content
from citybraid.core.errors import InputError
from citybraid.study.open.schema import StudyFile
from citybraid.study.run.run import Run

OUTLINES = "results/units.geojson"
METRES_OF_DEGREE = 111_320.0
"""Length of a degree of latitude [m]."""
LEAST, MOST = 50.0, 100_000.0
"""Distances that places may be rounded to [m]."""
DIGITS = 6
TABLES_OF_UNITS = ("units",)
POINTS = frozenset({"x", "y", "lon", "lat", "longitude", "latitude", "geometry"})
"""Columns of tables that tell where something is."""


class ReductionOptions(Protocol):
    """How coordinates and names are reduced."""

    @property
    def coarsen(self) -> float | None:
        """Distance that places are rounded to [m]."""

    @property
    def without_coordinates(self) -> bool:
        """Whether coordinates are left out."""

    @property
    def without_names(self) -> bool:
        """Whether reviewers are numbered."""


def reduction(study: StudyFile, tables: Iterable[str], options: ReductionOptions) -> Reduction:
    """Return what packing with these options leaves out; `tables` are those that hold points.

    Raises InputError for options that exclude each other, and for a study file that itself holds coordinates.
    """
    coarsen, without = options.coarsen, options.without_coordinates
    if coarsen is not None and without:
        raise InputError("case.coarsen_or_without")
    if coarsen is not None and not LEAST <= coarsen <= MOST:
        raise InputError("case.coarsen_range", got=coarsen, low=LEAST, high=MOST)
    kept: Literal["kept", "left_out"] = "left_out" if options.without_names else "kept"
    names: tuple[Loss, ...] = ("names",) if options.without_names else ()
    if coarsen is None and not without:
        return Reduction(names=kept, lost=names)
    if has_points(study):
        raise InputError("case.points_in_study")
    points: tuple[Loss, ...] = ("points",) if any(True for _ in tables) else ()
    both: tuple[Loss, ...] = ("inputs", "report", "maps", *points)
    if without:
        lost: tuple[Loss, ...] = (*both, "bounds", "outlines", "places", *names)
        return Reduction(coordinates="left_out", names=kept, lost=lost)
    return Reduction(coordinates="coarsened", metres=coarsen, names=kept, lost=(*both, "places", *names))


def tables_with_points(run: Run) -> frozenset[str]:
    """Return the names of the run's tables that tell where something is."""
    tables = {name: run.table(name) for name in run.tables}
    return frozenset(name for name, table in tables.items() if table is not None and POINTS & set(table.columns))


def has_points(study: StudyFile) -> bool:
    """Tell whether a study file itself holds coordinates: control points of a drawing, or numbers of a position."""
    points = any(spec.registration is not None and spec.registration.points for spec in study.files.values())
    return points or bool({"latitude", "longitude"} & {*study.numbers, *study.uniform})


def bounds(grid: GeoBox, reduced: Reduction) -> tuple[float, float, float, float] | None:
    """Return west, south, east and north of a run [degree], rounded outwards where places are coarsened."""
    if reduced.coordinates == "left_out":
        return None
    box = grid.boundingbox
    degrees = Transformer.from_crs(str(grid.crs), "EPSG:4326", always_xy=True)
    west, south, east, north = degrees.transform_bounds(box.left, box.bottom, box.right, box.top)
    if reduced.metres is None:
        return round(west, DIGITS), round(south, DIGITS), round(east, DIGITS), round(north, DIGITS)
    step = reduced.metres / METRES_OF_DEGREE
    wide = step / max(math.cos(math.radians((south + north) / 2)), 0.1)
    return (
        round(math.floor(west / wide) * wide, DIGITS), round(math.floor(south / step) * step, DIGITS),
        round(math.ceil(east / wide) * wide, DIGITS), round(math.ceil(north / step) * step, DIGITS),
    )  # fmt: skip


def outlines(run: Run, reduced: Reduction) -> Content | None:
    """Return the planning units as GeoJSON in the study's CRS, with corners on a grid where places are coarsened."""
    layers = run.layers(first_alternative(run))
    name = next((each for each in TABLES_OF_UNITS if each in layers), None)
    if reduced.coordinates == "left_out" or name is None:
        return None
    shapes = run.value(next(iter(layers[name].values())))
    size = reduced.metres or 0.01
    features = [_feature(str(row), shapely.set_precision(shape, size)) for row, shape in shapes.items()]
    crs = {"type": "name", "properties": {"name": run.about.crs}}
    return json_content(OUTLINES, {"type": "FeatureCollection", "crs": crs, "features": features})


def _feature(row: str, shape: BaseGeometry) -> Mapping[str, object]:
    geometry = None if shape.is_empty else json.loads(shapely.to_geojson(shape))
    return {"type": "Feature", "properties": {"id": row}, "geometry": geometry}
