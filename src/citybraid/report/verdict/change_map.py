"""The map of page one: the parcels that the plan must change, apart from existing ones that breach a limit."""

from typing import Any, NamedTuple

from citybraid.report.chapter import Figure, Text, in_words, words
from citybraid.report.drawing.cartography import Entry, Panel, Sheet, draw_panels
from citybraid.report.drawing.scene import Part, Scene, VectorPart
from citybraid.report.verdict.parcel_states import PLANNED, ParcelStates
from citybraid.report.view import View

EDGE, GROUND = "#8d8880", "#f3f1ec"
MOST_NUMBERS = 40
"""Parcels up to which their numbers are written on the map."""


class _Kind(NamedTuple):
    """Parcels of one kind: their text, colour and ids."""

    text: str
    colour: str
    parcels: frozenset[str]


def change_map(view: View, states: ParcelStates) -> Figure | None:
    """Return the map of parcels by what the plan must do about them, None without shapes of parcels."""
    shapes = view.shapes(view.base, "parcels")
    if shapes is None or not states.failing:
        return None
    kinds = _kinds(states)
    others = len(shapes) - len(frozenset[str]().union(*(kind.parcels for kind in kinds)))
    parts: list[Part] = [VectorPart(list(shapes), GROUND, EDGE, 0.25)]
    for kind in kinds:
        drawn = shapes.loc[[name for name in shapes.index if str(name) in kind.parcels]]
        numbered = kind is kinds[-1] and len(drawn) <= MOST_NUMBERS
        names = [view.parcel_name(str(name)) for name in drawn.index] if numbered else ()
        parts.append(VectorPart(list(drawn), kind.colour, EDGE, 0.4, labels=names))
    scene = Scene(tuple(parts), view.bounds)  # drawn once for all languages

    def draw(language: str) -> Any:
        legend = [
            Entry(words(kind.text, count=len(kind.parcels)).say(language), kind.colour) for kind in reversed(kinds)
        ]
        if others:
            legend.append(Entry(words("verdict.legend_other", count=others).say(language), GROUND))
        sheet = Sheet(
            title=words("verdict.map" if states.planned else "verdict.map_breaches").say(language),
            project=in_words(view.title, language), language=language,
            alternative=in_words(view.name(states.alternative), language),
            source=words("verdict.map_source").say(language), legend=legend,
            notes=[in_words(note, language) for note in view.notes], synthetic=view.run.synthetic,
        )  # fmt: skip
        return draw_panels(sheet, [Panel("", scene)], bounds=view.bounds)

    counts = {"planned": len(states.planned), "existing": len(states.existing), "failing": len(states.failing)}
    alt: Text = words("verdict.map_alt" if states.stated else "verdict.map_alt_unstated", **counts)
    caption = words("verdict.map_caption", alternative=view.name(states.alternative))
    return Figure("changes", caption, draw, alt, telling=bool(others) + sum(bool(each.parcels) for each in kinds) > 1)


def _kinds(states: ParcelStates) -> list[_Kind]:
    """Return the kinds of parcels, those that matter most last, so that they are drawn over the others."""
    if not states.stated:
        return [_Kind("verdict.legend_failing", "#c0392b", frozenset(states.failing))]
    planned = {name for name, status in states.statuses.items() if status == PLANNED}
    return [
        _Kind("verdict.legend_existing", "#f0c36d", frozenset(states.existing)),
        _Kind("verdict.legend_kept", "#a9c9a4", frozenset(planned - set(states.planned))),
        _Kind("verdict.legend_planned", "#c0392b", frozenset(states.planned)),
    ]
