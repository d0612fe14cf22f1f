"""The indicator table of the master plan: attribute, existing value, values of the alternatives, target, instrument."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from citybraid.core.rows.plan import MasterAttribute
from citybraid.core.tables import cached_with_tables, read_table
from citybraid.planning.rows import indicators
from citybraid.report.chapter import Column, Table, cells, words
from citybraid.report.indicators import of_whole, unit_tables, unit_text
from citybraid.report.view import View, named


@cached_with_tables
def master_attributes() -> Mapping[str, str]:
    """Return the attribute in master plans by indicator: binding, expected or advisory."""
    return {row.indicator: row.attribute for row in read_table(MasterAttribute)}


def master_table(view: View) -> Table | None:
    """Return the table of the indicators of the master plan, None where none is computed."""
    tables = unit_tables(view)
    rows = [
        row
        for row in indicators().values()
        if row.level == "master" and any(row.id in table for table in tables.values())
    ]
    if not rows:
        return None
    targets = {each.indicator: each.target for each in view.run.manifest.asked.objectives}
    attributes = master_attributes()
    frame = pd.DataFrame(
        {
            "indicator": cells(named("indicator", row.id) for row in rows),
            "unit": cells(unit_text(view.unit_of(row.id)) for row in rows),
            "attribute": cells(
                words(f"master.{attributes[row.id]}") if row.id in attributes else "–" for row in rows
            ),
            **{name: [of_whole(table, row) for row in rows] for name, table in tables.items()},
            "target": [float(targets.get(row.id, np.nan)) for row in rows],
            "instrument": cells(named("instrument", row.instrument) for row in rows),
        }
    )  # fmt: skip
    columns = [
        Column("indicator", words("plan.indicator")), Column("unit", words("explorer.unit")),
        Column("attribute", words("master.attribute")), *(Column(name, view.name(name), told=True) for name in tables),
        Column("target", words("plan.target"), told=True), Column("instrument", words("plan.instrument")),
    ]  # fmt: skip
    return Table("master", words("master.table"), frame, columns, words("master.note"))
