"""Hourly weather of a year: a file of its own format, or an hourly table that the study assigns this role."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.umep_weather import is_umep, umep_weather
from citybraid.sources.series.weather_table import PLACE, SERIES, WANTED, weather


def read(table: pd.DataFrame, options: CellOptions, target: Target, *, name: str) -> Reading:
    """Return a weather year from an hourly table, that of UMEP by its own columns."""
    if is_umep([str(each) for each in table.columns]):
        return umep_weather(table, target, year=options.time, name=name)
    return weather(table, columns=options.columns, year=options.time, name=name)


ROLE = Role("weather", "sheet", single=True, sheet=Sheet(read, headers=WANTED, brings=(*SERIES, *PLACE), placed=True))
