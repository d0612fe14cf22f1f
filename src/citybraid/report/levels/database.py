"""What the export to the planning database holds and lacks: mandatory fields, and every layer of the standard."""

from collections.abc import Iterator, Mapping

import pandas as pd

from citybraid.core.rows.levels import ListedLayer
from citybraid.planning.regions import holds_in
from citybraid.report.chapter import Block, Column, Paragraph, Table, Text, TextList, cells, words
from citybraid.report.exports.planning_database import database_layers, listed_layers
from citybraid.report.view import View, named


def database_blocks(view: View) -> Iterator[Block]:
    """Yield the layers of the planning database that are written, and the mandatory fields that stay empty.

    Then every layer that the standard asks for, with what is written of it or what it would need.
    """
    layers = database_layers(view, view.run.alternatives[-1])
    if not layers:
        return
    missing = tuple(
        words("database.field", layer=each.name, fields=" ".join(each.missing)) for each in layers if each.missing
    )
    text = words("database.lead", count=len(layers), missing=TextList(missing) if missing else "–")
    yield Paragraph(text, appendix=True)
    yield _every_layer({each.name: len(each.frame) for each in layers}, view.run.about.region)


def _every_layer(written: Mapping[str, int], region: str) -> Table:
    rows = [row for row in listed_layers() if holds_in(row.region, region)]
    frame = pd.DataFrame(
        {
            "no": [str(row.number) for row in rows],
            "layer": cells(words(f"database_layer.{row.number}") for row in rows),
            "state": cells(_state(row, written) for row in rows),
            "status": cells(named("status", row.status) for row in rows),
        }
    )
    columns = [
        Column("no", words("master.no")), Column("layer", words("database.layer")),
        Column("state", words("database.state")), Column("status", words("method.status")),
    ]  # fmt: skip
    title, note = words("database.table"), words("database.note")
    return Table("planning_database", title, frame, columns, note, appendix=True)


def _state(row: ListedLayer, written: Mapping[str, int]) -> Text:
    """Return how many features of a layer are written, or what it needs."""
    names = row.layers.split()
    states = [written[name] for name in names if name in written]
    if states:
        return words("database.written", count=sum(states))
    return words("database.none" if names else "database.absent", what=words(f"database_needs.{row.needs}"))
