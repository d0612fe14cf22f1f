"""Outfalls of a SWMM model that discharge onto the ground of a flood: junctions instead, and how wide they open.

SWMM sets the level at an outfall without asking where the water in the pipe's last half comes from. A junction keeps
account of it, and a vent from there to the ground lets through what the pipe's end would.
"""

import math
from collections.abc import Collection, Mapping
from typing import NamedTuple

from citybraid.resilience.swmm.model_text import Line, ModelText

LINKS = ("[CONDUIT", "[PUMP", "[ORIFICE", "[WEIR", "[OUTLET")
TO = 2
"""Word of a link's line that names where it ends."""
HEIGHT, WIDTH, BARRELS = 2, 3, 6
"""Words of a section's line."""
WITHOUT_STAGE = ("FREE", "NORMAL")
"""Kinds of outfalls whose line states no level."""


class End(NamedTuple):
    """The end of a pipe: its full section in the model's unit of length squared, 0 where unknown, and any flap."""

    section: float
    flap: bool


def ends(model: ModelText, outfalls: Collection[str]) -> Mapping[str, End]:
    """Return the end of the pipe at each outfall; SWMM lets but one link lead there. One without any is left out."""
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
    """Return a full section: a circle as high as the pipe where no width is stated, else height times width."""
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
    """Return the model with outfalls turned into junctions that are as deep as their pipe is high."""
    junctions = tuple(
        Line((line.words[0], line.words[1], "0", "0", "0", "0"), line.number)
        for line in model.lines("[OUTF")
        if line.words[0].strip('"') in names
    )
    if not junctions:
        return model
    remaining = tuple(line for line in model.lines("[OUTF") if line.words[0].strip('"') not in names)
    return model.with_lines("[OUTFALLS]", remaining).with_more("[JUNCTIONS]", junctions)
