"""SWMM outfalls that discharge onto the ground of a surface flood model: replaced by junctions with a vent.

SWMM prescribes the level at an outfall, which creates water in the last half of the pipe. A junction conserves mass,
and a vent from it to the ground passes the flow that the pipe's end would.
"""

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

from citybraid.resilience.swmm.model_text import Line, ModelText

LINKS = ("[CONDUIT", "[PUMP", "[ORIFICE", "[WEIR", "[OUTLET")
TO = 2
"""Index of a link line's downstream node."""
HEIGHT, WIDTH, BARRELS = 2, 3, 6
"""Indices in a cross-section line."""
WITHOUT_STAGE = ("FREE", "NORMAL")
"""Outfall types whose line has no stage."""


class End(NamedTuple):
    """A pipe end: full cross-section area in the model's length unit squared, 0 where unknown, and any flap gate."""

    section: float
    flap: bool


def pipe_ends(model: ModelText, outfalls: Collection[str]) -> Mapping[str, End]:
    """Return the pipe end at each outfall; SWMM allows one link per outfall. Outfalls without a link are left out."""
    links = {
        line.words[0].strip('"'): line.words[TO].strip('"')
        for header, lines in model.sections
        if header.startswith(LINKS)
        for line in lines
        if len(line.words) > TO and line.words[TO].strip('"') in outfalls
    }
    sections = {links[name]: line for line in model.lines("[XSECT") if (name := line.words[0].strip('"')) in links}
    flaps = {line.words[0].strip('"'): _flap(line) for line in model.lines("[OUTF")}
    return {name: End(_section(sections.get(name)), flaps.get(name, False)) for name in links.values()}


def _flap(line: Line) -> bool:
    kind, *more = line.words[2:] if len(line.words) > WIDTH - 1 else ("FREE",)
    place = 0 if kind.strip('"').upper() in WITHOUT_STAGE else 1
    return len(more) > place and more[place].strip('"').upper() == "YES"


def _section(line: Line | None) -> float:
    """Return the full area: a circle of the pipe's height where no width is given, else height times width."""
    numbers = [0.0] * (BARRELS + 1)
    for place in (HEIGHT, WIDTH, BARRELS):
        if line is not None and len(line.words) > place:
            try:
                numbers[place] = float(line.words[place].strip('"'))
            except ValueError:
                return 0.0
    height, width, barrels = numbers[HEIGHT], numbers[WIDTH], max(1.0, numbers[BARRELS])
    return barrels * (height * width if width > 0.0 else math.pi / 4.0 * height**2)


def as_junctions(model: ModelText, names: Collection[str]) -> ModelText:
    """Return the model with outfalls replaced by junctions whose depth is the pipe's height."""
    junctions = tuple(
        Line((line.words[0], line.words[1], "0", "0", "0", "0"), line.number)
        for line in model.lines("[OUTF")
        if line.words[0].strip('"') in names
    )
    if not junctions:
        return model
    remaining = tuple(line for line in model.lines("[OUTF") if line.words[0].strip('"') not in names)
    return model.with_lines("[OUTFALLS]", remaining).with_more("[JUNCTIONS]", junctions)
