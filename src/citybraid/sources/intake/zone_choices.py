"""Zones in which files that state no coordinate system may lie: each with the place it would put them, to pick from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from citybraid.sources.intake.guess import Guess
from citybraid.sources.placement.climate_zones import climate_zone_at
from citybraid.sources.placement.regions import region_at
from citybraid.sources.placement.zones import Point, candidates, lonlat

CRS = "crs"


@dataclass(frozen=True)
class ZoneChoice:
    """A zone as EPSG code, its central meridian as text, the place [degree], its region, and a city near it [km]."""

    crs: str
    meridian: str
    place: Point
    region: str
    city: str
    distance: float


@dataclass(frozen=True)
class ZoneQuestion:
    """The files without a coordinate system, the middle of them in their own coordinates, and the possible zones."""

    files: tuple[str, ...]
    middle: Point
    choices: tuple[ZoneChoice, ...]


def zone_question(guesses: Sequence[Guess], crs: str) -> ZoneQuestion | None:
    """Return what to ask about the zone of a folder's files; None where a CRS is known, or no file has coordinates.

    Coordinates with six digits before the point fit every central meridian of the national zones. Where each would
    put the files tells a planner at a glance which is meant. Without choices the coordinates fit no such zone: they
    are of a city's own grid, or of another country.
    """
    lost = [guess for guess in guesses if guess.role and guess.middle is not None and CRS in guess.asks]
    if crs or not lost:
        return None
    east, north = np.median(np.array([guess.middle for guess in lost]), axis=0)
    middle = (float(east), float(north))
    labels = (label.partition(" ") for label in candidates((*middle, *middle)))
    choices = [_choice(code, mark.strip("()"), middle) for code, _, mark in labels]
    return ZoneQuestion(tuple(dict.fromkeys(_names(lost))), middle, tuple(choices))


def _names(guesses: Iterable[Guess]) -> Iterable[str]:
    return (guess.path.name for guess in guesses)


def _choice(code: str, meridian: str, middle: Point) -> ZoneChoice:
    place = lonlat(middle, code)
    region, city = region_at(place), climate_zone_at(place)
    return ZoneChoice(
        code, meridian, place, "" if region is None else region.region, "" if city is None else city.city,
        np.nan if city is None else city.distance,
    )  # fmt: skip
