"""Content of a report: chapters of paragraphs, tables, figures and one interactive map.

A chapter knows the run and nothing of how it will be shown; a renderer knows how to show
blocks and nothing of their content. Chapters are discovered like models: each module in
report/chapters has a function `chapter(run)`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Literal

import numpy as np
import pandas as pd
from matplotlib.figure import Figure as Drawing
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from citybraid.core.text import in_language, say, visible
from citybraid.core.wording.names import PlaceName
from citybraid.report.drawing.palettes import Scale
from citybraid.report.drawing.scene import Bounds
from citybraid.report.drawing.units import (
    THOUSANDS,
    System,
    counted,
    decimals,
    is_money,
    is_small,
    label,
    number,
    quantity,
    shown,
    signed,
)


@dataclass(frozen=True)
class Quantity:
    """A value in its canonical unit, shown in the reader's unit."""

    value: float
    unit: str
    digits: int | None = None

    def say(self, language: str, system: System = "si") -> str:
        """Return the value with its unit, formatted for a reader."""
        return quantity(self.value, self.unit, language=language, system=system, digits=self.digits)


@dataclass(frozen=True)
class UnitName:
    """The name of a unit. In a row that holds one, numbers of columns without a unit are amounts of this unit."""

    unit: str

    def say(self, language: str, system: System = "si") -> str:
        """Return the unit's name."""
        del system
        return label(self.unit, language)


@dataclass(frozen=True)
class Amount:
    """A number without its unit, counted as each language counts the unit: 714 (万元), 7.14 (CNY million).

    One in a column that is too small for decimals of its own has those of the column's largest.
    """

    value: float
    unit: str
    digits: int | None = None
    largest: float | None = None

    def say(self, language: str, system: System = "si") -> str:
        """Return the number, formatted for a reader; the unit is a shown one, the same in every system."""
        del system
        amount = counted(self.value, self.unit, language)
        small = self.largest is not None and is_money(self.unit) and is_small(amount, self.unit, language)
        scale = counted(self.largest, self.unit, language) if small and self.largest is not None else amount
        return number(amount, digits=decimals(scale, self.unit, self.digits, language))


@dataclass(frozen=True)
class Words:
    """A catalogue text with its values; values may be quantities or words themselves."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def say(self, language: str, system: System = "si") -> str:
        """Return the text in a language."""
        return say(
            self.text, language, **{name: rendered(value, language, system) for name, value in self.values.items()}
        )


@dataclass(frozen=True)
class TranslatedText:
    """A text that comes with both languages and has no row in the catalogue, such as a finding's or a code's name."""

    by_language: Mapping[str, str]

    @classmethod
    def of(cls, texts: Mapping[Any, str]) -> "TranslatedText":
        """Return words of the study file as a text."""
        return cls({str(language): text for language, text in texts.items()})

    def say(self, language: str, system: System = "si") -> str:  # noqa: ARG002  (a text has no unit)
        """Return the text in a language."""
        return in_language(self.by_language, language)


SENTENCES = "sentence"
"""Separator of TextList between whole sentences: a space, or nothing where the language has none."""
SEPARATORS = {"; ": "separator.items", ", ": "separator.parts"}
"""Separators between listed texts, by catalogue text of each language."""


@dataclass(frozen=True)
class TextList:
    """A list of texts with a separator between them."""

    parts: tuple["Text", ...]
    between: str = "; "

    def say(self, language: str, system: System = "si") -> str:
        """Return the texts in a language, joined by the separator."""
        between = say(SEPARATORS[self.between], language) if self.between in SEPARATORS else self.between
        if self.between == SENTENCES:
            between = say("separator.two", language, first="", second="")
        return between.join(said(part, language, system) for part in self.parts)


@dataclass(frozen=True)
class RatedText:
    """A text with a rating: good, usable, weak or unknown; pages show the rating as a colour beside the text."""

    text: "Text"
    light: str

    def say(self, language: str, system: System = "si") -> str:
        """Return the text in a language."""
        return said(self.text, language, system)


@dataclass(frozen=True)
class PlacedText:
    """A text about a shape of the interactive map; pages link it to its place there."""

    text: "Text"
    place: str

    def say(self, language: str, system: System = "si") -> str:
        """Return the text in a language."""
        return said(self.text, language, system)


@dataclass(frozen=True)
class Unrepeated:
    """An amount before another, as "from 2.72 to 2.33 t": its unit is left out where the other names the same."""

    text: "Text"
    before: "Text"

    def say(self, language: str, system: System = "si") -> str:
        """Return the amount in a language."""
        now, then = (said(each, language, system) for each in (self.text, self.before))
        amount, _, unit = now.partition(" ")
        return amount if unit and unit == then.partition(" ")[2] and amount[-1:].isdigit() else now


@dataclass(frozen=True)
class Sentence:
    """A text that begins a line by itself, with a capital: a table's head, a map's title."""

    text: "Text"

    def say(self, language: str, system: System = "si") -> str:
        """Return the text in a language."""
        line = said(self.text, language, system)
        return line[:1].upper() + line[1:]


Renderable = (
    Words | UnitName | Amount | TranslatedText | TextList | Quantity | RatedText | PlacedText | Sentence | Unrepeated
    | PlaceName
)  # fmt: skip
Text = Renderable | str
"""A text: from the catalogue, in both languages, a quantity, or a name that is the same in every language."""


def said(text: Text, language: str, system: System = "si") -> str:
    """Return a text in a language; a plain one as it is."""
    return text.say(language, system) if isinstance(text, Renderable) else text


def rendered(value: object, language: str, system: System = "si") -> str | object:
    """Return a value as a text in a language; plain values are returned as they are."""
    return value.say(language, system) if isinstance(value, Renderable) else value


def cells(texts: Iterable[Text]) -> NDArray[np.object_]:
    """Return texts as a column of a table; names keep their other languages, which pandas' own texts would drop."""
    items = [TextList((text,)) if isinstance(text, PlaceName) else text for text in texts]
    column = np.empty(len(items), dtype=object)
    column[:] = items
    return column


def words(text: str, /, **values: object) -> Words:
    """Return a catalogue text with its values."""
    return Words(text, values)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; `lead` is set larger, `warning` is highlighted, `item` belongs to a list."""

    text: Text
    kind: Literal["text", "lead", "warning", "item", "heading"] = "text"
    appendix: bool = False


@dataclass(frozen=True)
class Column:
    """A column of a table: its key in the frame, its title, the canonical unit of its values.

    One not `printed` is on the page and in the workbook alone. One `told` has the decimals with which sentences tell
    amounts of the unit that each row names. `largest` is the largest of its sums of money, whose decimals all have;
    `thousands` tells that English counts them in thousands.
    """

    key: Any
    title: Text
    unit: str = ""
    digits: int | None = None
    printed: bool = True
    told: bool = False
    largest: float | None = None
    thousands: bool = False

    def places(self, system: System) -> int | None:
        """Return the decimals that values are shown with."""
        return shown(self.unit, system).digits if self.digits is None else self.digits

    def amount_unit(self, row_unit: str, system: System) -> str:
        """Return the shown unit of a number: the column's, else that which the row names."""
        counts_rows = not self.unit and self.digits is None and is_money(row_unit)
        return row_unit if counts_rows else self.shown_unit(system)

    def shown_unit(self, system: System) -> str:
        """Return the unit that values are shown in."""
        return shown(self.unit, system).unit + (THOUSANDS if self.thousands else "")

    def unit_label(self, language: str, system: System) -> str:
        """Return the name of the unit that values are shown in."""
        return label(self.shown_unit(system), language)


def row_unit(cells: Iterable[object]) -> str:
    """Return the unit that a row of a table names, '' where it names none."""
    return next((cell.unit for cell in cells if isinstance(cell, UnitName)), "")


@dataclass(frozen=True)
class Table:
    """A table: the page shows its first `most` rows, documents its first `printed` (0: none), the workbook all.

    One `turned` has more columns than a page is wide: its rows are shown as columns, the last row among them.
    """

    name: str
    title: Text
    frame: pd.DataFrame
    columns: Sequence[Column]
    note: Text = ""
    most: int | None = None
    printed: int | None = None
    appendix: bool = False
    turned: bool = False

    def __post_init__(self) -> None:
        """Check that no two columns share a name: a level `unit` overwrote the column of units.

        Raises ValueError: a defect of the chapter.
        """
        names = [column.key for column in self.columns]
        if len(names) != len(set(names)):
            message = f"table '{self.name}': columns with the same name: {names}"
            raise ValueError(message)


@dataclass(frozen=True)
class Figure:
    """A figure that can draw itself in a language; `alt` says what is seen, else the drawing is described.

    One not `printed` is on the page alone, one not `paged` in documents alone. One that is not `telling` shows a
    single class everywhere: page one passes it over.
    """

    name: str
    caption: Text
    draw: Callable[[str], Drawing]
    alt: Text = ""
    printed: bool = True
    paged: bool = True
    appendix: bool = False
    telling: bool = True


@dataclass(frozen=True)
class Picture:
    """A raster that the interactive map shows: values, extent and scale."""

    values: NDArray[np.float64]
    bounds: Bounds
    scale: Scale


@dataclass(frozen=True)
class Fills:
    """Colours of the shapes of a set, in their order; None is not filled."""

    shapes: str
    colours: Sequence[str | None]


@dataclass(frozen=True)
class MapLayer:
    """A layer of the interactive map: its picture or fills for each alternative, its legend, its group in the list."""

    name: str
    title: Text
    group: Text
    legend: Sequence[tuple[Text, str]]
    by_alternative: Mapping[str, Picture | Fills]
    note: Text = ""


@dataclass(frozen=True)
class Shapes:
    """Shapes of the interactive map in projected metres, by id; in some alternatives or, if none is named, in all.

    Lines are `width` wide, points are dots [pixel].
    """

    ids: Sequence[str]
    geometry: Sequence[BaseGeometry]
    edge: str = "#8a8a8a"
    alternatives: Sequence[str] = ()
    width: float = 1.0


@dataclass(frozen=True)
class Detail:
    """One row of a parcel's table: its values in the order of the parcels, for each alternative."""

    title: Text
    by_alternative: Mapping[str, Sequence[object]]
    unit: str = ""
    digits: int | None = None


@dataclass(frozen=True)
class Explorer:
    """The interactive map: layers, shapes, and the details that a click on a parcel shows."""

    alternatives: Mapping[str, Text]
    bounds: Bounds
    layers: Sequence[MapLayer]
    shapes: Mapping[str, Shapes]
    details: Sequence[Detail] = ()
    reasons: Mapping[str, Text] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    how: Text = ""
    picked: str = "parcels"


@dataclass(frozen=True)
class BackgroundLayer:
    """A layer under the problems: shapes in one colour, or a picture; `legend` names its colours, `shown` at first."""

    name: str
    title: Text
    content: Shapes | Picture
    legend: Sequence[tuple[Text, str]]
    fill: str | None = None
    shown: bool = True


@dataclass(frozen=True)
class Mark:
    """A problem on the map: its kind, its place and its message; `mended` ones are drawn fainter."""

    kind: str
    shape: BaseGeometry
    text: Text
    mended: bool = False


@dataclass(frozen=True)
class ProblemMap:
    """The map of problems: the input layers, every problem on them, and a list with links to the places.

    `kinds` names and colours the problems. A mark with an empty shape stands in the list alone.
    """

    bounds: Bounds
    grounds: Sequence[BackgroundLayer]
    kinds: Mapping[str, tuple[Text, str]]
    marks: Sequence[Mark]
    how: Text = ""


Block = Paragraph | Table | Figure | Explorer | ProblemMap


@dataclass(frozen=True)
class Chapter:
    """A chapter: its title and its blocks in order. An empty one is left out of the report.

    Blocks marked `appendix` follow the body in an appendix of the same title; all blocks of a chapter so marked do.
    """

    name: str
    title: Text
    blocks: Sequence[Block]
    appendix: bool = False


def appended(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks marked for the appendix; warnings and maps to be clicked stay in the body."""
    for block in blocks:
        if isinstance(block, Explorer | ProblemMap) or (isinstance(block, Paragraph) and block.kind == "warning"):
            yield block
        else:
            yield replace(block, appendix=True)


def in_words(text: Text, language: str, system: System = "si") -> str:
    """Return a text in a language, negative numbers with the sign that is printed."""
    own = said(text, language, system)
    return signed(visible(own) if isinstance(text, str) else own)


def chapter_functions(package: str = "citybraid.report.chapters") -> Iterable[Callable[[Any], Chapter]]:
    """Yield the chapter functions, in the order of their modules' names."""
    home = import_module(package)
    for module in sorted(iter_modules(home.__path__), key=lambda entry: entry.name):
        yield import_module(f"{package}.{module.name}").chapter
