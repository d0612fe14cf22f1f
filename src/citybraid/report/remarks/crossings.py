"""Bridges inferred along streets, and channels that end at a street's embankment, as a run has them."""

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, Text, cells, words
from citybraid.report.view import View, named

INFERRED, LENGTH, EMBANKED = "inferred_bridges", "inferred_bridge_length", "embanked_channels"


class Crossings(NamedTuple):
    """Number and length [m] of inferred bridges, and number of channels against an embankment."""

    bridges: int
    length: float
    embanked: int

    def sentences(self) -> Iterator[Text]:
        """Yield what was inferred, and what is asked for."""
        if self.bridges:
            length = Quantity(self.length, "m", 0)
            yield words("rescue.bridges_inferred", count=self.bridges, length=length)
        if self.embanked:
            yield words("rescue.channels_embanked", count=self.embanked)


def crossings(view: View, alternative: str) -> Crossings | None:
    """Return the crossings of an alternative, None where the run has none."""
    bridges, length, embanked = (view.column(alternative, var) for var in (INFERRED, LENGTH, EMBANKED))
    if bridges is None or length is None or embanked is None:
        return None
    return Crossings(int(bridges.sum()), float(length.sum()), int(embanked.sum()))


def crossing_blocks(view: View) -> Iterator[Block]:
    """Yield the crossings of the first alternative: a warning for each kind, and the streets concerned."""
    crossing_rows, shapes = crossings(view, view.base), view.shapes(view.base, "streets")
    if crossing_rows is None or shapes is None or not (crossing_rows.bridges or crossing_rows.embanked):
        return
    yield from (Paragraph(sentence, "warning") for sentence in crossing_rows.sentences())
    frame = pd.DataFrame({var: view.column(view.base, var) for var in (INFERRED, LENGTH, EMBANKED)})
    middle = shapes.representative_point()
    frame["x"], frame["y"] = middle.x.round(), middle.y.round()
    crossed = frame[(frame[INFERRED] > 0) | (frame[EMBANKED] > 0)]
    streets = cells(view.street(view.base, str(each)) for each in crossed.index)
    rows = crossed.assign(street=streets).reset_index(drop=True)
    columns = [
        Column("street", words("rescue.street")), Column(INFERRED, named("var", INFERRED), "", 0),
        Column(LENGTH, named("var", LENGTH), "m", 0), Column(EMBANKED, named("var", EMBANKED), "", 0),
        Column("x", words("waterlogging.x"), "m", 0), Column("y", words("waterlogging.y"), "m", 0),
    ]  # fmt: skip
    yield Table("street_crossings", words("rescue.crossings"), rows, columns, words("rescue.crossings_note"), printed=0)
