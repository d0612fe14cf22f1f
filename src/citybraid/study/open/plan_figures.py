"""The plan's own table of indicators, as the study states it: values stated and handed down, with their units."""

from collections.abc import Iterable
from difflib import get_close_matches
from math import nan

from pydantic import Field

from citybraid.core.errors import InputError, PlanError
from citybraid.core.text import LANGUAGES, say
from citybraid.planning.master import master_indicators
from citybraid.planning.review.figures import PlanFigure
from citybraid.sources.text.units import conversion_factor, normalize_unit
from citybraid.study.open.study_part import StudyPart

MULTIPLE = "10^4 "
"""How units of ten thousand begin: 10^4 person."""


class FigureEntry(StudyPart):
    """A figure of the plan's table of indicators, held against the plan above and the plan's own layers."""

    indicator: str = Field(max_length=80)
    """The indicator of master plans by its name in either language, or its id: cultivated_land, 耕地保有量."""
    unit: str = Field(max_length=40)
    """Unit of both values: km2, ha, 公顷, 亩, %, 万人."""
    stated: float | None = None
    """What the plan's text or table says."""
    handed_down: float | None = None
    """What the plan above hands down."""
    source: str = Field("", max_length=200)
    """Where the values stand."""


def figures_of(entries: Iterable[FigureEntry]) -> tuple[PlanFigure, ...]:
    """Return the figures in the units of their indicators; entries must have no problems."""
    found = []
    for entry in entries:
        name = _id(entry.indicator)
        times = _times(entry, name)
        values = (nan if value is None else value * times for value in (entry.stated, entry.handed_down))
        found.append(PlanFigure(name, *values))
    return tuple(found)


def figure_problems(entries: Iterable[FigureEntry]) -> list[PlanError]:
    """Return an error for each figure of an unknown indicator or unit, without a value, or that is there twice."""
    problems: list[PlanError] = []
    seen: set[str] = set()
    names = {say(f"master_indicator.{each}", language) for each in master_indicators() for language in LANGUAGES}
    for entry in entries:
        name = _id(entry.indicator)
        if not name:
            near = get_close_matches(entry.indicator, [*master_indicators(), *names], n=4, cutoff=0.3)
            problems.append(InputError("plan_figure.unknown", got=entry.indicator, near=near or ["-"]))
            continue
        values = {"indicator": entry.indicator, "needs": master_indicators()[name].unit}
        if name in seen:
            problems.append(InputError("plan_figure.twice", **values))
        if not _times(entry, name):
            problems.append(InputError("plan_figure.unit", got=entry.unit, **values))
        if entry.stated is None and entry.handed_down is None:
            problems.append(InputError("plan_figure.empty", **values))
        seen.add(name)
    return problems


def _id(text: str) -> str:
    """Return the id of an indicator from its id or its name; '' where there is none."""
    plain = text.strip().casefold()
    for name in master_indicators():
        if plain == name or plain in {say(f"master_indicator.{name}", each).casefold() for each in LANGUAGES}:
            return name
    return ""


def _times(entry: FigureEntry, name: str) -> float:
    """Return the factor from the entry's unit to the indicator's; 0 where they do not fit."""
    unit = master_indicators()[name].unit
    if normalize_unit(entry.unit) == normalize_unit(unit):
        return 1.0
    if (times := conversion_factor(entry.unit, unit)) is not None:
        return times
    plain = unit.removeprefix(MULTIPLE)
    times = conversion_factor(entry.unit, plain) if plain != unit else None
    return 0.0 if times is None else times / 1e4
