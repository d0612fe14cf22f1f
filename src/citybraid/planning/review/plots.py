"""Plots as controls describe them: floor ratio, footprint, green, height and runoff, as shares of the plot."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.factor import FactorBook
from citybraid.core.tables import cached_with_tables
from citybraid.integrate.measures.form.plot import uses_of
from citybraid.planning.rows import Control, controls
from citybraid.planning.zones import MissingQuantity, Zones

OPEN = float("nan")


class Plot(NamedTuple):
    """What a plan states for one plot; NaN where it states nothing.

    Ratios and shares are of the plot, `roof`, `permeable` and `sunken` of roofs, paving and green; heights and the
    `storey` of the plot's main use in metres; `storage` in m3 per hectare. `lower_` and `upper_` are the other ends of
    spans.
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
    frame = pd.DataFrame({name: columns[name] for name in Plot._fields}, index=zones.shapes.index)
    return {str(name): Plot(*row) for name, row in zip(frame.index, frame.itertuples(index=False), strict=True)}


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
