"""Cell size of a drafted study, from the extent of its files and the pixels of its rasters."""

import math
from collections.abc import Iterable, Sequence

from citybraid.core.text import LANGUAGES, say
from citybraid.sources.intake.guess import Guess
from citybraid.sources.placement.crs import parse_crs
from citybraid.sources.placement.zones import areal_scale, lonlat, swap_axes
from citybraid.sources.protocol.discovery import kind_of, plan_area_tables
from citybraid.sources.protocol.target import is_metric

STEPS = (1, 2, 5, 10, 20, 50, 100)
"""Cell sizes to choose from [m]."""
USUAL = 10
"""Where no file tells its place [m]."""
OF_SHAPES = 5.0
"""Cell size that outlines of buildings, parcels and ground are worth, whatever the rasters [m]."""
MOST = 400_000
"""Cells that a laptop of two cores runs in an afternoon with a few alternatives; the demo has 160 000."""
SCREENING = 4
"""Side of a screening cell in cells."""
DEGREE = 111_195.0
"""Length of a degree of latitude on a sphere of 6 371 km [m]."""


def resolution_lines(guesses: Sequence[Guess], crs: str) -> list[str]:
    """Return `resolution` and `screening_resolution` of a study file with their reason."""
    area = _plan_area(guesses, crs)
    size = USUAL if area is None else _cell_size(area, _worth(guesses, crs))
    lines = [f"resolution = {size}", f"screening_resolution = {SCREENING * size}"]
    if area is None:
        return lines
    values = {"area": f"{area / 1e6:.3g}", "cells": f"{area / size**2:,.0f}", "size": size, "most": f"{MOST:,}"}
    return [*(f"# {say('draft.resolution', language, **values)}" for language in LANGUAGES), *lines]


def _cell_size(area: float, worth: float) -> int:
    """Return the finest step that the data are worth and that keeps the grid within MOST cells [m]."""
    return next((step for step in STEPS if step >= worth and area / step**2 <= MOST), STEPS[-1])


def _plan_area(guesses: Sequence[Guess], crs: str) -> float | None:
    """Return the extent of the files that define the plan area, else of the smallest raster [m2]; None if unknown."""
    for table in plan_area_tables():
        areas = _areas((guess for guess in guesses if guess.role == table), crs)
        if areas:
            return max(areas)
    rasters = dict.fromkeys(guess.role for guess in guesses if _is_raster(guess))
    wholes = [sum(_areas((guess for guess in guesses if guess.role == role), crs)) for role in rasters]
    return min((whole for whole in wholes if whole), default=None)


def _worth(guesses: Sequence[Guess], crs: str) -> float:
    """Return the cell size that the data are worth: of the finest raster, at most what outlines are worth [m]."""
    pixels = [
        math.sqrt(area / math.prod(guess.shape))
        for guess in guesses
        if _is_raster(guess) and guess.shape and (area := _area(guess, crs)) is not None
    ]
    outlines = any(guess.role and kind_of(guess.role) == "shapes" for guess in guesses)
    # A pixel of 0.9998 m is one of 1 m.
    return 0.99 * min([*pixels, OF_SHAPES if outlines else float(USUAL)])


def _is_raster(guess: Guess) -> bool:
    return bool(guess.role) and kind_of(guess.role) == "raster"


def _areas(guesses: Iterable[Guess], crs: str) -> list[float]:
    return [area for guess in guesses if (area := _area(guess, crs)) is not None]


def _area(guess: Guess, crs: str) -> float | None:
    """Return the area of a file's bounds [m2], None where it lies nowhere or has no extent."""
    code = guess.crs or str(guess.options.get("crs", "")) or crs
    if guess.bounds is None or not code:
        return None
    turned = guess.options.get("axes") == "yx"
    west, south, east, north = swap_axes(guess.bounds) if turned else guess.bounds
    system = parse_crs(code, name=code)
    if is_metric(system):
        middle = lonlat(((west + east) / 2.0, (south + north) / 2.0), code)
        if not all(map(math.isfinite, middle)):
            return None
        area = (east - west) * (north - south) / areal_scale(system, middle)
        return area if math.isfinite(area) and area > 0.0 else None
    (left, low), (right, high) = (lonlat(corner, code) for corner in ((west, south), (east, north)))
    width = (right - left) * math.cos(math.radians((low + high) / 2.0)) * DEGREE
    area = width * (high - low) * DEGREE
    return area if math.isfinite(area) and area > 0.0 else None
