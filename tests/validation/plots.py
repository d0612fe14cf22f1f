"""Pictures of the validation page: lines that are measured over lines that are known."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from matplotlib.figure import Figure
from numpy.typing import ArrayLike

COLOURS = ("#8c8c8c", "#c2571a", "#1b6ca8")


class Line(NamedTuple):
    """A line: its name, its values, its own places where they are not the picture's, dots instead of a line."""

    name: str
    values: ArrayLike
    at: ArrayLike | None = None
    dots: bool = False


def profile(
    path: Path, x: ArrayLike, lines: Sequence[Line], upward: str, *, across: str = "distance (m)",
    level: float | None = None,
) -> None:  # fmt: skip
    """Save lines over distance or time; `level` is drawn dashed."""
    figure = Figure(figsize=(6.4, 3.2), layout="constrained")
    axes = figure.subplots()
    for line, colour in zip(lines, COLOURS[-len(lines) :], strict=True):
        style = "o" if line.dots else "-"
        axes.plot(x if line.at is None else line.at, line.values, style, color=colour, lw=1.6, ms=5, label=line.name)
    if level is not None:
        axes.axhline(level, ls="--", lw=0.8, color="#444444")
    axes.set(xlabel=across, ylabel=upward)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110)
