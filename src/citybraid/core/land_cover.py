"""Land covers that are water: codes marked so in the table of land covers, for every model, map and rule alike."""

import csv
from functools import cache
from importlib.resources import files

OPEN = "open"


@cache
def water_covers() -> tuple[int, ...]:
    """Return the codes of covers that water stands on all year, open or overgrown: no flood is told there."""
    return tuple(code for code, water in _waters() if water)


@cache
def open_water() -> tuple[int, ...]:
    """Return the codes of covers that are open water."""
    return tuple(code for code, water in _waters() if water == OPEN)


def _waters() -> tuple[tuple[int, str], ...]:
    text = files("citybraid").joinpath("codes", "land_cover.csv").read_text(encoding="utf-8")
    return tuple((int(row["code"]), row["water"]) for row in csv.DictReader(text.splitlines()))
