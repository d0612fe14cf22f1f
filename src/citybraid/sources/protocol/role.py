"""Roles of files in a study, with the signs by which they are detected and the functions that read them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

import pandas as pd

from citybraid.core.text import known
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.target import Target

Kind = Literal["shapes", "sheet", "raster", "field", "document"]
"""A table with geometry; one without; a grid; a grid with a time axis; a model file of another program."""


class CellReader(Protocol):
    """Function that reads a table of cells in a role."""

    def __call__(self, table: pd.DataFrame, options: CellOptions, target: Target, /, *, name: str) -> Reading:
        """Return the reading of a table; `name` is the file's. Raises InputError where it does not fit the role."""


class PlausibleRange(Protocol):
    """Predicate: whether a raster's values are plausible for a role."""

    def __call__(self, low: float, high: float, *, whole: bool) -> bool:
        """Return whether the range of values fits; `whole` tells that all of them are integers."""


@dataclass(frozen=True)
class GeometrySettings:
    """Geometry settings of a table role.

    `shape` is the required geometry type, '' for any; `drawn` the type in a CAD drawing;
    `partition` tells that its polygons must not overlap; `leads` ranks the tables that
    define the plan area, 0 for none; `named_by` is the column that identifies rows where
    there is no id column; `layer_says` the column filled from a drawing's layer name;
    `sheets` tells whether a sheet without geometry can add columns to it.
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
    """Detection and reading of a table role without geometry.

    `signs` are the quantities whose columns indicate the role, none where it is never
    guessed; `headers` those whose names locate the header row, or `words` gives other
    names; `brings` are quantities and factors that only such a file provides; `alone` are
    those for which a table is read in this role where nothing else is requested. `several`
    tells that an entry may name several sheets of a workbook, `own_words` that its
    mapping is checked by the reader, not as codes of land uses, `placed` that it is
    read once the place of the study is known, `own_totals` that its reader weighs rows such
    as 全社会用电总计 itself, and `years` that the years of its rows count, not only the time
    between them. `unlike` is a pattern of names and headers that are of another role.
    """

    read: CellReader
    signs: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    words: Callable[[], Sequence[str]] | None = None
    brings: tuple[str, ...] = ()
    alone: tuple[str, ...] = ()
    several: bool = False
    own_words: bool = False
    placed: bool = False
    own_totals: bool = False
    years: bool = False
    unlike: str = ""


@dataclass(frozen=True)
class Pixels:
    """Detection of a raster role: plausibility of values, names in other programs, whether values are heights."""

    fits: PlausibleRange | None = None
    names: tuple[str, ...] = ()
    heights: bool = False


@dataclass(frozen=True)
class Role:
    """Role of a file in a study.

    `single` tells that one file is enough; `entry` that a study can name such files,
    unlike a table that only accompanies another file; `known` that planners have such
    files, while model outputs have a role only so that they can be read back.
    """

    name: str
    kind: Kind
    single: bool = False
    entry: bool = True
    known: bool = True
    shapes: GeometrySettings = field(default_factory=GeometrySettings)
    sheet: Sheet | None = None
    pixels: Pixels = field(default_factory=Pixels)

    @property
    def title(self) -> str:
        """Text id of its title: its own, else that of its quantity."""
        return own if known(own := f"role.{self.name}") else f"var.{self.name}"
