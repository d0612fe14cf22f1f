"""Rain at several gauges: a column of times and one for each gauge."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.event_series import gauge_series
from citybraid.sources.series.weather_table import CLOCK


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return the rain of every gauge."""
    return gauge_series(table, options, name=name)


ROLE = Role("gauge_rain", "sheet", sheet=Sheet(read, ("storm_time",), ("storm_time", *CLOCK)))
