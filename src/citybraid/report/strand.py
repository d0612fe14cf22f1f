"""Blocks common to all strands' chapters: indicators by alternative, maps, and models that could not run."""

from collections.abc import Iterator

from citybraid.planning.rows import indicators
from citybraid.report.annex.lacking import needs_titles
from citybraid.report.chapter import Block, Paragraph, TextList, appended, words
from citybraid.report.indicators import by_alternative, unit_tables
from citybraid.report.remarks.basis import assumption_blocks
from citybraid.report.sheets import map_blocks, mapped
from citybraid.report.view import View, model_title


def indicator_blocks(view: View, strand: str) -> Iterator[Block]:
    """Yield a strand's table of indicators and their assumptions."""
    table = by_alternative(view, [strand], name=f"indicators_{strand}", title=words(f"{strand}.indicators"))
    if table is not None:
        yield table
        tables = unit_tables(view).values()
        shown = [row.id for row in indicators().values() if row.strand == strand and any(row.id in t for t in tables)]
        yield from appended(assumption_blocks(view, shown))


def strand_maps(view: View, strand: str) -> Iterator[Block]:
    """Yield a strand's map sheets."""
    for row in mapped():
        if row.chapter == strand:
            yield from map_blocks(view, row)


def gap_blocks(view: View, strand: str) -> Iterator[Block]:
    """Yield a line for each model of a strand that could not run, with its missing inputs."""
    reported: set[str] = set()
    for alternative in view.run.alternatives:
        for gap in view.run.gaps(alternative):
            if gap.model.startswith(f"{strand}.") and gap.model not in reported:
                reported.add(gap.model)
                needs = TextList(tuple(needs_titles(gap.needs, of=gap.model)), ", ")
                yield Paragraph(words("gap.line", model=model_title(gap.model), needs=needs), "item", appendix=True)
