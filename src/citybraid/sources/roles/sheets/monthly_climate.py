"""Monthly or daily records of rain, temperature and evapotranspiration over years."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.month_record import START, WANTED, month_record


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return a monthly record."""
    return month_record(table, columns=options.columns, unit=options.unit, name=name)


SIGNS = ("storm_time", "monthly_rain", "monthly_temperature")
BRINGS = (START, "monthly_rain", "monthly_temperature")
ROLE = Role("monthly_climate", "sheet", single=True, sheet=Sheet(read, SIGNS, WANTED, brings=BRINGS, years=True))
