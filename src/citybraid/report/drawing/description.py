"""What is seen on a figure, in a sentence or two: for readers who cannot see it."""

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from citybraid.core.text import say
from citybraid.report.drawing.cartography import MapFigure, Panel, Sheet
from citybraid.report.drawing.scene import Painted, VectorPart
from citybraid.report.drawing.units import PLAIN_DIGITS, brief

MOST = 12
"""Parts of a figure that a description names."""
ALIKE = 1e-9
"""Share of the largest value by which two may differ and still be the same: what rounding leaves."""


def described(figure: Figure, language: str, seen: str = "") -> str:
    """Return what a figure shows: of maps what is drawn where, of charts the values of every line and bar.

    Where its author says what is `seen`, that stands instead.
    """
    if seen:
        return say("separator.sentences", language).join(part for part in (_title(figure), seen) if part)
    maps = [artist.told for artist in figure.artists if isinstance(artist, Painted) and artist.told]
    if isinstance(figure, MapFigure) and not maps:
        maps = [*filter(None, (_counted(each, figure.sheet, language) for each in figure.panels))]
    charts = [part for axes in figure.axes for part in [*_chart(axes, language)] or _extent(axes, language)]
    title = " ".join(_title(figure).split())
    if any(each.startswith(title) for each in maps):
        title = ""  # of the first panel alone, which names itself
    parts = [title, *dict.fromkeys([*maps, *charts])][: MOST + 1]
    return say("separator.sentences", language).join(part for part in parts if part)


def _counted(panel: Panel, sheet: Sheet, language: str) -> str:
    """Return how many shapes of each entry of the legend a map has, and what is written at them."""
    fills: Counter[str] = Counter()
    labels: list[str] = []
    for part in panel.scene.parts:
        if isinstance(part, VectorPart):
            labels += [" ".join(text.split()) for text in part.labels if text]
            colour = part.edge if part.marker or part.fill is None else part.fill
            if isinstance(colour, str):
                fills[colour] += len(part.outlines.spots)
            elif colour is not None:
                fills.update(each for each in colour if each)
    between = say("separator.parts", language)
    named = {entry.label: fills[entry.colour] for entry in sheet.legend if entry.colour and fills[entry.colour]}
    counted = [say("alt.count", language, name=name, count=count) for name, count in [*named.items()][:MOST]]
    parts = [say("alt.counts", language, values=between.join(counted))] if counted else []
    if labels:
        rest = len(labels) - MOST
        shown = between.join(labels[:MOST])
        parts.append(say("alt.labels_more" if rest > 0 else "alt.labels", language, labels=shown, count=rest))
    seen = say("separator.sentences", language).join(parts)
    return say("alt.panel", language, name=panel.name, seen=seen) if panel.name and seen else seen


def _title(figure: Figure) -> str:
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    texts = [text.get_text() for text in figure.texts[:1]]
    return next((text for text in (figure.get_suptitle(), *titles, *texts) if text), "")


def _chart(axes: Axes, language: str) -> Iterator[str]:
    """Yield a sentence for each named line and each group of bars of a chart; the cells of a matrix as a range."""
    for line in axes.get_lines():
        name = str(line.get_label())
        values = np.asarray(line.get_ydata(), dtype=np.float64)
        if not name.startswith("_") and np.isfinite(values).any():
            x = np.asarray(line.get_xdata(), dtype=np.float64)
            yield _line(name, x[np.isfinite(values)], values[np.isfinite(values)], language, years=_years(axes))
    ticks = [text.get_text().replace("\n", "") for text in axes.get_xticklabels()]
    for bars in axes.containers:
        if isinstance(bars, BarContainer) and not str(bars.get_label()).startswith("_"):
            sizes = [float(bar.get_width() if bars.orientation == "horizontal" else bar.get_height()) for bar in bars]
            names = [text.get_text() for text in axes.get_yticklabels()] if bars.orientation == "horizontal" else ticks
            pairs = zip(names, sizes, strict=False)
            yield say("alt.bars", language, name=bars.get_label(), values=_listed(pairs, language))
    for picture in axes.get_images():
        yield from _matrix(picture, axes, language)
    if not axes.axison:
        yield " ".join(text.get_text().replace("\n", " ") for text in axes.texts)


def _extent(axes: Axes, language: str) -> list[str]:
    """Return the range of what is drawn, for points and areas."""
    box = axes.dataLim
    if not np.isfinite(box.get_points()).all() or not (axes.get_xlabel() or axes.get_ylabel()):
        return []
    x = (f"{box.x0:.0f}", f"{box.x1:.0f}") if _years(axes) else _ends(box.x0, box.x1)
    y = _ends(box.y0, box.y1)
    shown = {"x0": x[0], "x1": x[1], "y0": y[0], "y1": y[1]}
    across, up = (" ".join(text.split()) for text in (axes.get_xlabel(), axes.get_ylabel()))
    return [say("alt.extent", language, x=across, y=up, **shown)]


def _line(name: str, x: NDArray[np.float64], values: NDArray[np.float64], language: str, *, years: bool) -> str:
    top = int(np.argmax(values >= values.max() - ALIKE * np.abs(values).max()))
    shown = {"first": values[0], "last": values[-1], "most": values[top]}
    places = {key: f"{at:.0f}" if years else _short(float(at)) for key, at in
              (("start", x[0]), ("end", x[-1]), ("at", x[top]))}  # fmt: skip
    return say("alt.line", language, name=name, **places, **{key: _short(float(each)) for key, each in shown.items()})


def _years(axes: Axes) -> bool:
    """Return whether the horizontal axis counts calendar years: its labels have four digits and no separator."""
    labels = [text.get_text() for text in axes.get_xticklabels() if text.get_text()]
    return bool(labels) and all(len(each) == len("2025") and each.isdigit() for each in labels)


def _ends(low: float, high: float) -> tuple[str, str]:
    """Return the ends of a range; what is nothing beside the other is 0."""
    least = ALIKE * max(abs(low), abs(high))
    first, last = (_short(float(end) if abs(end) > least else 0.0) for end in (low, high))
    return first, last


def _matrix(picture: AxesImage, axes: Axes, language: str) -> Iterator[str]:
    cells = picture.get_array()
    if cells is None:
        return
    filled = np.ma.masked_invalid(cells)
    if not filled.count():
        return
    names = [text.get_text().replace("\n", "") for text in axes.get_xticklabels()]
    rows = [text.get_text().replace("\n", "") for text in axes.get_yticklabels()]
    order = [np.unravel_index(int(at), filled.shape) for at in (filled.argmax(), filled.argmin())]
    pairs = [(f"{rows[row]} + {names[column]}", float(filled[row, column])) for row, column in order]
    yield say("alt.matrix", language, values=_listed(pairs, language))


def _listed(pairs: Iterable[tuple[str, float]], language: str) -> str:
    between = say("separator.parts", language)
    return between.join(f"{name} {_short(value)}" for name, value in pairs)


def _short(value: float) -> str:
    return brief(value, PLAIN_DIGITS)
