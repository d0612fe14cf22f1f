"""Files that fit their neighbours only once an offset is taken out: web-map datums, and UTM taken for CGCS2000.

Buildings stand within parcels, and streets run between both. Where a file breaks this
as it stands and keeps it once it is moved as GCJ-02, BD-09 or the other transverse
Mercator would have it, and moved in other directions breaks it still, it is told.
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
from citybraid.sources.placement.crs import parsed, transformer
from citybraid.sources.placement.datum import DATUMS, Datum, Points, unshifted
from citybraid.sources.placement.elsewhere import shown
from citybraid.sources.placement.placed_sheet import Sheet
from citybraid.sources.placement.web_maps import WGS_84
from citybraid.sources.placement.zones import CHINA, DEGREES, UTM_SCALE, lonlat, three_degree, utm, within, zone_of
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.target import Target

Shapes = npt.NDArray[np.object_]
Move = Callable[[Points], Points]

WITHIN = (("buildings", "parcels"), ("buildings", "units"), ("parcels", "study_area"), ("buildings", "study_area"))
"""Tables whose shapes stand within shapes of the other."""
CLEAR = (("buildings", "streets"), ("parcels", "streets"))
"""Tables whose shapes the other's lines do not cross."""
MOST = 600
"""Shapes that are looked at: those nearest to the middle."""
AROUND = 2500.0
"""Ground around them on which neighbours count [m]."""
BESIDE = 250.0
"""Distance within which a street stands beside a shape [m]."""
CROWD = 40_000
FEWEST_MENDED = 15
"""Shapes that must come to fit before anything is said."""
LEFT = 0.4
"""Share of the misfits that may stay [-]."""
AGAINST_CONTROLS = 0.6
"""Share of the best control's misfits that may stay [-]."""


class Told(NamedTuple):
    """A suspicion on one file: the text, the values that depend on it, and how far it moves."""

    text: str
    values: dict[str, object]
    move: Move


@dataclass(frozen=True)
class Pair:
    """Shapes, their neighbours, and how one fits the other."""

    shapes: Shapes
    others: Shapes
    inside: bool

    def misfits(self) -> int:
        """How many shapes stand within no neighbour; of lines: are crossed by one, or have none near."""
        tree = shapely.STRtree(self.others)
        if self.inside:
            return len(self.shapes) - len(np.unique(tree.query(self.shapes, predicate="within")[0]))
        crossed = tree.query(self.shapes, predicate="intersects")[0]
        beside = tree.query(self.shapes, predicate="dwithin", distance=BESIDE)[0]
        return len(self.shapes) - len(np.setdiff1d(beside, crossed))


def misfits(sheets: Sequence[Sheet], target: Target) -> list[Finding]:
    """Return advice on files that fit their neighbours far better once moved as a web map or UTM would have it."""
    found: list[tuple[int, Finding]] = []
    for (one, other), inside in [*product(WITHIN, (True,)), *product(CLEAR, (False,))]:
        for sheet, neighbour in product(_of(sheets, one), _of(sheets, other)):
            found += _suspicions(near(sheet, neighbour, inside=inside), sheet, neighbour, target)
    return _fewest(found)


def _fewest(found: list[tuple[int, Finding]]) -> list[Finding]:
    """The suspicions that explain all: the one that mends most over all neighbours first, then what it leaves open."""
    told: list[Finding] = []
    while found:
        mended: Counter[tuple[object, object]] = Counter()
        for count, finding in found:
            mended[_reading(finding)] += count
        most = max(mended, key=lambda reading: mended[reading])
        told.append(max((each for each in found if _reading(each[1]) == most), key=lambda each: each[0])[1])
        found = [each for each in found if most[0] not in (each[1].values["name"], each[1].values["other"])]
    return told


def _reading(finding: Finding) -> tuple[object, object]:
    return finding.values["name"], finding.values.get("datum", finding.values.get("likely"))


def _of(sheets: Sequence[Sheet], table: str) -> list[Sheet]:
    return [sheet for sheet in sheets if sheet.table == table]


def near(sheet: Sheet, neighbour: Sheet, *, inside: bool) -> Pair:
    """Return the shapes nearest to a file's middle, with the neighbours around them."""
    shapes = sheet.shapes.to_numpy()
    shapes = shapes[~(shapely.is_missing(shapes) | shapely.is_empty(shapes))]
    points = shapely.get_coordinates(shapely.centroid(shapes))
    if len(shapes) > MOST:
        far = np.hypot(*(points - np.median(points, axis=0)).T)
        shapes = shapes[np.argsort(far, kind="stable")[:MOST]]
    others = neighbour.shapes.to_numpy()
    window = shapely.box(*shapely.total_bounds(shapes)).buffer(AROUND) if len(shapes) else shapely.Point()
    return Pair(shapes, others[shapely.intersects(others, window)], inside)


def _suspicions(pair: Pair, sheet: Sheet, neighbour: Sheet, target: Target) -> Iterator[tuple[int, Finding]]:
    """Suspicions on either file of a pair, each with how many shapes it would mend."""
    if len(pair.shapes) < FEWEST_MENDED or not 0 < len(pair.others) <= CROWD:
        return
    before = pair.misfits()
    if before < FEWEST_MENDED:
        return
    middle = shapely.get_coordinates(shapely.centroid(pair.shapes)).mean(axis=0)
    for suspect, beside, first in ((sheet, neighbour, True), (neighbour, sheet, False)):
        for told in _readings(suspect.position, (float(middle[0]), float(middle[1])), target):
            after = _moved(pair, told.move, first=first).misfits()
            if before - after < FEWEST_MENDED or after > LEFT * before:
                continue
            step = (told.move(middle[None]) - middle)[0]
            turned = [(-step[0], -step[1]), (-step[1], step[0]), (step[1], -step[0])]
            controls = [_moved(pair, partial(np.add, by), first=first).misfits() for by in turned]
            if after > AGAINST_CONTROLS * min(controls):
                continue
            total = len(pair.shapes)
            values = {
                "name": suspect.position.name, "other": beside.position.name,
                "before": round(100 * (1 - before / total)), "after": round(100 * (1 - after / total)),
                "metres": round(float(np.hypot(*step))), **told.values,
            }  # fmt: skip
            yield before - after, Finding("advice", told.text, suspect.table, len(suspect.shapes), values)


def _moved(pair: Pair, move: Move, *, first: bool) -> Pair:
    if first:
        return Pair(shapely.transform(pair.shapes, move), pair.others, pair.inside)
    return Pair(pair.shapes, shapely.transform(pair.others, move), pair.inside)


def _readings(position: Position, middle: tuple[float, float], target: Target) -> Iterator[Told]:
    """Other readings of a file that would move it by hundreds of metres, as moves in the study's CRS."""
    if position.datum:
        return
    place = lonlat(middle, target.crs)
    if not within((*place, *place), CHINA):
        return
    crs = CRS.from_wkt(position.crs)
    for datum in DATUMS:
        written = "" if within(position.bounds, DEGREES) or not position.named else f" in {shown(crs)}"
        yield Told("intake.datum_suspected", {"datum": datum, "crs": f"{datum}{written}"}, _taken_out(datum, target))
    zone = zone_of(crs)
    if zone is None or zone.prefixed:
        return
    likely = three_degree(zone.meridian) if zone.scale == UTM_SCALE else utm(zone.meridian)
    other = zone_of(parsed(likely, name="crs")) if likely else None
    if other is not None and other.meridian == zone.meridian:
        yield Told("intake.utm_suspected", {"likely": likely, "crs": shown(crs)}, _renamed(crs, likely, target))


def _taken_out(datum: Datum, target: Target) -> Move:
    wanted = parsed(target.crs, name="crs")
    there, back = transformer(wanted, WGS_84), transformer(WGS_84, wanted)

    def move(points: Points) -> Points:
        degrees = np.column_stack(there.transform(points[:, 0], points[:, 1]))
        true = unshifted(degrees, datum)
        return np.column_stack(back.transform(true[:, 0], true[:, 1]))

    return move


def _renamed(crs: CRS, likely: str, target: Target) -> Move:
    wanted = parsed(target.crs, name="crs")
    there, back = transformer(wanted, crs), transformer(parsed(likely, name="crs"), wanted)

    def move(points: Points) -> Points:
        numbers = there.transform(points[:, 0], points[:, 1])
        return np.column_stack(back.transform(*numbers))

    return move
