"""What limits the meaning of results, told where their numbers stand."""

from collections.abc import Iterable, Mapping

from citybraid.core.finding import Finding
from citybraid.core.rows.plan import ResultLimit
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.rows import quantities_of
from citybraid.report.chapter import Text, words
from citybraid.report.remarks.basis import basis_of, basis_of_indicator
from citybraid.report.view import View

CHOSEN, OPEN = "intake.cover_read_paved", "intake.cover_not_chosen"
"""The findings that tell the share of known land cover: the study chooses how the rest is read, or does not."""
COVER, ASSUMED = "land_cover", "assumed_land_cover"
"""The quantity, and that of cells whose class is assumed."""
DEPTH = "max_depth"
"""The quantity that a flood makes."""
MOST_TOLD = 99.9
"""Largest share of known cover that is told where some is unknown [%]."""
SHIPPED = "citybraid"
"""Origin of factor rows that are not the study's own."""


@cached_with_tables
def _limits() -> Mapping[str, tuple[ResultLimit, ...]]:
    rows = read_table(ResultLimit)
    return {row.indicator: tuple(each for each in rows if each.indicator == row.indicator) for row in rows}


def limit_notes(view: View, shown: Iterable[str]) -> tuple[Text, ...]:
    """Return the sentences on some indicators, each once, and the share of known land cover behind them.

    A limit of a factor is not told where the study replaced every row of it that was used.
    """
    shown = tuple(shown)
    notes = dict.fromkeys(
        row.limit for name in shown for row in _limits().get(name, ()) if not row.factor or _shipped(view, name, row)
    )
    return (
        *(words(f"limit.{limit}") for limit in notes), *_event_notes(view, shown), *_cover_notes(view, shown),
        *_flood_notes(view, shown),
    )  # fmt: skip


def _event_notes(view: View, shown: Iterable[str]) -> tuple[Text, ...]:
    """Return which event the largest storm in an indicator's name is, where it is more than a storm of some years.

    An event that the study gives a title, or joins from rain and the level of a river or the sea, is one.
    """
    noted_events = dict.fromkeys(
        events[-1]
        for name in shown
        for quantity in quantities_of(name)
        if (events := view.events(view.base, quantity)) and events[-1]
    )
    settings = view.run.manifest.asked
    own = {*settings.event_titles, *(each.label for each in settings.events)}
    names = [view.event_name(view.base, event) for event in noted_events if event in own]
    return tuple(words("limit.largest_event", event=each) for each in names)


def flood_equations_note(view: View) -> Text | None:
    """Return by which equations floods of a run are computed, None where all are by the usual ones or there is none."""
    return words("limit.full_equations") if any(_full_floods(view, name) for name in view.run.alternatives) else None


def _flood_notes(view: View, shown: Iterable[str]) -> tuple[Text, ...]:
    """Return by which equations floods are computed, on indicators that rest on one by other than the usual ones."""
    note = flood_equations_note(view)
    if note is None:
        return ()
    for alternative in view.run.alternatives:
        layers, full = view.layers[alternative], _full_floods(view, alternative)
        quantities = [quantity for name in shown for quantity in quantities_of(name)]
        keys = [layer.key for each in quantities for layer in layers.get(each, {}).values()]
        if any(step is not None and step.key in full for _, step in view.behind(alternative, keys)):
            return (note,)
    return ()


def _full_floods(view: View, alternative: str) -> frozenset[str]:
    """Return the keys of an alternative's Steps that compute a flood by the full equations."""
    makers = (view.run.maker(alternative, layer) for layer in view.layers[alternative].get(DEPTH, {}).values())
    return frozenset(step.key for step in makers if step is not None and step.params.get("momentum") == "full")


def unknown_cover_note(view: View) -> Text | None:
    """Return how floods read ground whose land cover no file tells, and the share known; None where all is known."""
    note = _unknown_cover(view)
    if note is None:
        return None
    return words("limit.cover_chosen" if note.text == CHOSEN else "limit.cover_assumed", share=_share(note))


def _cover_notes(view: View, shown: Iterable[str]) -> tuple[Text, ...]:
    """Return the share of the area whose land cover files tell, on indicators that read it or derive from it."""
    shares, reading = _unknown_cover(view), unknown_cover_note(view)
    if shares is None or reading is None:
        return ()
    homes = [basis_of_indicator(view, name).homes for name in shown]
    direct = [COVER in quantities_of(name) or ASSUMED in home for name, home in zip(shown, homes, strict=True)]
    derived = [COVER in home and not reads for home, reads in zip(homes, direct, strict=True)]
    known = (words("limit.cover_known", share=_share(shares)),) if any(direct) else ()
    return (*known, reading) if any(derived) else known


def _unknown_cover(view: View) -> Finding | None:
    """Return the finding on ground whose land cover no file tells."""
    return next((each for each in view.run.manifest.findings if each.text in {CHOSEN, OPEN}), None)


def _share(finding: Finding) -> str:
    """Return the share of the area whose cover is known, never rounded up to the whole."""
    return f"{min(float(str(finding.values['share'])), MOST_TOLD):.1f}"


def _shipped(view: View, name: str, row: ResultLimit) -> bool:
    return any(
        each.origin == SHIPPED
        for alternative in view.run.alternatives
        for each in basis_of(view, alternative, quantities_of(name)).of_factor(row.factor)
    )
