"""Villages: gases of fields, animals and stoves, and biogas."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.chapter import Block, Column, Table, cells, words
from citybraid.report.view import View
from citybraid.sources.protocol.quantities import vocabulary

SHOWN = (
    "rice_methane", "soil_nitrous_oxide", "livestock_methane", "livestock_nitrous_oxide", "straw_methane",
    "stove_carbon", "stove_methane", "biogas_made", "biogas_avoided",
)  # fmt: skip
DIGITS = {"biogas_made": 0}
"""Decimals of a column, where not the two of gases: a village emits fractions of a tonne of some."""


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
    heads += [
        Column(name, words(f"var.{name}"), vocabulary()[name].unit_with_gas, DIGITS.get(name, 2)) for name in SHOWN
    ]
    yield Table("villages", words("villages.table"), pd.concat(frames, ignore_index=True), heads,
                words("villages.note"))  # fmt: skip
