"""Registration of drawings in local coordinates: by control points, or by matching another layer."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from citybraid.core.errors import InputError, PlanError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.filespec import FileSpec, Method, Register
from citybraid.sources.protocol.reading import Reading, SourceLayer

Complex = NDArray[np.complex128]
"""Plane points as complex numbers: a similarity is then one product and one sum."""
Floats = NDArray[np.float64]

ANCHORS = Var("anchors", "", "Shapes of a drawing that are matched with another layer", on="anchors", kind="geometry")
"""Used only for registration, never stored."""
MOST_FEATURES = 4000
"""Maximum number of matched shapes of a layer, the largest first [-]."""
NEIGHBOURS, MORE_NEIGHBOURS = 6, 9
"""Neighbours per shape that form triangles, in the drawing and in the target layer [-]."""
MOST_TRIANGLES = 30_000
ALIKE = 0.05
"""Maximum descriptor distance of similar triangles: side ratios, half log area ratios [-]."""
CANDIDATES, HYPOTHESES = 4, 24
AREA_WEIGHT = 0.5
THINNEST = 0.15
"""Minimum ratio of shortest to longest side of a triangle: thinner ones are not distinctive [-]."""
SAME_SIZE = math.log(1.25)
"""Maximum difference in log area of matching shapes [log]."""
TURN_BIN, SCALE_BIN, PLACE_BIN = math.radians(2.0), 0.03, 15.0
"""Bin widths of the votes: rotation [rad], scale [log], location of the drawing's centre [m]."""
REACHES = (20.0, 10.0, 5.0, 5.0, 5.0)
"""Maximum match distance in each refinement round [m]."""
APART = 5.0
"""Placements that differ by more are distinct [m]."""
RIVAL = 0.8
"""A second placement with at least this share of the best one's matches makes the result ambiguous [-]."""
LARGEST_RMS, SMALLEST_SHARE, FEWEST = 2.0, 0.3, 5
"""Limits for acceptance: maximum RMS residual [m], minimum matched share [-], minimum matches [-]."""
MANY, SMALL_RMS = 10, 0.5
"""With fewer matches than this [-] the RMS limit is this [m]: few shapes fit loosely by chance."""


class Placement(NamedTuple):
    """A similarity transformation z → a·z + b, with points as complex numbers."""

    a: complex
    b: complex

    def moved(self, points: Complex) -> Complex:
        """Return the transformed points."""
        return self.a * points + self.b

    @property
    def matrix(self) -> list[float]:
        """The similarity as a shapely affine matrix [a, b, d, e, xoff, yoff]."""
        return [self.a.real, -self.a.imag, self.a.imag, self.a.real, self.b.real, self.b.imag]


class Fit(NamedTuple):
    """A placement, the number of matches, the number of shapes or points, and RMS and largest residual [m]."""

    placement: Placement
    matched: int
    of: int
    rms: float
    largest: float

    def told(self) -> dict[str, object]:
        """Return the fit as the values of a finding."""
        turn = math.degrees(math.atan2(self.placement.a.imag, self.placement.a.real))
        return {
            "share": 100 * self.matched / max(1, self.of), "of": self.of, "rms": round(self.rms, 3),
            "largest": round(self.largest, 3), "scale": round(abs(self.placement.a), 7), "turn": round(turn, 5),
        }  # fmt: skip


def least_squares(source: Complex, target: Complex, method: Method) -> Placement:
    """Return the least-squares placement of source points on target points.

    Umeyama, S. (1991): Least-squares estimation of transformation parameters between two
    point patterns, IEEE PAMI 13(4), eqs 40-43; in the plane, without reflection, rotation
    and scale are one complex number. A translation only moves the mean.
    """
    middle, to_middle = source.mean(), target.mean()
    spread = float((np.abs(source - middle) ** 2).sum())
    if method == "translation" or spread == 0:
        return Placement(1 + 0j, complex(to_middle - middle))
    a = complex((np.conj(source - middle) * (target - to_middle)).sum() / spread)
    return Placement(a, complex(to_middle - a * middle))


def by_points(register: Register, factor: float, *, name: str) -> Fit:
    """Return the placement by control points (x, y in drawing units, X, Y in the study's CRS).

    `factor` are metres per drawing unit. Raises InputError where there are too few points for
    the method, or they coincide.
    """
    rows = np.array(register.points, dtype=float)
    needs = 1 if register.method == "translation" else 2
    source = (rows[:, 0] + 1j * rows[:, 1]) * factor
    target = rows[:, 2] + 1j * rows[:, 3]
    if len(rows) < needs or (needs > 1 and (np.ptp(np.abs(source - source[0])) == 0)):
        raise InputError("intake.points_few", name=name, got=len(rows), needs=needs, method=register.method)
    placement = least_squares(source, target, register.method)
    return _fit(placement, source, target, len(rows))


def _fit(placement: Placement, source: Complex, target: Complex, of: int) -> Fit:
    residuals = np.abs(placement.moved(source) - target)
    return Fit(placement, len(source), of, float(np.sqrt((residuals**2).mean())), float(residuals.max()))


@dataclass(frozen=True)
class Shapes:
    """Centroids and areas of a layer's shapes, the largest first."""

    middles: Complex
    areas: Floats

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry]) -> "Shapes":
        """Return the centroids and areas of geometries for matching."""
        geometries = np.array(list(shapes), dtype=object)
        areas = shapely.area(geometries)
        order = np.argsort(-areas, kind="stable")[:MOST_FEATURES]
        order = order[areas[order] > 0]
        centres = shapely.get_coordinates(shapely.centroid(geometries[order]))
        return cls(centres[:, 0] + 1j * centres[:, 1], areas[order])


def by_layer(source: Shapes, target: Shapes, method: Method, *, name: str, to: str) -> Fit:
    """Return the placement that aligns the drawing's shapes with those of a layer.

    Triangles of neighbouring shapes with similar side and area ratios vote for
    placements; those with most votes are refined by nearest matches of similar area.
    Raises InputError where nothing fits, two placements fit about equally well, the RMS
    residual is above 2 m, or less than 30 % of the shapes within the layer's extent match.
    """
    from scipy.spatial import cKDTree

    if min(len(source.middles), len(target.middles)) < FEWEST:
        got = min(len(source.middles), len(target.middles))
        raise InputError("intake.register_few", name=name, to=to, got=got, needs=FEWEST)
    tree = cKDTree(_plane(target.middles))
    fits = [
        fit for start in _hypotheses(source, target, method) if (fit := _refined(start, source, target, tree, method))
    ]
    fits.sort(key=lambda fit: (-fit.matched, fit.rms))
    if not fits:
        raise InputError("intake.register_none", name=name, to=to)
    best = fits[0]
    corners = source.middles[[int(np.argmin(source.middles.real)), int(np.argmax(source.middles.real)),
                              int(np.argmin(source.middles.imag)), int(np.argmax(source.middles.imag))]]  # fmt: skip
    for other in fits[1:]:
        apart = float(np.abs(best.placement.moved(corners) - other.placement.moved(corners)).max())
        if apart > APART and other.matched >= RIVAL * best.matched:
            raise InputError(
                "intake.register_ambiguous", name=name, to=to, got=best.matched, other=other.matched, apart=apart
            )
    loosest = LARGEST_RMS if best.matched >= MANY else SMALL_RMS
    if best.rms > loosest or best.matched < max(FEWEST, SMALLEST_SHARE * best.of):
        raise InputError("intake.register_poor", name=name, to=to, **best.told(), matched=best.matched)
    return best


def _plane(points: Complex) -> Floats:
    return np.column_stack([points.real, points.imag])


class Triangles(NamedTuple):
    """Triangles of neighbours: corners sorted by the opposite side's length, and descriptors for matching."""

    corners: NDArray[np.int64]
    signs: Floats


def _triangles(shapes: Shapes, neighbours: int) -> Triangles:
    from scipy.spatial import cKDTree

    count = len(shapes.middles)
    nearest = cKDTree(_plane(shapes.middles)).query(_plane(shapes.middles), k=min(neighbours + 1, count))
    neighbour_rows = np.asarray(nearest[1])
    pairs = np.array(list(combinations(range(1, neighbour_rows.shape[1]), 2)))
    corners = np.concatenate(
        [np.column_stack([neighbour_rows[:, 0], neighbour_rows[:, one], neighbour_rows[:, two]]) for one, two in pairs]
    )
    corners = np.unique(np.sort(corners, axis=1), axis=0)
    if len(corners) > MOST_TRIANGLES * (2 if neighbours == MORE_NEIGHBOURS else 1):
        corners = np.random.default_rng(1).permutation(corners)[
            : MOST_TRIANGLES * (1 + (neighbours == MORE_NEIGHBOURS))
        ]
    z = shapes.middles[corners]
    sides = np.abs(np.column_stack([z[:, 1] - z[:, 2], z[:, 2] - z[:, 0], z[:, 0] - z[:, 1]]))
    order = np.argsort(sides, axis=1)
    corners, sides = np.take_along_axis(corners, order, 1), np.take_along_axis(sides, order, 1)
    not_thin = sides[:, 0] > THINNEST * sides[:, 2]
    corners, sides = corners[not_thin], sides[not_thin]
    z = shapes.middles[corners]
    logs = AREA_WEIGHT * np.log(shapes.areas[corners])
    # orientation of the corners: mirrored triangles must not match
    turn = np.sign(((z[:, 1] - z[:, 0]) * np.conj(z[:, 2] - z[:, 0])).imag)
    signs = np.column_stack([
        sides[:, 0] / sides[:, 2], sides[:, 1] / sides[:, 2], logs[:, 0] - logs[:, 2], logs[:, 1] - logs[:, 2],
        turn,
    ])  # fmt: skip
    return Triangles(corners, signs)


def _hypotheses(source: Shapes, target: Shapes, method: Method) -> list[Placement]:
    """Return the placements with most votes from pairs of similar triangles."""
    from scipy.spatial import cKDTree

    source_triangles, target_triangles = _triangles(source, NEIGHBOURS), _triangles(target, MORE_NEIGHBOURS)
    if not len(source_triangles.corners) or not len(target_triangles.corners):
        return []
    distances, matches = cKDTree(target_triangles.signs).query(
        source_triangles.signs, k=min(CANDIDATES, len(target_triangles.signs)), distance_upper_bound=ALIKE
    )
    distances, matches = (
        np.asarray(distances).reshape(len(source_triangles.signs), -1),
        np.asarray(matches).reshape(len(source_triangles.signs), -1),
    )
    row, column = np.nonzero(np.isfinite(distances))
    one, other = source_triangles.corners[row], target_triangles.corners[matches[row, column]]
    z, w = source.middles[one], target.middles[other]
    zc, wc = z - z.mean(axis=1, keepdims=True), w - w.mean(axis=1, keepdims=True)
    a = (np.conj(zc) * wc).sum(axis=1) / (np.abs(zc) ** 2).sum(axis=1)
    area_scale = 0.5 * np.log(target.areas[other] / source.areas[one]).mean(axis=1)
    plausible = np.abs(np.log(np.abs(a)) - area_scale) < SAME_SIZE / 2
    if method == "translation":
        plausible &= np.abs(a - 1) < TURN_BIN
        a = np.ones_like(a)
    a, middle = a[plausible], (w.mean(axis=1) + a * (source.middles.mean() - z.mean(axis=1)))[plausible]
    # Hough-style voting: like placements fall into one bin of rotation, scale and location
    votes = np.column_stack([
        np.round(np.angle(a) / TURN_BIN), np.round(np.log(np.abs(a)) / SCALE_BIN),
        np.round(middle.real / PLACE_BIN), np.round(middle.imag / PLACE_BIN),
    ]).astype(int)  # fmt: skip
    if not len(votes):
        return []
    _, bins, count = np.unique(votes, axis=0, return_inverse=True, return_counts=True)
    best = np.argsort(-count, kind="stable")[:HYPOTHESES]
    placements: list[Placement] = []
    for candidate in best:
        if count[candidate] > 1 or len(count) == 1:
            rotation = _median(a[bins == candidate])
            placements.append(
                Placement(rotation, _median(middle[bins == candidate]) - rotation * complex(source.middles.mean()))
            )
    return placements


def _median(values: Complex) -> complex:
    return complex(np.median(values.real), np.median(values.imag))


def _refined(start: Placement, source: Shapes, target: Shapes, tree: Any, method: Method) -> Fit | None:
    """Refine a placement iteratively by nearest shapes of similar area; None where too few remain."""
    placement = start
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None
    for reach in REACHES:
        pairs = _pairs(placement, source, target, tree, reach)
        if len(pairs[0]) < FEWEST - 1:
            return None
        z, w = source.middles[pairs[0]], target.middles[pairs[1]]
        residuals = np.abs(placement.moved(z) - w)
        close = residuals <= max(3 * float(np.median(residuals)), 1e-3)
        placement = least_squares(z[close], w[close], method)
    pairs = _pairs(placement, source, target, tree, REACHES[-1])
    if not len(pairs[0]):
        return None
    placed = placement.moved(source.middles)
    low, high = _plane(target.middles).min(axis=0) - APART, _plane(target.middles).max(axis=0) + APART
    inside = int(((_plane(placed) >= low) & (_plane(placed) <= high)).all(axis=1).sum())
    return _fit(placement, source.middles[pairs[0]], target.middles[pairs[1]], max(inside, len(pairs[0])))


def _pairs(
    placement: Placement, source: Shapes, target: Shapes, tree: Any, reach: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return pairs of nearest shapes of similar area, each target used once."""
    placed = placement.moved(source.middles)
    nearest = tree.query(_plane(placed), distance_upper_bound=reach)
    distances, matches = np.asarray(nearest[0]), np.asarray(nearest[1])
    row = np.flatnonzero(np.isfinite(distances))
    area_difference = np.abs(np.log(source.areas[row] * abs(placement.a) ** 2 / target.areas[matches[row]]))
    row = row[area_difference < SAME_SIZE]
    order = row[np.argsort(distances[row], kind="stable")]
    _, first = np.unique(matches[order], return_index=True)
    row = order[np.sort(first)]
    return row, matches[row]


def register_drawings(
    readings: Sequence[Reading], files: Mapping[str, FileSpec], problems: list[PlanError]
) -> list[Reading]:
    """Return readings with drawings in local coordinates registered to a layer of another file.

    Drawings that cannot be registered are left out, and the error is added to `problems`.
    """
    local = {name for name, spec in files.items() if spec.registration is not None and spec.registration.to}
    placed: list[Reading] = []
    for reading in readings:
        name = next((origin for layer in reading.layers for origin in layer.origin if origin in local), "")
        register = files[name].registration if name else None
        if register is None:
            placed.append(reading)
            continue
        try:
            placed.append(_register(reading, readings, register, local, name=name))
        except PlanError as fault:
            problems.append(fault)
    return placed


def _register(
    reading: Reading, others: Sequence[Reading], register: Register, local: set[str], *, name: str
) -> Reading:
    source_layers = [layer for layer in reading.layers if layer.var.on == ANCHORS.on] or [
        layer for layer in reading.layers if layer.var.on == register.to and layer.var.kind == "geometry"
    ]
    target_layers = [
        layer for other in others for layer in other.layers
        if layer.var.on == register.to and layer.var.kind == "geometry" and not layer.origin & local
    ]  # fmt: skip
    if not target_layers:
        raise InputError("intake.register_target", name=name, to=register.to)
    if not source_layers:
        raise InputError("intake.register_source", name=name, to=register.to)
    source = Shapes.of(shape for layer in source_layers for shape in layer.value)
    target = Shapes.of(shape for layer in target_layers for shape in layer.value)
    fit = by_layer(source, target, register.method, name=name, to=register.to)
    without_anchors = replace(reading, layers=tuple(layer for layer in reading.layers if layer.var.on != ANCHORS.on))
    role = next((layer.var.on for layer in without_anchors.layers if layer.var.kind == "geometry"), name)
    finding = Finding(
        "guessed", "intake.registered", role, fit.matched, {"to": register.to, "name": name, **fit.told()}
    )
    return replace(transformed(without_anchors, fit.placement), findings=(*without_anchors.findings, finding))


def transformed(reading: Reading, placement: Placement) -> Reading:
    """Return a reading with its shapes and problems transformed by a placement."""
    layers = tuple(
        replace(layer, value=_moved(layer, placement)) if layer.var.kind == "geometry" else layer
        for layer in reading.layers
    )
    problems = tuple(replace(each, shape=_affine(each.shape, placement)) for each in reading.problems)
    return replace(reading, layers=layers, problems=problems)


def _moved(layer: SourceLayer, placement: Placement) -> gpd.GeoSeries:
    shapes: gpd.GeoSeries = layer.value
    return gpd.GeoSeries(_affine(shapes.to_numpy(), placement), index=shapes.index, crs=shapes.crs)


def _affine(shapes: Any, placement: Placement) -> Any:
    """Return a shape, or an array of shapes, transformed by a placement."""
    matrix = placement.matrix
    return shapely.transform(
        shapes, lambda xy: np.column_stack([
            matrix[0] * xy[:, 0] + matrix[1] * xy[:, 1] + matrix[4],
            matrix[2] * xy[:, 0] + matrix[3] * xy[:, 1] + matrix[5],
        ]),
    )  # fmt: skip
