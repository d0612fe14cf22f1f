"""Colours of maps and charts: ramps ordered by lightness alone, so that they are colour-blind safe."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import matplotlib as mpl
import numpy as np
from matplotlib.colors import BoundaryNorm, Colormap, LinearSegmentedColormap, ListedColormap, Normalize, to_hex, to_rgb
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from citybraid.core.rows.report import Legend
from citybraid.core.tables import CodeRow, cached_with_tables, code_table, read_table
from citybraid.core.text import say
from citybraid.report.drawing.units import signed

EARTH = LinearSegmentedColormap.from_list("earth", ["#edf2dc", "#dfd9b0", "#cfae7c", "#b28456", "#8a5b36"])
"""Heights as on a physical map, from green lowland to brown hills: no class of land looks like water."""
RAMPS: Mapping[str, tuple[str | Colormap, float, float]] = {
    "water": ("Blues", 0.25, 1.0),
    "speed": ("PuBuGn", 0.2, 0.95),
    "speed_reversed": ("PuBuGn_r", 0.05, 0.8),
    "hazard": ("YlOrRd", 0.25, 0.95),
    "heat": ("YlOrRd", 0.05, 0.95),
    "carbon": ("YlOrBr", 0.08, 0.95),
    "damage": ("OrRd", 0.1, 1.0),
    "sun": ("YlGnBu", 0.05, 0.85),
    "green": ("YlGn", 0.1, 1.0),
    "earth": (EARTH, 0.0, 1.0),
    "plain": ("cividis_r", 0.0, 1.0),
}
"""Ramp name: the colours, matplotlib's where a name is given, and the stretch of them that is used."""
TWO_SIDED: Mapping[str, tuple[str | Colormap, float, float]] = {"spots": ("RdBu_r", 0.06, 0.94)}
"""Ramps from blue over almost white to red, for what has two ends: cold and hot spots."""
GAIN = {"less": "RdBu_r", "more": "RdBu", "": "PuOr_r"}
"""Colours of changes by which of them is a gain: loss red, gain blue, orange and violet where neither is."""
SERIES = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c8c8c", "#4d4d4d")
"""Okabe and Ito's (2008) colour-blind safe set without yellow and black, two greys added."""
GOOD, FAIR, BAD, NONE = "#1b7f5c", "#d9a400", "#b3261e", "#8c8c8c"
"""Verdict colours; every verdict also carries a sign and a word."""
CLASSES = 6
LEAST_STRETCH = 0.15
"""Share of a ramp that the smallest ranges still take, so that classes stay apart."""
SHADES = (0.55, 0.0, -0.16, -0.3, -0.42)
"""Brightening and darkening of kinds of one use that the standard gives one colour, in their order."""
NOISE = 1e-6
"""Share of a quantity's size below which a difference is rounding."""
WIDE_TAIL = (2.0, 98.0)
"""Percentiles between which a scale is stretched, so that one outlier does not wash out a map."""
MOST = 0.5
"""Share of all values in one class from which a map shows little."""
FINE_STEPS = 50
"""Steps of a map's range to which bounds between classes of equal counts are rounded."""
KIND = 6
"""Digits of the code of a kind of a land use."""


SMALL = 10.0
"""Bounds below this of which one has a decimal all have it: 1.8 – 2.0, beside 2.0 – 2.2."""


@dataclass(frozen=True)
class Scale:
    """How values become colours: class bounds (open above and below) and a colour for each class.

    `floor`: values below it are not drawn. `codes` instead of bounds makes a scale of named classes.
    """

    bounds: tuple[float, ...]
    colours: tuple[str, ...]
    floor: float | None = None
    codes: tuple[int, ...] = ()
    narrow: float | None = None
    """The range of the values where it is so small that they take a stretch of the ramp alone."""

    @property
    def colormap(self) -> Colormap:
        """The colours as a matplotlib map."""
        return ListedColormap(list(self.colours))

    @property
    def norm(self) -> Normalize:
        """Class numbers for matplotlib; the outer classes are open-ended."""
        if self.codes:
            edges = [-0.5, *(i + 0.5 for i in range(len(self.codes)))]
            return BoundaryNorm(edges, len(self.colours))
        low, high = self.bounds[0], self.bounds[-1]
        reach = max(high - low, 1e-9)
        return BoundaryNorm([low - 1e3 * reach, *self.bounds, high + 1e3 * reach], len(self.colours))

    def classes(self, values: NDArray[np.float64]) -> NDArray[np.int16]:
        """Return the class of each value, counted from 0; -1 where there is no value or it lies below the floor."""
        # A pass per class over all values takes a fraction of a binary search for each value.
        if self.codes:
            classes = np.full(np.shape(values), -1, dtype=np.int16)
            for at, code in enumerate(self.codes):
                classes[values == code] = at
            return classes
        classes = np.zeros(np.shape(values), dtype=np.int16)
        for bound in self.bounds:
            classes += values >= bound
        shown = np.isfinite(values)
        if self.floor is not None:
            shown &= values >= self.floor
        return np.where(shown, classes, np.int16(-1))

    def hexes(self, values: Iterable[float]) -> list[str | None]:
        """Return the colour of each value; None where nothing is drawn."""
        classes = self.classes(np.asarray(list(values), dtype=np.float64))
        return [None if at < 0 else self.colours[at] for at in classes]

    def labels(self) -> list[str]:
        """Return the text of each class: "< 0.15", "0.15 – 0.3", "≥ 2"."""
        texts = [signed(f"{bound:,.12g}") for bound in self.bounds]
        if max(len(text.partition(".")[2]) for text in texts) == 1 and max(map(abs, self.bounds)) < SMALL:
            texts = [signed(f"{bound:.1f}") for bound in self.bounds]
        first = f"< {texts[0]}"
        between = [f"{low} – {high}" for low, high in pairwise(texts)]
        return [first, *between, f"≥ {texts[-1]}"]


def ramp(name: str, count: int, *, stretch: float = 1.0) -> tuple[str, ...]:
    """Return a number of colours evenly spread over a ramp, or over a share of it in its lower middle."""
    source, first, last = TWO_SIDED.get(name) or RAMPS[name]
    low = first + (last - first) * 0.4 * (1.0 - stretch)
    high = low + (last - first) * stretch
    colours = mpl.colormaps.get_cmap(source)
    return tuple(to_hex(colours(at)) for at in np.linspace(low, high, count))


@cached_with_tables
def _legend_rows() -> Mapping[str, Legend]:
    return {row.var: row for row in read_table(Legend)}


def scale_of(var: str, values: Iterable[NDArray[np.float64]], *, factor: float = 1.0) -> Scale:
    """Return one scale for all alternatives' values of a quantity.

    Classes come from codes/legend.csv where it gives them, in canonical units times
    `factor`, the conversion to the shown unit in which `values` come; else they are
    round numbers between the 2nd and the 98th percentile.
    """
    row = _legend_rows().get(var)
    name = row.palette if row is not None else "plain"
    floor = row.floor * factor if row is not None and row.floor is not None else None
    if row is not None and row.bounds:
        bounds = tuple(float(text) * factor for text in row.bounds.split())
    else:
        bounds = round_bounds(values, even=row is not None and row.classes == "even")
    if floor is not None and bounds[0] <= floor:
        return Scale(bounds, ("#ffffff", *ramp(name, len(bounds))), floor)
    least = None if row is None or row.least_span is None else row.least_span * factor
    span = _span(values)
    if least is not None and span < least:
        return Scale(bounds, ramp(name, len(bounds) + 1, stretch=max(span / least, LEAST_STRETCH)), floor, narrow=span)
    return Scale(bounds, ramp(name, len(bounds) + 1), floor)


def class_words(var: str, scale: Scale, language: str) -> tuple[str, ...]:
    """Return the name of each class of a quantity, the lowest first; nothing where the ranges say all."""
    row = _legend_rows().get(var)
    if row is None or not row.words or len(row.bounds.split()) != len(scale.bounds):
        return ()
    return tuple(say(f"{row.words}.{at}", language) for at in range(1, len(scale.colours) + 1))


def _span(values: Iterable[NDArray[np.float64]]) -> float:
    """Return the range of all values, 0 where there are none."""
    ends = [(part.min(), part.max()) for each in values if (part := each[np.isfinite(each)]).size]
    return float(max(high for _, high in ends) - min(low for low, _ in ends)) if ends else 0.0


def better(var: str) -> str:
    """Return which change of a quantity is a gain: 'less', 'more', or '' where neither is."""
    row = _legend_rows().get(var)
    return row.better if row is not None else ""


def street_pixel(var: str) -> float | None:
    """Return the coarsest pixel of files [m] at which a map of a quantity can be read street by street."""
    row = _legend_rows().get(var)
    return row.street_pixel if row is not None else None


def round_bounds(
    values: Iterable[NDArray[np.float64]], count: int = CLASSES, *, even: bool = False
) -> tuple[float, ...]:
    """Return round class bounds between the 2nd and the 98th percentile of all values.

    `even`: where steps of one size put most of the values into one class, steps that share the values among classes.
    """
    parts = [part[np.isfinite(part)] for part in (np.asarray(v, dtype=np.float64).ravel() for v in values)]
    everything = np.concatenate(parts) if parts else np.zeros(0)
    if everything.size == 0:
        return (0.0, 1.0)
    low, high = np.percentile(everything, WIDE_TAIL)
    if not high > low:
        low, high = everything.min(), everything.max()
    if not high > low:
        return (float(low), float(low) + (abs(float(low)) or 1.0))
    inner = _round_between(MaxNLocator(nbins=count, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high), low, high)
    if even and inner and _largest_share(everything, inner) > MOST:
        step = _round_down((high - low) / FINE_STEPS)
        shares = np.percentile(everything, np.arange(1, count) * 100 / count)
        inner = _round_between(np.unique(np.round(shares / step)) * step, low, high) or inner
    return inner or (float(low), float(high))


def _round_between(ticks: Iterable[float], low: float, high: float) -> tuple[float, ...]:
    return tuple(float(f"{tick:.12g}") for tick in ticks if low < tick < high)


def _largest_share(values: NDArray[np.float64], bounds: Sequence[float]) -> float:
    """Return the share of values in the class that holds most of them."""
    return float(np.bincount(np.searchsorted(bounds, values, side="right")).max() / values.size)


def diverging(values: Iterable[NDArray[np.float64]], gain: str = "less") -> Scale:
    """Return one symmetric scale for differences: blue for a gain, white for no change, red for a loss."""
    parts = [np.abs(part[np.isfinite(part)]) for part in (np.asarray(v, dtype=np.float64).ravel() for v in values)]
    sizes = np.concatenate([part[part > 0] for part in parts]) if parts else np.zeros(0)
    reach = float(np.percentile(sizes, 95)) if sizes.size else 1.0
    step = _round_down(reach / 3)
    half = (0.25 * step, step, 2 * step, 3 * step)
    bounds = tuple(float(f"{bound:.12g}") for bound in (*(-edge for edge in reversed(half)), *half))
    colours = mpl.colormaps[GAIN[gain]]
    return Scale(bounds, tuple(to_hex(colours(at)) for at in np.linspace(0.04, 0.96, len(bounds) + 1)))


def _round_down(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return float(max(step for step in (1.0, 2.0, 2.5, 5.0) if step * power <= value * (1 + 1e-9)) * power)


def named_classes(codes: Sequence[int], colours: Mapping[int, str]) -> Scale:
    """Return a scale of named classes in the order of their codes."""
    order = tuple(sorted(codes))
    return Scale((), tuple(colours[code] for code in order), codes=order)


@cache
def has_codes(var: str) -> bool:
    """Tell whether a quantity's values are codes of a table with names and colours."""
    return code_table(var) is not None


@cached_with_tables
def code_colours(table: str) -> Mapping[str, str]:
    """Return the colour of each code of a code table that has colours: land_use, land_cover, landslide_class."""
    return {row.code: row.color for row in _coded(table)}


@cached_with_tables
def land_use_shades() -> Mapping[str, str]:
    """Return the colour of each land use on maps: the standard's, shaded where kinds of one use share it."""
    standard = code_colours("land_use")
    shaded = dict(standard)
    groups: dict[tuple[str, str], list[str]] = {}
    for code in sorted(standard):
        if len(code) == KIND:
            groups.setdefault((code[:-2], standard[code]), []).append(code)
    for codes in groups.values():
        if len(codes) > 1:
            shaded |= {code: _shade(standard[code], SHADES[min(at, len(SHADES) - 1)]) for at, code in enumerate(codes)}
    return shaded


def _shade(colour: str, by: float) -> str:
    """Mix a colour with white (above 0) or with black (below)."""
    target = 1.0 if by > 0 else 0.0
    red, green, blue = (part + abs(by) * (target - part) for part in to_rgb(colour))
    return to_hex((red, green, blue))


@cached_with_tables
def code_names(table: str, language: str) -> Mapping[str, str]:
    """Return the name of each code of a code table in a language."""
    return {row.code: row.name(language) for row in _coded(table)}


def _coded(table: str) -> tuple[CodeRow, ...]:
    row_type = code_table(table)
    if row_type is None:
        raise KeyError(table)
    return read_table(row_type)
