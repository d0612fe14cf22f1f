"""Blocks of a plan: parcels by the first part of their plot numbers, else by planning unit."""

import re
from collections.abc import Mapping, Sequence

import shapely

from citybraid.report.view import View

SEPARATORS = "-－–"
NUMBERED = 0.9
"""Share of parcels whose numbers must name a block."""
WHOLE = ""


def number_order(number: str) -> tuple[tuple[bool, int, str], ...]:
    """Return what plot numbers and blocks are sorted by: their figures as numbers, so that A-2 comes before A-10."""
    parts = re.split(r"([0-9]+)", number)
    return tuple((part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def blocks(view: View, alternative: str) -> Mapping[str, Sequence[str]]:
    """Return the parcels of each block, blocks and parcels in the order of their numbers.

    A block is what stands before the last dash of plot numbers (HC31 of HC31-35) where most numbers have one and blocks
    hold several parcels; else the planning unit that holds the parcel; else all parcels are one block, WHOLE.
    """
    shapes = view.shapes(alternative, "parcels")
    if shapes is None:
        return {}
    names = [str(name) for name in shapes.index]
    homes = _by_number({name: view.parcel_name(name) for name in names}) or _by_unit(view, alternative, names)
    groups: dict[str, list[str]] = {}
    for name in sorted(names, key=lambda each: number_order(view.parcel_name(each))):
        groups.setdefault(homes.get(name, WHOLE), []).append(name)
    return dict(sorted(groups.items(), key=lambda block: number_order(block[0])))


def _by_number(numbers: Mapping[str, str]) -> Mapping[str, str]:
    """Return the block that each plot number names, nothing where numbers name none."""
    homes = {}
    for parcel, number in numbers.items():
        at = max(number.rfind(sign) for sign in SEPARATORS)
        if at > 0:
            homes[parcel] = number[:at]
    enough = len(homes) >= NUMBERED * len(numbers) and 2 * len(set(homes.values())) <= len(homes)
    return homes if enough else {}


def _by_unit(view: View, alternative: str, names: Sequence[str]) -> Mapping[str, str]:
    units, parcels = view.shapes(alternative, "units"), view.shapes(alternative, "parcels")
    if units is None or units.empty or parcels is None:
        return {}
    titles = view.column(alternative, "unit_name")
    points = shapely.point_on_surface(parcels.to_numpy())
    which, unit = shapely.STRtree(units.to_numpy()).query(points, predicate="within")
    names_of = [str(name) if titles is None else str(titles.get(name, name)) for name in units.index]
    return {names[at]: names_of[home] for at, home in zip(which.tolist(), unit.tolist(), strict=True)}
