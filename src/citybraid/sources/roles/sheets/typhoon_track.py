"""Fixes of one typhoon, one event a file."""

import pandas as pd

from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target
from citybraid.sources.series.typhoon_track import NEEDED, WANTED, typhoon_track


def read(table: pd.DataFrame, options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return a track, named after the study's event, else after its file."""
    event = options.event or name.rpartition(".")[0]
    return typhoon_track(table, columns=options.columns, event=event, name=name)


ROLE = Role(
    "typhoon_track", "sheet", sheet=Sheet(read, ("storm_time", "track_pressure"), WANTED, brings=tuple(NEEDED.values()))
)
