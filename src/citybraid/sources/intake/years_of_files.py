"""Files of one role and one name but for the year: the latest is used, the others stand aside, and all are told."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from shapely.geometry import box

from citybraid.sources.protocol.discovery import kind_of, role_of
from citybraid.sources.protocol.target import Bounds
from citybraid.sources.series.yearless import YEAR

SIGNS = re.compile(r"[\s_\-.()（）年版]+")
"""What joins a year to the name of a file."""
SAME_PLACE = 0.5
"""Share of the smaller extent from which files lie at one place: parts of a city beside each other do not."""


class Guessed(Protocol):
    """What is read of a guess."""

    @property
    def path(self) -> Path:
        """The file."""

    @property
    def role(self) -> str:
        """Its role."""

    @property
    def layer(self) -> str:
        """Its layer, of a file with several."""

    @property
    def crs(self) -> str:
        """Its coordinate system, where it states one."""

    @property
    def bounds(self) -> Bounds | None:
        """Its extent."""


def superseded(guesses: Sequence[Guessed]) -> Mapping[int, int]:
    """Return by the place of each guess of an older year the place of the one that is used instead.

    Rain, storms and sheets by year belong together; of shapes, rasters and roles of one file a later year replaces an
    earlier one. A file whose name states no year is taken to be the current one.
    """
    groups: dict[tuple[str, str, str], list[int]] = {}
    for place, guess in enumerate(guesses):
        if _one_state(guess.role):
            groups.setdefault((guess.role, guess.layer, _without_year(guess.path)), []).append(place)
    older: dict[int, int] = {}
    for places in groups.values():
        latest = max(places, key=lambda place: _order(guesses[place].path))
        for place in places:
            one, other = guesses[place], guesses[latest]
            if _order(one.path) != _order(other.path) and _at_one_place(one, other):
                older[place] = latest
    return older


def year_of(path: Path) -> str:
    """Return the year that a file's name states last, '-' where none."""
    return next(reversed(_years(path)), "-")


def _one_state(role: str) -> bool:
    stated = role_of(role)
    return stated is not None and (kind_of(role) in ("shapes", "raster") or stated.single)


def _years(path: Path) -> tuple[str, ...]:
    return tuple(hit[0] for hit in YEAR.finditer(path.stem))


def _order(path: Path) -> tuple[bool, tuple[str, ...]]:
    return not _years(path), _years(path)


def _without_year(path: Path) -> str:
    return SIGNS.sub("", YEAR.sub("", path.stem)).casefold()


def _at_one_place(one: Guessed, other: Guessed) -> bool:
    """Tell whether extents are about the same; those that are not known or in other systems may be."""
    if one.bounds is None or other.bounds is None or one.crs != other.crs:
        return True
    first, second = box(*one.bounds), box(*other.bounds)
    smaller = min(first.area, second.area)
    return first.intersects(second) if smaller == 0.0 else first.intersection(second).area > SAME_PLACE * smaller
