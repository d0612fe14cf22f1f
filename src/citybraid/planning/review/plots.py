"""Plots as controls describe them: floor ratio, footprint, green, height and runoff, as shares of the plot."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.factor import FactorBook
from citybraid.core.tables import cached_with_tables
from citybraid.integrate.measures.form.parcel_edit import STATUS
from citybraid.integrate.measures.form.plot import uses_of
from citybraid.planning.regions import holds_in
from citybraid.planning.review.standards import COMPARISONS, standards
from citybraid.planning.rows import Control, controls
from citybraid.planning.zones import MissingQuantity, Zones

OPEN = float("nan")
PLANNED = "planned"
"""Status of new plots."""
CHECKED = "both"
"""Proof of clauses that a value which does not meet them breaks."""


class Clause(NamedTuple):
    """A clause of a standard on a part of a plot's form, in the unit of a plot, and the standard's row."""

    form: str
    comparison: str
    value: float
    standard: str = ""

    def met(self, value: float) -> bool:
        """Return whether a value keeps the clause; one that is not stated does."""
        return bool(np.isnan(value) or COMPARISONS[self.comparison](np.round(np.array([value]), 9), self.value).all())


class Plot(NamedTuple):
    """What a plan states for one plot; NaN where it states nothing.

    Ratios and shares are of the plot, `roof`, `permeable` and `sunken` of roofs, paving and green; heights and the
    `storey` of the plot's main use in metres; `storage` in m3 per hectare. `lower_` and `upper_` are the other ends of
    spans. `clauses` is a tuple of each Clause that holds for the plot; of any type, as values are replaced by name.
    """

    floor_ratio: float = OPEN
    lower_floor_ratio: float = OPEN
    footprint: float = OPEN
    lower_footprint: float = OPEN
    green: float = OPEN
    upper_green: float = OPEN
    height: float = OPEN
    lower_height: float = OPEN
    rate: float = OPEN
    roof: float = OPEN
    permeable: float = OPEN
    sunken: float = OPEN
    storage: float = OPEN
    storey: float = OPEN
    clauses: Any = ()

    @property
    def built(self) -> float:
        """The floor area ratio to be reached: the upper end, else the lower one."""
        return self.floor_ratio if np.isfinite(self.floor_ratio) else self.lower_floor_ratio

    @property
    def floors(self) -> float:
        """Whole storeys below the height limit."""
        return float(np.floor(self.height / self.storey + 1e-9))


@cached_with_tables
def controls_of_form() -> Mapping[str, Control]:
    """Return the controls that have a part in the form of plots, by that part."""
    return {each.form: each for each in controls().values() if each.form}


def control_of(form: str) -> Control:
    """Return the control that has a part in the form of plots."""
    return controls_of_form()[form]


def scale_of(form: str) -> float:
    """Return what a plot's value is multiplied by to reach the unit of its control."""
    return 100.0 if control_of(form).unit == "%" else 1.0


def plots(zones: Zones, book: FactorBook, *, region: str, year: int) -> Mapping[str, Plot]:
    """Return the plots of parcels, by id. The main use of the land-use code gives the height of a storey."""
    columns: dict[str, pd.Series] = {}
    for form, control in controls_of_form().items():
        columns[form] = _column(zones, control.stated)
        if control.opposite:
            side = "lower" if control.rule == "at_most" else "upper"
            columns[f"{side}_{form}"] = _column(zones, control.opposite)
    columns["storey"] = _storeys(zones, book, region=region, year=year)
    frame = pd.DataFrame({name: columns[name] for name in Plot._fields if name in columns}, index=zones.shapes.index)
    codes, states = (_texts(zones, name) for name in ("land_use", STATUS))
    held = [clauses_of(code, state, region=region, year=year) for code, state in zip(codes, states, strict=True)]
    rows = zip(frame.index, frame.itertuples(index=False), held, strict=True)
    return {str(name): Plot(*row)._replace(clauses=clauses) for name, row, clauses in rows}


def clauses_of(code: str, status: str, *, region: str, year: int) -> tuple[Clause, ...]:
    """Return the clauses that the form of a plot of a land use and status, 'planned' or not, is to keep."""
    return tuple(
        Clause(controls()[row.subject].form, row.comparison, row.value / scale_of(controls()[row.subject].form), row.id)
        for row in standards().values()
        if row.kind == "control" and row.proof == CHECKED and row.value is not None and controls()[row.subject].form
        and (not row.uses or code.startswith(tuple(row.uses.split()))) and row.where in ("", f"{STATUS} {status}")
        and holds_in(row.region, region) and (row.year_from or year) <= year <= (row.year_to or year)
    )  # fmt: skip


def _texts(zones: Zones, name: str) -> list[str]:
    try:
        return [str(each) for each in zones.column(name, "").reindex(zones.shapes.index).fillna("")]
    except MissingQuantity:
        return [""] * len(zones.shapes.index)


def _column(zones: Zones, name: str) -> pd.Series:
    try:
        column = zones.column(name, "")
    except MissingQuantity:
        return pd.Series(OPEN, index=zones.shapes.index)
    return column.reindex(zones.shapes.index).astype(np.float64)


def _storeys(zones: Zones, book: FactorBook, *, region: str, year: int) -> pd.Series:
    try:
        heights = book.resolve("storey_height", region=region, year=year)
        shares = book.resolve("parcel_use", region=region, year=year)
        codes = zones.column("land_use", "").reindex(zones.shapes.index)
    except (InputError, MissingQuantity):
        return pd.Series(OPEN, index=zones.shapes.index)
    known = {code: uses_of(code, shares) for code in codes.dropna().unique()}
    main = {code: max(sorted(uses), key=lambda use: uses[use]) for code, uses in known.items() if uses}
    return codes.map(lambda code: heights.get(main.get(code, ""), OPEN)).astype(np.float64)
