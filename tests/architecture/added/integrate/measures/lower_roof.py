"""Roofs taken down, as an example of a measure."""

from typing import Annotated, NamedTuple

from citybraid.core.model import MeasureParams, measure
from citybraid.core.var import Table, View
from citybraid.core.vocabulary.place import HEIGHT


class LowerRoof(NamedTuple):
    height: HEIGHT


@measure(
    version=1, cite="an example", validity="Nowhere.", stage="build", quantity=None, responsible="nobody",
    build_years=1.0,
)  # fmt: skip
def lower_roof(buildings: Annotated[View, Table("buildings", (HEIGHT,))], p: MeasureParams) -> LowerRoof:
    """Take down a share of every building."""
    return LowerRoof(buildings["height"] * (1.0 - 0.5 * p.share))
