"""Missing links of the chain from an objective to its instrument, as sentences."""

from collections.abc import Iterator

from citybraid.planning.rows import indicators
from citybraid.report.chapter import Block, Paragraph, Text, TranslatedText, words
from citybraid.report.view import View, measure_title, named
from citybraid.study.run.manifest import BreakRecord

UNBUILT = "chain.unbuilt"
"""Text of a measure that an alternative asks for and that found no place."""
IDLE, MET = "chain.no_effect", "chain.no_effect_met"
"""A measure without effect on its objective; the same where that is reached without it."""


def unbuilt(view: View) -> Iterator[Block]:
    """Yield each measure that an alternative asks for and that is built nowhere: its effects are not zero by luck."""
    for link in view.run.manifest.chain:
        if link.text == UNBUILT:
            yield Paragraph(link_text(view, link), "warning")


def link_text(view: View, link: BreakRecord) -> Text:
    """Return a missing link with the titles of its objective or control and of its measure or indicator."""
    objective = next((each for each in view.run.manifest.asked.objectives if each.id == link.objective), None)
    owner = named("control", link.objective) if objective is None else TranslatedText.of(objective.title)
    owner = view.name(link.objective) if link.text == UNBUILT else owner
    name = link.name
    about = named("indicator", name) if name in indicators() else measure_title(name)
    text = MET if link.text == IDLE and _met(view, link.objective) else link.text
    return words(text, objective=owner, name=name if about == f"integrate.measures.{name}" else about)


def _met(view: View, objective: str) -> bool:
    """Tell whether existing conditions reach an objective on the full grid; on that of screening they may not."""
    table = view.run.table("scorecard")
    if table is None:
        return False
    rows = table[(table["objective"] == objective) & (table["alternative"] == view.base)]
    return bool((rows["state"] == "green").any())
