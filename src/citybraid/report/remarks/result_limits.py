"""What limits the meaning of results, told where their numbers stand."""

from collections.abc import Iterable, Mapping

from citybraid.core.rows.plan import ResultLimit
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.rows import quantities_of
from citybraid.report.chapter import Text, words
from citybraid.report.remarks.basis import basis_of, basis_of_indicator
from citybraid.report.view import View

COMPOSED, COVER, ASSUMED = "intake.cover_composed", "land_cover", "assumed_land_cover"
"""The finding that tells the share of known land cover, the quantity, and that of cells whose class is assumed."""
WHOLE = 99.95
"""Share of known cover from which it counts as known everywhere [%]."""
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
    told = dict.fromkeys(
        row.limit for name in shown for row in _limits().get(name, ()) if not row.factor or _shipped(view, name, row)
    )
    return (*(words(f"limit.{limit}") for limit in told), *_cover_notes(view, shown))


def _cover_notes(view: View, shown: Iterable[str]) -> tuple[Text, ...]:
    """Return the share of the area whose land cover files tell, on indicators that read it or derive from it."""
    composed = next((each for each in view.run.manifest.findings if each.text == COMPOSED), None)
    share = 100.0 if composed is None else float(str(composed.values.get("share", 100.0)))
    if share >= WHOLE:
        return ()
    homes = [basis_of_indicator(view, name).homes for name in shown]
    direct = [COVER in quantities_of(name) or ASSUMED in home for name, home in zip(shown, homes, strict=True)]
    derived = [COVER in home and not reads for home, reads in zip(homes, direct, strict=True)]
    values = {"share": f"{share:.1f}"}
    texts = [text for text, told in (("limit.cover_known", any(direct)), ("limit.cover_assumed", any(derived))) if told]
    return tuple(words(text, **values) for text in texts)


def _shipped(view: View, name: str, row: ResultLimit) -> bool:
    return any(
        each.origin == SHIPPED
        for alternative in view.run.alternatives
        for each in basis_of(view, alternative, quantities_of(name)).of_factor(row.factor)
    )
