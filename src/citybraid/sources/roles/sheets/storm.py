"""Rain by time, one event a file."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.rain import storm_reading
from citybraid.sources.series.weather_table import CLOCK


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return a storm, named after the study's event, else after its file."""
    event = options.event or name.rpartition(".")[0]
    return storm_reading(table, columns=options.columns, unit=options.unit, event=event, time=options.time, name=name)


SIGNS = ("storm_time", "rain_intensity")
BRINGS = ("rain_intensity", "return_period", "rain_return_period", "storm_duration", "factor:storm_formula")
"""Quantities that a rain file supplies, or a return period with a storm formula."""
DAILY = r"逐日|日(?:降雨|降水|雨)量|daily[\s_-]*(?:rain|precip)|20-20时"
"""Rain by day in a file's name or a header: a record of days is no single storm."""
SHEET = Sheet(read, SIGNS, (*SIGNS, *CLOCK), brings=BRINGS, alone=("rain_intensity",), unlike=DAILY)
ROLE = Role("storm", "sheet", sheet=SHEET)
