"""What a file can be for a study: its role, with what speaks for it and how its cells are read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import pandas as pd

from citybraid.core.text import known
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target

Kind = Literal["shapes", "sheet", "raster", "field", "document"]
"""A table with shapes; a table without; numbers on a grid; those by time; a model of another program, read whole."""


class ReadCells(Protocol):
    """How a table of cells is read in a role."""

    def __call__(self, table: pd.DataFrame, options: CellOptions, target: Target, /, *, name: str) -> Reading:
        """Return what the table brings; `name` is the file's. Raises InputError where the table cannot be that."""


class Fits(Protocol):
    """Whether a raster's values can be what a role wants."""

    def __call__(self, low: float, high: float, *, whole: bool) -> bool:
        """Tell it from the values' extremes, and from whether all are whole numbers."""


@dataclass(frozen=True)
class Shaped:
    """What intake must know of a table with shapes.

    `shape` is what its shapes must be, '' where any will do; `drawn` how a drawing shows it;
    `partition` tells that its areas do not lie on one another; `leads` ranks the tables that
    say where the plan area lies, 0 for none; `named_by` is the column that names its rows
    where none holds ids; `layer_says` the column that a drawing's layer fills; `sheets` tells
    whether a sheet without shapes can add columns to it.
    """

    shape: Literal["area", "line", ""] = ""
    drawn: Literal["area", "line"] = "area"
    partition: bool = False
    leads: int = 0
    named_by: str = ""
    layer_says: str = ""
    sheets: bool = True


@dataclass(frozen=True)
class Sheet:
    """How a table without shapes is told and read.

    `signs` are the quantities whose columns speak for the role, none where it is never
    guessed; `headers` those by whose names the row of headers is found, or `words` gives other
    names; `brings` are quantities, and factors, that come with such a file alone; `alone` are
    those that a table of them is read in this role for, where nothing else is asked of it.
    """

    read: ReadCells
    signs: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    words: Callable[[], Sequence[str]] | None = None
    brings: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pixels:
    """How a raster is told: whether its values fit, names that other programs give it, whether they are heights."""

    fits: Fits | None = None
    names: tuple[str, ...] = ()
    heights: bool = False


@dataclass(frozen=True)
class Role:
    """What a file can be for a study.

    `single` tells that one file is enough; `entry` that a study names files so, which a
    table that goes with another file is not; `known` that planners bring such files as they
    are, while what models compute has a role only so that a file of it can be read again.
    """

    name: str
    kind: Kind
    single: bool = False
    entry: bool = True
    known: bool = True
    shapes: Shaped = field(default_factory=Shaped)
    sheet: Sheet | None = None
    pixels: Pixels = field(default_factory=Pixels)

    @property
    def title(self) -> str:
        """The text that names it: its own, else its quantity's."""
        return own if known(own := f"role.{self.name}") else f"var.{self.name}"
