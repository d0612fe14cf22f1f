"""Classes of a quantity on the map: colours and labels as in the report, one set for all alternatives and events."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.layer import Layer
from citybraid.core.text import LANGUAGES
from citybraid.report.drawing.palettes import Scale, code_colours, code_names, has_codes, land_use_shades
from citybraid.report.drawing.units import shown
from citybraid.report.sheets import Theme, legend_of, shared_scale
from citybraid.web.maps.catalogue import RASTER, Chart, Quantity
from citybraid.web.maps.cells import valid

SAMPLED = 200_000
"""Values of each layer that class breaks are read from, evenly chosen; all values of a smaller one."""
NONE = 255
"""Number of the class of what is not coloured."""
LAND_USE = "land_use"


class Line(NamedTuple):
    """A line of a legend: its label by language, and its colour."""

    label: Mapping[str, str]
    colour: str


@dataclass(frozen=True)
class Classes:
    """Classes of a quantity: its scale in the shown unit, the label of each class, the legend from its top.

    `words` are the codes of a quantity of words, in the order of its classes.
    """

    quantity: Quantity
    scale: Scale
    labels: tuple[Mapping[str, str], ...]
    legend: tuple[Line, ...]
    words: tuple[str, ...] = ()

    @property
    def colours(self) -> tuple[str, ...]:
        """The colour of each class."""
        return self.scale.colours

    @cached_property
    def digest(self) -> str:
        """Digest of what decides the class of a value."""
        parts = [self.scale.bounds, self.scale.floor, self.scale.codes, self.words, len(self.colours)]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12]

    def of(self, values: NDArray[np.float64]) -> NDArray[np.uint8]:
        """Return the class of each value in its canonical unit, NONE where it is not coloured."""
        display = shown(self.quantity.var.unit_with_gas)
        at = self.scale.classes(values * display.factor + display.offset)
        return np.where(at < 0, NONE, at).astype(np.uint8)

    def of_column(self, column: pd.Series) -> NDArray[np.uint8]:
        """Return the class of each row of a column, NONE where it is not coloured."""
        if self.words:
            places = {word: at for at, word in enumerate(self.words)}
            return np.array([places.get(str(word), NONE) for word in column], dtype=np.uint8)
        return self.of(pd.to_numeric(column, errors="coerce").to_numpy(dtype=np.float64))

    def of_one(self, value: object) -> int:
        """Return the class of one value, NONE where it is not coloured."""
        if self.words:
            return self.words.index(str(value)) if str(value) in self.words else NONE
        return int(self.of(np.array([value if isinstance(value, float) else np.nan]))[0])


@lru_cache(maxsize=512)
def _made(same: "_Kept") -> Classes:
    chart, quantity = same.chart, same.quantity
    if quantity.var.kind == "text":
        return _named(chart, quantity)
    first = next(iter(next(iter(quantity.layers.values())).values()))
    display = shown(quantity.var.unit_with_gas)
    values = [part * display.factor + display.offset for part in _samples(chart, quantity)]
    scale = shared_scale(quantity.var.name, first, values)
    theme = Theme(chart.view, chart.view.base, first, RASTER, np.zeros(0), scale)
    entries = {language: legend_of(theme, language) for language in LANGUAGES}
    lines = zip(*entries.values(), strict=True)
    legend = tuple(
        Line({each: entry.label for each, entry in zip(entries, line, strict=True)}, line[0].colour) for line in lines
    )
    if scale.codes:
        return Classes(quantity, scale, tuple(line.label for line in legend), legend)
    return Classes(quantity, scale, tuple(dict.fromkeys(LANGUAGES, text) for text in scale.labels()), legend)


def classes_of(chart: Chart, quantity: Quantity) -> Classes:
    """Return the classes of a quantity, made once while the run is open."""
    return _made(_Kept(chart, quantity))


class _Kept:
    """A quantity of a run as a key of what is kept in memory."""

    def __init__(self, chart: Chart, quantity: Quantity) -> None:
        self.chart, self.quantity = chart, quantity

    def __hash__(self) -> int:
        return hash((id(self.chart), self.quantity.var.name))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept) and other.chart is self.chart and other.quantity is self.quantity


def _each(quantity: Quantity) -> Iterator[Layer]:
    seen = {layer.key: layer for by_label in quantity.layers.values() for layer in by_label.values()}
    yield from seen.values()


def _samples(chart: Chart, quantity: Quantity) -> Iterator[NDArray[np.float64]]:
    for layer in _each(quantity):
        value = np.asarray(chart.value(layer)).ravel()
        chosen = value[:: max(1, -(-value.size // SAMPLED))]
        if quantity.shape == RASTER and not has_codes(quantity.var.name):
            yield valid(layer, chosen)
        elif quantity.shape == RASTER:
            yield valid(layer, np.unique(value))
        else:
            yield np.asarray(pd.to_numeric(pd.Series(chosen), errors="coerce"), dtype=np.float64)


def _named(chart: Chart, quantity: Quantity) -> Classes:
    """Return the classes of a quantity of words: the codes that occur, in the colours of their table."""
    name = quantity.var.name
    colours = land_use_shades() if name == LAND_USE else code_colours(name)
    present = {str(code) for layer in _each(quantity) for code in pd.unique(chart.value(layer).dropna())}
    words = tuple(sorted(present & set(colours)))
    names = {language: code_names(name, language) for language in LANGUAGES}
    labels = tuple({each: f"{word} {names[each][word]}" for each in LANGUAGES} for word in words)
    legend = tuple(Line(label, colours[word]) for word, label in zip(words, labels, strict=True))
    return Classes(quantity, Scale((), tuple(line.colour for line in legend)), labels, legend, words)
