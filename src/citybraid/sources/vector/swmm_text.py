"""The text of a SWMM model as sections of rows with line numbers; malformed rows are collected as problems."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from citybraid.core.errors import InputError, PlanError

SECTION = re.compile(r"^\[(\w+)\]")
KNOWN = frozenset(
    [
     "TITLE", "OPTIONS", "REPORT", "FILES", "RAINGAGES", "EVAPORATION", "TEMPERATURE", "ADJUSTMENTS",
     "SUBCATCHMENTS", "SUBAREAS", "INFILTRATION", "LID_CONTROLS", "LID_USAGE", "AQUIFERS", "GROUNDWATER", "GWF",
     "SNOWPACKS", "JUNCTIONS", "OUTFALLS", "DIVIDERS", "STORAGE", "CONDUITS", "PUMPS", "ORIFICES", "WEIRS",
     "OUTLETS", "XSECTIONS", "TRANSECTS", "STREETS", "INLETS", "INLET_USAGE", "LOSSES", "CONTROLS", "POLLUTANTS",
     "LANDUSES", "COVERAGES", "LOADINGS", "BUILDUP", "WASHOFF", "TREATMENT", "INFLOWS", "DWF", "RDII",
     "HYDROGRAPHS", "CURVES", "TIMESERIES", "PATTERNS", "MAP", "POLYGONS", "COORDINATES", "VERTICES", "LABELS",
     "SYMBOLS", "BACKDROP", "TAGS", "PROFILES", "EVENT", "EVENTS",
    ]
)  # fmt: skip
"""Sections of SWMM 5 (EPA SWMM 5.2 user's manual, appendix D)."""
LEAST = {
    "JUNCTIONS": 2, "OUTFALLS": 3, "DIVIDERS": 4, "STORAGE": 5, "CONDUITS": 5, "PUMPS": 3, "ORIFICES": 5, "WEIRS": 5,
    "OUTLETS": 5, "XSECTIONS": 3, "SUBCATCHMENTS": 7, "COORDINATES": 3, "VERTICES": 3, "POLYGONS": 3, "LID_USAGE": 5,
}  # fmt: skip
"""Fewest words in a row of a section (same appendix)."""
MOST_PROBLEMS = 20


class Row(NamedTuple):
    """A row of a section: its words and the number of its line."""

    words: tuple[str, ...]
    line: int


def sections(text: str, *, name: str) -> tuple[Mapping[str, Sequence[Row]], list[PlanError], tuple[str, ...]]:
    """Return a model's rows by section, problems of malformed rows, and the names of unknown sections.

    Comments (;) and empty lines are left out. At most twenty problems are collected.
    """
    rows: dict[str, list[Row]] = {}
    problems: list[PlanError] = []
    unknown: dict[str, None] = {}
    current = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.split(";", 1)[0].strip()
        if not line:
            continue
        if header := SECTION.match(line):
            current = _full_name(header[1].upper())
            if current not in KNOWN:
                unknown[header[1]] = None
            rows.setdefault(current, [])
            continue
        words = tuple(line.split())
        if not current:
            problems.append(InputError("intake.swmm_outside", name=name, line=number, got=line[:60]))
        elif len(words) < LEAST.get(current, 1):
            problems.append(
                InputError(
                    "intake.swmm_row", name=name, line=number, section=current, got=line[:60], needs=LEAST[current]
                )
            )
        else:
            rows[current].append(Row(words, number))
    return rows, problems[:MOST_PROBLEMS], tuple(unknown)


def _full_name(header: str) -> str:
    """Return a section's full name: SWMM accepts abbreviated names ([SUBCATCH], [RAINGAGE])."""
    if header in KNOWN:
        return header
    return next((name for name in sorted(KNOWN) if len(header) >= 4 and name.startswith(header[:8])), header)  # noqa: PLR2004  (letters that SWMM needs)
