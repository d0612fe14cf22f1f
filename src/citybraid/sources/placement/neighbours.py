"""Detection of offsets against neighbouring layers: web-map datums, and UTM confused with CGCS2000.

Buildings lie within parcels, and streets run between both. A file is reported where it
violates this as it is, satisfies it once it is moved from GCJ-02, BD-09 or the other
transverse Mercator, and still violates it when moved as far in other directions.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS

from citybraid.core.finding import Finding
from citybraid.sources.placement.crs import parse_crs, transformer
from citybraid.sources.placement.datum import DATUMS, Datum, Points, unshifted
from citybraid.sources.placement.outside_plan_area import crs_label
from citybraid.sources.placement.positioned import PositionedShapes
from citybraid.sources.placement.web_maps import WGS_84
from citybraid.sources.placement.zones import CHINA, DEGREES, UTM_SCALE, lonlat, three_degree, utm, within, zone_of
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.target import Target

Shapes = npt.NDArray[np.object_]
Move = Callable[[Points], Points]

WITHIN = (("buildings", "parcels"), ("buildings", "units"), ("parcels", "study_area"), ("buildings", "study_area"))
"""Pairs of tables: shapes of the first lie within shapes of the second."""
CLEAR = (("buildings", "streets"), ("parcels", "streets"))
"""Pairs of tables: lines of the second do not cross shapes of the first."""
MOST = 600
"""Maximum number of tested shapes: those nearest to the centre [-]."""
AROUND = 2500.0
"""Buffer around them in which neighbours are considered [m]."""
BESIDE = 250.0
"""Maximum distance of a street beside a shape [m]."""
CROWD = 40_000
FEWEST_MENDED = 15
"""Minimum number of corrected misfits for a report [-]."""
FEWEST_ALL = 6
"""Minimum number where hardly any is left, and as many misfit in every other direction [-]."""
FEW_LEFT = 0.2
"""Maximum share of remaining misfits where fewer are corrected: a parcel or two may be missing [-]."""
LEFT = 0.4
"""Maximum share of remaining misfits [-]."""
AGAINST_CONTROLS = 0.6
"""Maximum ratio of remaining misfits to those of the best control [-]."""


class Suspicion(NamedTuple):
    """A suspected offset of a file: text id, its values, and the function that moves points."""

    text: str
    values: dict[str, object]
    move: Move


@dataclass(frozen=True)
class Pair:
    """Shapes and their neighbours; `inside`: shapes should lie within neighbours, else not cross them."""

    shapes: Shapes
    others: Shapes
    inside: bool

    def misfits(self) -> int:
        """Return the number of shapes within no neighbour; for lines: crossed by one, or with none nearby."""
        tree = shapely.STRtree(self.others)
        if self.inside:
            return len(self.shapes) - len(np.unique(tree.query(self.shapes, predicate="within")[0]))
        crossed = tree.query(self.shapes, predicate="intersects")[0]
        beside = tree.query(self.shapes, predicate="dwithin", distance=BESIDE)[0]
        return len(self.shapes) - len(np.setdiff1d(beside, crossed))


def misfits(sheets: Sequence[PositionedShapes], target: Target) -> list[Finding]:
    """Return warnings of files that fit their neighbours far better with a web-map datum or UTM assumed."""
    candidates: list[tuple[int, Finding]] = []
    for (one, other), inside in [*product(WITHIN, (True,)), *product(CLEAR, (False,))]:
        for sheet, neighbour in product(_of(sheets, one), _of(sheets, other)):
            candidates += _suspicions(near(sheet, neighbour, inside=inside), sheet, neighbour, target)
    return _minimal(candidates)


def _minimal(candidates: list[tuple[int, Finding]]) -> list[Finding]:
    """Select suspicions greedily: first the one that corrects most over all neighbours, then the next for the rest."""
    findings: list[Finding] = []
    while candidates:
        mended: Counter[tuple[object, object]] = Counter()
        for count, finding in candidates:
            mended[_hypothesis(finding)] += count
        best = max(mended, key=lambda reading: mended[reading])
        findings.append(max((each for each in candidates if _hypothesis(each[1]) == best), key=lambda each: each[0])[1])
        candidates = [each for each in candidates if best[0] not in (each[1].values["name"], each[1].values["other"])]
    return findings


def _hypothesis(finding: Finding) -> tuple[object, object]:
    return finding.values["name"], finding.values.get("datum", finding.values.get("likely"))


def _of(sheets: Sequence[PositionedShapes], table: str) -> list[PositionedShapes]:
    return [sheet for sheet in sheets if sheet.table == table]


def near(sheet: PositionedShapes, neighbour: PositionedShapes, *, inside: bool) -> Pair:
    """Return the shapes nearest to a file's centre, with the neighbours around them."""
    shapes = sheet.shapes.to_numpy()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    points = shapely.get_coordinates(shapely.centroid(shapes))
    if len(shapes) > MOST:
        distances = np.hypot(*(points - np.median(points, axis=0)).T)
        shapes = shapes[np.argsort(distances, kind="stable")[:MOST]]
    others = neighbour.shapes.to_numpy()
    window = shapely.box(*shapely.total_bounds(shapes)).buffer(AROUND) if len(shapes) else shapely.Point()
    return Pair(shapes, others[shapely.intersects(others, window)], inside)


def _suspicions(
    pair: Pair, sheet: PositionedShapes, neighbour: PositionedShapes, target: Target
) -> Iterator[tuple[int, Finding]]:
    """Yield suspicions on either file of a pair, each with the number of misfits it would correct."""
    if len(pair.shapes) < FEWEST_ALL or not 0 < len(pair.others) <= CROWD:
        return
    before = pair.misfits()
    if before < FEWEST_ALL:
        return
    middle = shapely.get_coordinates(shapely.centroid(pair.shapes)).mean(axis=0)
    for suspect, counterpart, first in ((sheet, neighbour, True), (neighbour, sheet, False)):
        for suspicion in _alternatives(suspect.position, (float(middle[0]), float(middle[1])), target):
            after = _moved(pair, suspicion.move, first=first).misfits()
            few = before - after < FEWEST_MENDED
            if before - after < FEWEST_ALL or after > (FEW_LEFT if few else LEFT) * before:
                continue
            step = (suspicion.move(middle[None]) - middle)[0]
            control_steps = [(-step[0], -step[1]), (-step[1], step[0]), (step[1], -step[0])]
            # controls: the same distance in three other directions, to rule out fits by chance
            controls = [_moved(pair, partial(np.add, control), first=first).misfits() for control in control_steps]
            if after > AGAINST_CONTROLS * min(controls) or min(controls) < FEWEST_ALL:
                continue
            total = len(pair.shapes)
            values = {
                "name": suspect.position.name, "other": counterpart.position.name,
                "before": round(100 * (1 - before / total)), "after": round(100 * (1 - after / total)),
                "metres": round(float(np.hypot(*step))), **suspicion.values,
            }  # fmt: skip
            yield before - after, Finding("warning", suspicion.text, suspect.table, len(suspect.shapes), values)


def _moved(pair: Pair, move: Move, *, first: bool) -> Pair:
    if first:
        return Pair(shapely.transform(pair.shapes, move), pair.others, pair.inside)
    return Pair(pair.shapes, shapely.transform(pair.others, move), pair.inside)


def _alternatives(position: Position, middle: tuple[float, float], target: Target) -> Iterator[Suspicion]:
    """Yield alternative datums and CRS of a file that shift it by hundreds of metres in the study's CRS."""
    if position.datum:
        return
    place = lonlat(middle, target.crs)
    if not within((*place, *place), CHINA):
        return
    crs = CRS.from_wkt(position.crs)
    for datum in DATUMS:
        written = "" if within(position.bounds, DEGREES) or not position.named else f" in {crs_label(crs)}"
        yield Suspicion(
            "intake.datum_suspected", {"datum": datum, "crs": f"{datum}{written}"}, datum_removed(datum, target)
        )
    zone = zone_of(crs)
    if zone is None or zone.prefixed:
        return
    likely = three_degree(zone.meridian) if zone.scale == UTM_SCALE else utm(zone.meridian)
    other = zone_of(parse_crs(likely, name="crs")) if likely else None
    if other is not None and other.meridian == zone.meridian:
        yield Suspicion(
            "intake.utm_suspected", {"likely": likely, "crs": crs_label(crs)}, _crs_replaced(crs, likely, target)
        )


def datum_removed(datum: Datum, target: Target) -> Move:
    """Return the function that moves points of the study's CRS back from a web-map datum."""
    study_crs = parse_crs(target.crs, name="crs")
    to_wgs84, from_wgs84 = transformer(study_crs, WGS_84), transformer(WGS_84, study_crs)

    def move(points: Points) -> Points:
        degrees = np.column_stack(to_wgs84.transform(points[:, 0], points[:, 1]))
        unshifted_degrees = unshifted(degrees, datum)
        return np.column_stack(from_wgs84.transform(unshifted_degrees[:, 0], unshifted_degrees[:, 1]))

    return move


def _crs_replaced(crs: CRS, likely: str, target: Target) -> Move:
    study_crs = parse_crs(target.crs, name="crs")
    to_file, from_likely = transformer(study_crs, crs), transformer(parse_crs(likely, name="crs"), study_crs)

    def move(points: Points) -> Points:
        numbers = to_file.transform(points[:, 0], points[:, 1])
        return np.column_stack(from_likely.transform(*numbers))

    return move
