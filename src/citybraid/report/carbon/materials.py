"""Embodied carbon of the alternatives beside one another, and the CO2 stored in their timber."""

from collections.abc import Iterator

import pandas as pd

from citybraid.report.carbon.inventory import TONNE
from citybraid.report.chapter import Block, Column, Table, words
from citybraid.report.view import View


def materials(view: View) -> Iterator[Block]:
    """Yield a row for each alternative: carbon of its buildings, per floor area, and stored in wood beside it."""
    rows = []
    for name in view.run.alternatives:
        embodied, area = view.column(name, "embodied_carbon"), view.column(name, "floor_area")
        stored = view.column(name, "biogenic_storage")
        if embodied is None or area is None or stored is None or not area.sum() > 0.0:
            continue
        total = float(embodied.sum())
        rows.append({
            "alternative": view.name(name), "embodied": total / TONNE, "per_area": total / float(area.sum()),
            "stored": float(stored.sum()) / TONNE,
        })  # fmt: skip
    columns = [
        Column("alternative", words("materials.alternative")),
        Column("embodied", words("materials.embodied"), "t CO2e", 0),
        Column("per_area", words("materials.per_area"), "kg CO2e m-2", 0),
        Column("stored", words("materials.stored"), "t CO2", 0),
    ]  # fmt: skip
    if len(rows) > 1:
        yield Table("materials", words("materials.title"), pd.DataFrame(rows), columns, words("materials.note"))
