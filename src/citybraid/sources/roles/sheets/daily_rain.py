"""Daily or hourly rain records over years."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.rain_record import rain_record_reading
from citybraid.sources.series.weather_table import CLOCK


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return a rain record."""
    return rain_record_reading(table, columns=options.columns, unit=options.unit, name=name)


SIGNS = ("storm_time", "rain_intensity")
ROLE = Role("daily_rain", "sheet", sheet=Sheet(read, SIGNS, (*SIGNS, *CLOCK), years=True))
