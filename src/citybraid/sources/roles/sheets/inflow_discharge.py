"""Total discharge of all inflows."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.event_series import event_series
from citybraid.sources.series.weather_table import CLOCK

NAME = "inflow_discharge"


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return an hourly discharge series."""
    return event_series(table, NAME, options, name=name)


SIGNS = ("storm_time", NAME)
ROLE = Role(NAME, "sheet", sheet=Sheet(read, SIGNS, (*SIGNS, *CLOCK)))
