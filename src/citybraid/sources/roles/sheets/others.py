"""Every other series over time: a column of times and one of values, input of a model that is run on its own."""

from functools import partial

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.event_series import TIME, event_series
from citybraid.sources.series.weather_table import CLOCK


def read(role: str, table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return a series of the quantity that the role is named after."""
    return event_series(table, role, options, name=name)


ROLES = tuple(
    Role(var.name, "sheet", entry=False, known=False,
         sheet=Sheet(partial(read, var.name), headers=(TIME, var.name, *CLOCK)))
    for var in vocabulary().values()
    if var.on == "time"
)  # fmt: skip
