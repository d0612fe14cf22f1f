"""Blocks common to all strands' chapters: indicators by alternative, maps, and models that could not run."""

from collections.abc import Iterator

import pandas as pd

from citybraid.planning.rows import indicators
from citybraid.report.annex.lacking import left_out_models, needs_titles
from citybraid.report.chapter import Block, Column, Table, TextList, appended, cells, words
from citybraid.report.indicators import by_alternative, unit_tables
from citybraid.report.remarks.basis import assumption_blocks
from citybraid.report.sheets import map_blocks, mapped
from citybraid.report.view import View, model_title

GAPS_SHOWN = 20
"""Rows of the table of models that could not run on the page and in documents; the workbook has all."""


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
    """Yield the table of a strand's models that could not run, with their missing inputs."""
    gaps = {gap.model: gap for name in reversed(view.run.alternatives) for gap in view.run.gaps(name)}
    lacking = [gap for gap in gaps.values() if gap.model.startswith(f"{strand}.")]
    if not lacking:
        return
    left_out = left_out_models(view)
    frame = pd.DataFrame(
        {
            "model": cells(model_title(gap.model) for gap in lacking),
            "needs": cells(
                TextList(tuple(needs_titles(gap.needs, of=gap.model, left_out=left_out)), ", ") for gap in lacking
            ),
        }
    )
    columns = [Column("model", words("method.model")), Column("needs", words("gap.needs"))]
    name = f"gaps_{strand.replace('.', '_')}"
    yield Table(name, words("gap.table"), frame, columns, most=GAPS_SHOWN, printed=GAPS_SHOWN, appendix=True)
