"""Vents of coupled drains: an orifice from each node, at ground level, to an outfall at the surface water level.

SWMM itself lets water out of a full node without resistance and ignores water above it. A vent exchanges flow by the
orifice equation in both directions, driven by the difference between the head in the node and the surface water level.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.resilience.swmm.model_text import Line, ModelText

F64 = NDArray[np.float64]
HIGHEST = 100.0
"""Surcharge depth of a vented node, in the model's length unit."""
SURCHARGE = {"[JUNC": 4, "[STORAGE": 6}
"""Index of the surcharge depth in a node's line; a storage with a functional curve has two more tokens before it."""
BY_CURVE, SHAPE = "TABULAR", 4
OUTFALL, ORIFICE = "citybraid_ground", "citybraid_vent"
SHARP_CREST = 0.414
"""Weir coefficient over (2 g)^0.5 with which SWMM treats an orifice under a small head as a weir."""
HALVINGS = 40
SLENDER = 40.0
"""Side of a square over the height of a slot of equal area, used for pipe mouths [-]."""


class Vent(NamedTuple):
    """A vent in the model's units: its node, the node's invert, ground level, area and discharge coefficient.

    It is square, or the mouth of a pipe, possibly with a flap gate. SWMM treats an orifice under a small head as a weir
    along its rim, so a mouth is a slot of equal area: its long rim limits that range to a few centimetres of head.
    """

    node: str
    invert: float
    ground: float
    opening: float
    coefficient: float
    mouth: bool = False
    flap: bool = False


def with_vents(model: ModelText, vents: Sequence[Vent]) -> ModelText:
    """Return the model with a vent at each node; one with a flap gate only lets water out."""
    model = _with_surcharge_depth(model, frozenset(vent.node for vent in vents))
    elevation = model.option("LINK_OFFSETS").upper().startswith("ELEV")
    outfalls, orifices, sections = [], [], []
    for number, (node, invert, ground, opening, coefficient, mouth, flap) in enumerate(vents):
        outfall, orifice = f"{OUTFALL}_{number}", f"{ORIFICE}_{number}"
        outfalls.append(Line((outfall, repr(ground), "FIXED", repr(ground), "NO"), 0))
        offset = repr(ground if elevation else ground - invert)
        gated, side, slender = "YES" if flap else "NO", math.sqrt(opening), SLENDER if mouth else 1.0
        orifices.append(Line((orifice, f'"{node}"', outfall, "BOTTOM", offset, repr(coefficient), gated, "0"), 0))
        sections.append(Line((orifice, "RECT_CLOSED", repr(side / slender), repr(side * slender), "0", "0"), 0))
    model = model.with_more("[OUTFALLS]", tuple(outfalls)).with_more("[ORIFICES]", tuple(orifices))
    return model.with_more("[XSECTIONS]", tuple(sections))


def _with_surcharge_depth(model: ModelText, names: frozenset[str]) -> ModelText:
    """Raise the surcharge depth of nodes."""

    def with_surcharge(header: str, line: Line) -> Line:
        place = next((word for section, word in SURCHARGE.items() if header.startswith(section)), None)
        if place is None or line.words[0].strip('"') not in names:
            return line
        if header.startswith("[STORAGE") and line.words[SHAPE].strip('"').upper() != BY_CURVE:
            place += 2
        words = [*line.words, *["0"] * (place + 1 - len(line.words))]
        words[place] = repr(HIGHEST)
        return Line(tuple(words), line.number)

    return ModelText(
        tuple((header, tuple(with_surcharge(header, line) for line in lines)) for header, lines in model.sections)
    )


def vent_flow(head: F64, share: F64, *, coefficient: float, opening: float, gravity: float) -> F64:
    """Return SWMM's flow through a partly open bottom orifice [m3/s] under a head [m].

    Below a critical head, where the weir flow over the rim is less than the orifice flow,
    the flow is that of a weir (SWMM reference manual vol. II, section 6.3).
    """
    side = math.sqrt(opening)
    critical = coefficient / SHARP_CREST * side * share / (2.0 * (1.0 + share))
    head_fraction = np.minimum(1.0, head / np.maximum(critical, 1e-12))
    full = coefficient * opening * share * np.sqrt(2.0 * gravity * np.maximum(head, critical))
    return np.asarray(full * head_fraction**1.5)


def open_share(head: F64, flow: F64, *, coefficient: float, opening: float, gravity: float) -> F64:
    """Return the opening of a vent that passes a flow under a head, by bisection; 1 where fully open is not enough."""
    low, high = np.zeros_like(head), np.ones_like(head)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        too_low = vent_flow(head, middle, coefficient=coefficient, opening=opening, gravity=gravity) < flow
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return np.asarray(0.5 * (low + high))
