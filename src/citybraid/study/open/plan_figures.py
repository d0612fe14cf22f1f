"""The plan's own table of indicators, as the study states it: values stated and handed down, with their units."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches
from math import isclose, isfinite, nan
from typing import Any

from odc.geo.geobox import GeoBox
from pydantic import Field

from citybraid.core.errors import InputError, PlanError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.core.text import LANGUAGES, say
from citybraid.planning.master import master_indicators, master_values
from citybraid.planning.review.figures import BROKEN, PlanFigure, figure_table, review_checks
from citybraid.planning.zones import Zones
from citybraid.sources.protocol.problem import Contradiction
from citybraid.sources.text.units import conversion_factor, normalize_unit
from citybraid.study.open.study_part import StudyPart

LAYER = "plan_figures"
"""What contradictions of the table of indicators name as the layer that they are in."""
SAME = 1e-9
"""Relative difference up to which two figures are the same [-]."""
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
    figures = []
    for entry in entries:
        name = _id(entry.indicator)
        times = _times(entry, name)
        stated, above = (nan if value is None else value * times for value in (entry.stated, entry.handed_down))
        figures.append(PlanFigure(name, stated, above, entry.source))
    return tuple(figures)


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


def figure_contradictions(
    entries: Iterable[FigureEntry], place: Place, value: Callable[[Layer], Any], *, grid: GeoBox
) -> Iterator[Contradiction]:
    """Yield where a figure is not what the plan above hands down, or what the plan's own layers make.

    Values are in the units in which the study states them. Held against the plan above are all figures: where the
    review items ask for no less or no more, by that, else each that differs. Held against the layers are those that
    the review items name, as far as files give the quantity.
    """
    stated = tuple(entries)
    figures = figures_of(stated)
    if not figures:
        return
    shapes = next((name for name in ("units", "parcels") if name in place.layers), "")
    computed: dict[str, float] = {}
    if shapes:
        named = {each.indicator for each in figures}
        zones = Zones(value(place.one(shapes)).rename(shapes), place, value, grid)
        table = master_values(zones, only=named).by_zone
        computed = {str(name): float(table[name][WHOLE_AREA]) for name in table}
    for entry, row in zip(stated, figure_table(figures, computed).to_dict("records"), strict=True):
        yield from _contradicted(row, entry.unit, _times(entry, str(row["indicator"])))


def _contradicted(row: Mapping[Any, Any], unit: str, times: float) -> Iterator[Contradiction]:
    """Yield the contradictions of a row of `figure_table`, in a unit and its factor to the indicator's."""
    name, stated, above = str(row["indicator"]), float(row["stated"]), float(row["handed_down"])
    check = review_checks().get(name)
    values = {"master_indicator": name, "source": str(row["source"]) or "-", "tolerance": 0.0}
    values |= {} if check is None else {"tolerance": _plain(check.tolerance / times)}
    rule = "" if check is None else check.handed_down
    differs = not rule and isfinite(stated) and isfinite(above) and not isclose(stated, above, rel_tol=SAME)
    if differs or row["against_above"] == BROKEN:
        yield Contradiction(
            f"plan_figure.above_{rule or 'differs'}",
            LAYER,
            "",
            _plain(stated / times),
            _plain(above / times),
            unit,
            values,
        )
    if row["against_layers"] == BROKEN:
        yield Contradiction(
            "plan_figure.below_layers",
            LAYER,
            "",
            _plain(stated / times),
            _plain(float(row["layers"]) / times),
            unit,
            values,
        )


def _plain(value: float) -> float:
    """Return a value without the rounding of a conversion there and back."""
    return float(f"{value:.12g}")


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
