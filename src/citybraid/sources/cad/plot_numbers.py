"""Plot numbers of a drawing's parcels: by block attribute, text, layer name, or a short number inside.

The order of preference: an attribute of a block in the parcel (地块编号, PLOT); a text in, or pointing to, the
parcel that is a plot number, the nearest to its middle where there are several; the name of a layer that holds this
parcel alone; a text clearly nearest outside; the short number nearest to the middle of the parcel.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import shapely
from shapely.geometry.base import BaseGeometry

from citybraid.core.finding import Finding
from citybraid.sources.cad.plan_texts import plot_of_layer
from citybraid.sources.cad.texts import DrawingText

Way = Literal["attribute", "text", "layer", "beside", "number"]
WAYS: tuple[Way, ...] = ("attribute", "text", "layer", "beside", "number")
"""Where a plot number comes from, in order of preference."""
SHORT = re.compile(r"^[A-Za-z]{0,2}\d{1,3}[A-Za-z]?$")
"""A short number that may be a plot's: 3, 12a, P07."""


def plot_ranks(
    shapes: Sequence[BaseGeometry], notes: Sequence[DrawingText], holders: Sequence[int], outside: Iterable[int]
) -> dict[int, tuple[int, float]]:
    """Return the rank of texts as sources of a plot number, by row, the lowest first; of equals the nearest."""
    beside = set(outside)
    ranks: dict[int, tuple[int, float]] = {}
    for at, (note, holder) in enumerate(zip(notes, holders, strict=True)):
        if holder >= 0:
            way: Way = "attribute" if note.attribute else "beside" if at in beside else "text"
            ranks[at] = (WAYS.index(way), _distance(shapes[holder], note))
    return ranks


def layer_numbers(layers: Sequence[str]) -> dict[int, str]:
    """Return by row the plot numbers in the names of layers that hold one parcel each."""
    count = Counter(layers)
    return {row: plot for row, name in enumerate(layers) if count[name] == 1 and (plot := plot_of_layer(name))}


def short_numbers(
    shapes: Sequence[BaseGeometry], notes: Sequence[DrawingText], holders: Sequence[int], missing: Iterable[int]
) -> dict[int, str]:
    """Return by row the short number nearest to the middle of each parcel that has none.

    None at all where two parcels, numbered or not, would share one: numbers that repeat are floors or heights.
    """
    wanted = set(missing)
    nearest: dict[int, tuple[float, str]] = {}
    for note, holder in zip(notes, holders, strict=True):
        if holder in wanted and len(note.lines) == 1 and SHORT.match(note.lines[0]):
            candidate = (_distance(shapes[holder], note), note.lines[0])
            nearest[holder] = min(candidate, nearest.get(holder, candidate))
    numbers = {row: text for row, (_, text) in nearest.items()}
    return numbers if len(set(numbers.values())) == len(numbers) else {}


def plot_finding(ways: Mapping[int, Way], rows: int, role: str) -> Finding | None:
    """Return how many parcels have their number from where; None where none has one."""
    if not ways:
        return None
    count = Counter(ways.values())
    values = {f"by_{way}": count[way] for way in WAYS}
    guessed = count["number"] + count["beside"] > 0
    kind: Literal["guessed", "found"] = "guessed" if guessed else "found"
    return Finding(kind, "intake.plot_numbers", role, len(ways), {**values, "none": rows - len(ways)})


def _distance(shape: BaseGeometry, note: DrawingText) -> float:
    """Return the distance of a text's middle from the middle of a shape [CRS unit]."""
    middle = shapely.point_on_surface(shape)
    x, y = note.middle or (note.x, note.y)
    return math.hypot(x - middle.x, y - middle.y)
