"""Vents of coupled drains: an orifice from each node, at the height of the ground, to an outfall at the water's level.

SWMM itself lets water out of a full node without resistance and knows no water above it. Through a vent it flows by
the orifice law either way, as the level in the node or on the ground is higher; where both are the same, none does.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.resilience.swmm.model_text import Line, ModelText

F64 = NDArray[np.float64]
HIGHEST = 100.0
"""How far water may rise above the depth of a vented node, in the model's unit of length."""
SURCHARGE = {"[JUNC": 4, "[STORAGE": 6}
"""Word of a node's line that holds its surcharge depth; a storage given by a formula has two more words before."""
BY_CURVE, SHAPE = "TABULAR", 4
OUTFALL, ORIFICE = "citybraid_ground", "citybraid_vent"
SHARP_CREST = 0.414
"""Weir coefficient over (2 g)^0.5 with which SWMM turns the flow of a shallow orifice to that of a weir."""
HALVINGS = 40
SLENDER = 40.0
"""Side of a square over the height of a mouth as large, a slot [-]."""


class Vent(NamedTuple):
    """A vent in the model's units: its node, the node's bottom, the ground, its area and coefficient.

    It is square, or the mouth of a pipe, perhaps with a flap: SWMM takes an orifice under a small head for a weir along
    its rim, so a mouth is a slot as large, whose long rim keeps that head to a few centimetres.
    """

    node: str
    invert: float
    ground: float
    opening: float
    coefficient: float
    mouth: bool = False
    flap: bool = False


def vented(model: ModelText, vents: Sequence[Vent]) -> ModelText:
    """Return the model with a square vent at each node; through one with a flap water only comes out."""
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
    """Let water stand above the depth of nodes."""

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
    """Return what SWMM lets through a bottom orifice that is open by a share [m3/s] under a head over it [m].

    Below a critical head, where the circumference holds less water back than the opening lets
    through, the flow is that of a weir (SWMM reference manual vol. II, section 6.3).
    """
    side = math.sqrt(opening)
    critical = coefficient / SHARP_CREST * side * share / (2.0 * (1.0 + share))
    head_fraction = np.minimum(1.0, head / np.maximum(critical, 1e-12))
    full = coefficient * opening * share * np.sqrt(2.0 * gravity * np.maximum(head, critical))
    return np.asarray(full * head_fraction**1.5)


def open_share(head: F64, flow: F64, *, coefficient: float, opening: float, gravity: float) -> F64:
    """Return the share by which a vent must be open to let a flow through under a head; 1 where that is not enough."""
    low, high = np.zeros_like(head), np.ones_like(head)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        too_low = vent_flow(head, middle, coefficient=coefficient, opening=opening, gravity=gravity) < flow
        low, high = np.where(too_low, middle, low), np.where(too_low, high, middle)
    return np.asarray(0.5 * (low + high))
