"""A phase in one table: its indicators by alternative and the instruments that carry them, and its measures."""

from collections.abc import Iterator

import pandas as pd

from citybraid.core.rows.report import DisasterPhase
from citybraid.core.tables import read_table
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Block, Column, Paragraph, Table, TextList, cells, words
from citybraid.report.disaster.phase import Phase
from citybraid.report.indicators import of_whole, unit_tables, unit_text
from citybraid.report.view import View, measure_title, named


def phase_table(view: View, phase: Phase) -> Iterator[Block]:
    """Yield the indicators of a phase that the run has, and a line on its measures."""
    tables = unit_tables(view)
    listed = [row.name for row in read_table(DisasterPhase) if row.phase == phase and row.kind == "indicator"]
    rows = [indicators()[name] for name in listed if any(name in table for table in tables.values())]
    if rows:
        frame = pd.DataFrame({
            "indicator": cells(named("indicator", row.id) for row in rows),
            "unit": cells(unit_text(view.unit_of(row.id)) for row in rows),
            **{name: [of_whole(table, row) for row in rows] for name, table in tables.items()},
            "instrument": cells(named("instrument", row.instrument) if row.instrument else "–" for row in rows),
        })  # fmt: skip
        columns = [
            Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
            *(Column(name, view.name(name), told=True) for name in tables),
            Column("instrument", words("plan.instrument"), printed=False),
        ]  # fmt: skip
        yield Table(f"disaster_{phase}", words(f"disaster.{phase}_table"), frame, columns)
    yield from _measures(view, phase)


def _measures(view: View, phase: Phase) -> Iterator[Block]:
    """Yield which measures of the phase alternatives take, and which others there are."""
    known = [row.name for row in read_table(DisasterPhase) if row.phase == phase and row.kind == "measure"]
    if not known:
        return
    taken = {step.model.rpartition(".")[2] for name in view.run.alternatives for step in view.run.steps(name)}
    used, more = (tuple(measure_title(name) for name in known if (name in taken) is of) for of in (True, False))
    parts = [words("disaster.measures_used", used=TextList(used, ", "))] if used else []
    if more:
        parts.append(words("disaster.measures_more" if used else "disaster.measures", measures=TextList(more, ", ")))
    yield Paragraph(TextList(tuple(parts), " "))
