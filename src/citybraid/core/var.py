"""Declarations in model signatures: Var, Table, Over and Fact, and the Python types of their values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import geopandas as gpd
import pandas as pd
import xarray as xr

from citybraid.core.account import Account, Gas, with_gas
from citybraid.core.rows.quantities import ceiling

Raster = xr.DataArray
"""A grid's values, dims (y, x), north up; NaN (0 for integer Vars) where there is no value."""
Field = xr.DataArray
"""Values by time and place, dims (time, y, x): hours from the start, left-labelled, and cell centres in the grid's CRS;
its cells may be coarser than the grid's."""
Column = pd.Series
"""A table's column, indexed by the table's stable ids (text)."""
Series = pd.Series
"""A time series, indexed by hours from its start, left-labelled; the step is constant."""
Geometry = gpd.GeoSeries
"""A table's geometry, indexed by the table's stable ids (text)."""
Number = float
"""A single number."""
Document = str
"""The unchanged text of a file that an engine (kind `document`) or the model itself (kind `listing`) parses."""
View = gpd.GeoDataFrame
"""A model's view of a table: index of ids, geometry, and only the columns the model names."""
Factors = Mapping[str, float]
"""A factor's resolved rows: key to value; a factor without keys has the one key ''."""
Tick = Callable[[float], None]
"""Progress callback of long computations, at least every 0.5 s, with a share 0 to 1; raises Cancelled on request."""


class Threads(int):
    """How many threads a model may run its kernels on; its values are the same bits on any count of them."""


class RunFacts(dict[str, float]):
    """Facts about a run that a model reports beside its results, by name: steps taken, iterations.

    They tell how the result was computed and belong to its provenance; nothing is computed from them.
    """


Coarsen = Literal["mean", "sum", "max", "min", "majority", "area"]
"""How values come to coarser cells; `area`: one class a cell, such that classes keep their areas."""
Kind = Literal["float", "int", "text", "geometry", "document", "listing"]


OPEN = float("inf")
"""The end of a range that has none."""


@dataclass(frozen=True)
class Var:
    """One quantity: its name, canonical unit, range, domain and aggregation to coarser grids.

    `on` is the domain: "grid", "time", "field", a table's name, or "" for a single number.
    A quantity with a lower end alone has the ceiling of its unit and domain as upper end (`codes/ceilings.csv`).
    One with neither end keeps its own refusals in the model; its values have the ceiling both ways (`limits`).
    `absent` is the value that stands for "none reported": where no file provides the
    quantity, the study uses this value and reports it. `closes` marks the
    residual of a balance: a magnitude above it is an error, not a result.
    `categories` names the codes of an integer Var. `account` is the place of an emission in the inventory.
    `gas` is the gas whose mass is counted where the quantity is an emission outside the inventory's lines.
    `blocks` tells that the cells of a field are blocks of a size of its own, not those of the grid.
    `before` names the quantity whose value before all measures stands for this one where no file provides it.
    """

    name: str
    unit: str
    about: str
    on: str = "grid"
    ge: float = -OPEN
    le: float = OPEN
    coarsen: Coarsen = "mean"
    kind: Kind = "float"
    absent: float | str | None = None
    closes: float | None = None
    categories: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    account: Account | None = field(default=None, repr=False)
    before: str = field(default="", repr=False)
    gas: Gas | None = field(default=None, repr=False)
    blocks: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        if self.le == OPEN and self.ge > -OPEN and self._has_ceiling:
            object.__setattr__(self, "le", ceiling(self.name, self.unit, self.on))

    @property
    def limits(self) -> tuple[float, float]:
        """The lowest and highest value that may be: the range, or the ceiling both ways where there is none."""
        if self.le == OPEN and self.ge == -OPEN and self._has_ceiling:
            most = ceiling(self.name, self.unit, self.on)
            return -most, most
        return self.ge, self.le

    @property
    def made_limits(self) -> tuple[float, float]:
        """The range of a value that a model has made: without the ceiling, which is for what people and files give."""
        ceiled = self._has_ceiling and self.le == ceiling(self.name, self.unit, self.on)
        return self.ge, OPEN if ceiled else self.le

    @property
    def _has_ceiling(self) -> bool:
        return self.kind in ("float", "int") and self.closes is None

    @property
    def unit_with_gas(self) -> str:
        """The unit as it is shown: with the gas of an emission (kg CO2e year-1), as it is for any other mass."""
        gas = self.account.gas if self.account else self.gas
        return self.unit if gas is None else with_gas(self.unit, gas)


@dataclass(frozen=True)
class Table:
    """A view of a table: its ids, its geometry and the columns named; only these enter a key.

    `columns` and `optional` hold the vocabulary's annotated names. An optional column
    that the Place lacks is left out of the view.
    """

    on: str
    columns: tuple[Any, ...] = ()
    optional: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Over:
    """Fan-in: every value of a Var along an outer axis, as {label: value}."""

    var: Any
    axis: str


@dataclass(frozen=True)
class Fact:
    """A factor by name, resolved for the study's region and year before any key is made.

    `by_year` asks for the value of every year that has one, with the year as key.
    """

    name: str
    by_year: bool = False


def is_listing(what: object) -> bool:
    """Tell whether an input is the text of a file that the model reads itself."""
    return isinstance(what, Var) and what.kind == "listing"
