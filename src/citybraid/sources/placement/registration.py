"""A drawing in coordinates of its own brought to the study's: by control points, or by matching another layer."""

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
from citybraid.sources.protocol.reading import Found, Reading

Complex = NDArray[np.complex128]
"""Points of the plane as complex numbers: a similarity is then one product and one sum."""
Floats = NDArray[np.float64]

ANCHORS = Var("anchors", "", "Shapes of a drawing that are matched with another layer", on="anchors", kind="geometry")
"""Read only to place the drawing, never kept."""
MOST_FEATURES = 4000
"""Most shapes of a layer that are matched, the largest first [-]."""
NEIGHBOURS, MORE_NEIGHBOURS = 6, 9
"""Neighbours that a shape makes triangles with, in the drawing and in the layer it is matched to [-]."""
MOST_TRIANGLES = 30_000
ALIKE = 0.05
"""Farthest that two triangles may lie apart in shape: ratios of sides, half logarithms of ratios of areas [-]."""
CANDIDATES, HYPOTHESES = 4, 24
AREA_WEIGHT = 0.5
THINNEST = 0.15
"""Shortest side of a triangle over its longest, below which it says little [-]."""
SAME_SIZE = math.log(1.25)
"""Areas this far apart are not of one building [log]."""
TURN_BIN, SCALE_BIN, PLACE_BIN = math.radians(2.0), 0.03, 15.0
"""How votes are gathered: turns, scales [log], places of the drawing's middle [m]."""
REACHES = (20.0, 10.0, 5.0, 5.0, 5.0)
"""How near a match must lie in each round of refining [m]."""
APART = 5.0
"""Placements that differ by more are two [m]."""
RIVAL = 0.8
"""Share of the best placement's matches from which a second one makes it ambiguous [-]."""
LARGEST_RMS, SMALLEST_SHARE, FEWEST = 2.0, 0.3, 5
"""A placement is refused above this residual [m], below this share matched [-], with fewer matches [-]."""
MANY, SMALL_RMS = 10, 0.5
"""With fewer matches than these [-] the residual must be below this [m]: a few shapes fit anything loosely."""


class Placement(NamedTuple):
    """A similarity of the plane: z becomes a·z + b, with points as complex numbers."""

    a: complex
    b: complex

    def moved(self, points: Complex) -> Complex:
        """Return points where they go."""
        return self.a * points + self.b

    @property
    def matrix(self) -> list[float]:
        """The similarity as shapely takes it."""
        return [self.a.real, -self.a.imag, self.a.imag, self.a.real, self.b.real, self.b.imag]


class Fit(NamedTuple):
    """A placement, with how many shapes or points it rests on, of how many, and what they are off by [m]."""

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
    """Return the placement that brings points nearest to others in the sense of least squares.

    Umeyama, S. (1991): Least-squares estimation of transformation parameters between two
    point patterns, IEEE PAMI 13(4), eqs 40-43; in the plane, without mirroring, the
    rotation and scale are one complex number. A translation only moves the mean.
    """
    middle, to_middle = source.mean(), target.mean()
    spread = float((np.abs(source - middle) ** 2).sum())
    if method == "translation" or spread == 0:
        return Placement(1 + 0j, complex(to_middle - middle))
    a = complex((np.conj(source - middle) * (target - to_middle)).sum() / spread)
    return Placement(a, complex(to_middle - a * middle))


def by_points(register: Register, factor: float, *, name: str) -> Fit:
    """Return the placement by control points (x, y in drawing units, X, Y in the study's CRS).

    `factor` are metres in a drawing unit. Raises InputError where there are too few for the
    method, or they stand on one spot.
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
    off = np.abs(placement.moved(source) - target)
    return Fit(placement, len(source), of, float(np.sqrt((off**2).mean())), float(off.max()))


@dataclass(frozen=True)
class Shapes:
    """Middles and areas of a layer's shapes, the largest first."""

    middles: Complex
    areas: Floats

    @classmethod
    def of(cls, shapes: Iterable[BaseGeometry]) -> "Shapes":
        """Return the shapes of a layer as what is matched."""
        whole = np.array(list(shapes), dtype=object)
        areas = shapely.area(whole)
        order = np.argsort(-areas, kind="stable")[:MOST_FEATURES]
        order = order[areas[order] > 0]
        centres = shapely.get_coordinates(shapely.centroid(whole[order]))
        return cls(centres[:, 0] + 1j * centres[:, 1], areas[order])


def by_layer(source: Shapes, target: Shapes, method: Method, *, name: str, to: str) -> Fit:
    """Return the placement that lays the drawing's shapes on those of a layer.

    Triangles of neighbouring shapes, alike in their sides' and areas' ratios, vote for
    placements; the likeliest are refined by nearest matches of like area. Raises
    InputError where nothing fits, two placements fit about as well, the residual is
    above 2 m, or less than 30 % of the shapes within the layer's reach are matched.
    """
    from scipy.spatial import cKDTree

    if min(len(source.middles), len(target.middles)) < FEWEST:
        got = min(len(source.middles), len(target.middles))
        raise InputError("intake.register_few", name=name, to=to, got=got, needs=FEWEST)
    tree = cKDTree(_plane(target.middles))
    fits = [fit for start in _starts(source, target, method) if (fit := _refined(start, source, target, tree, method))]
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
    """Triangles of neighbours: their corners by the length of the opposite side, and what makes two alike."""

    corners: NDArray[np.int64]
    signs: Floats


def _triangles(shapes: Shapes, neighbours: int) -> Triangles:
    from scipy.spatial import cKDTree

    count = len(shapes.middles)
    found = cKDTree(_plane(shapes.middles)).query(_plane(shapes.middles), k=min(neighbours + 1, count))
    near = np.asarray(found[1])
    pairs = np.array(list(combinations(range(1, near.shape[1]), 2)))
    corners = np.concatenate([np.column_stack([near[:, 0], near[:, one], near[:, two]]) for one, two in pairs])
    corners = np.unique(np.sort(corners, axis=1), axis=0)
    if len(corners) > MOST_TRIANGLES * (2 if neighbours == MORE_NEIGHBOURS else 1):
        corners = np.random.default_rng(1).permutation(corners)[
            : MOST_TRIANGLES * (1 + (neighbours == MORE_NEIGHBOURS))
        ]
    z = shapes.middles[corners]
    sides = np.abs(np.column_stack([z[:, 1] - z[:, 2], z[:, 2] - z[:, 0], z[:, 0] - z[:, 1]]))
    order = np.argsort(sides, axis=1)
    corners, sides = np.take_along_axis(corners, order, 1), np.take_along_axis(sides, order, 1)
    fit = sides[:, 0] > THINNEST * sides[:, 2]
    corners, sides = corners[fit], sides[fit]
    z = shapes.middles[corners]
    logs = AREA_WEIGHT * np.log(shapes.areas[corners])
    turn = np.sign(((z[:, 1] - z[:, 0]) * np.conj(z[:, 2] - z[:, 0])).imag)
    signs = np.column_stack([
        sides[:, 0] / sides[:, 2], sides[:, 1] / sides[:, 2], logs[:, 0] - logs[:, 2], logs[:, 1] - logs[:, 2],
        turn,
    ])  # fmt: skip
    return Triangles(corners, signs)


def _starts(source: Shapes, target: Shapes, method: Method) -> list[Placement]:
    """The placements that most pairs of like triangles vote for."""
    from scipy.spatial import cKDTree

    mine, theirs = _triangles(source, NEIGHBOURS), _triangles(target, MORE_NEIGHBOURS)
    if not len(mine.corners) or not len(theirs.corners):
        return []
    away, hit = cKDTree(theirs.signs).query(
        mine.signs, k=min(CANDIDATES, len(theirs.signs)), distance_upper_bound=ALIKE
    )
    away, hit = np.asarray(away).reshape(len(mine.signs), -1), np.asarray(hit).reshape(len(mine.signs), -1)
    row, column = np.nonzero(np.isfinite(away))
    one, other = mine.corners[row], theirs.corners[hit[row, column]]
    z, w = source.middles[one], target.middles[other]
    zc, wc = z - z.mean(axis=1, keepdims=True), w - w.mean(axis=1, keepdims=True)
    a = (np.conj(zc) * wc).sum(axis=1) / (np.abs(zc) ** 2).sum(axis=1)
    grown = 0.5 * np.log(target.areas[other] / source.areas[one]).mean(axis=1)
    fits = np.abs(np.log(np.abs(a)) - grown) < SAME_SIZE / 2
    if method == "translation":
        fits &= np.abs(a - 1) < TURN_BIN
        a = np.ones_like(a)
    a, middle = a[fits], (w.mean(axis=1) + a * (source.middles.mean() - z.mean(axis=1)))[fits]
    votes = np.column_stack([
        np.round(np.angle(a) / TURN_BIN), np.round(np.log(np.abs(a)) / SCALE_BIN),
        np.round(middle.real / PLACE_BIN), np.round(middle.imag / PLACE_BIN),
    ]).astype(int)  # fmt: skip
    if not len(votes):
        return []
    _, box, count = np.unique(votes, axis=0, return_inverse=True, return_counts=True)
    best = np.argsort(-count, kind="stable")[:HYPOTHESES]
    found: list[Placement] = []
    for at in best:
        if count[at] > 1 or len(count) == 1:
            turn = _middle(a[box == at])
            found.append(Placement(turn, _middle(middle[box == at]) - turn * complex(source.middles.mean())))
    return found


def _middle(values: Complex) -> complex:
    return complex(np.median(values.real), np.median(values.imag))


def _refined(start: Placement, source: Shapes, target: Shapes, tree: Any, method: Method) -> Fit | None:
    """A placement refined by the nearest shapes of like area, round by round; None where too few are left."""
    placement = start
    pairs: tuple[NDArray[np.intp], NDArray[np.intp]] | None = None
    for reach in REACHES:
        pairs = _pairs(placement, source, target, tree, reach)
        if len(pairs[0]) < FEWEST - 1:
            return None
        z, w = source.middles[pairs[0]], target.middles[pairs[1]]
        off = np.abs(placement.moved(z) - w)
        close = off <= max(3 * float(np.median(off)), 1e-3)
        placement = least_squares(z[close], w[close], method)
    pairs = _pairs(placement, source, target, tree, REACHES[-1])
    if not len(pairs[0]):
        return None
    there = placement.moved(source.middles)
    low, high = _plane(target.middles).min(axis=0) - APART, _plane(target.middles).max(axis=0) + APART
    inside = int(((_plane(there) >= low) & (_plane(there) <= high)).all(axis=1).sum())
    return _fit(placement, source.middles[pairs[0]], target.middles[pairs[1]], max(inside, len(pairs[0])))


def _pairs(
    placement: Placement, source: Shapes, target: Shapes, tree: Any, reach: float
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Shapes that are each other's nearest of like area."""
    there = placement.moved(source.middles)
    found = tree.query(_plane(there), distance_upper_bound=reach)
    away, hit = np.asarray(found[0]), np.asarray(found[1])
    row = np.flatnonzero(np.isfinite(away))
    grown = np.abs(np.log(source.areas[row] * abs(placement.a) ** 2 / target.areas[hit[row]]))
    row = row[grown < SAME_SIZE]
    order = row[np.argsort(away[row], kind="stable")]
    _, first = np.unique(hit[order], return_index=True)
    row = order[np.sort(first)]
    return row, hit[row]


def registered(readings: Sequence[Reading], files: Mapping[str, FileSpec], problems: list[PlanError]) -> list[Reading]:
    """Return readings in which drawings in coordinates of their own lie where they match a layer of another file.

    What cannot be placed is left out, and why is added to `problems`.
    """
    local = {name for name, spec in files.items() if spec.registration is not None and spec.registration.to}
    done: list[Reading] = []
    for reading in readings:
        name = next((origin for found in reading.layers for origin in found.origin if origin in local), "")
        register = files[name].registration if name else None
        if register is None:
            done.append(reading)
            continue
        try:
            done.append(_onto(reading, readings, register, local, name=name))
        except PlanError as fault:
            problems.append(fault)
    return done


def _onto(reading: Reading, others: Sequence[Reading], register: Register, local: set[str], *, name: str) -> Reading:
    mine = [found for found in reading.layers if found.var.on == ANCHORS.on] or [
        found for found in reading.layers if found.var.on == register.to and found.var.kind == "geometry"
    ]
    theirs = [
        found for other in others for found in other.layers
        if found.var.on == register.to and found.var.kind == "geometry" and not found.origin & local
    ]  # fmt: skip
    if not theirs:
        raise InputError("intake.register_target", name=name, to=register.to)
    if not mine:
        raise InputError("intake.register_source", name=name, to=register.to)
    source = Shapes.of(shape for found in mine for shape in found.value)
    target = Shapes.of(shape for found in theirs for shape in found.value)
    fit = by_layer(source, target, register.method, name=name, to=register.to)
    kept = replace(reading, layers=tuple(found for found in reading.layers if found.var.on != ANCHORS.on))
    role = next((found.var.on for found in kept.layers if found.var.kind == "geometry"), name)
    told = Finding("guessed", "intake.registered", role, fit.matched, {"to": register.to, "name": name, **fit.told()})
    return replace(moved(kept, fit.placement), findings=(*kept.findings, told))


def moved(reading: Reading, placement: Placement) -> Reading:
    """Return a reading whose shapes and problems lie where a placement puts them."""
    layers = tuple(
        replace(found, value=_moved(found, placement)) if found.var.kind == "geometry" else found
        for found in reading.layers
    )
    told = tuple(replace(each, shape=_affine(each.shape, placement)) for each in reading.problems)
    return replace(reading, layers=layers, problems=told)


def _moved(found: Found, placement: Placement) -> gpd.GeoSeries:
    shapes: gpd.GeoSeries = found.value
    return gpd.GeoSeries(_affine(shapes.to_numpy(), placement), index=shapes.index, crs=shapes.crs)


def _affine(shapes: Any, placement: Placement) -> Any:
    """A shape, or an array of them, where a placement puts it."""
    matrix = placement.matrix
    return shapely.transform(
        shapes, lambda xy: np.column_stack([
            matrix[0] * xy[:, 0] + matrix[1] * xy[:, 1] + matrix[4],
            matrix[2] * xy[:, 0] + matrix[3] * xy[:, 1] + matrix[5],
        ]),
    )  # fmt: skip
