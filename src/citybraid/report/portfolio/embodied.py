"""Embodied carbon of the chosen measures, and those of which no figure with a source is known."""

from collections.abc import Iterator

from citybraid.report.chapter import Block, Paragraph, Quantity, TextList, words
from citybraid.report.view import View, measure_title
from citybraid.study.run.manifest import ChoiceRecord

TONNE = 1000.0


def embodied_of_chosen(view: View, choice: ChoiceRecord) -> Iterator[Block]:
    """Yield the carbon of what was chosen; where rows of some measures are missing, that of the others and their names.

    A sum over some of them alone would read as that of all.
    """
    if choice.carbon is not None:
        yield Paragraph(words("measures.carbon", carbon=Quantity(choice.carbon / TONNE, "t CO2e")))
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
