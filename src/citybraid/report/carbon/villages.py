"""Villages: gases of fields, animals and stoves, and biogas."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.chapter import Block, Column, Table, cells, words
from citybraid.report.view import View

SHOWN = {
    "rice_methane": "kg year-1", "soil_nitrous_oxide": "kg year-1", "livestock_methane": "kg year-1",
    "livestock_nitrous_oxide": "kg year-1", "straw_methane": "kg year-1", "stove_carbon": "kg year-1",
    "stove_methane": "kg year-1", "biogas_made": "m3 year-1", "biogas_avoided": "kg year-1",
}  # fmt: skip


def villages(view: View) -> Iterator[Block]:
    """Yield a row for each village and alternative; nothing without villages."""
    frames = []
    for name in view.run.alternatives:
        columns = {each: view.column(name, each) for each in SHOWN}
        given = {each: column for each, column in columns.items() if column is not None}
        if len(given) == len(SHOWN):
            frame = pd.DataFrame(given).rename_axis("village").reset_index()
            frames.append(frame.assign(alternative=cells([view.name(name)] * len(frame))))
    if not frames:
        return
    heads = [Column("alternative", words("explorer.alternative")), Column("village", words("villages.village"))]
    heads += [Column(name, words(f"var.{name}"), unit, 0) for name, unit in SHOWN.items()]
    yield Table("villages", words("villages.table"), pd.concat(frames, ignore_index=True), heads,
                words("villages.note"))  # fmt: skip
