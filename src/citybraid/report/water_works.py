"""Levees, gates, culverts, pumps, drains and rescue on maps: which of them a value depends on, and their symbols."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from citybraid.core.layer import Layer
from citybraid.report.chapter import in_words
from citybraid.report.drawing.cartography import Entry
from citybraid.report.drawing.scene import VectorPart
from citybraid.report.view import View, named


class Work(NamedTuple):
    """A table of works: its colour, the width of its lines (0: none drawn), the marker of each row ('': none)."""

    table: str
    colour: str
    width: float = 0.0
    marker: str = ""


DRAINS = (Work("drain_links", "#5b8db8", width=0.9), Work("drain_nodes", "#1f4e79", marker="."))
DEFENCES = (
    Work("levees", "#111827", width=2.2), Work("culverts", "#047857", width=2.2),
    Work("pumps", "#7c3aed", width=1.1, marker="^"), Work("gates", "#b45309", marker="s"),
)  # fmt: skip
RESCUE = (Work("facilities", "#1d4ed8", marker="P"),)
WORKS = (*DRAINS, *DEFENCES, *RESCUE)
"""In the order in which they are drawn."""
COLOURS = {work.table: work.colour for work in WORKS}
COUPLED = "node_taken"
"""A column that exists only where drains are coupled with a flood (in earlier versions: a column without rows)."""


def coupled(view: View, alternative: str) -> bool:
    """Tell whether an alternative's floods ran with its drains."""
    column = view.column(alternative, COUPLED)
    return column is not None and len(column) > 0


def works_of(view: View, alternative: str, layer: Layer | None = None) -> Iterator[Work]:
    """Yield the works of an alternative that a layer was computed with; all works where no layer is given."""
    step = None if layer is None else view.makers[alternative].get(layer.key)
    if layer is not None and step is None:
        return
    for work in WORKS:
        work_layer = view.layer(alternative, "drain_nodes" if work in DRAINS else work.table)
        present = work_layer is not None and (step is None or work_layer.key in step.reads)
        if present and (work not in DRAINS or coupled(view, alternative)):
            yield work


def work_parts(view: View, alternative: str, layer: Layer) -> Iterator[VectorPart]:
    """Yield the works that a layer was computed with, ready to draw above it."""
    for work in works_of(view, alternative, layer):
        outlines = view.outlines(alternative, work.table)
        if outlines is not None:
            yield VectorPart(outlines, None, work.colour, work.width, marker=work.marker)


def work_legend(works: Sequence[Work], language: str) -> list[Entry]:
    """Return the lines of a legend that name works."""
    return [
        Entry(in_words(named("var", work.table), language), work.colour, "line", work.marker)
        if work.width
        else Entry(in_words(named("var", work.table), language), work.colour, "marker", work.marker)
        for work in works
    ]
