"""Embodied carbon of the chosen measures, and those of which no figure with a source is known."""

from collections.abc import Iterator

from citybraid.report.chapter import Block, Paragraph, Quantity, TextList, words
from citybraid.report.indicators import whole
from citybraid.report.view import View, measure_title
from citybraid.study.run.manifest import ChoiceRecord

TONNE = 1000.0
EMISSIONS, LEAST = ("inventory_emissions", "net_emissions"), 1e-4
"""Indicators of emissions [t CO2e year-1], of which the first that was computed is taken; the least share saved."""


def _made_up_for(view: View, carbon: float) -> Iterator[Block]:
    """Yield in how many years what the portfolio saves makes up for its carbon; nothing without emissions."""
    for name in EMISSIONS:
        before, after = (whole(view, end, name) for end in view.ends)
        if before is None or after is None or carbon <= 0.0:
            continue
        saved = Quantity(before - after, view.unit_of(name))
        if before - after <= LEAST * before:
            yield Paragraph(words("measures.carbon_never"))
        else:
            years = Quantity(carbon / (before - after), "year", 0)
            yield Paragraph(words("measures.carbon_years", years=years, saved=saved))
        return


def embodied_of_chosen(view: View, choice: ChoiceRecord) -> Iterator[Block]:
    """Yield the carbon of what was chosen; where rows of some measures are missing, that of the others and their names.

    A sum over some of them alone would read as that of all.
    """
    if choice.carbon is not None:
        yield Paragraph(words("measures.carbon", carbon=Quantity(choice.carbon / TONNE, "t CO2e")))
        yield from _made_up_for(view, choice.carbon / TONNE)
        return
    installed = view.run.table("installed")
    if installed is None:
        return
    amounts = {str(name): float(installed[name].sum()) for name in installed if str(name) in choice.prices}
    used = {name: amount for name, amount in amounts.items() if amount > 0.0}
    bare = [name for name in used if choice.prices[name].carbon is None]
    if not bare:
        return
    known = sum(amount * (choice.prices[name].carbon or 0.0) for name, amount in used.items())
    names = TextList(tuple(measure_title(name) for name in bare), ", ")
    if len(bare) == len(used):
        yield Paragraph(words("measures.carbon_unknown", measures=names))
        return
    yield Paragraph(words("measures.carbon_part", carbon=Quantity(known / TONNE, "t CO2e"), measures=names))
