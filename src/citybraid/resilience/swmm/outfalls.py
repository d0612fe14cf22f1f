"""Outfalls of a SWMM model that discharge onto the ground of a flood: the links that lead to them, and their flaps."""

from collections.abc import Mapping

from citybraid.resilience.swmm.model_text import Line, ModelText

LINKS = ("[CONDUIT", "[PUMP", "[ORIFICE", "[WEIR", "[OUTLET")
TO = 2
"""Word of a link's line that names where it ends."""
WITHOUT_STAGE = ("FREE", "NORMAL")
"""Kinds of outfalls whose line states no level."""


def links_to(model: ModelText, outfalls: frozenset[str]) -> Mapping[str, str]:
    """Return the link that ends at each outfall; SWMM lets but one do so. One that none leads to is left out."""
    return {
        line.words[TO].strip('"'): line.words[0].strip('"')
        for header, lines in model.sections
        if header.startswith(LINKS)
        for line in lines
        if len(line.words) > TO and line.words[TO].strip('"') in outfalls
    }


def flapped(model: ModelText, outfalls: Mapping[str, bool]) -> ModelText:
    """Return the model with outfalls at a level that is set as it runs; those that are true get a flap, or keep one."""

    def held(header: str, line: Line) -> Line:
        name = line.words[0].strip('"')
        if not header.startswith("[OUTFALL") or name not in outfalls:
            return line
        _, bottom, kind, *more = line.words
        place = 0 if kind.strip('"').upper() in WITHOUT_STAGE else 1
        flap = outfalls[name] or (len(more) > place and more[place].strip('"').upper() == "YES")
        return Line((line.words[0], bottom, "FIXED", bottom, "YES" if flap else "NO"), line.number)

    return ModelText(tuple((header, tuple(held(header, line) for line in lines)) for header, lines in model.sections))
