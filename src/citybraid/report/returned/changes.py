"""What differs between an edited control table and the run that wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from citybraid.report.returned.expected import Value

OUTLINE = "outline"
"""Control of a change of a parcel's outline, and its fault."""


@dataclass(frozen=True)
class Change:
    """A cell that differs: the parcel's number, the control's title, both values as shown, the unit, who and when.

    `fault` is '' for an ordinary edit; text: words where a number is expected; date: a date there; formula: a cell that
    computes its value; error: one that holds an error of the program, such as #REF!;
    share: a share of 1 in a column of percentages; unread: a drawing's text that is gone, or states no number;
    contradicts, layer: a drawing's two texts, or text and layer, differ; copy: it was changed in a layer that is none;
    copied_outline: the outline was drawn otherwise there;
    outline: the parcel's outline was drawn otherwise: both values are areas, `moved` is how far it lies apart [m].
    """

    parcel: str
    control: str
    title: str
    old: Value
    new: Value
    unit: str
    author: str = ""
    when: str = ""
    fault: str = ""
    moved: float = 0.0


class Remark(NamedTuple):
    """A comment on a cell of the table: the parcel's number, the column's title ('' outside both), who, and what."""

    parcel: str
    title: str
    author: str
    text: str


@dataclass(frozen=True)
class ReturnedControls:
    """How an edited control table differs from its run.

    `units` are columns whose unit was changed, {title: (as written, as returned)}: their values are not compared.
    `author` and `saved` are those of the file; rows may name their own. `remarks` change no value.
    """

    changes: tuple[Change, ...]
    unknown: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    units: Mapping[str, tuple[str, str]] | None = None
    absent: tuple[str, ...] = ()
    author: str = ""
    saved: str = ""
    remarks: tuple[Remark, ...] = ()

    @property
    def same(self) -> bool:
        """Whether the file reproduces the run's table exactly."""
        return not (self.changes or self.unknown or self.deleted or self.twice or self.units or self.absent)
