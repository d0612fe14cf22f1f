"""Where files of a folder lie, from each other: latitude before longitude, and the CRS of files that carry none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from citybraid.core.errors import PlanError
from citybraid.sources.intake.guess import Guess
from citybraid.sources.placement.coordinate_ranges import northing_first
from citybraid.sources.placement.crs import older_datums, parse_crs
from citybraid.sources.placement.zones import (
    ZONE_UNIT,
    Point,
    candidates,
    great_circle_distance,
    lonlat,
    prefixed_zone,
    within,
    zone_of,
)
from citybraid.sources.protocol.target import is_metric

DEGREES_OF_PLACES = (-180.0, -180.0, 180.0, 180.0)
"""Coordinates that may be degrees in either order."""
FARTHEST_LATITUDE = 90.0
FEWEST = 2
"""Files that must agree on another place before one is turned to them."""
CLOSE, FAR = 25.0, 300.0
"""Distance within which files belong together, and beyond which one lies elsewhere [km]."""
GEOGRAPHIC = "EPSG:4490"
SWAPPED = frozenset({"intake.axes_swapped_degrees", "intake.axes_swapped_metres", "intake.degrees_in_metres_swapped"})
"""Refusals that say that a file's coordinates stand in the other order."""
NO_CRS = "intake.crs_missing"
ELSEWHERE = frozenset({"intake.raster_elsewhere", "intake.raster_elsewhere_likely"})
"""Refusals that say that a raster and the plan lie apart."""
EDGES = ("west", "south", "east", "north")


def placed(guesses: Sequence[Guess]) -> list[Guess]:
    """Return the guesses with axes and CRS written where the other files, or impossible degrees, tell them.

    Coordinates of which y exceeds 90 degrees are latitude before longitude for certain; where both orders are
    possible, that is taken which lies within 25 km of most files while the other one lies 300 km off. A file in
    metres without a CRS has the one in which it lies within 25 km of the others, if they place it so in one only.
    """
    sure = _zoned([_certain(guess) for guess in guesses])
    anchors = [guess.place for guess in sure if guess.role and guess.place is not None]
    if not anchors:
        return sure
    stated = tuple(dict.fromkeys(guess.crs for guess in sure if guess.role and guess.crs and _metric(guess.crs)))
    return [_turned(_located(guess, _middle(anchors), stated), anchors) for guess in sure]


def mended(guess: Guess, fault: PlanError) -> Guess | None:
    """Return the guess of a refused file with what its refusal says for certain; None where nothing is."""
    if fault.text in SWAPPED and "axes" not in guess.options:
        return _with(guess, "axes", "yx", "draft.axes_swapped", {})
    west, south, east, north = (float(str(fault.values.get(each, "nan"))) for each in EDGES)
    if fault.text == NO_CRS and "crs" not in guess.options and within((west, south, east, north), DEGREES_OF_PLACES):
        return _with(guess, "crs", GEOGRAPHIC, "draft.crs_degrees", {})
    return None


def lost(guesses: Iterable[Guess]) -> list[Guess]:
    """Return the guesses of files that carry no CRS and that no other file has told one."""
    return [guess for guess in guesses if guess.role and "crs" in guess.asks]


def doubted(guesses: Sequence[Guess], refused: Iterable[PlanError]) -> list[Guess]:
    """Return the guesses with a doubt on files without CRS, where one that states its own lies apart from them.

    The one that states its own is right: the others are in local coordinates, in another unit or of another zone.
    """
    stated = {guess.path.name for guess in guesses if guess.role and guess.crs}
    apart = sorted(name for fault in refused if fault.text in ELSEWHERE
                   and (name := str(fault.values.get("name"))) in stated)  # fmt: skip
    doubtful = [guess.path for guess in lost(guesses)] if apart else []
    return [
        replace(guess, notes={**guess.notes, "draft.crs_doubted": {"name": guess.path.name, "others": apart}})
        if guess.path in doubtful and guess.role else guess
        for guess in guesses
    ]  # fmt: skip


def _certain(guess: Guess) -> Guess:
    """Return a guess with what its own coordinates tell: the order of degrees, and that they are degrees."""
    middle = guess.middle
    if not guess.role or middle is None or guess.options.get("layers"):
        return guess
    lacks = "crs" in guess.asks
    if northing_first(*middle) and (lacks or (guess.crs and zone_of(parse_crs(guess.crs, name=guess.crs)) is not None)):
        return _exchanged(guess, middle)
    degrees = within((*middle, *middle), DEGREES_OF_PLACES) and max(abs(each) for each in middle) > 1.0
    if not degrees or (guess.crs and _metric(guess.crs)):
        return guess
    swapped = abs(middle[1]) > FARTHEST_LATITUDE
    place = (middle[1], middle[0]) if swapped else middle
    if lacks:
        guess = _with(guess, "crs", GEOGRAPHIC, "draft.crs_degrees", {})
    elif not guess.crs:
        return guess
    if swapped:
        guess = _with(guess, "axes", "yx", "draft.axes_certain", {"latitude": f"{middle[1]:.4g}"})
    return replace(guess, place=place)


def _zoned(guesses: Sequence[Guess]) -> list[Guess]:
    """Return guesses of files in several zones, each with the zone that the number before its eastings states.

    One question about the zone of all could not be answered then. The datum is not in the number: CGCS2000 is written,
    and told.
    """
    zones = [_prefixed(guess) for guess in guesses]
    if len({zone for zone in zones if zone}) < FEWEST:
        return list(guesses)
    return [
        replace(_with(guess, "crs", zone, "draft.crs_prefixed", {"crs": zone}), place=lonlat(guess.middle, zone))
        if zone and guess.middle is not None else guess
        for guess, zone in zip(guesses, zones, strict=True)
    ]  # fmt: skip


def _prefixed(guess: Guess) -> str:
    """Return the zone that the number before the eastings of a file without CRS states; '' where it states none."""
    if not guess.role or guess.middle is None or "crs" not in guess.asks or guess.middle[0] < ZONE_UNIT:
        return ""
    return prefixed_zone(int(guess.middle[0] // ZONE_UNIT))


def _exchanged(guess: Guess, middle: Point) -> Guess:
    """Return a guess of a file that states northing before easting, with its axes exchanged."""
    turned = (middle[1], middle[0])
    values = {"first": f"{middle[0]:.0f}", "second": f"{middle[1]:.0f}"}
    place = lonlat(turned, guess.crs) if guess.crs else None
    return replace(_with(guess, "axes", "yx", "draft.axes_metres", values), middle=turned, place=place)


def _turned(guess: Guess, anchors: Sequence[Point]) -> Guess:
    """Return a guess with its axes exchanged where most files lie with it only then; two alone cannot tell which."""
    if not guess.role or guess.place is None or guess.middle is None or not guess.crs or "axes" in guess.options:
        return guess
    turned = lonlat((guess.middle[1], guess.middle[0]), guess.crs)
    far = [each for each in anchors if great_circle_distance(guess.place, each) >= FAR]
    with_it = [each for each in far if great_circle_distance(turned, each) <= CLOSE]
    if len(with_it) < FEWEST or 2 * len(with_it) <= len(anchors):
        return guess
    apart = great_circle_distance(guess.place, _middle(with_it))
    return replace(_with(guess, "axes", "yx", "draft.axes_likely", {"distance": f"{apart:.0f}"}), place=turned)


def _located(guess: Guess, middle: Point, stated: Sequence[str]) -> Guess:
    """Return a guess of a file without CRS with the one in which it lies with the others, where there is one only."""
    if not guess.role or guess.middle is None or "crs" not in guess.asks:
        return guess
    zones = (each.split(" ")[0] for each in candidates((*guess.middle, *guess.middle), middle))
    near = {
        code: great_circle_distance(lonlat(guess.middle, code), middle) for code in dict.fromkeys((*stated, *zones))
    }
    fits = [code for code, distance in near.items() if distance <= CLOSE]
    fits = [code for code in fits if code in stated] or fits
    if len(fits) != 1:
        return guess
    placed = _with(guess, "crs", fits[0], "draft.crs_located", {"crs": fits[0]})
    if older := older_datums(fits[0]):
        placed = replace(placed, notes={**placed.notes, "draft.crs_datum": {"name": guess.path.name, **older}})
    return replace(placed, place=lonlat(guess.middle, fits[0]))


def _with(guess: Guess, option: str, value: str, text: str, values: Mapping[str, Any]) -> Guess:
    """Return a guess with an option of the study file, the reason for it, and no question about it."""
    asks = {name: choices for name, choices in guess.asks.items() if name != option}
    return replace(guess, asks=asks, options={**guess.options, option: value},
                   notes={**guess.notes, text: {"name": guess.path.name, **values}})  # fmt: skip


def _middle(points: Iterable[Point]) -> Point:
    """Return the median place, which a file that lies elsewhere does not move."""
    east, north = np.median(np.array(list(points)), axis=0)
    return float(east), float(north)


def _metric(code: str) -> bool:
    return is_metric(parse_crs(code, name=code))
