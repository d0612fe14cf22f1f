"""The two sides of a contradiction: what states a value and what gives another, each with its files and amount."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from citybraid.report.chapter import Quantity, Text, TextList, words
from citybraid.report.drawing.units import COUNTS
from citybraid.report.intake.contents import IntakeReport
from citybraid.report.view import named
from citybraid.sources.protocol.problem import Contradiction

KIND = "intake.contradiction_"
DIGITS = 4
"""Significant digits of an amount."""
STATED: Mapping[str, tuple[str, ...]] = {
    "far_over": ("floor_area_ratio",), "far_under": ("floor_area_ratio",), "density": ("building_density",),
    "built_empty": ("parcel_status",), "planned_built": ("parcel_status",), "use": ("land_use",),
    "height": ("height_limit",), "shares": ("green_ratio",), "far_storeys": ("floor_area_ratio",),
    "plot_area": ("parcels",), "storeys": ("height",), "floor_area": ("floor_area",), "year": ("year_built",),
    "area_units": ("study_area",), "area_parcels": ("study_area",), "population": ("population",),
    "population_total": ("population",), "grid": ("population",), "grid_total": ("population",),
}  # fmt: skip
"""Quantities by kind of contradiction whose files state the value."""
OTHER: Mapping[str, tuple[str, ...]] = {
    "far_over": ("buildings", "floors"), "far_under": ("buildings", "floors"), "density": ("buildings",),
    "built_empty": ("buildings",), "planned_built": ("buildings",), "use": ("building_use",), "height": ("height",),
    "shares": ("building_density",), "far_storeys": ("building_density",), "plot_area": ("parcels",),
    "storeys": ("floors", "building_use"), "floor_area": ("buildings", "floors"), "area_units": ("units",),
    "area_parcels": ("parcels",), "population": ("buildings", "floors"), "population_total": ("buildings", "floors"),
    "grid": ("population_grid",), "grid_total": ("population_grid",),
}  # fmt: skip
"""Quantities by kind from which the other value follows."""
AS_THEY_ARE = frozenset({"1", "m"})
"""Units that readers are shown too, so that no digits are added."""
NO_AMOUNT = frozenset({"built_empty", "planned_built", "use", "shares", "far_storeys"})
"""Kinds whose first side states no amount to compare: a status, a use, or a limit that no file states."""


class Side(NamedTuple):
    """One side: what it is, its amount with unit (None where it states none), and names of the files."""

    name: Text
    amount: Text | None
    files: tuple[str, ...]


def sides(report: IntakeReport, contradiction: Contradiction) -> tuple[Side, Side] | None:
    """Return what states a value and what gives another; None where the kind names no quantities, as sums of sheets."""
    kind = contradiction.text.removeprefix(KIND)
    if kind not in STATED:
        return None
    stated, other = STATED[kind], OTHER.get(kind, ())
    first = Side(
        named("var", stated[0]),
        None if kind in NO_AMOUNT else _amount(contradiction.stated, contradiction.unit),
        _files(report, stated),
    )
    of = TextList(tuple(named("var", each) for each in other), ", ")
    return first, Side(
        words("intake_side.by", of=of) if other else words("intake_side.study"),
        _amount(contradiction.computed, contradiction.unit),
        _files(report, other),
    )


def _amount(value: float, unit: str) -> Quantity:
    """Return an amount as it is told: years as they are, counts whole, others to a few digits."""
    if unit == "year":
        return Quantity(value, "", 0)
    if unit in COUNTS:
        return Quantity(round(value), unit)
    short = f"{value:.{DIGITS}g}"
    return Quantity(float(short), unit, len(short.partition(".")[2]) if unit in AS_THEY_ARE else None)


def _files(report: IntakeReport, quantities: Iterable[str]) -> tuple[str, ...]:
    entries = dict.fromkeys(entry for name in quantities for entry in report.origin.get(name, ()))
    return tuple(dict.fromkeys(file for entry in entries for file in report.files.get(entry, ())))
