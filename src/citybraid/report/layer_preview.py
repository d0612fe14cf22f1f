"""Preview picture of a drawing: each layer in a colour of its own, with a legend."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from citybraid.core.errors import InputError
from citybraid.core.text import say
from citybraid.report.drawing.font import drawable, typeface
from citybraid.sources.cad.layers import DrawingLayer, DrawingTable

COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f3c8d", "#1b7f5c", "#b3261e", "#4d4d4d",
    "#a6761d", "#3969ac", "#80ba5a", "#e7298a",
)  # fmt: skip
"""Layers' colours: a drawing's own are often all white or all alike."""
REST = "#bdbdbd"
DASHES: tuple[Literal["-", "--", ":"], ...] = ("-", "--", ":")
WIDTH, HEIGHT, DPI = 11.0, 7.6, 130
LONGEST_NAME = 34
ASTRAY, FAR = 1.0, 4.0
"""Percent of vertices at each end that the picture leaves out where they make it this many times larger."""
ROOM = 0.03
MOST = 19
"""Most layers that get a line of the legend."""


def preview(table: DrawingTable, name: str, path: Path, *, language: str) -> None:
    """Write the picture of a drawing's layers that are on.

    Raises InputError where no layer has lines.
    """
    shown = sorted(
        (layer for layer in table.layers if layer.strokes and layer.state == "on"),
        key=lambda layer: (not layer.role, -layer.shapes),
    )
    if not shown:
        raise InputError("intake.drawing_nothing", name=name)
    with typeface():
        figure = Figure(figsize=(WIDTH, HEIGHT), facecolor="white")
        axes = figure.add_axes((0.06, 0.08, 0.62, 0.83))
        keys: list[Line2D] = []
        for number, layer in reversed(list(enumerate(shown))):
            colour = COLOURS[number % len(COLOURS)] if number < MOST else REST
            style = DASHES[min(number // len(COLOURS), len(DASHES) - 1)]
            axes.add_collection(LineCollection(list(layer.strokes), colors=colour, linewidths=0.8, linestyles=style))
            if number < MOST:
                keys.append(Line2D([], [], color=colour, linestyle=style, linewidth=2.0, label=_label(layer, language)))
        west, south, east, north = _window(shown)
        axes.set_xlim(west, east)
        axes.set_ylim(south, north)
        axes.set_aspect("equal", anchor="NW")
        axes.ticklabel_format(useOffset=False, style="plain")
        axes.tick_params(labelsize=7)
        axes.tick_params(axis="x", labelrotation=30)
        axes.set_title(drawable(say("drawing.picture_title", language, name=name)), loc="left", fontsize=11)
        figure.legend(
            handles=keys[::-1], loc="upper left", bbox_to_anchor=(0.70, 0.91), fontsize=7.5, frameon=False,
            handlelength=1.6, labelspacing=0.9,
        )  # fmt: skip
        note = say("drawing.picture_note", language, unit=table.unit)
        figure.text(0.06, 0.015, drawable(note), fontsize=7, color="#6b6b6b")
        if len(shown) > MOST:
            more = say("drawing.picture_more", language, count=len(shown) - MOST)
            figure.text(0.70, 0.015, drawable(more), fontsize=7, color="#6b6b6b")
        figure.savefig(path, dpi=DPI, format="png")


def _label(layer: DrawingLayer, language: str) -> str:
    """Name, number of shapes and the probable role of a layer."""
    name = layer.name if len(layer.name) <= LONGEST_NAME else layer.name[: LONGEST_NAME - 1] + "…"
    role = (
        say("drawing.sure", language, role=layer.role, percent=round(100 * layer.confidence),
            reason=say(layer.reason, language))
        if layer.role
        else say(layer.reason, language)
    )  # fmt: skip
    return drawable(f"{name}  ·  {layer.shapes}\n{role}")


def _window(layers: Sequence[DrawingLayer]) -> tuple[float, float, float, float]:
    """The bounds of the layers with a margin; outliers are left out where a few stray lines lie far away."""
    points = np.concatenate([stroke for layer in layers for stroke in layer.strokes])
    low, high = points.min(axis=0), points.max(axis=0)
    inner_low, inner_high = np.percentile(points, ASTRAY, axis=0), np.percentile(points, 100 - ASTRAY, axis=0)
    if (high - low).max() > FAR * (inner_high - inner_low).max() > 0:
        low, high = inner_low, inner_high
    room = ROOM * max(float((high - low).max()), 1e-9)
    west, south, east, north = (float(edge) for edge in (*(low - room), *(high + room)))
    return west, south, east, north
