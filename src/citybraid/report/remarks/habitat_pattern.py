"""Habitat by its place in the pattern: areas of the classes of MSPA, beside one another for the alternatives."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.chapter import Block, Column, Paragraph, Quantity, Table, cells, words
from citybraid.report.drawing.units import needed
from citybraid.report.view import View, named

HABITAT = ("core", "edge", "perforation", "bridge", "loop", "branch", "islet")
OPENINGS = ("core_opening", "border_opening")


def pattern_blocks(view: View) -> Iterator[Block]:
    """Yield how much of the habitat is core and bridge, and a table of all classes; nothing without the model."""
    areas = {name: shares for name in view.run.alternatives if (shares := class_areas(view, name)) is not None}
    if not areas:
        return
    first = next(iter(areas))
    edge = view.number(first, "mspa_edge_width") or 0.0
    habitat = float(areas[first][list(HABITAT)].sum())
    yield Paragraph(
        words("biodiversity.mspa_sentence", habitat=Quantity(habitat, "ha"), edge=Quantity(edge, "m", needed([edge])),
              core=Quantity(float(areas[first]["core"]), "ha"),
              bridge=Quantity(float(areas[first]["bridge"]), "ha"), alternative=view.name(first))
    )  # fmt: skip
    frame = pd.DataFrame({"class": cells(named("var", f"mspa_{name}_area") for name in areas[first].index)})
    columns = [Column("class", words("biodiversity.mspa_class"))]
    for number, (name, values) in enumerate(areas.items()):
        frame[f"area_{number}"] = values.to_numpy()
        columns.append(Column(f"area_{number}", view.name(name), "ha", 2))
    yield Table(
        "habitat_pattern", words("biodiversity.mspa"), frame, columns, words("biodiversity.mspa_note"), appendix=True
    )


def class_areas(view: View, alternative: str) -> pd.Series | None:
    """Return the areas of the classes of habitat and of openings [ha], None where they were not computed."""
    areas = {name: view.number(alternative, f"mspa_{name}_area") for name in (*HABITAT, *OPENINGS)}
    if any(area is None for area in areas.values()):
        return None
    return pd.Series(areas, dtype=float)
